/** Rows of the library as they cross to the services: plain data, times in milliseconds since 1970. */

/** What lists show of a scenario without reading it. */
export interface ScenarioRow {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  /** The newest saved version; versions count from 1. */
  readonly version: number;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** Null unless it lies in the bin. */
  readonly deletedMs: number | null;
  /** Small JSON made by the service that saved it. */
  readonly summary: unknown;
  /** Whether unsaved work on it is kept. */
  readonly hasDraft: boolean;
}

/** A saved version of a scenario; its document lies in the blob of that name. */
export interface VersionRow {
  readonly version: number;
  readonly documentHash: string;
  readonly savedMs: number;
  readonly label: string | null;
}

/** Unsaved work on a scenario. */
export interface DraftRow {
  readonly baseVersion: number;
  readonly documentHash: string;
  readonly savedMs: number;
}

/** What a save hands over. */
export interface SavedVersion {
  readonly id: string;
  readonly name: string;
  readonly documentHash: string;
  readonly summary: unknown;
  readonly label: string | null;
  readonly nowMs: number;
}

/** How a save ended: the version it made, or the version that was there; where that is the expected one, other unsaved work stood on it. */
export type SaveOutcome =
  | { readonly isSaved: true; readonly version: number }
  | { readonly isSaved: false; readonly found: number | null };

/** Unsaved work as it is kept. */
export interface DraftWork {
  readonly id: string;
  /** Null drops what is unsaved. */
  readonly documentHash: string | null;
  /** The version that it builds on; not looked at where it is dropped. */
  readonly baseVersion: number;
  /** Hash of the unsaved document that it follows, null for none; undefined follows whatever there is. */
  readonly over: string | null | undefined;
  readonly nowMs: number;
}

/** Whether unsaved work was kept: not where somebody else saved or changed the scenario in between, nor (null) where there is no such scenario. */
export type DraftOutcome =
  | { readonly isKept: true }
  | { readonly isKept: false; readonly found: number | null };

/** An imported trace; its columns lie in the blob of that name. */
export interface TraceRow {
  readonly id: string;
  readonly name: string;
  /** Of the file's bytes. */
  readonly sha256: string;
  /** How it was read: format, mapping. */
  readonly options: unknown;
  readonly columnsHash: string;
  readonly rows: number;
  readonly rejected: number;
  readonly bytes: number;
  readonly importedMs: number;
  readonly summary: unknown;
}

/** One run; its report lies in the blob of that name. */
export interface RunRow {
  readonly id: string;
  /** Null for a run of something that was never saved. */
  readonly scenarioId: string | null;
  /** Names the inputs: document, traces, seed, replications, engine. Equal inputs, equal hash. */
  readonly inputHash: string;
  readonly documentHash: string;
  readonly engine: string;
  readonly seed: number;
  readonly replications: number;
  readonly startedMs: number;
  readonly wallMs: number;
  /** The few figures that lists show. */
  readonly figures: unknown;
  readonly reportHash: string;
  readonly runHash: string;
}

/** Something that was looked up in a kept run; it lies in the blob of that name. */
export interface InsightRow {
  /** Hash of the run's inputs. */
  readonly inputHash: string;
  /** What it is, with what it was asked for, e.g. "requests" or "latencies 60". */
  readonly kind: string;
  readonly blobHash: string;
  readonly bytes: number;
  readonly madeMs: number;
}

/** One study of a scenario; its result lies in the blob of that name. */
export interface StudyRow {
  readonly id: string;
  readonly scenarioId: string | null;
  readonly kind: string;
  readonly name: string;
  readonly inputHash: string;
  readonly engine: string;
  readonly startedMs: number;
  readonly wallMs: number;
  readonly figures: unknown;
  readonly resultHash: string;
}

/** A named calibration; its document lies in the blob of that name. */
export interface CalibrationRow {
  readonly id: string;
  readonly name: string;
  readonly documentHash: string;
  readonly createdMs: number;
  readonly summary: unknown;
}

/** What a backup of the library holds. */
export interface BackupContents {
  /** Those in the bin are not counted. */
  readonly scenarios: number;
  readonly traces: number;
  readonly runs: number;
  readonly studies: number;
  /** Names of the scenarios that were changed last, newest first, three at most. */
  readonly newest: string[];
  /** When a scenario was changed last; null where there is none. */
  readonly changedMs: number | null;
}

/** A backup as the person is shown it. */
export interface BackupEntry {
  readonly id: string;
  readonly madeMs: number;
  readonly reason: "daily" | "migration" | "asked" | "replaced";
  readonly bytes: number;
  /** Null where it cannot be used; `problem` says why. */
  readonly contents: BackupContents | null;
  readonly problem: string | null;
}
