/** An ended run as the parts of its report see it. */
import type { Scenario } from "../schema/scenario.ts";
import type { Fleet } from "../serving/fleet.ts";
import type { ResolvedPool } from "../serving/resolvePool.ts";
import type { Workload } from "../workload/workload.ts";

/** A run, its inputs and its fleet. */
export interface EndedRun {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly replication: number;
  readonly workload: Workload;
  readonly pools: readonly ResolvedPool[];
  readonly fleet: Fleet;
  /** Width of a time-series window, whole nanoseconds. */
  readonly windowNs: number;
  /** Warnings found before the run. */
  readonly warnings: readonly string[];
}

/** End of the request that ended last, at least 1 ns. */
export function lastFinishNs(finishNs: Float64Array): number {
  let last = 1;
  for (const each of finishNs) if (each > last) last = each;
  return last;
}

/** Ids of pools, then providers: the order of a request's destination index. */
export function destinationIds(scenario: Scenario): string[] {
  return [...scenario.pools, ...scenario.providers].map((each) => each.id);
}
