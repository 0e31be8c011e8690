/** Targets that own GPUs cannot meet even for a request that is alone. */
import type { Scenario } from "../../schema/scenario.ts";
import { ticksPerNs } from "../../serving/executionTime/iterationTimes.ts";
import type { ResolvedPool } from "../../serving/resolvePool.ts";
import { nearestRank } from "../../stats/quantiles.ts";
import { nsPerMs } from "../../units/units.ts";
import type { Workload } from "../../workload/workload.ts";
import type { Place } from "./candidate.ts";
import { type Demand, fate } from "./demand.ts";

/**
 * Whether so many requests that must run on the place take longer for an output token, even alone in their iterations, than
 * their class allows that its percentile is over the target whatever happens. Where a warm-up is left out nothing is said.
 */
export function isTooSlow(
  scenario: Scenario,
  workload: Workload,
  demand: Demand,
  pools: readonly ResolvedPool[],
  place: Place,
): boolean {
  const { classes } = scenario.traffic;
  if (scenario.run.warmup.kind !== "none" || place.parts.length === 0) return false;
  const limitNs = classes.map((each) => (each.targets.tpot?.ms ?? Infinity) * nsPerMs);
  const all = new Float64Array(classes.length);
  const over = new Float64Array(classes.length);
  for (let i = 0; i < workload.count; i++) {
    const own = workload.classIndex[i];
    if (limitNs[own] === Infinity || workload.outputTokens[i] < 2) continue;
    all[own]++;
    if (demand.fate[i] !== fate.mustOwn) continue;
    if (leastTpotNs(workload.promptTokens[i], pools) > limitNs[own]) over[own]++;
  }
  return classes.some((each, index) => {
    const target = each.targets.tpot;
    if (target === undefined || all[index] === 0) return false;
    return over[index] > all[index] - nearestRank(all[index], target.percentile);
  });
}

/** Nanoseconds of an iteration with the first output token of a request and nothing else, on the quickest part. */
function leastTpotNs(promptTokens: number, pools: readonly ResolvedPool[]): number {
  let least = Infinity;
  for (const { config } of pools) {
    const { times, maxModelLen } = config;
    const isAnswered = promptTokens + 2 <= maxModelLen;
    const ticks = times.decodeTicks(1) + times.contextTicks * (promptTokens + 1);
    least = Math.min(least, isAnswered ? ticks / ticksPerNs : 0);
  }
  return least;
}
