/** The library as one object of plain functions: what the storage worker serves. */
import { rmSync } from "node:fs";
import type { BackupEntry } from "../../shared/contract/libraryRows.ts";
import { backupOf, describeBackups } from "./backupContents.ts";
import { type Backup, listBackups, makeBackup, restoreBackup } from "./backups.ts";
import { BlobStore, type WriteFile } from "./blobs.ts";
import { checkWhole, type Db, type OpenOptions } from "./database.ts";
import { newestForm } from "./migrate.ts";
import { migrations } from "./migrations/list.ts";
import type { Migration } from "./migrations/migration.ts";
import {
  type LibraryState,
  libraryPaths,
  type OpenedLibrary,
  openLibrary,
  type Replacement,
} from "./openLibrary.ts";
import { quarantined } from "./quarantine.ts";
import { referredBlobs } from "./referredBlobs.ts";
import { createInsightRepository } from "./repositories/insights.ts";
import {
  createCalibrationRepository,
  createRunRepository,
  createSettingRepository,
  createStudyRepository,
} from "./repositories/results.ts";
import { createScenarioRepository } from "./repositories/scenarios.ts";
import { createTraceRepository } from "./repositories/traces.ts";
import { wordsOfFailure } from "./storageFailures.ts";

/** What the storage needs of its host. */
export interface StorageOptions extends OpenOptions {
  readonly folder: string;
  readonly writeFile: WriteFile;
  /** Milliseconds since 1970. */
  now(): number;
  /** In place of the program's own; for tests. */
  readonly migrations?: readonly Migration[];
}

/** How the library stands, for the person. */
export interface StorageStatus {
  readonly state: LibraryState;
  readonly folder: string;
  readonly backups: Omit<Backup, "path">[];
  /** Why the last automatic backup was not made, or what the full check beside it found; absent when all was well. */
  readonly backupProblem?: string;
}

const closedWords: Readonly<Record<LibraryState["kind"], string>> = {
  ready: "the program is ending",
  recovered: "the program is ending",
  newer: "a newer Crossover made this library, which was left as it is",
  foreign: "the library's file is another program's, which was left as it is",
  locked: "another Crossover has this library open",
  unwritable: "its folder cannot be written",
  failed: "it could not be opened, and was left as it is",
};

/** Thrown for a call that needs an open library where there is none. */
export class LibraryClosed extends Error {
  constructor(state: LibraryState) {
    super(closedWords[state.kind] + ("detail" in state ? `: ${state.detail}` : ""));
    this.name = "LibraryClosed";
  }
}

const dayMs = 86_400_000;
/** Files that nothing refers to stay at least this long after they were handed in: a save under way may be about to name them. */
const blobAgeMs = dayMs;

/** What takes the place of what is there; nothing where it is opened as it is. */
interface HowToOpen {
  readonly isFresh?: boolean;
  readonly replacement?: Replacement;
}

/** One open library at a time, and what stands in the way of writing to it. */
class Session {
  library: OpenedLibrary;
  tables: Tables | undefined;
  /** Set by a write that the disk refused, until one succeeds. */
  refusal: string | undefined;
  private readonly open: (how: HowToOpen) => OpenedLibrary;

  constructor(open: (how: HowToOpen) => OpenedLibrary) {
    this.open = open;
    this.library = open({});
    this.tables = connect(this.library);
  }

  reopen(how: HowToOpen): void {
    this.library.close();
    this.refusal = undefined;
    this.library = this.open(how);
    this.tables = connect(this.library);
  }

  /** As it was opened, or "unwritable" while the disk refuses what is to be written: reading goes on then. */
  get state(): LibraryState {
    const { refusal, library } = this;
    return refusal === undefined ? library.state : { kind: "unwritable", detail: refusal };
  }

  get db(): Db {
    const { db, state } = this.library;
    if (db === undefined) throw new LibraryClosed(state);
    return db;
  }
}

/** Goes on with a backup; false for one that is not there. */
function goBack(session: Session, id: string, options: StorageOptions): boolean {
  const { backups, replacement: path } = libraryPaths(options.folder);
  const { library } = session;
  if (library.state.kind === "locked") throw new LibraryClosed(library.state);
  const backup = backupOf(backups, id);
  if (backup === undefined) return false;
  try {
    // First of all: making another backup may let this one go.
    restoreBackup(backup, path, options);
    const isBackedUp = library.db !== undefined;
    if (isBackedUp) makeBackup(library.db, backups, "replaced", options.now(), options);
    session.reopen({ replacement: { path, isBackedUp } });
  } finally {
    rmSync(path, { force: true });
  }
  return true;
}

