/** What a break-even study must know before its first volume, as a job: the traffic, the strategies, what own fleets can do. */
import { gpuMonthUsd } from "../../cost/closedForms.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { buildWorkload } from "../../workload/buildWorkload.ts";
import type { JobContext } from "../jobs/job.ts";
import { type FleetCapacity, measureFleet, missedWhenIdle } from "./fleetCapacity.ts";
import { fleetUnits, gpusOf } from "./fleetUnits.ts";
import { applyStrategy, listStrategies, type Strategy } from "./strategies.ts";
import { type MeasuredTraffic, measureTraffic, requireScalable } from "./trafficVolume.ts";

/** Input of the job. */
export interface BreakEvenSetupInput {
  readonly scenario: Scenario;
}

/** An own strategy's fleet. */
export interface OwnFleet extends FleetCapacity {
  readonly strategy: string;
  /** USD a month of the smallest fleet: GPUs and licences. */
  readonly leastMonthUsd: number;
  readonly leastGpus: number;
}

/** Output of the job. */
export interface BreakEvenSetup {
  readonly measured: MeasuredTraffic;
  readonly strategies: readonly Strategy[];
  /** Why others are not among them. */
  readonly notes: readonly string[];
  /** What was assumed while the requests were made. */
  readonly trafficNotes: readonly string[];
  readonly own: readonly OwnFleet[];
  /** What each strategy misses even where requests never meet, by its id (missedWhenIdle). */
  readonly idle: Readonly<Record<string, readonly string[]>>;
}

/** USD a month of a fleet's GPUs and licences when always on. Schedules make it less. */
export function fleetMonthUsd(scenario: Scenario, counts: readonly number[]): number {
  return fleetUnits(scenario).reduce((sum, unit, i) => {
    const pool = scenario.pools.find(({ id }) => unit.pools.includes(id));
    const partition = scenario.partitions.find(({ id }) => id === unit.id);
    const price = unit.kind === "pool" ? pool?.price : partition?.price;
    const licenceId = (unit.kind === "partition" ? partition?.licence : undefined) ?? pool?.licence;
    const licence = scenario.licences.find(({ id }) => id === licenceId);
    const each = gpuMonthUsd(price?.usdPerGpuHour ?? 0, scenario.monthHours, licence);
    return sum + each * unit.gpusEach * (counts[i] + unit.spares);
  }, 0);
}

/** Measures the scenario's own traffic and its own fleets. Throws InputError for traffic whose volume cannot be set. */
export function runBreakEvenSetup(
  { scenario }: BreakEvenSetupInput,
  context: JobContext,
): BreakEvenSetup {
  requireScalable(scenario);
  const { traffic, clock, seed, run } = scenario;
  const { traces } = context;
  const { horizonS } = run;
  const workload = buildWorkload({ traffic, clock, traces, seed, replication: 0, horizonS });
  const measured = measureTraffic(scenario, workload);
  const { strategies, notes } = listStrategies(scenario, measured);
  const own = strategies
    .filter(({ kind }) => kind === "own")
    .map((strategy): OwnFleet => {
      const applied = applyStrategy(scenario, strategy);
      const units = fleetUnits(applied);
      const least = units.map((unit) => unit.least);
      return {
        strategy: strategy.id,
        ...measureFleet(applied, workload, measured.windowS),
        leastMonthUsd: fleetMonthUsd(applied, least),
        leastGpus: gpusOf(units, least),
      };
    });
  const idle = Object.fromEntries(
    strategies.map((strategy) => [
      strategy.id,
      missedWhenIdle(applyStrategy(scenario, strategy), workload),
    ]),
  );
  return { measured, strategies, notes, trafficNotes: workload.notes, own, idle };
}
