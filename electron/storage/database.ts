/** Opening the library's database: checked before anything is believed, with the pragmas that keep what was acknowledged. The only place that opens one. */
import { existsSync, statSync } from "node:fs";
import Database from "better-sqlite3";

/** A database as repositories use it. */
export type Db = Database.Database;

/** Why a file cannot be used as it is. */
export type DatabaseDamage =
  /** quick_check or SQLite itself says so. */
  | { readonly kind: "damaged"; readonly detail: string }
  /** Another program's database, or not ours for another reason. */
  | { readonly kind: "foreign"; readonly detail: string };

/** Thrown for a file that must not be used; nothing has been written to it. */
export class DatabaseUnusable extends Error {
  readonly damage: DatabaseDamage;

  constructor(damage: DatabaseDamage) {
    super(damage.detail);
    this.name = "DatabaseUnusable";
    this.damage = damage;
  }
}

/** Thrown for a database of a newer Crossover; nothing was changed. */
export class DatabaseFromFuture extends Error {
  readonly found: number;
  readonly known: number;

  constructor(found: number, known: number) {
    super(`the library has form ${found}, this version of Crossover knows up to ${known}`);
    this.name = "DatabaseFromFuture";
    this.found = found;
    this.known = known;
  }
}

/** "xovr" in ASCII: marks the file as a library of Crossover. */
export const applicationId = 0x786f7672;

const settings = [
  ["journal_mode", "wal"],
  ["synchronous", 2],
  ["foreign_keys", 1],
  ["busy_timeout", 5000],
  ["trusted_schema", 0],
  ["cell_size_check", 1],
  ["mmap_size", 0],
] as const;

/** Options of opening. */
export interface OpenOptions {
  /** Path of the native binding, where it does not lie in its package; for tests. */
  readonly nativeBinding?: string;
  /** For backups and files put aside: they must be ours and have a form; an empty file is none. */
  readonly isReadOnly?: boolean;
  /** The newest form that is known; a newer one is refused before anything is written. */
  readonly knownForm?: number;
}

function rawOpen(file: string, { nativeBinding }: OpenOptions, more: Database.Options): Db {
  return new Database(file, { ...more, ...(nativeBinding !== undefined && { nativeBinding }) });
}

/** SQLite's or the system's code of an error; "" for others. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

const damageCodes = /^SQLITE_(CORRUPT|NOTADB)/;

/** The form of an open database; 0 for an empty one. */
export function formOf(db: Db): number {
  return Number(db.pragma("user_version", { simple: true }));
}

/** The first statement on any file: only then is anything else asked of it. */
function check(db: Db, { isReadOnly = false, knownForm }: OpenOptions): void {
  const found = db.pragma("quick_check(1)", { simple: true });
  if (found !== "ok") throw new DatabaseUnusable({ kind: "damaged", detail: String(found) });
  const id = db.pragma("application_id", { simple: true });
  const tables = db.prepare("SELECT count(*) FROM sqlite_schema").pluck().get();
  const isNew = !isReadOnly && id === 0 && tables === 0;
  if (id !== applicationId && !isNew) {
    const detail = `its application id is ${id}, wanted ${applicationId}`;
    throw new DatabaseUnusable({ kind: "foreign", detail });
  }
  const form = formOf(db);
  if (knownForm !== undefined && form > knownForm) throw new DatabaseFromFuture(form, knownForm);
}

/** Sets the pragmas and reads each one back: a default that differs by build is not relied on. */
function configure(db: Db): void {
  for (const [name, wanted] of settings) db.pragma(`${name} = ${wanted}`);
  // On some builds the statement after the switch to WAL lowers synchronous again: it is set once more, then read.
  db.prepare("SELECT count(*) FROM sqlite_schema").get();
  db.pragma("synchronous = 2");
  for (const [name, wanted] of settings) {
    const found = db.pragma(name, { simple: true });
    if (found !== wanted) throw new Error(`SQLite keeps ${name} at ${found}, wanted ${wanted}`);
  }
}

/** SQLite's full check, which also compares indices with their tables; takes longer than the one at the start. Throws where it finds something. */
export function checkWhole(db: Db): void {
  const found = db.pragma("integrity_check(1)", { simple: true });
  if (found === "ok") return;
  throw new Error(
    `the database did not pass its full check (${found}); save your scenarios as files, then restore a backup`,
  );
}

/** Opens and checks to read only: closing such a connection writes nothing, so that what is damaged stays as it was found, its log included. */
function openChecked(file: string, options: OpenOptions): Db {
  const db = rawOpen(file, options, { readonly: true, fileMustExist: true });
  try {
    check(db, options);
    return db;
  } catch (error) {
    db.close();
    if (damageCodes.test(codeOf(error))) {
      throw new DatabaseUnusable({ kind: "damaged", detail: String(error) });
    }
    throw error;
  }
}

/** Opens, checks and configures. Throws DatabaseUnusable for a damaged or foreign file, DatabaseFromFuture for a newer one, and SQLite's own errors (SQLITE_FULL, SQLITE_READONLY, SQLITE_BUSY, SQLITE_CANTOPEN). */
export function openDatabase(file: string, options: OpenOptions = {}): Db {
  if (options.isReadOnly === true) return openChecked(file, options);
  const isNew = !existsSync(file) || statSync(file).size === 0;
  if (!isNew) openChecked(file, options).close();
  const db = rawOpen(file, options, {});
  try {
    configure(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Holds an exclusive transaction on a file of its own, which stays empty: the system lets go of it when the process ends,
 * however it ends. Undefined while another program holds it. Throws DatabaseUnusable for a file with something else in it.
 */
export function openLock(file: string, options: OpenOptions): Db | undefined {
  const lock = rawOpen(file, options, { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if (codeOf(error).startsWith("SQLITE_BUSY")) return undefined;
    if (!damageCodes.test(codeOf(error))) throw error;
    throw new DatabaseUnusable({ kind: "damaged", detail: String(error) });
  }
}

/** Closes with its log written back, so that the file alone is whole. Where that cannot be done (a full disk), the log stays beside it and holds what is missing. */
export function closeDatabase(db: Db): void {
  if (!db.open) return;
  try {
    if (!db.readonly) {
      db.pragma("optimize");
      db.pragma("wal_checkpoint(TRUNCATE)");
    }
  } catch {
    // The next start reads the log.
  } finally {
    db.close();
  }
}
