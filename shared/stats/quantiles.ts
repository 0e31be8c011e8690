/** Exact percentiles by selection: the order statistics themselves, no interpolation and no sketch. */
import { InvariantError } from "../units/errors.ts";

/** 1-based rank of the nearest-rank percentile: ceil(n p), p in (0, 1], with n p taken as whole when only rounding parts it from a whole number. */
export function nearestRank(n: number, p: number): number {
  if (!(p > 0 && p <= 1)) throw new InvariantError(`a percentile of ${p}; wanted in (0, 1]`);
  return Math.max(1, Math.min(n, Math.ceil(n * p * (1 - 1e-15))));
}

/** Ranges longer than this choose their pivot by selecting within a sample first. */
const sampledFrom = 600;

function swap(values: Float64Array, i: number, j: number): void {
  const held = values[i]!;
  values[i] = values[j]!;
  values[j] = held;
}

/**
 * Puts the k-th smallest of values[from..to] (k absolute, 0-based) at k, nothing greater before it and nothing smaller
 * after it. Floyd and Rivest (1975): a pivot from a small sample around the wanted rank, so that about n + min(k, n - k)
 * comparisons do.
 */
function select(values: Float64Array, from: number, to: number, k: number): void {
  let low = from;
  let high = to;
  while (high > low) {
    if (high - low > sampledFrom) selectInSample(values, low, high, k);
    const pivot = values[k]!;
    let i = low;
    let j = high;
    swap(values, low, k);
    if (values[high]! > pivot) swap(values, low, high);
    while (i < j) {
      swap(values, i++, j--);
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
    }
    if (values[low] === pivot) swap(values, low, j);
    else swap(values, ++j, high);
    if (j <= k) low = j + 1;
    if (k <= j) high = j - 1;
  }
}

/** Brings a good pivot to k: the k-th value of a sample that very likely holds it. */
function selectInSample(values: Float64Array, low: number, high: number, k: number): void {
  const n = high - low + 1;
  const rank = k - low + 1;
  const z = Math.log(n);
  const size = 0.5 * Math.exp((2 * z) / 3);
  const spread = 0.5 * Math.sqrt((z * size * (n - size)) / n) * (rank < n / 2 ? -1 : 1);
  const first = Math.max(low, Math.floor(k - (rank * size) / n + spread));
  const last = Math.min(high, Math.floor(k + ((n - rank) * size) / n + spread));
  select(values, first, last, k);
}

function refuseNaN(values: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (Number.isNaN(value))
      throw new InvariantError(`NaN at ${i} of ${count} values of a percentile`);
  }
}

/** Selects every rank of ranks[first..last] (ascending) within values[from..to]: the one nearest the middle first, so that the others have less left to look at. */
function selectRanks(
  values: Float64Array,
  from: number,
  to: number,
  ranks: readonly number[],
  first: number,
  last: number,
): void {
  if (first > last) return;
  const centre = (from + to) / 2;
  let best = first;
  for (let i = first + 1; i <= last; i++) {
    if (Math.abs(ranks[i]! - centre) < Math.abs(ranks[best]! - centre)) best = i;
  }
  const k = ranks[best]!;
  select(values, from, to, k);
  selectRanks(values, from, Math.max(from, k - 1), ranks, first, best - 1);
  selectRanks(values, Math.min(to, k + 1), to, ranks, best + 1, last);
}

/**
 * Nearest-rank percentiles of the first `count` values, in the order of `ps` (each in (0, 1]).
 * Reorders `values`: quickselect, each rank within what the ones before left on its side.
 * Throws InvariantError for no values, NaN, or p out of range.
 */
export function selectQuantiles(
  values: Float64Array,
  count: number,
  ps: readonly number[],
): number[] {
  if (count < 1) throw new InvariantError("percentiles of no values");
  refuseNaN(values, count);
  const ranks = ps.map((p) => nearestRank(count, p) - 1);
  const distinct = [...new Set(ranks)].sort((a, b) => a - b);
  selectRanks(values, 0, count - 1, distinct, 0, distinct.length - 1);
  return ranks.map((rank) => values[rank]!);
}

/** Nearest-rank percentiles of `values`, which stay as they are. Throws InvariantError for no values, NaN, or p out of range. */
export function exactQuantiles(values: Float64Array, ps: readonly number[]): number[] {
  return selectQuantiles(values.slice(), values.length, ps);
}

/** Whether n samples carry percentile p: at least ten of them lie beyond it, n (1 - p) >= 10. */
export function enoughSamples(n: number, p: number): boolean {
  return n * (1 - p) >= 10 - 1e-9;
}
