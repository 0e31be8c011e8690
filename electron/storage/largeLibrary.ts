/** A library as large as planners may come to have, for tests and the benchmark. */
import { statSync } from "node:fs";
import type { RunRow, SavedVersion, TraceRow } from "../../shared/contract/libraryRows.ts";
import { closeDatabase, openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations/list.ts";
import { libraryPaths } from "./openLibrary.ts";
import { createRunRepository } from "./repositories/results.ts";
import { createScenarioRepository } from "./repositories/scenarios.ts";
import { createTraceRepository } from "./repositories/traces.ts";

/** How much it holds. */
export interface LibrarySize {
  readonly scenarios: number;
  readonly versionsEach: number;
  readonly runs: number;
  readonly traces: number;
}

/** What the issue names: 1,000 scenarios and 10,000 runs. */
export const largeSize: LibrarySize = {
  scenarios: 1000,
  versionsEach: 5,
  runs: 10_000,
  traces: 100,
};

/** 64 hex digits that look like a hash and are another for every number. */
function hashOf(number: number): string {
  return number.toString(16).padStart(8, "0").repeat(8);
}

function saved(i: number, version: number): SavedVersion {
  const providers = ["Claude Sonnet 4.6", "GPT-4.1", "Mistral Large"];
  return {
    id: `scenario-${i}`,
    name: `Scenario ${i}: chat of the support desk, four H100, spillover at night`,
    documentHash: hashOf(i * 100 + version),
    summary: { gpus: 4, pools: 2, providers, sources: ["chat", "batch", "embeddings"] },
    label: version % 2 === 0 ? `label of version ${version}` : null,
    nowMs: 1.79e12 + i * 1000 + version,
  };
}

function run(i: number, scenarios: number): RunRow {
  const figures = {
    monthUsd: 12_345.678,
    usdPerMTok: 1.2345,
    sloAttainment: 0.987,
    finished: 19_366,
  };
  return {
    id: `run-${i}`,
    scenarioId: `scenario-${i % scenarios}`,
    ...{ inputHash: hashOf(i), documentHash: hashOf(i + 1), reportHash: hashOf(i + 2) },
    ...{ engine: "1.0.0", seed: 1, replications: 1, startedMs: 1.79e12 + i, wallMs: 150 },
    ...{ figures: { ...figures, spilled: 321 }, runHash: hashOf(i + 3) },
  };
}

function trace(i: number): TraceRow {
  const numbers = Array.from({ length: 240 }, (_, window) => window * 7);
  const models = Array.from({ length: 40 }, (_, model) => ({ name: `model-${model}`, rows: 100 }));
  return {
    ...{
      id: `trace-${i}`,
      name: `gateway-${i}.csv`,
      sha256: hashOf(i),
      options: { format: "auto" },
    },
    ...{ columnsHash: hashOf(i), rows: 19_366, rejected: 0, bytes: 719_188, importedMs: 1.79e12 },
    summary: { rate: { windowS: 15, counts: numbers }, models, tenants: models, notes: [] },
  };
}

/** Writes such a library into a folder that is there; returns the bytes of its database. */
export function makeLargeLibrary(folder: string, size: LibrarySize = largeSize): number {
  const { database } = libraryPaths(folder);
  const db = openDatabase(database);
  migrate(db, migrations, () => undefined);
  const [scenarios, runs, traces] = [
    createScenarioRepository(db),
    createRunRepository(db),
    createTraceRepository(db),
  ];
  db.transaction(() => {
    for (let i = 0; i < size.scenarios; i++) {
      scenarios.createScenario(saved(i, 1));
      scenarios.setScenarioTags(`scenario-${i}`, ["customer A", "2026", "draft"]);
      for (let version = 1; version < size.versionsEach; version++) {
        scenarios.saveScenario(saved(i, version + 1), version);
      }
    }
    for (let i = 0; i < size.runs; i++) runs.putRun(run(i, size.scenarios));
    for (let i = 0; i < size.traces; i++) traces.putTrace(trace(i));
  })();
  closeDatabase(db);
  return statSync(database).size;
}
