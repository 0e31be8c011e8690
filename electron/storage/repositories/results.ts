/** Runs, studies and calibrations: what was computed, by the hash of what went in. */

import type { CalibrationRow, RunRow, StudyRow } from "../../../shared/contract/libraryRows.ts";
import type { Db } from "../database.ts";

type RawRun = Omit<RunRow, "figures"> & { figures: string };
type RawStudy = Omit<StudyRow, "figures"> & { figures: string };
type RawCalibration = Omit<CalibrationRow, "summary"> & { summary: string };

const runColumns = `id, scenario_id AS scenarioId, input_hash AS inputHash, document_hash AS documentHash,
  engine, seed, replications, started_ms AS startedMs, wall_ms AS wallMs, figures,
  report_hash AS reportHash, run_hash AS runHash`;
const studyColumns = `id, scenario_id AS scenarioId, kind, name, input_hash AS inputHash, engine,
  started_ms AS startedMs, wall_ms AS wallMs, figures, result_hash AS resultHash`;
const calibrationColumns = `id, name, document_hash AS documentHash, created_ms AS createdMs, summary`;

function withFigures<Row extends { figures: string }>(raw: Row) {
  return { ...raw, figures: JSON.parse(raw.figures) as unknown };
}

/** Statements over the run table. */
export function createRunRepository(db: Db) {
  const put = db.prepare(
    `INSERT INTO run (id, scenario_id, input_hash, document_hash, engine, seed, replications, started_ms,
       wall_ms, figures, report_hash, run_hash)
     VALUES (@id, @scenarioId, @inputHash, @documentHash, @engine, @seed, @replications, @startedMs,
       @wallMs, @figures, @reportHash, @runHash)`,
  );
  const one = db.prepare<[string], RawRun>(`SELECT ${runColumns} FROM run WHERE id = ?`);
  const byInput = db.prepare<[string], RawRun>(
    `SELECT ${runColumns} FROM run WHERE input_hash = ? ORDER BY started_ms DESC LIMIT 1`,
  );
  const list = db.prepare<[string, number], RawRun>(
    `SELECT ${runColumns} FROM run WHERE scenario_id = ? ORDER BY started_ms DESC, id LIMIT ?`,
  );
  // For each scenario one look into the index: a look for each run is four times as long with ten runs each.
  const newest = db.prepare<[], RawRun>(
    `SELECT ${runColumns} FROM run WHERE id IN (SELECT (SELECT id FROM run WHERE scenario_id = scenario.id
       ORDER BY started_ms DESC, id LIMIT 1) FROM scenario)`,
  );
  const erase = db.prepare("DELETE FROM run WHERE id = ?");
  return {
    putRun: (row: RunRow): void => void put.run({ ...row, figures: JSON.stringify(row.figures) }),
    getRun(id: string): RunRow | undefined {
      const raw = one.get(id);
      return raw && withFigures(raw);
    },
    /** The newest run of the same inputs. */
    findRun(inputHash: string): RunRow | undefined {
      const raw = byInput.get(inputHash);
      return raw && withFigures(raw);
    },
    listRuns: (scenarioId: string, limit: number): RunRow[] =>
      list.all(scenarioId, limit).map(withFigures),
    /** The newest run of every scenario that has one. */
    listNewestRuns: (): RunRow[] => newest.all().map(withFigures),
    eraseRun: (id: string): boolean => erase.run(id).changes > 0,
  };
}

/** Statements over the study table. */
export function createStudyRepository(db: Db) {
  const put = db.prepare(
    `INSERT INTO study (id, scenario_id, kind, name, input_hash, engine, started_ms, wall_ms, figures, result_hash)
     VALUES (@id, @scenarioId, @kind, @name, @inputHash, @engine, @startedMs, @wallMs, @figures, @resultHash)`,
  );
  const one = db.prepare<[string], RawStudy>(`SELECT ${studyColumns} FROM study WHERE id = ?`);
  const list = db.prepare<[string], RawStudy>(
    `SELECT ${studyColumns} FROM study WHERE scenario_id = ? ORDER BY started_ms DESC, id`,
  );
  const byInput = db.prepare<[string], RawStudy>(
    `SELECT ${studyColumns} FROM study WHERE input_hash = ? ORDER BY started_ms DESC LIMIT 1`,
  );
  const erase = db.prepare("DELETE FROM study WHERE id = ?");
  return {
    putStudy: (row: StudyRow): void =>
      void put.run({ ...row, figures: JSON.stringify(row.figures) }),
    getStudy(id: string): StudyRow | undefined {
      const raw = one.get(id);
      return raw && withFigures(raw);
    },
    /** The newest study of the same inputs. */
    findStudy(inputHash: string): StudyRow | undefined {
      const raw = byInput.get(inputHash);
      return raw && withFigures(raw);
    },
    listStudies: (scenarioId: string): StudyRow[] => list.all(scenarioId).map(withFigures),
    eraseStudy: (id: string): boolean => erase.run(id).changes > 0,
  };
}

/** Statements over the calibration table. */
export function createCalibrationRepository(db: Db) {
  const put = db.prepare(
    `INSERT INTO calibration (id, name, document_hash, created_ms, summary)
     VALUES (@id, @name, @documentHash, @createdMs, @summary)`,
  );
  const list = db.prepare<[], RawCalibration>(
    `SELECT ${calibrationColumns} FROM calibration ORDER BY created_ms DESC, id`,
  );
  const erase = db.prepare("DELETE FROM calibration WHERE id = ?");
  return {
    putCalibration: (row: CalibrationRow): void =>
      void put.run({ ...row, summary: JSON.stringify(row.summary) }),
    listCalibrations: (): CalibrationRow[] =>
      list.all().map((raw) => ({ ...raw, summary: JSON.parse(raw.summary) as unknown })),
    eraseCalibration: (id: string): boolean => erase.run(id).changes > 0,
  };
}

/** Statements over the settings. */
export function createSettingRepository(db: Db) {
  const all = db.prepare<[], { key: string; value: string }>("SELECT key, value FROM setting");
  const put = db.prepare(
    `INSERT INTO setting (key, value) VALUES (@key, @value)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  );
  const putAll = db.transaction((values: Readonly<Record<string, unknown>>): void => {
    for (const [key, value] of Object.entries(values))
      put.run({ key, value: JSON.stringify(value) });
  });
  return {
    getSettings: (): Record<string, unknown> =>
      Object.fromEntries(all.all().map(({ key, value }) => [key, JSON.parse(value) as unknown])),
    putSettings: (values: Readonly<Record<string, unknown>>): void => putAll.immediate(values),
  };
}
