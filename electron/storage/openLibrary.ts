/** Opening a library folder: locked for one program, checked, brought to this version's form, recovered where it was damaged. */
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { makeBackup, newestSound, restoreBackup } from "./backups.ts";
import type { WriteFile } from "./blobs.ts";
import {
  closeDatabase,
  DatabaseUnusable,
  type Db,
  type OpenOptions,
  openDatabase,
} from "./database.ts";
import { DatabaseFromFuture, migrate } from "./migrate.ts";
import type { Migration } from "./migrations/migration.ts";
import { quarantine } from "./quarantine.ts";

/** How the library stands. */
export type LibraryState =
  | { readonly kind: "ready" }
  /** It was damaged or gone; what there was is kept, and work goes on with the newest sound backup, or an empty library. */
  | {
      readonly kind: "recovered";
      readonly detail: string;
      /** Folder with the damaged files; null where the file was gone. */
      readonly keptIn: string | null;
      /** When the backup was made that is in use now; null for an empty library. */
      readonly restoredMs: number | null;
    }
  /** Made by a newer Crossover: left alone. */
  | { readonly kind: "newer"; readonly found: number; readonly known: number }
  /** Another program's file under our name: left alone. */
  | { readonly kind: "foreign"; readonly detail: string }
  /** Another Crossover has it open. */
  | { readonly kind: "locked" }
  /** The folder cannot be written to, or the disk is full. */
  | { readonly kind: "unwritable"; readonly detail: string };

/** An open library, or why there is none. */
export interface OpenedLibrary {
  readonly state: LibraryState;
  /** Undefined unless the state is ready or recovered. */
  readonly db: Db | undefined;
  close(): void;
}

/** Where things lie in a library folder. */
export function libraryPaths(folder: string) {
  return {
    database: join(folder, "library.sqlite"),
    lock: join(folder, "lock.sqlite"),
    /** Says that there was a library: an empty or missing database beside it is damage, not a first start. */
    marker: join(folder, "library.json"),
    blobs: join(folder, "blobs"),
    backups: join(folder, "backups"),
    quarantine: join(folder, "quarantine"),
  };
}

/** What opening needs. */
export interface LibraryOptions extends OpenOptions {
  readonly folder: string;
  readonly migrations: readonly Migration[];
  readonly nowMs: number;
  readonly writeFile: WriteFile;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Holds an exclusive transaction on a file of its own: the system lets go of it when the process ends, however it ends. */
function takeLock(path: string, options: OpenOptions): Db | undefined {
  const lock = openDatabase(path, options);
  try {
    lock.pragma("busy_timeout = 0");
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if (codeOf(error).startsWith("SQLITE_BUSY")) return undefined;
    throw error;
  }
}

interface Recovery {
  readonly detail: string;
  readonly keptIn: string | null;
}

class Opening {
  private readonly options: LibraryOptions;
  private readonly paths: ReturnType<typeof libraryPaths>;

  constructor(options: LibraryOptions) {
    this.options = options;
    this.paths = libraryPaths(options.folder);
  }

  /** Opens and migrates; throws what says that it cannot. */
  open(): Db {
    const { options, paths } = this;
    const db = openDatabase(paths.database, options);
    try {
      migrate(db, options.migrations, () => {
        makeBackup(db, paths.backups, "migration", options.nowMs, options);
      });
      options.writeFile(paths.marker, Buffer.from(`${JSON.stringify({ form: 1 })}\n`));
      return db;
    } catch (error) {
      closeDatabase(db);
      throw error;
    }
  }

  /** A database that should be there and is not, or is empty. */
  isMissing(): boolean {
    const { database, marker } = this.paths;
    if (!existsSync(marker)) return false;
    return !existsSync(database) || statSync(database).size === 0;
  }

  /** Puts what is damaged aside and goes on from the newest sound backup. */
  recover({ detail, keptIn }: Recovery): { db: Db; state: LibraryState } {
    const { options, paths } = this;
    const backup = newestSound(paths.backups, options);
    if (backup !== undefined) restoreBackup(backup, paths.database, options);
    const restoredMs = backup?.madeMs ?? null;
    return { db: this.open(), state: { kind: "recovered", detail, keptIn, restoredMs } };
  }

  run(): { db: Db | undefined; state: LibraryState } {
    const { options, paths } = this;
    if (this.isMissing()) {
      for (const suffix of ["", "-wal", "-shm"]) rmSync(paths.database + suffix, { force: true });
      return this.recover({ detail: "the database file was gone or empty", keptIn: null });
    }
    try {
      return { db: this.open(), state: { kind: "ready" } };
    } catch (error) {
      if (error instanceof DatabaseFromFuture) {
        const { found, known } = error;
        return { db: undefined, state: { kind: "newer", found, known } };
      }
      if (!(error instanceof DatabaseUnusable)) throw error;
      const { kind, detail } = error.damage;
      if (kind === "foreign") return { db: undefined, state: { kind, detail } };
      const keptIn = quarantine(paths.database, paths.quarantine, options.nowMs);
      return this.recover({ detail, keptIn });
    }
  }
}

const unwritableCodes =
  /^(SQLITE_(READONLY|CANTOPEN|FULL|IOERR)|EACCES|EPERM|EROFS|ENOSPC|ENOTDIR|EEXIST)/;

/** Whether an error means that the disk is full or may not be written to. */
export function isUnwritable(error: unknown): boolean {
  return unwritableCodes.test(codeOf(error));
}

/** Opens the library of a folder, which is made when missing. Never throws for what the state can say. */
export function openLibrary(options: LibraryOptions): OpenedLibrary {
  let lock: Db | undefined;
  const refused = (state: LibraryState): OpenedLibrary => {
    lock?.close();
    return { state, db: undefined, close: () => {} };
  };
  try {
    mkdirSync(options.folder, { recursive: true });
    lock = takeLock(libraryPaths(options.folder).lock, options);
    if (lock === undefined) return refused({ kind: "locked" });
    const { db, state } = new Opening(options).run();
    if (db === undefined) return refused(state);
    const close = (): void => {
      closeDatabase(db);
      lock?.close();
    };
    return { state, db, close };
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    return refused({ kind: "unwritable", detail: String(error) });
  }
}
