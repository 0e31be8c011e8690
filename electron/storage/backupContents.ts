/** What the backups of a library hold, for a person who looks for one to go back to. */
import { statSync } from "node:fs";
import type { BackupContents, BackupEntry } from "../../shared/contract/libraryRows.ts";
import { type Backup, listBackups } from "./backups.ts";
import { DatabaseFromFuture, type Db, formOf, type OpenOptions, openDatabase } from "./database.ts";
import { wordsOfFailure } from "./storageFailures.ts";

const shownNames = 3;

/** Names a backup, and does not change while it is there. */
export function backupId({ madeMs, reason }: Backup): string {
  return `${madeMs}-${reason}`;
}

/** The backup of a name; undefined for one that is not there (any more). */
export function backupOf(folder: string, id: string): Backup | undefined {
  return listBackups(folder).find((backup) => backupId(backup) === id);
}

function contentsOf(db: Db): BackupContents {
  const count = (from: string): number =>
    Number(db.prepare(`SELECT count(*) FROM ${from}`).pluck().get());
  const newest = db.prepare<[number], { name: string; updatedMs: number }>(
    `SELECT name, updated_ms AS updatedMs FROM scenario WHERE deleted_ms IS NULL
     ORDER BY updated_ms DESC, id LIMIT ?`,
  );
  const rows = newest.all(shownNames);
  return {
    scenarios: count("scenario WHERE deleted_ms IS NULL"),
    traces: count("trace"),
    runs: count("run"),
    studies: count("study"),
    newest: rows.map(({ name }) => name),
    changedMs: rows[0]?.updatedMs ?? null,
  };
}

/** Reads a backup as it would be restored: checked, and of a form that this version knows. */
function read(path: string, options: OpenOptions): BackupContents {
  const db = openDatabase(path, { ...options, isReadOnly: true });
  try {
    if (formOf(db) === 0) throw new Error("it is empty");
    return contentsOf(db);
  } finally {
    db.close();
  }
}

function problemOf(error: unknown): string {
  if (error instanceof DatabaseFromFuture) return "it was made by a newer Crossover";
  return wordsOfFailure(error);
}

/** Every backup, newest first, with what it holds or why it cannot be used. `knownForm` in the options: the newest form that can be restored. */
export function describeBackups(folder: string, options: OpenOptions): BackupEntry[] {
  return listBackups(folder).map((backup) => {
    const { path, madeMs, reason } = backup;
    const entry = { id: backupId(backup), madeMs, reason, bytes: statSync(path).size };
    try {
      return { ...entry, contents: read(path, options), problem: null };
    } catch (error) {
      return { ...entry, contents: null, problem: problemOf(error) };
    }
  });
}
