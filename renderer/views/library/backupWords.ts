/** A backup in words. */
import type { BackupContents, BackupEntry } from "../../../shared/contract/libraryRows.ts";
import { formatCount } from "../../../shared/reports/formatters.ts";

/** Why it was made. */
export const reasonWords: Readonly<Record<BackupEntry["reason"], string>> = {
  daily: "made once a day",
  asked: "made by hand",
  migration: "made before a step to a newer form",
  replaced: "the library as it stood before going back",
};

const units = [
  ["scenarios", "scenario"],
  ["traces", "trace"],
  ["runs", "run"],
  ["studies", "study"],
] as const;

/** How many of each kind: "12 scenarios, 1 trace"; kinds of which there is nothing are left out. */
export function countsText(contents: BackupContents): string {
  const parts = units.flatMap(([plural, one]) => {
    const count = contents[plural];
    return count === 0 ? [] : [`${formatCount(count)} ${count === 1 ? one : plural}`];
  });
  return parts.length === 0 ? "nothing yet" : parts.join(", ");
}

/** A size of a file in the unit that suits it. */
export function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
