/** Has the system write to the disk what it may still hold in memory. */
import { closeSync, fsyncSync, openSync } from "node:fs";

function sync(path: string, flags: "r" | "r+"): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The content of a file. */
export function syncFile(path: string): void {
  // Windows flushes only what is open for writing.
  sync(path, "r+");
}

/** The names in a folder, so that a file made or renamed there is still there after a loss of power; Windows has no such call. */
export function syncFolder(path: string): void {
  if (process.platform !== "win32") sync(path, "r");
}
