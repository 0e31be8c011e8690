/** Backups of the database: made by SQLite from a consistent view, verified, and kept by a rule. */
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { crashPoint } from "./crashPoint.ts";
import { type Db, formOf, type OpenOptions, openDatabase } from "./database.ts";
import { syncFile, syncFolder } from "./syncPath.ts";

/** Why a backup was made. */
export type BackupReason =
  | "daily"
  | "migration"
  | "asked"
  /** Of the library that an older backup has taken the place of. */
  | "replaced";

/** A verified copy of the database. */
export interface Backup {
  readonly path: string;
  readonly madeMs: number;
  readonly reason: BackupReason;
}

const kept = 10;
/** Of those that a person asked for: however many, they do not push out the others. */
const keptAsked = 3;
const namePattern = /^library-(\d{8}T\d{6})-(\d+)-(daily|migration|asked|replaced)\.sqlite$/;

function stamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]/g, "").slice(0, 15);
}

/** None for a folder that is not there, or is none. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The backups of a folder, newest first. */
export function listBackups(folder: string): Backup[] {
  return namesIn(folder)
    .flatMap((name) => {
      const found = namePattern.exec(name);
      if (found === null) return [];
      const reason = found[3] as BackupReason;
      return [{ path: join(folder, name), madeMs: Number(found[2]), reason }];
    })
    .sort((a, b) => b.madeMs - a.madeMs);
}

/** Whether a copy can be opened, is a library and passes SQLite's own check. An empty file is none. */
export function isSound(path: string, options: OpenOptions): boolean {
  try {
    const db = openDatabase(path, { ...options, isReadOnly: true });
    const form = formOf(db);
    db.close();
    return form > 0;
  } catch {
    return false;
  }
}

/** What a process that ended in the middle of a backup or a restore left behind. */
function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".tmp")) rmSync(join(folder, name), { force: true });
  }
}

/** Of more than ten the oldest of those asked for beyond three go first, then the oldest of all. */
function letGo(folder: string): void {
  const oldestFirst = listBackups(folder).reverse();
  const asked = oldestFirst.filter(({ reason }) => reason === "asked");
  const spare = asked.slice(0, Math.max(0, asked.length - keptAsked));
  const order = [...spare, ...oldestFirst.filter((backup) => !spare.includes(backup))];
  for (const { path } of order.slice(0, Math.max(0, order.length - kept))) {
    rmSync(path, { force: true });
  }
}

/** Writes a copy to a file beside its place, checks it, and puts it there whole. */
function copyChecked(db: Db, path: string, point: "backup" | "restore", options: OpenOptions) {
  const temporary = `${path}.tmp`;
  rmSync(temporary, { force: true });
  try {
    db.prepare("VACUUM INTO ?").run(temporary);
    crashPoint(point);
    if (!isSound(temporary, options)) {
      throw new Error(`the copy ${basename(path)} did not pass its check and was not kept`);
    }
    syncFile(temporary);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  syncFolder(dirname(path));
}

/** Makes a backup beside the last ones, verifies it, and lets the oldest go beyond ten. Throws when the copy is not sound; the last ones stay then. */
export function makeBackup(
  db: Db,
  folder: string,
  reason: BackupReason,
  nowMs: number,
  options: OpenOptions = {},
): Backup {
  mkdirSync(folder, { recursive: true });
  removeUnfinished(folder);
  const path = join(folder, `library-${stamp(nowMs)}-${nowMs}-${reason}.sqlite`);
  copyChecked(db, path, "backup", options);
  letGo(folder);
  return { path, madeMs: nowMs, reason };
}

/** The newest backup that is sound; undefined without any. */
export function newestSound(folder: string, options: OpenOptions): Backup | undefined {
  return listBackups(folder).find(({ path }) => isSound(path, options));
}

/** Copies a backup's content into a new database file, whole or not at all. */
export function restoreBackup(backup: Backup, file: string, options: OpenOptions): void {
  const source = openDatabase(backup.path, { ...options, isReadOnly: true });
  try {
    copyChecked(source, file, "restore", options);
  } finally {
    source.close();
  }
}
