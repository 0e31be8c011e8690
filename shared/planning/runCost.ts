/** From an ended run to its bill. */
import { computeCost } from "../cost/computeCost.ts";
import type { CostReport } from "../cost/costReport.ts";
import type { Schedule } from "../schema/fleet.ts";
import { usageField } from "../serving/metrics/usageRecorder.ts";
import { openNs, type PoolRuntime } from "../serving/poolRuntime.ts";
import { compileHours } from "../workload/clock.ts";
import type { EndedRun } from "./endedRun.ts";
import {
  lateShare,
  provisionedNs,
  servedByDestination,
  toleratedLateShare,
} from "./reportParts.ts";

/** The bill of an ended run over its horizon. */
export function computeRunCost(run: EndedRun, horizonNs: number): CostReport {
  const { scenario, fleet } = run;
  const { pools, providers, table, clock } = fleet;
  const served = servedByDestination(table, pools.length + providers.length);
  const hoursOf = (schedule: Schedule) =>
    schedule.kind === "always" ? undefined : compileHours(schedule.hours);
  return computeCost({
    scenario,
    horizonNs,
    pools: pools.map((pool, index) => ({
      id: pool.spec.id,
      provisionedReplicaNs: provisionedNs(run, pool, horizonNs),
      busyReplicaNs: billedBusyNs(pool, provisionedNs(run, pool, horizonNs)),
      promptTokens: served[index].promptTokens,
      outputTokens: served[index].outputTokens,
    })),
    partitions: scenario.partitions.map((each) => ({
      id: each.id,
      provisionedGpuNs: openNs(hoursOf(each.schedule), clock, horizonNs) * each.gpus,
    })),
    providers: providers.map((provider) => ({
      id: provider.spec.id,
      bill: provider.bill,
      tierCount: provider.tierCount,
    })),
  });
}

/**
 * Busy time that counts for the bill. Work that spills a little past the horizon is the edge of a window that repeats
 * and overlaps with the next one; a pool that is still far behind at the horizon is billed for catching up, or its
 * tokens would look cheap.
 */
function billedBusyNs(pool: PoolRuntime, heldNs: number): number {
  const all = pool.usage.total(usageField.busyNs);
  return lateShare(pool) > toleratedLateShare ? all : Math.min(all, heldNs);
}
