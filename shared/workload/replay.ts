/** Replaying a trace: its rows as requests, scaled as the source's transforms say. */
import type { TraceColumns } from "../schema/traceColumns.ts";
import type { TraceSource, Transforms } from "../schema/traffic.ts";
import { InputError } from "../units/errors.ts";
import { nsPerS, secondsToNs } from "../units/units.ts";
import { wholeTokens } from "./limits.ts";
import { indicesUpTo, reordered, stableOrder } from "./order.ts";
import { replayedChains } from "./prefixChains.ts";
import type { SourceContext, SourceRequests } from "./sourceRequests.ts";
import { planReplay, type ReplayPlan } from "./superposition.ts";

type InlineRows = NonNullable<TraceSource["rows"]>;

function checkLengths(rows: InlineRows, sourceId: string): void {
  const wanted = rows.arrivalS.length;
  for (const name of ["promptTokens", "outputTokens", "model", "tenant", "tag"] as const) {
    const found = rows[name]?.length ?? wanted;
    if (found !== wanted) {
      throw new InputError(
        `The rows of source '${sourceId}' have ${wanted} values in arrivalS and ${found} in ${name}; wanted the same number in each column. Add or remove values.`,
        { field: `rows.${name}` },
      );
    }
  }
}

/** Distinct names in order of appearance, and each row's index among them. */
function indexNames(names: readonly string[]): { index: Int32Array; names: string[] } {
  const known = new Map<string, number>();
  const index = Int32Array.from(names, (name) => {
    if (!known.has(name)) known.set(name, known.size);
    return known.get(name)!;
  });
  return { index, names: [...known.keys()] };
}

/** Rows written in the scenario file as trace columns; their times count from the start of the run. */
export function inlineTrace(rows: InlineRows, sourceId: string): TraceColumns {
  checkLengths(rows, sourceId);
  const arrivalNs = Float64Array.from(rows.arrivalS, secondsToNs);
  const order = stableOrder(arrivalNs) ?? indicesUpTo(arrivalNs.length);
  const models = rows.model && indexNames(rows.model);
  const tenants = rows.tenant && indexNames(rows.tenant);
  const tags = rows.tag && indexNames(rows.tag);
  return {
    count: arrivalNs.length,
    arrivalNs: reordered(arrivalNs, order),
    promptTokens: reordered(Int32Array.from(rows.promptTokens), order),
    outputTokens: reordered(Int32Array.from(rows.outputTokens), order),
    modelIndex: models && reordered(Uint16Array.from(models.index), order),
    models: models?.names ?? [],
    tenantIndex: tenants && reordered(tenants.index, order),
    tenants: tenants?.names ?? [],
    ...(tags && { tagIndex: reordered(tags.index, order), tags: tags.names }),
    origin: { kind: "relative" },
  };
}

function countFailed(trace: TraceColumns): number {
  return trace.failed?.reduce((sum, failed) => sum + failed, 0) ?? 0;
}

/** Rows to replay: all, or those that did not fail. */
function keptRows(source: TraceSource, trace: TraceColumns): Int32Array {
  const rows = indicesUpTo(trace.count);
  const { failed } = trace;
  if (source.failedRequests === "include" || failed === undefined) return rows;
  return rows.filter((i) => failed[i] !== 1);
}

function countZero(column: Int32Array, kept: Int32Array): number {
  let zeros = 0;
  for (const row of kept) if (column[row] === 0) zeros++;
  return zeros;
}

/** Tokens of the planned rows times a factor, at least 1; a row without any has `ofNone`. */
function scaled(column: Int32Array, row: Int32Array, factor: number, ofNone: number): Int32Array {
  const result = new Int32Array(row.length);
  for (let i = 0; i < row.length; i++) {
    const tokens = column[row[i]!]!;
    result[i] = tokens === 0 ? ofNone : wholeTokens(tokens * factor);
  }
  return result;
}

/** Cached tokens of the planned rows times the prompt factor, at most the prompt. */
function scaledCached(
  column: Int32Array,
  row: Int32Array,
  factor: number,
  prompt: Int32Array,
): Int32Array {
  const result = new Int32Array(row.length);
  for (let i = 0; i < row.length; i++) {
    result[i] = Math.min(prompt[i]!, Math.round(column[row[i]!]! * factor));
  }
  return result;
}

function gathered<T extends Int32Array | Uint16Array>(
  column: T | undefined,
  row: Int32Array,
  empty: (n: number) => T,
): T | undefined {
  if (column === undefined) return undefined;
  const result = empty(row.length);
  for (let i = 0; i < row.length; i++) result[i] = column[row[i]!]!;
  return result;
}

