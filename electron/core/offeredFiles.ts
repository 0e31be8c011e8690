/** Files of this machine that are offered to pages by token. */
import { existsSync, type Stats, statSync } from "node:fs";
import { basename, join, parse } from "node:path";
import { ServiceError } from "../../shared/contract/errors.ts";
import type { ChosenFile } from "../../shared/contract/hostMethods.ts";
import type { FileTokens } from "../services/fileTokens.ts";
import type { Services } from "./openServices.ts";
import { safeFileName } from "./transfers.ts";

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isGone = code === "ENOENT" || code === "ENOTDIR";
    const why = isGone ? "is not there" : `cannot be read (${code})`;
    throw new ServiceError("notFound", `${basename(path)} ${why}.`, { field: "file" });
  }
}

/** A token for a file to be read, which then counts as recent. Throws ServiceError where it is gone, or no file. */
export function offerPath({ files, recent }: Services, path: string): ChosenFile {
  const stats = statOf(path);
  const name = basename(path);
  if (!stats.isFile()) {
    const message = `${name} is not a file. Wanted a scenario or trace file: open a folder and choose the files in it.`;
    throw new ServiceError("badInput", message, { field: "file" });
  }
  // A library that cannot be written keeps no list; its own state says so to the person.
  void recent.add(path, name).catch(() => undefined);
  return files.offer({ path, name, bytes: stats.size, use: "read" });
}

/** A token for a recent file. Throws ServiceError (notFound) for one that is unknown or gone, which is then forgotten. */
export async function openRecent(services: Services, id: string): Promise<ChosenFile> {
  const found = (await services.recent.list()).find((each) => each.id === id);
  if (found === undefined) {
    throw new ServiceError("notFound", "This recent file is no longer known.", { field: "id" });
  }
  try {
    return offerPath(services, found.path);
  } catch (error) {
    await services.recent.remove(id);
    throw error;
  }
}

/** The first name of its kind that is free: "a.crossover", "a (2).crossover", ... */
function freeName(folder: string, wanted: string, taken: ReadonlySet<string>): string {
  const { name, ext } = parse(wanted);
  for (let i = 1; ; i++) {
    const free = i === 1 ? wanted : `${name} (${i})${ext}`;
    // Some file systems take upper and lower case for the same.
    if (!taken.has(free.toLowerCase()) && !existsSync(join(folder, free))) return free;
  }
}

/** Tokens for new files in a folder that the person chose; none that stands there is written over, and no name leads out of it. */
export function offerTargets(
  files: FileTokens,
  folder: string,
  suggestedNames: readonly string[],
): { token: string; name: string }[] {
  const taken = new Set<string>();
  return suggestedNames.map((wanted) => {
    const name = freeName(folder, safeFileName(wanted), taken);
    taken.add(name.toLowerCase());
    const { token } = files.offer({ path: join(folder, name), name, bytes: 0, use: "write" });
    return { token, name };
  });
}
