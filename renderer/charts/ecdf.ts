/** Geometry of a latency distribution: the share of requests answered within a time. */
import type { Plot } from "./chartTypes.ts";
import { px, type Scale } from "./scales.ts";

/** Number of samples at or below a value, in samples sorted upwards. */
export function countUpTo(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Nearest-rank percentile of sorted samples; undefined without any. */
export function percentileOf(sorted: ArrayLike<number>, p: number): number | undefined {
  if (sorted.length === 0) return undefined;
  const rank = Math.max(1, Math.min(sorted.length, Math.ceil(sorted.length * p * (1 - 1e-15))));
  return sorted[rank - 1];
}

/** Ends of the axis: from the least to the greatest sample, and around the targets. */
export function latencyDomain(
  series: readonly ArrayLike<number>[],
  targets: readonly number[],
): readonly [number, number] {
  let least = Infinity;
  let most = 0;
  for (const sorted of series) {
    if (sorted.length === 0) continue;
    least = Math.min(least, percentileOf(sorted, 0.001) ?? Infinity);
    most = Math.max(most, sorted[sorted.length - 1]);
  }
  for (const target of targets) {
    least = Math.min(least, target / 1.5);
    most = Math.max(most, target * 1.5);
  }
  return most > 0 ? [Math.max(least, most / 1e6), most] : [1, 1000];
}

/** The empirical curve as steps, one for each pixel in which it rises at most. */
export function ecdfPath(sorted: ArrayLike<number>, x: Scale, y: Scale, plot: Plot): string {
  const count = sorted.length;
  if (count === 0) return "";
  let path = `M${px(Math.max(plot.left, x(sorted[0])))} ${px(y(0))}`;
  let lastX = -Infinity;
  for (let i = 0; i < count; ) {
    const at = Math.max(plot.left, x(sorted[i]));
    let next = i + 1;
    while (next < count && x(sorted[next]) < at + 1) next++;
    if (at > lastX) path += `H${px(at)}`;
    path += `V${px(y(next / count))}`;
    lastX = at;
    i = next;
  }
  return `${path}H${px(plot.right)}`;
}
