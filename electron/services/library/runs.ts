/** Use cases around runs of the app: simulated on all cores, kept with the hash of what went in. */
import { createHash } from "node:crypto";
import type { ScenarioDocument } from "../../../shared/contract/common.ts";
import { ServiceError } from "../../../shared/contract/errors.ts";
import type { RunRow } from "../../../shared/contract/libraryRows.ts";
import type { RunEntry } from "../../../shared/contract/runMethods.ts";
import type { RunSummary } from "../../../shared/contract/scenarioMethods.ts";
import { requireSound } from "../../../shared/planning/checkScenario.ts";
import type { JobRunner } from "../../../shared/planning/jobs/jobs.ts";
import { summariseReplications } from "../../../shared/planning/replications.ts";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import { parseScenario } from "../../../shared/schema/scenarioFile.ts";
import type { TraceColumns } from "../../../shared/schema/traceColumns.ts";
import { InputError } from "../../../shared/units/errors.ts";
import type { JobHandle } from "../jobDesk.ts";
import { documentBytes, documentOf, nameOf } from "./documents.ts";
import type { LibraryPort, ServiceWorld } from "./libraryPort.ts";
import type { TraceService } from "./traces.ts";

/** Gives a runner over traces by source id; the host keeps its threads between calls. `names` says which traces they are, so that the same ones are handed over once. */
export type RunnerOf = (names: string, traces: ReadonlyMap<string, TraceColumns>) => JobRunner;

/** What a run is asked for. */
export interface RunRequest {
  readonly document: ScenarioDocument;
  readonly scenarioId?: string;
  readonly replications: number;
  readonly isFresh: boolean;
  /** False: nothing enters the library. */
  readonly isKept: boolean;
}

/** Requests of a first answer: as many as run in a tenth of a second. */
const quickRequests = 40_000;

/** Requests on which a thread is made quick. */
const warmRequests = 5000;
/** Threads that answer an edit: one has the whole, one the first answer. */
const liveThreads = 2;

interface SourceTraces {
  readonly traces: ReadonlyMap<string, TraceColumns>;
  /** Hash of each trace's columns by source id, as text: part of what went in. */
  readonly names: string;
}

function figuresOf(report: RunReport): RunSummary {
  return {
    monthUsd: report.cost.monthUsd,
    usdPerMTok: report.cost.usdPerMTokReservation,
    sloAttainment: report.sloAttainment.all,
    finished: report.requests.finished,
    spilled: report.requests.spilled,
  };
}

function entryOf(row: RunRow): RunEntry {
  const { documentHash: _document, reportHash: _report, figures, ...entry } = row;
  return { ...entry, summary: figures as RunSummary };
}

/** Runs of the library. */
export class RunService {
  private readonly library: LibraryPort;
  private readonly world: ServiceWorld;
  private readonly traces: TraceService;
  private readonly runnerOf: RunnerOf;
  /** Names the code behind the results. */
  private readonly engine: () => string;
  private lastStart = 0;

  constructor(
    library: LibraryPort,
    world: ServiceWorld,
    traces: TraceService,
    runnerOf: RunnerOf,
    engine: () => string,
  ) {
    this.library = library;
    this.world = world;
    this.traces = traces;
    this.runnerOf = runnerOf;
    this.engine = engine;
  }

  /** Simulates and keeps the run; the run of the same inputs is given back where there is one. */
  async start(request: RunRequest, handle: JobHandle) {
    const { document, replications } = request;
    const { scenario, warnings } = this.read(document);
    await this.requireScenario(request.scenarioId);
    const sources = await this.tracesOf(scenario);
    const inputHash = this.inputHash(document, sources.names, replications);
    const known = request.isFresh ? undefined : await this.known(inputHash, request.scenarioId);
    this.lastStart++;
    if (known !== undefined) {
      if (request.isKept) this.warm(scenario, sources);
      return { ...known, isCached: true };
    }
    const startedMs = this.world.now();
    const report = await this.simulate(scenario, sources, replications, handle);
    const whole: RunReport = { ...report, warnings: [...warnings, ...report.warnings] };
    if (!request.isKept) return { run: null, report: { ...whole }, isCached: false };
    const row = await this.keep(whole, request, inputHash, startedMs);
    return { run: entryOf(row), report: { ...whole }, isCached: false };
  }

  /**
   * Threads are started, given the traces and made quick on the scenario's first requests while its kept answer is read: its first
   * edit is then answered as soon as those after it. Ends where a run begins.
   */
  private warm(scenario: Scenario, { traces, names }: SourceTraces): void {
    const begun = this.lastStart;
    const inputs = Array.from({ length: liveThreads }, () => ({
      scenario,
      requests: warmRequests,
    }));
    const watcher = { isCancelled: () => this.lastStart !== begun };
    // Nobody waits for it, and what fails here fails again where somebody does.
    void this.runnerOf(names, traces)
      .run("quickReport", inputs, watcher)
      .catch(() => undefined);
  }

  /** The report of the traffic's first part; null where the whole is short enough. */
  async quick(document: ScenarioDocument, handle: JobHandle) {
    const { scenario, warnings } = this.read(document);
    const { traces, names } = await this.tracesOf(scenario);
    const inputs = [{ scenario, requests: quickRequests }];
    const watcher = { isCancelled: () => handle.isCancelled() };
    const [{ report, share }] = await this.runnerOf(names, traces).run(
      "quickReport",
      inputs,
      watcher,
    );
    if (report === null) return { report: null, share };
    return { report: { ...report, warnings: [...warnings, ...report.warnings] }, share };
  }

