/** What people look at in a trace first: sums, spreads, its rate over time. */

import { tagsOf } from "../schema/rowTags.ts";
import type { TraceColumns } from "../schema/traceColumns.ts";
import { selectQuantiles } from "../stats/quantiles.ts";
import { nsPerS } from "../units/units.ts";
import { analysePrefixReuse } from "./prefixAnalysis.ts";

/** Shares at which the quantiles of token counts are given. */
export const statisticQuantiles = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const;

/** Figures of the rows that a trace has; times in seconds, rates in requests per window. */
export interface TraceStatistics {
  readonly rows: number;
  /** First to last arrival. */
  readonly spanS: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Null where the source does not say. */
  readonly cachedTokens: number | null;
  /** At statisticQuantiles. */
  readonly promptQuantiles: readonly number[];
  readonly outputQuantiles: readonly number[];
  readonly rate: { readonly windowS: number; readonly counts: readonly number[] };
  /** Standard deviation of the gaps between arrivals over their mean: 1 for Poisson arrivals, more where they come in bursts. Null below three rows or without time. */
  readonly gapCv: number | null;
  readonly models: readonly NamedRows[];
  readonly tenants: readonly NamedRows[];
  /** A row with several tags counts at each of them; empty for a trace without tags. */
  readonly tags: readonly NamedRows[];
  readonly hasPrefixes: boolean;
  readonly promptLengths: LengthHistogram;
  readonly outputLengths: LengthHistogram;
  /** What a prefix cache of some sizes would find of the prompts, smallest first, the last one endless; empty for a trace without prompt ids. */
  readonly prefixReuse: readonly PrefixShare[];
  /** The first arrival in the calendar, milliseconds since 1970; null for a trace whose times count from its own start. */
  readonly startMs: number | null;
}

/** The rows of one model, tenant or tag. */
export interface NamedRows {
  readonly name: string;
  readonly rows: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Requests by token length: counts[i] have edges[i] or more and fewer than edges[i + 1] tokens. Four buckets an octave, whole numbers as edges. */
export interface LengthHistogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** Part of the prompt tokens that a prefix cache finds. */
export interface PrefixShare {
  /** Blocks of the trace's own ids that it keeps; null for all. */
  readonly capacityBlocks: number | null;
  /** 0..1. */
  readonly tokenShare: number;
}

/** Windows of a rate curve at most; coarser grains are sums of them. */
const maxWindows = 2000;
/** Widths that people read at a glance, seconds. */
const widths = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200,
];
const dayS = 86_400;

/** The narrowest width that people read at a glance and that gives at most `maxWindows`. */
function windowOf(spanS: number): number {
  const found = widths.find((width) => spanS / width <= maxWindows);
  return found ?? Math.ceil(spanS / maxWindows / dayS) * dayS;
}

function sumOf(column: Int32Array): number {
  let sum = 0;
  for (const value of column) sum += value;
  return sum;
}

function quantilesOf(column: Int32Array): number[] {
  if (column.length === 0) return [];
  return [...selectQuantiles(Float64Array.from(column), column.length, statisticQuantiles)];
}

function rateOf(arrivalNs: Float64Array, spanS: number): TraceStatistics["rate"] {
  const windowS = windowOf(spanS);
  const counts = new Array<number>(Math.floor(spanS / windowS) + 1).fill(0);
  for (const ns of arrivalNs) counts[Math.floor(ns / nsPerS / windowS)]++;
  return { windowS, counts };
}

function gapCvOf(arrivalNs: Float64Array): number | null {
  const gaps = arrivalNs.length - 1;
  const mean = (arrivalNs[gaps] - arrivalNs[0]) / gaps;
  if (!(gaps >= 2 && mean > 0)) return null;
  let squares = 0;
  for (let i = 1; i <= gaps; i++) {
    const off = arrivalNs[i] - arrivalNs[i - 1] - mean;
    squares += off * off;
  }
  return Math.sqrt(squares / (gaps - 1)) / mean;
}

function namedRows(
  names: readonly string[],
  index: Uint16Array | Int32Array | undefined,
  { promptTokens, outputTokens, count }: TraceColumns,
): NamedRows[] {
  if (index === undefined) return [];
  const rows = new Float64Array(names.length);
  const prompts = new Float64Array(names.length);
  const outputs = new Float64Array(names.length);
  for (let i = 0; i < count; i++) {
    const each = index[i];
    if (each < 0 || each >= names.length) continue;
    rows[each]++;
    prompts[each] += promptTokens[i];
    outputs[each] += outputTokens[i];
  }
  return inOrder(
    names.map((name, i) => ({
      ...{ name, rows: rows[i] },
      ...{ promptTokens: prompts[i], outputTokens: outputs[i] },
    })),
  );
}

