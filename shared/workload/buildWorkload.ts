/** From the traffic of a scenario to the requests of one run. */
import type { Clock } from "../schema/common.ts";
import type { PrefixChains, TraceColumns } from "../schema/traceColumns.ts";
import type { Source, TraceSource, Traffic } from "../schema/traffic.ts";
import { InputError } from "../units/errors.ts";
import { secondsToNs } from "../units/units.ts";
import { assignClasses } from "./classes.ts";
import { clockAtEpoch, LocalClock } from "./clock.ts";
import { checkRequestCount, checkSpan } from "./limits.ts";
import { joinedArrivals, joinedColumn, joinedLoops, joinedNames } from "./mergeSources.ts";
import { indicesUpTo, reordered, stableOrder } from "./order.ts";
import { joinedChains, reorderedChains } from "./prefixChains.ts";
import { buildReplay, inlineTrace } from "./replay.ts";
import type { LengthRows, SourceContext, SourceRequests } from "./sourceRequests.ts";
import { buildClosedLoop, buildSynthetic } from "./synthetic.ts";
import type { Workload } from "./workload.ts";

/** What a workload is built from. */
export interface WorkloadInput {
  readonly traffic: Traffic;
  readonly clock: Clock;
  /** Rows of the trace sources by source id; a source with rows in the file needs none. */
  readonly traces: ReadonlyMap<string, TraceColumns>;
  readonly seed: number;
  /** 0 for the first run; others draw everything anew. */
  readonly replication: number;
  /** Requests that would arrive at or after it are left out; undefined keeps all. */
  readonly horizonS?: number;
}

/** Rows of a trace by id: given, or written in the scenario. */
function findTrace(input: WorkloadInput, id: string): TraceColumns {
  const given = input.traces.get(id);
  if (given !== undefined) return given;
  const source = input.traffic.sources.find((s) => s.id === id);
  if (source?.kind === "trace" && source.rows !== undefined) return inlineTrace(source.rows, id);
  const file = source?.kind === "trace" ? source.file : undefined;
  throw new InputError(
    `The rows of trace '${id}' are not loaded${file === undefined ? "" : ` (file '${file}')`}; wanted a trace file or rows in the scenario. Pass the file, or check the id.`,
    { field: `traffic.sources.${id}.file` },
  );
}

/** Token counts of the rows that did not fail. */
function lengthRows(trace: TraceColumns): LengthRows {
  const { failed, promptTokens, outputTokens } = trace;
  if (failed === undefined) return trace;
  return {
    promptTokens: promptTokens.filter((_, i) => failed[i] !== 1),
    outputTokens: outputTokens.filter((_, i) => failed[i] !== 1),
  };
}

function createContext(input: WorkloadInput): SourceContext {
  const { horizonS } = input;
  const horizonNs = horizonS === undefined ? Number.POSITIVE_INFINITY : secondsToNs(horizonS);
  if (horizonS !== undefined) checkSpan("The run", horizonNs, "run.horizonS");
  return {
    seed: input.seed,
    replication: input.replication,
    secondOfWeek: new LocalClock(input.clock).secondOfWeek(0),
    horizonNs,
    lengthsOfTrace: (id) => lengthRows(findTrace(input, id)),
  };
}

/** Where a trace file's own calendar puts it, and where the run does. */
function placementNotes(source: TraceSource, trace: TraceColumns, clock: Clock): string[] {
  if (source.rows !== undefined) return [];
  const start = `the scenario's start, ${clock.startWeekday} ${clock.startTime}`;
  if (trace.origin.kind === "relative") {
    return [`Trace '${source.id}' has no date; its first request is placed at ${start}.`];
  }
  const own = clockAtEpoch(trace.origin.epochMs, clock.utcOffsetMinutes);
  if (own.startWeekday === clock.startWeekday && own.startTime === clock.startTime) return [];
  const zone = trace.origin.zone === "assumedUtc" ? " (its times are taken as UTC)" : "";
  return [
    `Trace '${source.id}' begins on a ${own.startWeekday} at ${own.startTime} by its own dates${zone}; its first request is placed at ${start}.`,
  ];
}

/** The error with the scenario's path of its field: parts of a source name the field within it, or none. */
function withScenarioField(error: InputError, sourceId: string): InputError {
  const { message, field, hint } = error;
  if (field !== undefined && /^(?:traffic|run|clock)\b/.test(field)) return error;
  const own = `traffic.sources.${sourceId}`;
  return new InputError(message, { field: field === undefined ? own : `${own}.${field}`, hint });
}

function buildLocated(source: Source, input: WorkloadInput, context: SourceContext) {
  try {
    return buildSource(source, input, context);
  } catch (error) {
    throw error instanceof InputError ? withScenarioField(error, source.id) : error;
  }
}

function buildSource(source: Source, input: WorkloadInput, context: SourceContext): SourceRequests {
  if (source.kind === "synthetic") return buildSynthetic(source, context);
  if (source.kind === "closedLoop") return buildClosedLoop(source, context);
  const trace = findTrace(input, source.id);
  const requests = buildReplay(source, trace, context);
  const notes = [...placementNotes(source, trace, input.clock), ...requests.notes];
  return { ...requests, notes };
}