/** Opens the library of a folder; the object stays usable whatever state it is in. */
export function createStorage(options: StorageOptions) {
  const paths = libraryPaths(options.folder);
  const list = options.migrations ?? migrations;
  const session = new Session((how) =>
    openLibrary({ ...options, migrations: list, nowMs: options.now(), ...how }),
  );
  const known = { ...options, knownForm: newestForm(list) };
  const blobs = new BlobStore(paths.blobs, options.writeFile, options.now);
  let backupProblem: string | undefined;
  const prune = (db: Db): number => {
    const others = [
      ...listBackups(paths.backups).map(({ path }) => path),
      ...quarantined(paths.database, paths.quarantine),
    ];
    const referred = referredBlobs(db, others, options);
    return referred === undefined ? 0 : blobs.prune((hash) => referred.has(hash), blobAgeMs);
  };
  return {
    /** The statements of every table. Throws LibraryClosed where there are none. */
    get tables() {
      if (session.tables === undefined) throw new LibraryClosed(session.library.state);
      return session.tables;
    },
    /** How the library stands now. */
    state: (): LibraryState => session.state,
    status: (): StorageStatus => ({
      state: session.state,
      folder: options.folder,
      backups: listBackups(paths.backups).map(({ madeMs, reason }) => ({ madeMs, reason })),
      ...(backupProblem !== undefined && { backupProblem }),
    }),
    putBlob(bytes: Uint8Array): string {
      void session.db;
      return blobs.put(bytes);
    },
    getBlob(hash: string): Uint8Array<ArrayBuffer> {
      void session.db;
      return blobs.get(hash);
    },
    /** One backup a day at most, SQLite's full check of the database with it, and files let go that nothing names any more: no backup and nothing that was put aside. */
    maintain(): void {
      const { db } = session;
      const newest = listBackups(paths.backups).find(({ reason }) => reason === "daily");
      const nowMs = options.now();
      const ageMs = newest === undefined ? dayMs : nowMs - newest.madeMs;
      // A backup from the future was made while the clock was wrong.
      if (ageMs >= 0 && ageMs < dayMs) return;
      try {
        makeBackup(db, paths.backups, "daily", nowMs, options);
        checkWhole(db);
        backupProblem = undefined;
      } catch (error) {
        backupProblem = wordsOfFailure(error);
        throw error;
      }
      session.tables?.dropStrayInsights();
      prune(db);
    },
    backUp: (): void => void makeBackup(session.db, paths.backups, "asked", options.now(), options),
    /** Every backup with what it holds; each is read. */
    describeBackups: (): BackupEntry[] => describeBackups(paths.backups, known),
    /**
     * Goes on with a backup; what there was becomes a backup itself, or is put aside where it cannot be read. False for a backup that
     * is not there. Throws LibraryClosed while another program has the library open, and what says that the backup is not sound.
     */
    restoreBackup(id: string): boolean {
      return goBack(session, id, known);
    },
    /** Puts whatever stands in the way aside and begins an empty library; while another program has it open, nothing is done. */
    startFresh: (): void => session.reopen({ isFresh: true }),
    /** Tries again, e.g. after the disk has room or the other program has ended. */
    reopen: (): void => session.reopen({}),
    /** Remembers whether the disk takes what is to be written: a text where it does not, undefined where it did. */
    noteWriting(refusal: string | undefined): void {
      session.refusal = refusal;
    },
    close: (): void => session.library.close(),
  };
}
export type Storage = ReturnType<typeof createStorage>;

function connect(library: OpenedLibrary) {
  const { db } = library;
  if (db === undefined) return undefined;
  return {
    ...createScenarioRepository(db),
    ...createTraceRepository(db),
    ...createRunRepository(db),
    ...createInsightRepository(db),
    ...createStudyRepository(db),
    ...createCalibrationRepository(db),
    ...createSettingRepository(db),
  };
}
/** The statements over all tables of an open library. */
export type Tables = NonNullable<ReturnType<typeof connect>>;