/** Most rows first, then by name. */
function inOrder(rows: NamedRows[]): NamedRows[] {
  return rows.sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1));
}

/** Cells by their text to tags by their name. */
function taggedRows(cells: readonly NamedRows[]): NamedRows[] {
  const byTag = new Map<string, { rows: number; promptTokens: number; outputTokens: number }>();
  for (const { name, ...sums } of cells) {
    for (const tag of tagsOf(name)) {
      const own = byTag.get(tag) ?? { rows: 0, promptTokens: 0, outputTokens: 0 };
      own.rows += sums.rows;
      own.promptTokens += sums.promptTokens;
      own.outputTokens += sums.outputTokens;
      byTag.set(tag, own);
    }
  }
  return inOrder([...byTag].map(([name, sums]) => ({ name, ...sums })));
}

/** Bucket of a length: 0 to 7 by itself, then four an octave. */
function bucketOf(tokens: number): number {
  if (tokens < 8) return tokens;
  const octave = 31 - Math.clz32(tokens);
  return 8 + (octave - 3) * 4 + ((tokens >> (octave - 2)) & 3);
}

/** The least length in a bucket. */
function edgeOf(bucket: number): number {
  if (bucket < 8) return bucket;
  let edge = 4 + (bucket % 4);
  for (let octave = Math.floor(bucket / 4); octave > 1; octave--) edge *= 2;
  return edge;
}

/** The buckets between the shortest and the longest, none left out. */
function lengthsOf(column: Int32Array): LengthHistogram {
  const counts = new Float64Array(bucketOf(0x7fffffff) + 1);
  for (const tokens of column) counts[bucketOf(tokens)]++;
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return { edges: [], counts: [] };
  let last = counts.length - 1;
  while (counts[last] === 0) last--;
  const buckets = Array.from({ length: last - first + 2 }, (_, i) => first + i);
  return { edges: buckets.map(edgeOf), counts: [...counts.slice(first, last + 1)] };
}

/** Sizes of cache that are tried besides an endless one, in blocks of the trace. */
const triedCapacities = [1000, 10_000, 100_000];

function prefixReuseOf(trace: TraceColumns): PrefixShare[] {
  if (trace.prefix === undefined) return [];
  const whole = analysePrefixReuse(trace, { capacityBlocks: Infinity });
  const limited = triedCapacities.filter((capacity) => capacity < whole.mostBlocksKept);
  return [
    ...limited.map((capacityBlocks) => ({
      capacityBlocks,
      tokenShare: analysePrefixReuse(trace, { capacityBlocks }).tokenShare ?? 0,
    })),
    { capacityBlocks: null, tokenShare: whole.tokenShare ?? 0 },
  ];
}

/** The statistics of a trace of at least one row. */
export function measureTrace(trace: TraceColumns): TraceStatistics {
  const { arrivalNs, count } = trace;
  const spanS = count === 0 ? 0 : arrivalNs[count - 1] / nsPerS;
  return {
    rows: count,
    spanS,
    promptTokens: sumOf(trace.promptTokens),
    outputTokens: sumOf(trace.outputTokens),
    cachedTokens: trace.cachedTokens === undefined ? null : sumOf(trace.cachedTokens),
    promptQuantiles: quantilesOf(trace.promptTokens),
    outputQuantiles: quantilesOf(trace.outputTokens),
    rate: rateOf(arrivalNs, spanS),
    gapCv: gapCvOf(arrivalNs),
    models: namedRows(trace.models, trace.modelIndex, trace),
    tenants: namedRows(trace.tenants, trace.tenantIndex, trace),
    tags: taggedRows(namedRows(trace.tags ?? [], trace.tagIndex, trace)),
    hasPrefixes: trace.prefix !== undefined,
    promptLengths: lengthsOf(trace.promptTokens),
    outputLengths: lengthsOf(trace.outputTokens),
    prefixReuse: prefixReuseOf(trace),
    startMs: trace.origin.kind === "calendar" ? trace.origin.epochMs : null,
  };
}
