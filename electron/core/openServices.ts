/** Services, storage and workers, wired. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { CoreEvent } from "../../shared/contract/events.ts";
import { canonicalJson } from "../../shared/schema/canonicalJson.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";
import { openAtomicWriter } from "../files/atomicWrite.ts";
import { readTextFile } from "../files/boundedRead.ts";
import { CatalogDesk } from "../services/catalogDesk.ts";
import { loadCatalog } from "../services/catalogFiles.ts";
import { loadClaims } from "../services/claimFiles.ts";
import { FileTokens } from "../services/fileTokens.ts";
import { JobDesk } from "../services/jobDesk.ts";
import { InsightService } from "../services/library/insights.ts";
import type { LibraryPort, ServiceWorld } from "../services/library/libraryPort.ts";
import { RecentFiles } from "../services/library/recentFiles.ts";
import { ReportService } from "../services/library/reportFiles.ts";
import { type RunnerOf, RunService } from "../services/library/runs.ts";
import { ScenarioFileService } from "../services/library/scenarioFiles.ts";
import { ScenarioService } from "../services/library/scenarios.ts";
import { SettingsService } from "../services/library/settings.ts";
import { StudyService } from "../services/library/studies.ts";
import { TraceService } from "../services/library/traces.ts";
import { PageFlush } from "../services/pageFlush.ts";
import { readChosenPrices } from "../services/priceFiles.ts";
import { crashPoint } from "../storage/crashPoint.ts";
import { StorageClient } from "../storage/storageClient.ts";
import { engineFingerprint } from "../workers/engineFingerprint.ts";
import { type PoolRunner, WorkerPool } from "../workers/workerPool.ts";
import type { CoreConfig } from "./coreConfig.ts";
import { StudyThreads } from "./studyThread.ts";
import { threadEntry } from "./threadEntry.ts";
import { traceReader } from "./traceReader.ts";

/** Keeps the runner of the last traces: an edit runs again over the same rows, which are handed to the threads once. */
class Runners {
  private readonly pool: WorkerPool;
  private last: { names: string; runner: PoolRunner } | undefined;

  constructor(pool: WorkerPool) {
    this.pool = pool;
  }

  of(names: string, traces: ReadonlyMap<string, TraceColumns>): PoolRunner {
    if (this.last?.names === names) return this.last.runner;
    this.last?.runner.release();
    this.last = { names, runner: this.pool.runner(traces) };
    return this.last.runner;
  }
}

/** What does not change while the program runs, found out when it is first needed. */
function once<Value>(find: () => Value): () => Value {
  let found: { readonly value: Value } | undefined;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}

function randomId(): string {
  return randomBytes(10).toString("hex");
}

const lists = ["scenarios", "traces", "runs", "settings", "calibrations", "studies"] as const;

/** Another state may be another library: everything that pages show of it is read anew. */
function tellNewState(publish: (event: CoreEvent) => void): void {
  publish({ kind: "storageChanged" });
  for (const of of lists) publish({ kind: "libraryChanged", of });
}

/** A file for the person, whole or not at all. */
function writeExport(path: string, data: Uint8Array): void {
  const writer = openAtomicWriter(path);
  try {
    writer.write(data);
    crashPoint("export");
    writer.commit();
  } finally {
    writer.abort();
  }
}

/** Opens everything that handlers and hosts need. */
export function openServices(config: CoreConfig, publish: (event: CoreEvent) => void) {
  const { nativeBinding, workers } = config;
  const storage = new StorageClient(
    threadEntry("storageWorker"),
    {
      folder: join(config.dataFolder, "library"),
      ...(nativeBinding !== undefined && { nativeBinding }),
    },
    () => tellNewState(publish),
  );
  const library: LibraryPort = storage.calls;
  const world: ServiceWorld = {
    now: () => Date.now(),
    newId: randomId,
    changed: (of, id, revision) =>
      publish({
        ...{ kind: "libraryChanged", of },
        ...(id !== undefined && { id }),
        ...(revision !== undefined && { revision }),
      }),
  };
  const files = new FileTokens(() => randomBytes(24).toString("base64url"));
  const pool = new WorkerPool({ ...(workers !== undefined && { workers }) });
  const runners = new Runners(pool);
  const traces = new TraceService(library, world, files, traceReader);
  const scenarios = new ScenarioService(library, world);
  const runnerOf: RunnerOf = (names, columns) => runners.of(names, columns);
  const runs = new RunService(library, world, traces, runnerOf, once(engineFingerprint));
  const catalog = new CatalogDesk(() => loadCatalog());
  const studyThreads = new StudyThreads(workers, join(config.dataFolder, "results"));
  const basis = {
    engine: once(engineFingerprint),
    data: once(
      () => `${config.version} ${canonicalJson(catalog.catalog)} ${canonicalJson(loadClaims())}`,
    ),
  };
  const io = { readText: readTextFile, writeFile: writeExport };
  const studies = new StudyService(library, world, scenarios, runs, studyThreads, basis);
  const services = {
    ...{ library, files, traces, scenarios },
    ...{ catalog, runs },
    insights: new InsightService(library, world.now, runs, runnerOf),
    readPrices: (token: string) =>
      readChosenPrices({ files, readText: readTextFile, now: world.now }, token),
    studies,
    reports: new ReportService({ scenarios, runs, studies }, files, io, config.version),
    jobs: new JobDesk(publish),
    putFile: writeExport,
    flush: new PageFlush(publish),
    recent: new RecentFiles(library, world),
    settings: new SettingsService(library, world),
    scenarioFiles: new ScenarioFileService(scenarios, traces, files, library, io),
  };
  return { services, storage, pool, studyThreads };
}
/** Everything that handlers call. */
export type Services = ReturnType<typeof openServices>["services"];
