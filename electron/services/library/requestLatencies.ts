/** Distributions of latencies from the table of a run's requests: exact at the percentiles that are read, thinned to what a curve shows. */
import type { LatencyDistribution } from "../../../shared/contract/insightMethods.ts";
import {
  type RequestColumns,
  requestStateNames,
} from "../../../shared/planning/points/requestColumns.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import { nearestRank } from "../../../shared/stats/quantiles.ts";
import { nsPerMs, nsPerS } from "../../../shared/units/units.ts";

const finished = requestStateNames.indexOf("finished");
const lengthCapped = requestStateNames.indexOf("lengthCapped");

/** Latencies that are shown as distributions. */
export const distributedMetrics = ["ttft", "tpot", "e2e", "queue"] as const;
type Metric = (typeof distributedMetrics)[number];

/** At most about so many points of a curve. */
const mostPoints = 1000;
const readPercentiles = [0.5, 0.9, 0.95, 0.99, 0.999];

/** Length of one latency of a request, nanoseconds; NaN where it has none. */
function lengthNs(table: RequestColumns, metric: Metric, row: number): number {
  const { arrivalNs, admittedNs, firstTokenNs, finishNs, outputTokens } = table;
  if (metric === "ttft") return firstTokenNs[row] - arrivalNs[row];
  if (metric === "e2e") return finishNs[row] - arrivalNs[row];
  if (metric === "queue") return admittedNs[row] - arrivalNs[row];
  const span = finishNs[row] - firstTokenNs[row];
  return outputTokens[row] > 1 && span > 0 ? span / (outputTokens[row] - 1) : Number.NaN;
}

/** Milliseconds of the answered requests of a class that arrived from a moment on, rising. */
function sortedMs(
  table: RequestColumns,
  classIndex: number,
  metric: Metric,
  fromNs: number,
): Float64Array {
  const values = new Float64Array(table.count);
  let n = 0;
  for (let row = 0; row < table.count; row++) {
    const state = table.state[row];
    const isAnswered = state === finished || state === lengthCapped;
    if (table.classIndex[row] !== classIndex || !isAnswered) continue;
    if (table.arrivalNs[row] < fromNs) continue;
    const length = lengthNs(table, metric, row);
    if (!Number.isNaN(length)) values[n++] = length / nsPerMs;
  }
  return values.subarray(0, n).sort();
}

/** Ranks (1-based, rising) of the samples that a curve is drawn through: evenly spread, denser to the end, and those of the percentiles. */
export function curveRanks(n: number): number[] {
  if (n <= mostPoints) return Array.from({ length: n }, (_, i) => i + 1);
  const ranks = new Set<number>([1, n]);
  const even = mostPoints * 0.8;
  for (let i = 1; i <= even; i++) ranks.add(Math.max(1, Math.round((i / even) * n)));
  for (let beyond = n / even; beyond >= 1; beyond *= 0.96) ranks.add(n - Math.floor(beyond) + 1);
  for (const p of readPercentiles) ranks.add(nearestRank(n, p));
  return [...ranks].sort((a, b) => a - b);
}

/** Number of rising values above a limit. */
function countAbove(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return sorted.length - low;
}

/** Every class and latency of a run; requests that arrived before `fromS` are left out, as reports leave out the warm-up. */
export function latencyDistributions(
  table: RequestColumns,
  { traffic }: Scenario,
  fromS: number,
): LatencyDistribution[] {
  return traffic.classes.flatMap((trafficClass, classIndex) =>
    distributedMetrics.map((metric): LatencyDistribution => {
      const sorted = sortedMs(table, classIndex, metric, fromS * nsPerS);
      const ranks = curveRanks(sorted.length);
      const target = metric === "queue" ? undefined : trafficClass.targets[metric];
      return {
        ...{ class: trafficClass.id, metric, n: sorted.length },
        ms: Float64Array.from(ranks, (rank) => sorted[rank - 1]),
        share: Float64Array.from(ranks, (rank) => rank / sorted.length),
        target:
          target === undefined
            ? null
            : {
                ...{ percentile: target.percentile, ms: target.ms },
                later: countAbove(sorted, target.ms),
              },
      };
    }),
  );
}
