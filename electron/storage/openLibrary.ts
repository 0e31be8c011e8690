/** Opening a library folder: locked for one program, checked, brought to this version's form, recovered where it was damaged. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { makeBackup, newestSound, restoreBackup } from "./backups.ts";
import type { WriteFile } from "./blobs.ts";
import { crashPoint } from "./crashPoint.ts";
import {
  closeDatabase,
  DatabaseFromFuture,
  DatabaseUnusable,
  type Db,
  type OpenOptions,
  openDatabase,
  openLock,
} from "./database.ts";
import { migrate, newestForm } from "./migrate.ts";
import type { Migration } from "./migrations/migration.ts";
import { quarantine } from "./quarantine.ts";
import { isUnwritable, wordsOfFailure } from "./storageFailures.ts";
import { syncFolder } from "./syncPath.ts";

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
  | { readonly kind: "unwritable"; readonly detail: string }
  /** It could not be opened for another reason, e.g. a step to this version's form failed: left as it was. */
  | { readonly kind: "failed"; readonly detail: string };

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
    /** A chosen backup on its way to the database's place. */
    replacement: join(folder, "library.sqlite.replacement"),
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
  /** Put aside what is there, whatever it is, and begin an empty library. */
  readonly isFresh?: boolean;
  /** A checked database in the library's folder that takes the place of the one there. */
  readonly replacement?: Replacement;
}

/** What takes a database's place. */
export interface Replacement {
  readonly path: string;
  /** Whether what is there has a backup; else it is put aside. */
  readonly isBackedUp: boolean;
}

/** The lock of a folder; undefined while another program has it. A lock file with something in it holds nothing of worth: it is made anew. */
function takeLock(path: string, options: OpenOptions): Db | undefined {
  try {
    return openLock(path, options);
  } catch (error) {
    if (!(error instanceof DatabaseUnusable)) throw error;
    rmSync(path, { force: true });
    return openLock(path, options);
  }
}

interface Opened {
  readonly db: Db | undefined;
  readonly state: LibraryState;
}

class Opening {
  private readonly options: LibraryOptions;
  private readonly paths: ReturnType<typeof libraryPaths>;

  constructor(options: LibraryOptions) {
    this.options = { ...options, knownForm: newestForm(options.migrations) };
    this.paths = libraryPaths(options.folder);
  }

  run(): Opened {
    const { paths } = this;
    if (this.options.isFresh === true) {
      this.putAside();
      // Without the marker an absent database is a first start, not damage.
      rmSync(paths.marker, { force: true });
    }
    if (this.options.replacement !== undefined) this.replace(this.options.replacement);
    if (this.isMissing()) {
      return this.recover("the database file was gone or empty", this.putAside());
    }
    try {
      return { db: this.open(), state: { kind: "ready" } };
    } catch (error) {
      return this.answer(error);
    }
  }

  /** Opens and migrates; throws what says that it cannot. */
  private open(): Db {
    const { options, paths } = this;
    const db = openDatabase(paths.database, options);
    try {
      migrate(db, options.migrations, () => {
        makeBackup(db, paths.backups, "migration", options.nowMs, options);
      });
      // Written at every start: where the folder cannot be written, that is found now and not at the first save.
      options.writeFile(paths.marker, Buffer.from(`${JSON.stringify({ form: 1 })}\n`));
      return db;
    } catch (error) {
      closeDatabase(db);
      throw error;
    }
  }

  /** One step: a process that ends before has the old database, one that ends after the new one. */
  private replace({ path, isBackedUp }: Replacement): void {
    const { database } = this.paths;
    // A log that could not be written back would be read into the new database.
    if (!isBackedUp || existsSync(`${database}-wal`)) this.putAside();
    crashPoint("replace");
    renameSync(path, database);
    syncFolder(this.options.folder);
  }

  /** A database that should be there and is not, or is empty. */
  private isMissing(): boolean {
    const { database, marker } = this.paths;
    if (existsSync(database) && statSync(database).size > 0) return false;
    return existsSync(marker) || existsSync(`${database}-wal`);
  }

  private putAside(): string | null {
    const { options, paths } = this;
    return quarantine(paths.database, paths.quarantine, options.nowMs);
  }

  private answer(error: unknown): Opened {
    if (error instanceof DatabaseFromFuture) {
      const { found, known } = error;
      return { db: undefined, state: { kind: "newer", found, known } };
    }
    if (!(error instanceof DatabaseUnusable)) throw error;
    const { kind, detail } = error.damage;
    if (kind === "foreign") return { db: undefined, state: { kind, detail } };
    return this.recover(detail, this.putAside());
  }

  /** Goes on from the newest sound backup, or with an empty library. */
  private recover(detail: string, keptIn: string | null): Opened {
    const { options, paths } = this;
    const backup = newestSound(paths.backups, options);
    if (backup !== undefined) restoreBackup(backup, paths.database, options);
    const restoredMs = backup?.madeMs ?? null;
    return { db: this.open(), state: { kind: "recovered", detail, keptIn, restoredMs } };
  }
}

/** Opens the library of a folder, which is made when missing. Never throws: the state says why where there is none. */
export function openLibrary(options: LibraryOptions): OpenedLibrary {
  let lock: Db | undefined;
  const refused = (state: LibraryState): OpenedLibrary => {
    lock?.close();
    return { state, db: undefined, close: () => {} };
  };
  try {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
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
    const kind = isUnwritable(error) ? "unwritable" : "failed";
    return refused({ kind, detail: wordsOfFailure(error) });
  }
}
