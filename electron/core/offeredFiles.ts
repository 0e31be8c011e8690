/** Files of this machine that are offered to pages by token. */
import { type Stats, statSync } from "node:fs";
import { basename } from "node:path";
import { ServiceError } from "../../shared/contract/errors.ts";
import type { ChosenFile } from "../../shared/contract/hostMethods.ts";
import type { Services } from "./openServices.ts";

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
