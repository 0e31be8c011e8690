/** From an ended run to its bill. */
import { computeCost } from "../cost/computeCost.ts";
import type { CostReport } from "../cost/costReport.ts";
import type { Schedule } from "../schema/fleet.ts";
import { usageField } from "../serving/metrics/usageRecorder.ts";
import { openNs } from "../serving/poolRuntime.ts";
import { compileHours } from "../workload/clock.ts";
import { provisionedNs, servedByDestination } from "./reportParts.ts";
import type { ScenarioRun } from "./scenarioRun.ts";

/** The bill of an ended run over its horizon. */
export function computeRunCost(run: ScenarioRun, horizonNs: number): CostReport {
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
      busyReplicaNs: Math.min(
        pool.usage.total(usageField.busyNs, 0, pool.usage.windowCount),
        provisionedNs(run, pool, horizonNs),
      ),
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
