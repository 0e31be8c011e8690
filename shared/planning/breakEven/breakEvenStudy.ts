/** What a break-even study yields: the types that leave it, exactly as JSON shows them. */
import type { BreakEvenPoint } from "./breakEvenPoint.ts";
import type { OwnFleet } from "./breakEvenSetup.ts";
import type { PairCrossings } from "./crossings.ts";
import type { Gate } from "./gate.ts";
import type { Strategy } from "./strategies.ts";
import type { MeasuredTraffic } from "./trafficVolume.ts";
import type { Verdict } from "./verdict.ts";

/** What a study does where it is not told. */
export const breakEvenDefaults = { points: 20, replications: 5, maxGpus: 512 };

/** What is asked of a study; undefined parts have defaults. */
export interface BreakEvenOptions {
  /** Tokens a month; default: from an eighth of the lesser to twice the greater of the traffic's own month and the analytic crossing. */
  readonly from?: number;
  readonly to?: number;
  /** Volumes, evenly spaced in their logarithm; default 20. */
  readonly points?: number;
  /** Runs of each volume and strategy with other draws; default 5. */
  readonly replications?: number;
  /** Ids, or "api", "own", "hybrid"; default all. */
  readonly strategies?: readonly string[];
  /** Most GPUs of a fleet; default 512. */
  readonly maxGpus?: number;
}

/** The study. */
export interface BreakEvenStudy {
  readonly scenario: { readonly name: string; readonly seed: number };
  readonly monthHours: number;
  readonly replications: number;
  readonly maxGpus: number;
  /** How validity is judged. */
  readonly validityRule: string;
  readonly measured: MeasuredTraffic;
  readonly strategies: readonly Strategy[];
  /** Own fleets: what they serve at most, their least work. */
  readonly own: readonly OwnFleet[];
  /** The volumes asked for, in rising order. */
  readonly points: readonly BreakEvenPoint[];
  /** The traffic's own volume, every strategy. */
  readonly ownPoint: BreakEvenPoint;
  /** Volumes added to see crossings closely; only the strategies that cross there. */
  readonly refinements: readonly BreakEvenPoint[];
  readonly crossings: readonly PairCrossings[];
  readonly verdict: Verdict;
  /** undefined where there is no strategy with own GPUs, or no API, to compare. */
  readonly gate?: Gate;
  /** What was assumed. */
  readonly notes: readonly string[];
  /** What a reader must know before trusting the figures. */
  readonly warnings: readonly string[];
}
