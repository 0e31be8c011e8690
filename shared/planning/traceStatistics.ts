/** What people look at in a trace first: sums, spreads, its rate over time. */
import type { TraceColumns } from "../schema/traceColumns.ts";
import { selectQuantiles } from "../stats/quantiles.ts";
import { nsPerS } from "../units/units.ts";

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
  readonly models: readonly { readonly name: string; readonly rows: number }[];
  readonly tenants: readonly { readonly name: string; readonly rows: number }[];
  readonly hasPrefixes: boolean;
}

/** Windows of a rate curve at most. */
const maxWindows = 240;
/** Widths that people read at a glance, seconds. */
const widths = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200,
];
const dayS = 86_400;

/** The narrowest width that people read at a glance and that gives at most 240 windows. */
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
): { name: string; rows: number }[] {
  if (index === undefined) return [];
  const rows = new Array<number>(names.length).fill(0);
  for (const each of index) if (each < rows.length && each >= 0) rows[each]++;
  return names
    .map((name, i) => ({ name, rows: rows[i] }))
    .sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1));
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
    models: namedRows(trace.models, trace.modelIndex),
    tenants: namedRows(trace.tenants, trace.tenantIndex),
    hasPrefixes: trace.prefix !== undefined,
  };
}
