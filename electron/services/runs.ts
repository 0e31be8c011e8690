/** Use cases around a run: fetching the traces that a scenario names, running with progress, replicating. */
import type { EndedRun } from "../../shared/planning/endedRun.ts";
import { replicatedValues, summariseReplications } from "../../shared/planning/replications.ts";
import type { RunReport } from "../../shared/planning/runReport.ts";
import { type RunInput, type RunProgress, ScenarioRun } from "../../shared/planning/scenarioRun.ts";
import type { Scenario } from "../../shared/schema/scenario.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";
import type { ColumnMapping, TraceSource } from "../../shared/schema/traffic.ts";
import { InputError } from "../../shared/units/errors.ts";

/** A trace as the host loads it. */
export interface FetchedTrace {
  readonly columns: TraceColumns;
  readonly sha256: string;
  readonly rejectedRows: number;
  /** The first rejected row in words, for the message that refuses it. */
  readonly firstReject?: string;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** How a trace is to be read. */
export interface TraceRequest {
  readonly format: string;
  readonly mapping?: Partial<ColumnMapping>;
  readonly failedRequests: "include" | "exclude";
}

/** Loads the trace of a source; the host decides where files lie. */
export type FetchTrace = (path: string, request: TraceRequest) => Promise<FetchedTrace>;

/** A file given for a source in place of the one that the scenario names. */
export interface TraceOverride {
  /** Source id; undefined for the only trace source. */
  readonly source: string | undefined;
  readonly path: string;
  readonly format?: string;
  readonly mapping?: Partial<ColumnMapping>;
}

/** Traces of a scenario by source id, with what was said about them. */
export interface ScenarioTraces {
  readonly traces: ReadonlyMap<string, TraceColumns>;
  readonly warnings: readonly string[];
  readonly rejectedRows: number;
}

/** Loads every trace that a scenario needs. `fileOf` turns a file name of the scenario into a path. Rejected rows are refused unless `acceptRejects`. */
export async function fetchTraces(
  scenario: Scenario,
  overrides: readonly TraceOverride[],
  fileOf: (name: string, sourceId: string) => string,
  fetch: FetchTrace,
  acceptRejects: boolean,
): Promise<ScenarioTraces> {
  const sources = scenario.traffic.sources.filter((each) => each.kind === "trace");
  const byId = resolveOverrides(sources, overrides);
  const traces = new Map<string, TraceColumns>();
  const warnings: string[] = [];
  let rejectedRows = 0;
  for (const source of sources) {
    const override = byId.get(source.id);
    const path =
      override?.path ?? (source.file === undefined ? undefined : fileOf(source.file, source.id));
    if (path === undefined || (override === undefined && source.rows !== undefined)) continue;
    const trace = await (override === undefined
      ? fetchNamed(source, path, fetch)
      : fetchGiven(source, override, fetch));
    if (override === undefined) refuseOtherFile(source, trace.sha256);
    if (trace.rejectedRows > 0 && !acceptRejects) throw rejectsError(source, path, trace);
    rejectedRows += trace.rejectedRows;
    warnings.push(...trace.warnings, ...trace.notes);
    traces.set(source.id, trace.columns);
  }
  return { traces, warnings, rejectedRows };
}

function fetchGiven(source: TraceSource, given: TraceOverride, fetch: FetchTrace) {
  const { format = "auto", mapping } = given;
  return fetch(given.path, { format, mapping, failedRequests: source.failedRequests });
}

/** Fetches the trace that the scenario names; an error says which source wants it and where it was looked for. */
async function fetchNamed(
  source: TraceSource,
  path: string,
  fetch: FetchTrace,
): Promise<FetchedTrace> {
  const { id, file, format, mapping, failedRequests } = source;
  try {
    return await fetch(path, { format, mapping, failedRequests });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const part = /^(?:mapping|format)\b/.test(error.field ?? "") ? error.field : "file";
    throw new InputError(
      `The trace of source "${id}" (traffic.sources.${id}.file is "${file}", looked for beside the scenario file) cannot be used. ${error.message}`,
      { field: `traffic.sources.${id}.${part}`, hint: error.hint },
    );
  }
}

function resolveOverrides(
  sources: readonly TraceSource[],
  overrides: readonly TraceOverride[],
): Map<string, TraceOverride> {
  const byId = new Map<string, TraceOverride>();
  const names = sources.map((each) => each.id).join(", ");
  if (sources.length === 0 && overrides.length > 0) {
    throw new InputError(
      `--trace ${overrides[0].path} is given, but the scenario has no trace source. Leave --trace out, or add a source of kind "trace".`,
      { field: "traffic.sources" },
    );
  }
  for (const override of overrides) {
    if (override.source === undefined && sources.length !== 1) {
      throw new InputError(
        `--trace ${override.path} does not say which trace source it replaces; the scenario has ${sources.length}: ${names}. Write --trace SOURCE=FILE.`,
        { field: "traffic.sources" },
      );
    }
    const id = override.source ?? sources[0].id;
    if (!sources.some((each) => each.id === id)) {
      throw new InputError(`The scenario has no trace source "${id}"; it has: ${names}.`, {
        field: "traffic.sources",
      });
    }
    const earlier = byId.get(id);
    if (earlier !== undefined) {
      throw new InputError(
        `Two traces are given for source "${id}": ${earlier.path} and ${override.path}. Wanted one; leave one out.`,
        { field: "traffic.sources" },
      );
    }
    byId.set(id, override);
  }
  return byId;
}

function refuseOtherFile(source: TraceSource, sha256: string): void {
  if (source.sha256 === undefined || source.sha256 === sha256) return;
  throw new InputError(
    `The trace file "${source.file}" of source "${source.id}" is not the one that the scenario was made with: its SHA-256 is ${sha256}, wanted ${source.sha256}. Put the right file beside the scenario, or pass this one on purpose with --trace.`,
    { field: `traffic.sources.${source.id}.sha256` },
  );
}

function rejectsError(source: TraceSource, path: string, trace: FetchedTrace): InputError {
  const first = trace.firstReject === undefined ? "" : ` The first: ${trace.firstReject}.`;
  return new InputError(
    `${path}: ${trace.rejectedRows} rows cannot be used, so nothing was run.${first} See them all with "crossover import", mend the file, or run without them with --accept-rejects.`,
    { field: `traffic.sources.${source.id}.file` },
  );
}

/** What a run tells its host while it goes on. */
export interface RunWatcher {
  /** Milliseconds. */
  now(): number;
  onProgress(progress: RunProgress, run: number, runs: number): void;
  /** True to stop; checked several times a second. */
  isCancelled(): boolean;
}

/** Thrown when the host asked a run to stop. */
export class RunCancelled extends Error {
  constructor() {
    super("the run was stopped");
    this.name = "RunCancelled";
  }
}

const eventsPerStep = 200_000;

/**
 * Runs a scenario once or several times; the report is that of the first run, with the figures of all. Yields to the host
 * between steps. `takeFirst` gets the first run when it has ended and what was in flight at its end is settled.
 */
export async function runReplications(
  input: RunInput,
  replications: number,
  watcher: RunWatcher,
  takeFirst?: (run: EndedRun) => Promise<void>,
): Promise<RunReport> {
  const values: Record<string, number | null>[] = [];
  let first: RunReport | undefined;
  for (let replication = 0; replication < replications; replication++) {
    const startMs = watcher.now();
    const run = new ScenarioRun({ ...input, replication });
    while (run.step(eventsPerStep)) {
      watcher.onProgress(run.progress(), replication, replications);
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (watcher.isCancelled()) throw new RunCancelled();
    }
    const report = run.report((watcher.now() - startMs) / 1000);
    if (replication === 0) await takeFirst?.(run);
    first ??= report;
    values.push(replicatedValues(report));
  }
  if (replications === 1) return first!;
  const figures = summariseReplications(values);
  return { ...first!, replications: { count: replications, figures } };
}
