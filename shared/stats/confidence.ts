/** Confidence intervals of simulated means: replications, batches of one run, paired differences. */
import { studentTQuantile } from "./studentT.ts";
import { pairwiseSum, summarize } from "./summary.ts";

/** A mean and the interval that holds the true one with chance `level`. */
export interface Interval {
  readonly mean: number;
  readonly halfWidth: number;
  readonly low: number;
  readonly high: number;
  /** Samples (replications, batches or pairs) behind it. */
  readonly count: number;
  readonly level: number;
}

const defaultLevel = 0.95;
const defaultBatches = 20;

function tFactor(count: number, level: number): number {
  return studentTQuantile(0.5 + level / 2, count - 1);
}

/** The t interval of the mean of independent samples, one from each replication; undefined for fewer than two. */
export function meanInterval(
  samples: ArrayLike<number>,
  level = defaultLevel,
): Interval | undefined {
  const summary = summarize(samples);
  if (summary?.variance === undefined) return undefined;
  const { mean, count, variance } = summary;
  const halfWidth = tFactor(count, level) * Math.sqrt(variance / count);
  return { mean, halfWidth, low: mean - halfWidth, high: mean + halfWidth, count, level };
}

/** Means of `batches` batches of equal length, in order; what is left over at the start is not used. */
export function batchMeans(values: ArrayLike<number>, batches = defaultBatches): Float64Array {
  const length = Math.floor(values.length / batches);
  const first = values.length - length * batches;
  return Float64Array.from({ length: length === 0 ? 0 : batches }, (_, b) => {
    const from = first + b * length;
    return pairwiseSum(values, from, from + length) / length;
  });
}

/** The interval of the mean of one long, correlated run, from 20 batch means (t = 2.093 at 95 %); undefined for fewer values than batches. */
export function batchMeansInterval(
  values: ArrayLike<number>,
  level = defaultLevel,
  batches = defaultBatches,
): Interval | undefined {
  return meanInterval(batchMeans(values, batches), level);
}

/** Half-width over mean; undefined for a mean of 0. */
export function relativeHalfWidth(interval: Interval): number | undefined {
  return interval.mean === 0 ? undefined : interval.halfWidth / Math.abs(interval.mean);
}

/** The most runs that runsForHalfWidth answers with. */
const mostRuns = 1_000_000;

/**
 * How many runs bring the interval to +- target of the mean (0.05 for 5 %), at least 2, judged by the samples so far.
 * Undefined for fewer than two samples, a mean of 0, or where a million runs would not do.
 */
export function runsForHalfWidth(
  samples: ArrayLike<number>,
  target: number,
  level = defaultLevel,
): number | undefined {
  const summary = summarize(samples);
  if (summary?.variance === undefined || summary.mean === 0) return undefined;
  const spread = Math.sqrt(summary.variance) / Math.abs(summary.mean);
  const isEnough = (n: number): boolean => tFactor(n, level) * spread <= target * Math.sqrt(n);
  if (!isEnough(mostRuns)) return undefined;
  let low = 1;
  let high = mostRuns;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Relative difference of two figures below which only the order of their sums differs. */
const sumNoise = 1e-12;

/** a - b; exactly 0 where they differ by no more than the rounding of their sums. */
export function differenceOf(a: number, b: number): number {
  const difference = a - b;
  return Math.abs(difference) <= sumNoise * Math.max(Math.abs(a), Math.abs(b)) ? 0 : difference;
}

/**
 * The interval of the mean of a[i] - b[i], for runs that share arrivals and random numbers pair by pair.
 * Exactly 0 +- 0 for equal samples (differenceOf); undefined for fewer than two pairs. Only as many pairs as both have.
 */
export function pairedDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  level = defaultLevel,
): Interval | undefined {
  const length = Math.min(a.length, b.length);
  return meanInterval(
    Float64Array.from({ length }, (_, i) => differenceOf(a[i]!, b[i]!)),
    level,
  );
}
