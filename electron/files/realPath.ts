/** Where a path really leads, behind symbolic links. */
import { realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** The path behind symbolic links. For a file that does not exist yet its folder's real path counts; for anything else that cannot be followed, the path as it is. */
export function realPathOf(path: string): string {
  return followed(path) ?? join(followed(dirname(path)) ?? resolve(dirname(path)), basename(path));
}

function followed(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Whether `path` really lies in `folder` or in a folder below it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(realPathOf(folder), realPathOf(path));
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
