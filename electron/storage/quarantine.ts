/** A damaged database is kept, never deleted: it moves aside with its log, whole. */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";

/** Moves the database and what belongs to it into a folder of its own; returns that folder. */
export function quarantine(file: string, folder: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, "-");
  let target = join(folder, stamp);
  for (let i = 2; existsSync(target); i++) target = join(folder, `${stamp}-${i}`);
  mkdirSync(target, { recursive: true });
  for (const suffix of ["", "-wal", "-shm"]) {
    const from = file + suffix;
    if (existsSync(from)) renameSync(from, join(target, basename(from)));
  }
  return target;
}
