/** What each strategy runs and uses in each month, from simulated volumes. */

import type { Scenario } from "../../schema/scenario.ts";
import type { BreakEvenPoint, StrategyPoint } from "../breakEven/breakEvenPoint.ts";
import { fleetMonthUsd } from "../breakEven/breakEvenSetup.ts";
import { applyStrategy, type Strategy } from "../breakEven/strategies.ts";

/** How the figures of a month were found. simulated: at its own volume; bracketed: the fleet of the next simulated volume above, which serves it too, with API tokens in proportion. */
export type MonthBasis = "simulated" | "bracketed";

/** A strategy in one month, at the month's prices. */
export interface MonthFleet {
  readonly basis: MonthBasis;
  /** The volume that was simulated. */
  readonly simulatedTokens: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly gpus: number;
  /** Every target is kept and every request answered. */
  readonly isValid: boolean;
  readonly isHollow: boolean;
  readonly missed: readonly string[];
  /** Provisioned GPU-hours over those of all its GPUs held all month, 0..1. */
  readonly heldShare: number;
  readonly busyFraction: number | null;
  /** USD, all GPU hours rented on demand. */
  readonly gpuUsd: number;
  readonly licenceUsd: number;
  readonly apiUsd: number;
  readonly fixedUsd: number;
}

function withoutLicences(scenario: Scenario): Scenario {
  return {
    ...scenario,
    pools: scenario.pools.map((pool) => ({ ...pool, licence: undefined })),
    partitions: scenario.partitions.map((each) => ({ ...each, licence: undefined })),
  };
}

/** Share of the time that a fleet is held: what its GPU hours cost over what they would all month. 1 where GPUs cost nothing. */
function heldShareOf(scenario: Scenario, strategy: Strategy, point: StrategyPoint): number {
  const counts = Object.values(point.counts);
  if (counts.length === 0) return 1;
  const fullUsd = fleetMonthUsd(withoutLicences(applyStrategy(scenario, strategy)), counts);
  return fullUsd > 0 ? Math.min(1, point.gpuUsd / fullUsd) : 1;
}

/** Factors that bring the prices at which a point was simulated to those of the month. */
export interface AppliedFactors {
  readonly gpu: number;
  readonly api: number;
  readonly licence: number;
}

/** A month's fleet from the point that stands for it: its own volume, or the next one above. `scenario` is the one that was simulated. */
export function monthFleet(
  scenario: Scenario,
  strategy: Strategy,
  point: BreakEvenPoint,
  monthTokens: number,
  factors: AppliedFactors,
): MonthFleet {
  const own = point.strategies.find((each) => each.strategy === strategy.id)!;
  const share = monthTokens / point.monthTokens;
  const isSimulated = Math.abs(share - 1) < 1e-9;
  return {
    basis: isSimulated ? "simulated" : "bracketed",
    simulatedTokens: point.monthTokens,
    counts: own.counts,
    gpus: own.gpus,
    isValid: own.isValid,
    isHollow: point.isHollow,
    missed: own.missed,
    heldShare: heldShareOf(scenario, strategy, own),
    busyFraction: own.busyFraction,
    gpuUsd: own.gpuUsd * factors.gpu,
    licenceUsd: own.licenceUsd * factors.licence,
    apiUsd: own.apiUsd * factors.api * (isSimulated ? 1 : share),
    fixedUsd: own.fixedUsd,
  };
}
