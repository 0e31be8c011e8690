/** Exact percentiles by selection: the order statistics themselves, no interpolation and no sketch. */
import { InvariantError } from "../units/errors.ts";

/** 1-based rank of the nearest-rank percentile: ceil(n p), p in (0, 1], with n p taken as whole when only rounding parts it from a whole number. */
export function nearestRank(n: number, p: number): number {
  if (!(p > 0 && p <= 1)) throw new InvariantError(`a percentile of ${p}; wanted in (0, 1]`);
  return Math.max(1, Math.min(n, Math.ceil(n * p * (1 - 1e-15))));
}

/** Median of three values. */
function middle(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** Puts the k-th smallest of values[from..to] (k absolute, 0-based) at k, nothing greater before it and nothing smaller after it. */
function select(values: Float64Array, from: number, to: number, k: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const pivot = middle(values[low]!, values[(low + high) >>> 1]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const held = values[i]!;
        values[i++] = values[j]!;
        values[j--] = held;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k]!;
}

function refuseNaN(values: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (Number.isNaN(value))
      throw new InvariantError(`NaN at ${i} of ${count} values of a percentile`);
  }
}

/**
 * Nearest-rank percentiles of the first `count` values, in the order of `ps` (each in (0, 1]).
 * Reorders `values`; quickselect from the highest rank down, each in what the one before left of it.
 * Throws InvariantError for no values, NaN, or p out of range.
 */
export function selectQuantiles(
  values: Float64Array,
  count: number,
  ps: readonly number[],
): number[] {
  if (count < 1) throw new InvariantError("percentiles of no values");
  refuseNaN(values, count);
  const descending = ps.map((_, i) => i).sort((a, b) => ps[b]! - ps[a]!);
  const result = new Array<number>(ps.length).fill(0);
  let to = count - 1;
  for (const i of descending) {
    const k = nearestRank(count, ps[i]!) - 1;
    result[i] = select(values, 0, to, k);
    to = k;
  }
  return result;
}

/** Nearest-rank percentiles of `values`, which stay as they are. Throws InvariantError for no values, NaN, or p out of range. */
export function exactQuantiles(values: Float64Array, ps: readonly number[]): number[] {
  return selectQuantiles(values.slice(), values.length, ps);
}

/** Whether n samples carry percentile p: at least ten of them lie beyond it, n (1 - p) >= 10. */
export function enoughSamples(n: number, p: number): boolean {
  return n * (1 - p) >= 10 - 1e-9;
}