  async get(id: string) {
    const row = await this.library.getRun(id);
    if (row === undefined) throw notFound(id);
    return { run: entryOf(row), report: await this.report(row) };
  }

  async list(scenarioId: string, limit: number): Promise<RunEntry[]> {
    return (await this.library.listRuns(scenarioId, limit)).map(entryOf);
  }

  async delete(id: string): Promise<void> {
    if (!(await this.library.eraseRun(id))) throw notFound(id);
    this.world.changed("runs", id);
  }

  /** The traces that a scenario names, from the library. Throws InputError that says which one is missing. */
  async tracesOf(scenario: Scenario): Promise<SourceTraces> {
    const traces = new Map<string, TraceColumns>();
    const names: string[] = [];
    for (const source of scenario.traffic.sources) {
      if (source.kind !== "trace" || source.rows !== undefined) continue;
      const found = await this.traces.columnsOf(source);
      if (found === undefined) throw missingTrace(source.id, source.file);
      traces.set(source.id, found.columns);
      names.push(`${source.id}:${found.columnsHash}`);
    }
    return { traces, names: names.sort().join(" ") };
  }

  /** The checked scenario, and what to know about it. Throws InputError, ProblemsError. */
  private read(document: ScenarioDocument): { scenario: Scenario; warnings: string[] } {
    const parsed = parseScenario(JSON.stringify(document), nameOf(document));
    const findings = requireSound(parsed.scenario, nameOf(document));
    const warnings = [...parsed.warnings, ...findings.warnings].map(
      ({ field, message }) => `${field}: ${message}`,
    );
    return { scenario: parsed.scenario, warnings };
  }

  private async simulate(
    scenario: Scenario,
    { traces, names }: SourceTraces,
    replications: number,
    handle: JobHandle,
  ): Promise<RunReport> {
    const inputs = Array.from({ length: replications }, (_, replication) => ({
      scenario,
      replication,
    }));
    const outputs = await this.runnerOf(names, traces).run("report", inputs, {
      isCancelled: () => handle.isCancelled(),
      onProgress: (share, reach) => handle.progress(share * 0.98, "simulating", reach),
    });
    const [first] = outputs;
    if (replications === 1) return first.report;
    const figures = summariseReplications(outputs.map(({ values }) => values));
    return { ...first.report, replications: { count: replications, figures } };
  }

  private async keep(
    report: RunReport,
    { document, scenarioId, replications }: RunRequest,
    inputHash: string,
    startedMs: number,
  ): Promise<RunRow> {
    const documentHash = await this.library.putBlob(documentBytes(document));
    const reportHash = await this.library.putBlob(Buffer.from(JSON.stringify(report), "utf8"));
    const row: RunRow = {
      id: this.world.newId(),
      scenarioId: scenarioId ?? null,
      ...{ inputHash, documentHash, reportHash, startedMs, replications },
      engine: report.engineVersion,
      seed: report.scenario.seed,
      wallMs: this.world.now() - startedMs,
      figures: figuresOf(report),
      runHash: report.hash,
    };
    await this.library.putRun(row);
    this.world.changed("runs", row.id);
    return row;
  }

  /** Before anything is simulated for a scenario that is not there. */
  private async requireScenario(id: string | undefined): Promise<void> {
    if (id === undefined || (await this.library.getScenario(id)) !== undefined) return;
    throw new ServiceError("notFound", `There is no scenario ${id} in the library (any more).`, {
      field: "scenarioId",
    });
  }

  /** The run of the same inputs, as this scenario's own; undefined without one, or when its report can no longer be read. */
  private async known(inputHash: string, scenarioId: string | undefined) {
    const row = await this.library.findRun(inputHash);
    if (row === undefined) return undefined;
    const report = await this.report(row).catch(() => undefined);
    if (report === undefined) return undefined;
    if (scenarioId === undefined || row.scenarioId === scenarioId) {
      return { run: entryOf(row), report };
    }
    const own: RunRow = { ...row, id: this.world.newId(), scenarioId };
    await this.library.putRun(own);
    this.world.changed("runs", own.id);
    return { run: entryOf(own), report };
  }

  private async report(row: RunRow): Promise<Record<string, unknown>> {
    const bytes = await this.library.getBlob(row.reportHash);
    return JSON.parse(Buffer.from(bytes).toString("utf8")) as Record<string, unknown>;
  }

  /** The document of a kept run. */
  async documentOf(id: string): Promise<ScenarioDocument> {
    const row = await this.library.getRun(id);
    if (row === undefined) throw notFound(id);
    return documentOf(await this.library.getBlob(row.documentHash));
  }

  /** Names what goes into a run. */
  inputHash(document: ScenarioDocument, traces: string, replications: number): string {
    const hash = createHash("sha256").update(documentBytes(document));
    return hash.update(`\n${traces}\n${replications}\n${this.engine()}`).digest("hex");
  }
}

function notFound(id: string): ServiceError {
  return new ServiceError("notFound", `There is no run ${id} in the library (any more).`, {
    field: "id",
  });
}

function missingTrace(source: string, file: string | undefined): InputError {
  const named = file === undefined ? "no file" : `the file "${file}"`;
  return new InputError(
    `The trace of source "${source}" is not in the library: the scenario names ${named}. Import the trace, then choose it for this source.`,
    { field: `traffic.sources.${source}.file` },
  );
}
