/** The library as one object of plain functions: what the storage worker serves. */
import { rmSync } from "node:fs";
import { type Backup, listBackups, makeBackup } from "./backups.ts";
import { BlobStore, type WriteFile } from "./blobs.ts";
import type { OpenOptions } from "./database.ts";
import { migrations } from "./migrations/list.ts";
import { type LibraryState, libraryPaths, type OpenedLibrary, openLibrary } from "./openLibrary.ts";
import { quarantine } from "./quarantine.ts";
import {
  createCalibrationRepository,
  createRunRepository,
  createSettingRepository,
  createStudyRepository,
} from "./repositories/results.ts";
import { createScenarioRepository } from "./repositories/scenarios.ts";
import { createTraceRepository } from "./repositories/traces.ts";

/** What the storage needs of its host. */
export interface StorageOptions extends OpenOptions {
  readonly folder: string;
  readonly writeFile: WriteFile;
  /** Milliseconds since 1970. */
  now(): number;
}

/** How the library stands, for the person. */
export interface StorageStatus {
  readonly state: LibraryState;
  readonly folder: string;
  readonly backups: Omit<Backup, "path">[];
}

/** Thrown for a call that needs an open library where there is none. */
export class LibraryClosed extends Error {
  constructor(state: LibraryState) {
    super(`the library is not open (${state.kind})`);
    this.name = "LibraryClosed";
  }
}

const dayMs = 86_400_000;
/** Files that nothing refers to stay this long: an older backup may still name them. */
const blobAgeMs = 60 * dayMs;

/** Opens the library of a folder; the object stays usable whatever state it is in. */
export function createStorage(options: StorageOptions) {
  const paths = libraryPaths(options.folder);
  const open = (): OpenedLibrary => openLibrary({ ...options, migrations, nowMs: options.now() });
  let library = open();
  let tables = connect(library);
  let blobs: BlobStore | undefined;
  const blobStore = (): BlobStore => {
    blobs ??= new BlobStore(paths.blobs, options.writeFile);
    return blobs;
  };
  const reopen = (): void => {
    library.close();
    library = open();
    tables = connect(library);
  };
  const database = () => {
    if (library.db === undefined) throw new LibraryClosed(library.state);
    return library.db;
  };
  return {
    /** The statements of every table. Throws LibraryClosed where there are none. */
    get tables() {
      if (tables === undefined) throw new LibraryClosed(library.state);
      return tables;
    },
    status: (): StorageStatus => ({
      state: library.state,
      folder: options.folder,
      backups: listBackups(paths.backups).map(({ madeMs, reason }) => ({ madeMs, reason })),
    }),
    putBlob: (bytes: Uint8Array): string => blobStore().put(bytes),
    getBlob: (hash: string): Uint8Array => blobStore().get(hash),
    /** One backup a day at most, and files let go that nothing names any more. */
    maintain(): void {
      const db = database();
      const newest = listBackups(paths.backups).find(({ reason }) => reason === "daily");
      const nowMs = options.now();
      if (newest !== undefined && nowMs - newest.madeMs < dayMs) return;
      makeBackup(db, paths.backups, "daily", nowMs, options);
      const referred = referredBlobs(db);
      blobStore().prune((hash) => referred.has(hash), nowMs, blobAgeMs);
    },
    backUp: (): void => void makeBackup(database(), paths.backups, "asked", options.now(), options),
    /** Puts whatever stands in the way aside and begins an empty library. */
    startFresh(): string {
      library.close();
      const kept = quarantine(paths.database, paths.quarantine, options.now());
      // Without the marker an absent database is a first start, not damage.
      rmSync(paths.marker, { force: true });
      reopen();
      return kept;
    },
    /** Tries again, e.g. after the disk has room or the other program has ended. */
    reopen,
    close: (): void => library.close(),
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
    ...createStudyRepository(db),
    ...createCalibrationRepository(db),
    ...createSettingRepository(db),
  };
}
/** The statements over all tables of an open library. */
export type Tables = NonNullable<ReturnType<typeof connect>>;

const blobColumns = [
  ["scenario_version", "document_hash"],
  ["draft", "document_hash"],
  ["trace", "columns_hash"],
  ["run", "document_hash"],
  ["run", "report_hash"],
  ["study", "result_hash"],
  ["calibration", "document_hash"],
] as const;

function referredBlobs(db: NonNullable<OpenedLibrary["db"]>): Set<string> {
  const hashes = new Set<string>();
  for (const [table, column] of blobColumns) {
    for (const hash of db.prepare(`SELECT ${column} FROM ${table}`).pluck().iterate()) {
      hashes.add(String(hash));
    }
  }
  return hashes;
}
