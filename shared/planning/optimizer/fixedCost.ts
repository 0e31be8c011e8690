/** What a candidate costs before any request comes: GPUs by their schedule, licences, fixed costs. */
import { computeCost } from "../../cost/computeCost.ts";
import type { Schedule } from "../../schema/fleet.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { billFieldCount } from "../../serving/api/provider.ts";
import { openNs } from "../../serving/poolRuntime.ts";
import { compileHours, LocalClock } from "../../workload/clock.ts";
import { isElastic } from "./candidate.ts";

/** Nanoseconds of the horizon during which a schedule is on. */
export function scheduledNs(scenario: Scenario, schedule: Schedule, horizonNs: number): number {
  if (schedule.kind === "always") return horizonNs;
  return openNs(compileHours(schedule.hours), new LocalClock(scenario.clock), horizonNs);
}

/** USD a month of a scenario without requests, by the same arithmetic as a run's bill: GPU hours are idle hours, at the same price. Replicas that come and go, or fail, count as none. A run costs at least that. */
export function fixedMonthUsd(scenario: Scenario, horizonNs: number): number {
  const classes = scenario.traffic.classes.length;
  const report = computeCost({
    scenario,
    horizonNs,
    pools: scenario.pools.map((pool) => ({
      id: pool.id,
      ...(isElastic(pool)
        ? { provisionedReplicaNs: 0, peakReplicas: 0 }
        : {
            provisionedReplicaNs: scheduledNs(scenario, pool.schedule, horizonNs) * pool.replicas,
          }),
      busyReplicaNs: 0,
      promptTokens: 0,
      outputTokens: 0,
    })),
    partitions: scenario.partitions.map((each) => ({
      id: each.id,
      provisionedGpuNs: scheduledNs(scenario, each.schedule, horizonNs) * each.gpus,
    })),
    providers: scenario.providers.map((provider) => {
      const tierCount = 1 + (provider.price.contextTiers?.length ?? 0);
      const bill = new Float64Array(classes * tierCount * billFieldCount);
      return { id: provider.id, bill, tierCount };
    }),
  });
  return report.monthUsd;
}
