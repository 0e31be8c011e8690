/** Geometry of token-length distributions: the share of requests of at most so many tokens, from a histogram. */
import type { LengthHistogram } from "../../shared/contract/traceMethods.ts";

/** A point of a cumulative curve: `share` of the requests have at most `tokens` tokens. */
export interface CurvePoint {
  readonly tokens: number;
  /** 0..1. */
  readonly share: number;
}

/** The cumulative curve through the upper ends of the buckets, from the share 0 below the first one. Empty without requests. */
export function cumulativeCurve({ edges, counts }: LengthHistogram): CurvePoint[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return [];
  let sum = 0;
  const ends = counts.map((count, i) => {
    sum += count;
    return { tokens: edges[i + 1] - 1, share: sum / all };
  });
  return [{ tokens: Math.max(0, edges[0] - 1), share: 0 }, ...ends];
}

/** Tokens that `share` of the requests do not exceed, interpolated between the points; undefined without points. */
export function tokensAtShare(curve: readonly CurvePoint[], share: number): number | undefined {
  const at = curve.findIndex((point) => point.share >= share);
  if (at <= 0) return curve[0]?.tokens;
  const [before, after] = [curve[at - 1], curve[at]];
  const part = (share - before.share) / (after.share - before.share || 1);
  return before.tokens + part * (after.tokens - before.tokens);
}

/** Shares at which a summary of a trace has its exact quantiles, as the contract lists them. */
const summaryShares = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/** Tokens that `share` of the requests do not exceed: exact where the summary has that quantile, else read off the curve. */
export function quantileAt(
  quantiles: readonly number[],
  curve: readonly CurvePoint[],
  share: number,
): number {
  const at = summaryShares.indexOf(share);
  const exact = quantiles.length === summaryShares.length && at >= 0 ? quantiles[at] : undefined;
  return Math.round(exact ?? tokensAtShare(curve, share) ?? 0);
}

/** Windows summed `by` at a time; the last one holds what is left. */
export function coarser(counts: readonly number[], by: number): number[] {
  const sums = new Array<number>(Math.ceil(counts.length / by)).fill(0);
  counts.forEach((count, i) => {
    sums[Math.floor(i / by)] += count;
  });
  return sums;
}

/** How a rate varies at a grain. */
export interface GrainFigures {
  readonly windowS: number;
  /** Requests per second. */
  readonly peakRps: number;
  readonly meanRps: number;
  /** Variance of the counts over their mean: 1 for Poisson arrivals, more where they come in bursts. Undefined below two whole windows. */
  readonly dispersion: number | undefined;
}

/** Peak, mean and dispersion of counts in windows of `windowS`; the last window is not whole and counts for the peak only. */
export function grainFigures(counts: readonly number[], windowS: number): GrainFigures {
  const whole = counts.length > 1 ? counts.slice(0, -1) : counts;
  const mean = whole.reduce((sum, count) => sum + count, 0) / whole.length;
  const squares = whole.reduce((sum, count) => sum + (count - mean) * (count - mean), 0);
  return {
    windowS,
    peakRps: Math.max(0, ...counts) / windowS,
    meanRps: mean / windowS,
    dispersion: whole.length < 2 || mean === 0 ? undefined : squares / (whole.length - 1) / mean,
  };
}

/** Grains that people read at a glance, seconds. */
const readable = [1, 2, 5, 10, 15, 30, 60, 300, 900, 1800, 3600, 21_600, 86_400, 604_800];

/** Grains that windows of `windowS` can be summed to, from those windows on, each with at least `leastWindows` of them. */
export function grainsOf(windowS: number, windows: number, leastWindows = 6): number[] {
  const spanS = windowS * windows;
  const fitting = readable.filter(
    (grain) => grain > windowS && grain % windowS === 0 && spanS / grain >= leastWindows,
  );
  return [windowS, ...fitting];
}
