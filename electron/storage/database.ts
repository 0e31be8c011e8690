/** Opening the library's database: checked before anything is believed, with the pragmas that keep what was acknowledged. The only place that opens one. */
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
  readonly isReadOnly?: boolean;
}

function rawOpen(file: string, options: OpenOptions): Db {
  const { nativeBinding, isReadOnly = false } = options;
  return new Database(file, {
    readonly: isReadOnly,
    fileMustExist: isReadOnly,
    ...(nativeBinding !== undefined && { nativeBinding }),
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

const damageCodes = /^SQLITE_(CORRUPT|NOTADB)/;

/** The first statement on any file: only then is anything else asked of it. */
function check(db: Db): void {
  const found = db.pragma("quick_check(1)", { simple: true });
  if (found !== "ok") throw new DatabaseUnusable({ kind: "damaged", detail: String(found) });
  const id = db.pragma("application_id", { simple: true });
  const tables = db.prepare("SELECT count(*) FROM sqlite_schema").pluck().get();
  if (id !== applicationId && !(id === 0 && tables === 0)) {
    const detail = `its application id is ${id}, wanted ${applicationId}`;
    throw new DatabaseUnusable({ kind: "foreign", detail });
  }
}

/** Sets the pragmas and reads each one back: a default that differs by build is not relied on. */
function configure(db: Db): void {
  for (const [name, wanted] of settings) {
    db.pragma(`${name} = ${wanted}`);
    // Switching to WAL resets synchronous at the next statement on some builds.
    const found = db.pragma(name, { simple: true });
    if (found !== wanted) throw new Error(`SQLite keeps ${name} at ${found}, wanted ${wanted}`);
  }
  db.pragma("synchronous = 2");
}

/** Opens, checks and configures. Throws DatabaseUnusable for a damaged or foreign file, and SQLite's own errors (SQLITE_FULL, SQLITE_READONLY, SQLITE_BUSY, SQLITE_CANTOPEN). */
export function openDatabase(file: string, options: OpenOptions = {}): Db {
  const db = rawOpen(file, options);
  try {
    check(db);
    if (options.isReadOnly !== true) configure(db);
    return db;
  } catch (error) {
    db.close();
    if (damageCodes.test(codeOf(error))) {
      throw new DatabaseUnusable({ kind: "damaged", detail: String(error) });
    }
    throw error;
  }
}

/** Closes with its log written back, so that the file alone is whole. */
export function closeDatabase(db: Db): void {
  if (!db.open) return;
  if (!db.readonly) {
    db.pragma("optimize");
    db.pragma("wal_checkpoint(TRUNCATE)");
  }
  db.close();
}
