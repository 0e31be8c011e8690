/** Geometry of a latency distribution: the share of requests answered within a time. */
import type { Plot } from "./chartTypes.ts";
import { px, type Scale } from "./scales.ts";

/** An empirical distribution: so many samples, and points of its curve. */
export interface Distribution {
  /** Samples behind it. */
  readonly n: number;
  /** Milliseconds, rising. */
  readonly ms: ArrayLike<number>;
  /** Share of the samples at or below `ms` at the same place, rising to 1. */
  readonly share: ArrayLike<number>;
}

/** The distribution of all samples, sorted upwards. */
export function distributionOf(sortedMs: ArrayLike<number>): Distribution {
  const n = sortedMs.length;
  return { n, ms: sortedMs, share: Float64Array.from({ length: n }, (_, i) => (i + 1) / n) };
}

/** Nearest-rank percentile, p in (0, 1]; undefined without samples. */
export function percentileOf({ ms, share }: Distribution, p: number): number | undefined {
  let low = 0;
  let high = share.length - 1;
  if (high < 0) return undefined;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (share[middle] >= p - 1e-12) high = middle;
    else low = middle + 1;
  }
  return ms[low];
}

/** Ends of the axis: from the least to the greatest sample, and around the targets. */
export function latencyDomain(
  distributions: readonly Distribution[],
  targets: readonly number[],
): readonly [number, number] {
  let least = Infinity;
  let most = 0;
  for (const each of distributions) {
    if (each.n === 0) continue;
    least = Math.min(least, percentileOf(each, 0.001) ?? Infinity);
    most = Math.max(most, each.ms[each.ms.length - 1]);
  }
  for (const target of targets) {
    least = Math.min(least, target / 1.5);
    most = Math.max(most, target * 1.5);
  }
  return most > 0 ? [Math.max(least, most / 1e6), most] : [1, 1000];
}

/** The empirical curve as steps, at most one for each pixel. */
export function ecdfPath({ ms, share }: Distribution, x: Scale, y: Scale, plot: Plot): string {
  const count = ms.length;
  if (count === 0) return "";
  let path = `M${px(Math.max(plot.left, x(ms[0])))} ${px(y(0))}`;
  let lastX = -Infinity;
  for (let i = 0; i < count; ) {
    const at = Math.max(plot.left, x(ms[i]));
    let next = i + 1;
    while (next < count && x(ms[next]) < at + 1) next++;
    if (at > lastX) path += `H${px(at)}`;
    path += `V${px(y(share[next - 1]))}`;
    lastX = at;
    i = next;
  }
  return `${path}H${px(plot.right)}`;
}
