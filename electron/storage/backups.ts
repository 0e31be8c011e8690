/** Backups of the database: made by SQLite from a consistent view, verified, and kept by a rule. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, join } from "node:path";
import { crashPoint } from "./crashPoint.ts";
import { closeDatabase, type Db, type OpenOptions, openDatabase } from "./database.ts";

/** Why a backup was made. */
export type BackupReason = "daily" | "migration" | "asked";

/** A verified copy of the database. */
export interface Backup {
  readonly path: string;
  readonly madeMs: number;
  readonly reason: BackupReason;
}

const kept = 10;
const namePattern = /^library-(\d{8}T\d{6})-(\d+)-(daily|migration|asked)\.sqlite$/;

function stamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]/g, "").slice(0, 15);
}

function syncFile(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The backups of a folder, newest first. */
export function listBackups(folder: string): Backup[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => {
      const found = namePattern.exec(name);
      if (found === null) return [];
      const reason = found[3] as BackupReason;
      return [{ path: join(folder, name), madeMs: Number(found[2]), reason }];
    })
    .sort((a, b) => b.madeMs - a.madeMs);
}

/** Whether a copy can be opened and passes SQLite's own check. */
export function isSound(path: string, options: OpenOptions): boolean {
  try {
    openDatabase(path, { ...options, isReadOnly: true }).close();
    return true;
  } catch {
    return false;
  }
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
  const path = join(folder, `library-${stamp(nowMs)}-${nowMs}-${reason}.sqlite`);
  const temporary = `${path}.tmp`;
  rmSync(temporary, { force: true });
  db.prepare("VACUUM INTO ?").run(temporary);
  crashPoint("backup");
  if (!isSound(temporary, options)) {
    rmSync(temporary, { force: true });
    throw new Error(`the backup ${basename(path)} did not pass its check`);
  }
  syncFile(temporary);
  renameSync(temporary, path);
  for (const old of listBackups(folder).slice(kept)) rmSync(old.path, { force: true });
  return { path, madeMs: nowMs, reason };
}

/** The newest backup that is sound; undefined without any. */
export function newestSound(folder: string, options: OpenOptions): Backup | undefined {
  return listBackups(folder).find(({ path }) => isSound(path, options));
}

/** Copies a backup's content into a new database file. */
export function restoreBackup(backup: Backup, file: string, options: OpenOptions): void {
  const source = openDatabase(backup.path, { ...options, isReadOnly: true });
  try {
    source.prepare("VACUUM INTO ?").run(file);
  } finally {
    source.close();
  }
  closeDatabase(openDatabase(file, options));
}