/** 0 for the requests of a source that states no cached tokens beside one that does, and a note that says so. */
function cachedTokensOf(sources: readonly SourceRequests[]): [Int32Array | undefined, string[]] {
  if (sources.every((s) => s.cachedTokens === undefined)) return [undefined, []];
  const notes = sources
    .filter((s) => s.cachedTokens === undefined)
    .map(
      (s) => `Source '${s.id}' states no cached tokens; beside sources that do, it counts as 0.`,
    );
  const empty = (n: number): Int32Array => new Int32Array(n);
  return [joinedColumn(sources, (s) => s.cachedTokens ?? empty(s.count), empty), notes];
}

/** Columns of all requests, sources one after the other. */
type Columns = Pick<
  Workload,
  | "promptTokens"
  | "outputTokens"
  | "classIndex"
  | "models"
  | "modelIndex"
  | "tenants"
  | "tenantIndex"
  | "cachedTokens"
  | "prefix"
> & { readonly notes: readonly string[] };

function joinedColumns(sources: readonly SourceRequests[], input: WorkloadInput): Columns {
  const { seed, replication } = input;
  const { classes } = input.traffic;
  const classIndices = sources.map((source) => assignClasses(classes, source, seed, replication));
  const models = joinedNames(
    sources,
    (s) => s.models,
    (s) => s.modelIndex,
  );
  const tenants = joinedNames(
    sources,
    (s) => s.tenants,
    (s) => s.tenantIndex,
  );
  const [cachedTokens, notes] = cachedTokensOf(sources);
  return {
    promptTokens: joinedColumn(
      sources,
      (s) => s.promptTokens,
      (n) => new Int32Array(n),
    ),
    outputTokens: joinedColumn(
      sources,
      (s) => s.outputTokens,
      (n) => new Int32Array(n),
    ),
    classIndex: joinedColumn(
      sources,
      (_, s) => classIndices[s]!,
      (n) => new Uint8Array(n),
    ),
    models: models.names,
    modelIndex: models.index && Uint16Array.from(models.index),
    tenants: tenants.names,
    tenantIndex: tenants.index,
    cachedTokens,
    prefix: joinedChains(sources, classIndices, { classes, seed, replication }),
    notes,
  };
}

/** Columns in arrival order: the open requests as `openOrder` says, the closed-loop ones behind them. */
function inArrivalOrder(columns: Columns, openOrder: Int32Array, count: number): Columns {
  const order = indicesUpTo(count);
  order.set(openOrder);
  const optional = <T extends Int32Array | Uint16Array>(column: T | undefined): T | undefined =>
    column && reordered(column, order);
  const chains = (prefix: PrefixChains | undefined): PrefixChains | undefined =>
    prefix && reorderedChains(prefix, order);
  return {
    ...columns,
    promptTokens: reordered(columns.promptTokens, order),
    outputTokens: reordered(columns.outputTokens, order),
    classIndex: reordered(columns.classIndex, order),
    modelIndex: optional(columns.modelIndex),
    tenantIndex: optional(columns.tenantIndex),
    cachedTokens: optional(columns.cachedTokens),
    prefix: chains(columns.prefix),
  };
}

/** Open arrivals in order, then NaN for each closed-loop request. */
function arrivalColumn(open: Float64Array, count: number): Float64Array {
  if (open.length === count) return open;
  const arrivalNs = new Float64Array(count).fill(Number.NaN);
  arrivalNs.set(open);
  return arrivalNs;
}

/** Every source in turn; the limits are checked after each, before the next takes memory. */
function buildSources(input: WorkloadInput, context: SourceContext): SourceRequests[] {
  let count = 0;
  const built = input.traffic.sources.map((source) => {
    const requests = buildLocated(source, input, context);
    count += requests.count;
    checkRequestCount("The traffic", count, "traffic");
    return requests;
  });
  if (count > 0) return built;
  throw new InputError(
    "The traffic has no requests: every source came out empty. Raise a rate, a volume or a duration.",
    { field: "traffic" },
  );
}

/**
 * The requests of one run: every source generated or replayed from its own named streams, carved into classes, and merged in
 * arrival order (equal times in the order of the sources). Times are whole nanoseconds, token counts whole and at least 1.
 * Throws InputError for a trace that is not loaded, a request that no class takes, over 104 days, over 20,000,000 requests or none.
 */
export function buildWorkload(input: WorkloadInput): Workload {
  const context = createContext(input);
  const built = buildSources(input, context);
  const open = built.filter((source) => source.loop === undefined);
  const closed = built.filter((source) => source.loop !== undefined);
  const count = built.reduce((sum, source) => sum + source.count, 0);
  const arrivals = open.length === 0 ? new Float64Array(0) : joinedArrivals(open);
  const openOrder = stableOrder(arrivals);
  const joined = joinedColumns([...open, ...closed], input);
  const columns = openOrder === undefined ? joined : inArrivalOrder(joined, openOrder, count);
  return {
    ...columns,
    count,
    openCount: arrivals.length,
    arrivalNs: arrivalColumn(openOrder ? reordered(arrivals, openOrder) : arrivals, count),
    closedLoops: joinedLoops(closed, arrivals.length),
    spanNs: open.reduce((most, source) => Math.max(most, source.spanNs), 0),
    notes: [...built.flatMap((source) => source.notes), ...joined.notes],
  };
}
