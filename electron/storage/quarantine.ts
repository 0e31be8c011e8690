/** A damaged database is kept, never deleted: it moves aside with its log, whole. */
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { crashPoint } from "./crashPoint.ts";
import { syncFolder } from "./syncPath.ts";

/** Endings of the files that make one database. */
const parts = ["", "-wal", "-shm", "-journal"];

/** Moves the database and what belongs to it into a folder of its own; returns that folder, null where there is nothing to move. */
export function quarantine(file: string, folder: string, nowMs: number): string | null {
  const found = parts.map((part) => file + part).filter((path) => existsSync(path));
  if (found.length === 0) return null;
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, "-");
  let target = join(folder, stamp);
  for (let i = 2; existsSync(target); i++) target = join(folder, `${stamp}-${i}`);
  mkdirSync(target, { recursive: true });
  // The database first: where the process ends in between, the next start finds it gone and puts the rest aside as well.
  for (const from of found) renameSync(from, join(target, basename(from)));
  syncFolder(target);
  crashPoint("quarantine");
  return target;
}

/** The databases that were put aside. */
export function quarantined(file: string, folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name, basename(file)))
    .filter((path) => existsSync(path));
}
