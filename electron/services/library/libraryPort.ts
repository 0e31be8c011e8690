/** What the services of the library need of its storage; the storage worker's client has it. */

import type { CoreEvent } from "../../../shared/contract/events.ts";
import type { StorageStatusReply } from "../../../shared/contract/hostMethods.ts";
import type {
  BackupEntry,
  CalibrationRow,
  DraftOutcome,
  DraftRow,
  DraftWork,
  InsightRow,
  RunRow,
  SavedVersion,
  SaveOutcome,
  ScenarioRow,
  StudyRow,
  TraceRow,
  VersionRow,
} from "../../../shared/contract/libraryRows.ts";

/** The library, off this thread. Each function throws ServiceError (storage) where the library is not open or cannot be written. */
export interface LibraryPort {
  status(): Promise<StorageStatusReply>;
  reopen(): Promise<void>;
  startFresh(): Promise<void>;
  backUp(): Promise<void>;
  describeBackups(): Promise<BackupEntry[]>;
  /** Goes on with a backup; false for one that is not there. */
  restoreBackup(id: string): Promise<boolean>;
  maintain(): Promise<void>;
  /** Keeps bytes; they are on the disk when the hash that names them comes. */
  putBlob(bytes: Uint8Array): Promise<string>;
  getBlob(hash: string): Promise<Uint8Array>;
  listScenarios(): Promise<ScenarioRow[]>;
  listDeletedScenarios(): Promise<ScenarioRow[]>;
  getScenario(id: string): Promise<ScenarioRow | undefined>;
  createScenario(saved: SavedVersion): Promise<void>;
  saveScenario(
    saved: SavedVersion,
    baseVersion: number,
    over?: string | null,
  ): Promise<SaveOutcome>;
  listVersions(id: string): Promise<VersionRow[]>;
  setScenarioTags(id: string, tags: readonly string[]): Promise<boolean>;
  setScenarioDeleted(id: string, deletedMs: number | null): Promise<boolean>;
  eraseScenario(id: string): Promise<boolean>;
  getDraft(id: string): Promise<DraftRow | undefined>;
  putDraft(work: DraftWork): Promise<DraftOutcome>;
  listTraces(): Promise<TraceRow[]>;
  getTrace(id: string): Promise<TraceRow | undefined>;
  findTraces(sha256: string): Promise<TraceRow[]>;
  putTrace(row: TraceRow): Promise<string>;
  renameTrace(id: string, name: string): Promise<boolean>;
  eraseTrace(id: string): Promise<boolean>;
  putRun(row: RunRow): Promise<void>;
  getRun(id: string): Promise<RunRow | undefined>;
  findRun(inputHash: string): Promise<RunRow | undefined>;
  listRuns(scenarioId: string, limit: number): Promise<RunRow[]>;
  listNewestRuns(): Promise<RunRow[]>;
  eraseRun(id: string): Promise<boolean>;
  putInsight(row: InsightRow): Promise<void>;
  findInsight(inputHash: string, kind: string): Promise<InsightRow | undefined>;
  putStudy(row: StudyRow): Promise<void>;
  getStudy(id: string): Promise<StudyRow | undefined>;
  findStudy(inputHash: string): Promise<StudyRow | undefined>;
  listStudies(scenarioId: string): Promise<StudyRow[]>;
  eraseStudy(id: string): Promise<boolean>;
  putCalibration(row: CalibrationRow): Promise<void>;
  listCalibrations(): Promise<CalibrationRow[]>;
  eraseCalibration(id: string): Promise<boolean>;
  getSettings(): Promise<Record<string, unknown>>;
  putSettings(values: Readonly<Record<string, unknown>>): Promise<void>;
}

type ChangedList = Extract<CoreEvent, { kind: "libraryChanged" }>["of"];

/** Time, ids and news for services. */
export interface ServiceWorld {
  /** Milliseconds since 1970. */
  now(): number;
  /** A new id: letters a to z, digits and hyphens. */
  newId(): string;
  /** Tells pages that a list has changed; of drafts, what there is now. */
  changed(of: ChangedList, id?: string, revision?: string | null): void;
}
