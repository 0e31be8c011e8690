/** Where a run's warm-up ends: MSER-5. */
import { pairwiseSum } from "./summary.ts";

const batchLength = 5;

/** Values to leave out at the start, and whether what follows looks steady. */
export interface WarmupCut {
  readonly cutCount: number;
  /** False where the best cut is at the middle: the run has no steady part that the rule can see. */
  readonly isSteady: boolean;
}

function meansOfFive(values: ArrayLike<number>, n: number): Float64Array {
  return Float64Array.from(
    { length: n },
    (_, b) => pairwiseSum(values, b * batchLength, (b + 1) * batchLength) / batchLength,
  );
}

/**
 * MSER-5 (White, Cobb and Spratt): over batches of 5, the cut d up to the half that makes sum (x - mean)^2 / (n - d)^2
 * of the rest least. A run of fewer than ten values is not cut and not called steady.
 */
export function findWarmup(values: ArrayLike<number>): WarmupCut {
  const n = Math.floor(values.length / batchLength);
  if (n < 2) return { cutCount: 0, isSteady: false };
  const batches = meansOfFive(values, n);
  const most = Math.floor(n / 2);
  let best = Number.POSITIVE_INFINITY;
  let cut = 0;
  let mean = 0;
  let squares = 0;
  for (let d = n - 1; d >= 0; d--) {
    const kept = n - d;
    const delta = batches[d]! - mean;
    mean += delta / kept;
    squares += delta * (batches[d]! - mean);
    const error = squares / kept / kept;
    if (d <= most && error <= best) {
      best = error;
      cut = d;
    }
  }
  return { cutCount: cut * batchLength, isSteady: cut < most };
}
