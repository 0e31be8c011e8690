import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ageLine } from "./electronAge.ts";

describe("item 16: the age of Electron", () => {
  it("is said in days, beside the newest version", () => {
    const nowMs = Date.parse("2026-11-26T00:00:00Z");
    expect(ageLine("45.4.1", "2026-11-16T10:00:00Z", "45.4.1", nowMs)).toBe(
      "Electron 45.4.1 for packages: published 2026-11-16, 9 days old; the newest.",
    );
    expect(ageLine("45.4.1", undefined, "46.0.0", nowMs)).toBe(
      "Electron 45.4.1 for packages: its day could not be asked for; the newest is 46.0.0.",
    );
    expect(ageLine("45.4.1", undefined, undefined, nowMs)).toContain(
      "newest could not be asked for",
    );
  });

  it("is of the one version that is pinned and locked, and printed where CI runs", () => {
    const root = join(import.meta.dirname, "..");
    const read = (name: string): string => readFileSync(join(root, name), "utf8");
    const { devDependencies } = JSON.parse(read("package.json")) as {
      devDependencies: { electron: string };
    };
    const lock = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { version: string }>;
    };
    expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
    expect(lock.packages["node_modules/electron"]!.version).toBe(devDependencies.electron);
    expect(read(".ci/run")).toContain("electron:age");
  });
});
