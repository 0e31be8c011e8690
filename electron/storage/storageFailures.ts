/** What the errors of disks and of SQLite mean, in words. */
import { InputError } from "../../shared/units/errors.ts";
import { codeOf } from "./database.ts";

const words: readonly (readonly [RegExp, string])[] = [
  [/^(ENOSPC|SQLITE_FULL)/, "the disk is full"],
  [/^EDQUOT/, "the space that you may use on the disk is used up"],
  [/^(EROFS|EACCES|EPERM|SQLITE_READONLY)/, "the folder may not be written to"],
  [/^SQLITE_CANTOPEN/, "files in the folder cannot be opened or made"],
  [/^(ENOTDIR|EEXIST)/, "part of its path is not a folder"],
  [/^(EIO|SQLITE_IOERR)/, "the disk reports an error"],
  [/^(EMFILE|ENFILE)/, "too many files are open"],
  [/^SQLITE_BUSY/, "another program is using the file"],
];

function found(error: unknown): string | undefined {
  const code = codeOf(error);
  return words.find(([pattern]) => pattern.test(code))?.[1];
}

/** Whether an error means that the disk is full or may not be written to. */
export function isUnwritable(error: unknown): boolean {
  // Files are written whole by a port, which says in its own words what stands in the way.
  if (error instanceof InputError) return error.field === "file";
  return found(error) !== undefined;
}

/** What an error means, for the person; what SQLite or the system said stands behind it. */
export function wordsOfFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const meaning = found(error);
  return meaning === undefined ? message : `${meaning} (${message})`;
}