function inArrivalOrder(plan: ReplayPlan): ReplayPlan {
  const order = stableOrder(plan.arrivalNs);
  if (order === undefined) return plan;
  return {
    ...plan,
    arrivalNs: reordered(plan.arrivalNs, order),
    row: reordered(plan.row, order),
    copy: reordered(plan.copy, order),
    key: reordered(plan.key, order),
  };
}

function volumeNote(source: TraceSource): string[] {
  const { volume } = source.transforms;
  if (volume === 1) return [];
  const how =
    volume < 1
      ? "each row is kept with that chance"
      : "its rows are replayed together in seeded copies, shifted by up to four mean gaps and at most 30 s";
  return [`Trace '${source.id}' is replayed at ${volume} times its volume: ${how}.`];
}

function rowNotes(source: TraceSource, trace: TraceColumns, kept: Int32Array): string[] {
  const notes: string[] = [];
  const name = `trace '${source.id}'`;
  const zeroOutput = countZero(trace.outputTokens, kept);
  const zeroPrompt = countZero(trace.promptTokens, kept);
  const failed = countFailed(trace);
  if (failed > 0 && source.failedRequests === "exclude") {
    notes.push(`${failed} failed requests of ${name} are left out, as the scenario says.`);
  } else if (failed > 0) {
    notes.push(`${failed} failed requests of ${name} are replayed: they did arrive.`);
  }
  if (zeroOutput > 0) {
    notes.push(
      `${zeroOutput} rows of ${name} have 0 output tokens; each is a prompt that yields nothing.`,
    );
  }
  if (zeroPrompt > 0)
    notes.push(`${zeroPrompt} rows of ${name} have 0 prompt tokens; each counts as 1.`);
  return notes;
}

function horizonNote(source: TraceSource, plan: ReplayPlan, context: SourceContext): string[] {
  if (plan.cutCount === 0) return [];
  return [
    `${plan.cutCount} requests of trace '${source.id}' would arrive at or after the horizon of ${context.horizonNs / nsPerS} s and are left out.`,
  ];
}

function refuseEmpty(sourceId: string, trace: TraceColumns): void {
  if (trace.count > 0) return;
  throw new InputError(
    `Trace '${sourceId}' has no rows; wanted one request at least. Check the file and what the import rejected.`,
  );
}

function requestColumns(
  trace: TraceColumns,
  { row, copy }: ReplayPlan,
  transforms: Transforms,
): Pick<
  SourceRequests,
  | "promptTokens"
  | "outputTokens"
  | "cachedTokens"
  | "prefix"
  | "modelIndex"
  | "tenantIndex"
  | "tagIndex"
> {
  const { promptFactor, outputFactor } = transforms;
  const promptTokens = scaled(trace.promptTokens, row, promptFactor, 1);
  return {
    promptTokens,
    outputTokens: scaled(trace.outputTokens, row, outputFactor, 0),
    cachedTokens:
      trace.cachedTokens && scaledCached(trace.cachedTokens, row, promptFactor, promptTokens),
    prefix: trace.prefix && replayedChains(trace.prefix, row, copy, promptFactor),
    modelIndex: gathered(trace.modelIndex, row, (n) => new Uint16Array(n)),
    tenantIndex: gathered(trace.tenantIndex, row, (n) => new Int32Array(n)),
    tagIndex: gathered(trace.tagIndex, row, (n) => new Int32Array(n)),
  };
}

/** The requests of a trace source. Throws InputError for an empty trace, over 104 days or over 20,000,000 requests. */
export function buildReplay(
  source: TraceSource,
  trace: TraceColumns,
  context: SourceContext,
): SourceRequests {
  refuseEmpty(source.id, trace);
  const kept = keptRows(source, trace);
  const rows = { sourceId: source.id, arrivalNs: trace.arrivalNs, kept };
  const plan = inArrivalOrder(planReplay(rows, source.transforms, context));
  return {
    id: source.id,
    count: plan.count,
    arrivalNs: plan.arrivalNs,
    ...requestColumns(trace, plan, source.transforms),
    rowKey: plan.key,
    models: trace.models,
    tenants: trace.tenants,
    tags: trace.tags,
    spanNs: plan.spanNs,
    notes: [
      ...rowNotes(source, trace, kept),
      ...volumeNote(source),
      ...horizonNote(source, plan, context),
    ],
  };
}
