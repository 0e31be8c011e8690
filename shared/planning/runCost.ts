/** From an ended run to its bill. */
import { computeCost } from "../cost/computeCost.ts";
import type { CostFacts } from "../cost/costFacts.ts";
import type { CostReport } from "../cost/costReport.ts";
import type { Schedule } from "../schema/fleet.ts";
import { usageField } from "../serving/metrics/usageRecorder.ts";
import { openNs } from "../serving/poolRuntime.ts";
import { compileHours } from "../workload/clock.ts";
import type { EndedRun } from "./endedRun.ts";
import { type LateWork, lateWork, toleratedLateShare } from "./lateWork.ts";
import { provisionedNs, type Served } from "./reportParts.ts";

/** The bill of an ended run over its horizon. */
export function computeRunCost(
  run: EndedRun,
  served: readonly Served[],
  horizonNs: number,
): CostReport {
  return computeCost(runCostFacts(run, served, horizonNs));
}

/** What an ended run used over its horizon: with other prices in its scenario, computeCost gives the bill at those. */
export function runCostFacts(
  run: EndedRun,
  served: readonly Served[],
  horizonNs: number,
): CostFacts {
  const { scenario, fleet } = run;
  const { pools, providers, clock } = fleet;
  const hoursOf = (schedule: Schedule) =>
    schedule.kind === "always" ? undefined : compileHours(schedule.hours);
  return {
    scenario,
    horizonNs,
    pools: pools.map((pool, index) => ({
      id: pool.spec.id,
      provisionedReplicaNs: provisionedNs(run, pool, horizonNs),
      peakReplicas: pool.life?.capacity.peakProvisioned,
      busyReplicaNs: pool.usage.total(usageField.busyNs, 0, pool.usage.windowCount),
      ...countedTokens(served[index], lateWork(run, index, horizonNs)),
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
  };
}

/**
 * A pool's tokens that count for $ per million tokens. Work that spills a little past the horizon is the edge
 * of a window that repeats; a pool that is still far behind at the horizon has served only part of its requests in the
 * hours that are billed, and its tokens must not look cheap.
 */
function countedTokens(
  { promptTokens, outputTokens }: Served,
  { lateShare }: LateWork,
): { readonly promptTokens: number; readonly outputTokens: number } {
  const share = lateShare > toleratedLateShare ? 1 - lateShare : 1;
  return {
    promptTokens: Math.round(promptTokens * share),
    outputTokens: Math.round(outputTokens * share),
  };
}
