/** Means and spreads of columns. */

/** Mean and spread of the values that there are. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** Sample variance (divisor count - 1); undefined for one value. */
  readonly variance: number | undefined;
  readonly min: number;
  readonly max: number;
}

/** Values up to this many are summed one after the other. */
const blockLength = 128;

/** Sum of values[from..to), pairwise, so that the rounding error grows with the logarithm of the length. */
export function pairwiseSum(values: ArrayLike<number>, from = 0, to = values.length): number {
  if (to - from > blockLength) {
    const middle = (from + to) >>> 1;
    return pairwiseSum(values, from, middle) + pairwiseSum(values, middle, to);
  }
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  return sum;
}

/** Arithmetic mean; undefined for no values. */
export function mean(values: ArrayLike<number>): number | undefined {
  return values.length === 0 ? undefined : pairwiseSum(values) / values.length;
}

/** Counts, mean, variance (Welford's update) and range in one pass over the values; undefined for no values. */
export function summarize(values: ArrayLike<number>): Summary | undefined {
  const average = mean(values);
  if (average === undefined) return undefined;
  let running = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const delta = value - running;
    running += delta / (i + 1);
    squares += delta * (value - running);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const count = values.length;
  return {
    count,
    mean: average,
    variance: count > 1 ? squares / (count - 1) : undefined,
    min,
    max,
  };
}
