/** What a projection yields: the types that leave it, exactly as JSON shows them. Money in USD, tokens are prompt and output together. */
import type { ProjectionPlan } from "../../schema/projectionPlan.ts";
import type { Strategy } from "../breakEven/strategies.ts";
import type { MonthBasis } from "./monthFleets.ts";
import type { PlanMonth } from "./timeline.ts";

/** How own GPUs are paid for; "none" where there are none. */
export type FinancingKind = "none" | "rented" | "committed" | "purchased";

/** One option in one month. */
export interface OptionMonth {
  readonly month: number;
  readonly gpus: number;
  /** GPUs owned or committed. */
  readonly boundGpus: number;
  readonly basis: MonthBasis;
  /** The volume that was simulated for it. */
  readonly simulatedTokens: number;
  /** Every target is kept and every request answered. */
  readonly isValid: boolean;
  /** Fewer requests than a percentile wants were simulated. */
  readonly isHollow: boolean;
  /** By cost line; they sum to costUsd. */
  readonly lines: Readonly<Record<string, number>>;
  /** Booked: purchases amortized, commitments spread over their term. */
  readonly costUsd: number;
  /** Paid in this month. */
  readonly cashUsd: number;
  readonly cumulativeUsd: number;
  readonly cumulativeCashUsd: number;
}

/** A strategy with a way to pay for its GPUs, over all months. */
export interface ProjectionOption {
  /** "api:PROVIDER", or "own/rented", "own/committed:ID", "own/purchased", "hybrid/...". */
  readonly id: string;
  readonly label: string;
  readonly strategy: string;
  readonly financing: FinancingKind;
  readonly months: readonly OptionMonth[];
  /** Sums of the booked cost by line: the TCO. */
  readonly lineTotals: Readonly<Record<string, number>>;
  readonly totalUsd: number;
  /** All payments, the value that is left at the end taken off. */
  readonly totalCashUsd: number;
  /** Paid for servers. */
  readonly capexUsd: number;
  /** Book value of owned servers after the last month. */
  readonly residualUsd: number;
  /** What commitments still bind to pay for months after the plan; in none of the other figures. */
  readonly obligationUsd: number;
  /** Present value of all payments at the plan's discount rate; the residual counts as sold at the end. */
  readonly presentCostUsd: number;
  /** Booked cost per million tokens. */
  readonly usdPerMTok: number;
  /** Months in which a target is missed or requests are lost. */
  readonly invalidMonths: readonly number[];
}

/** An option beside the baseline. */
export interface OptionComparison {
  readonly option: string;
  readonly baseline: string;
  /** First month whose booked cost is below the baseline's; null for none. */
  readonly firstCheaperMonth: number | null;
  /** First month from which it stays below to the end. */
  readonly cheaperFromMonth: number | null;
  /** First month from which all that was paid is no more than the baseline's, to the end; what is owned counts nothing. */
  readonly paybackMonth: number | null;
  /** Baseline less option. */
  readonly savedUsd: number;
  readonly presentGainUsd: number;
}

/** The projection. */
export interface Projection {
  readonly scenario: { readonly name: string; readonly seed: number };
  readonly monthHours: number;
  /** With every default. */
  readonly plan: ProjectionPlan;
  readonly replications: number;
  readonly maxGpus: number;
  /** Volumes of the grid; null where each month's own volume was simulated. */
  readonly gridTokens: readonly number[] | null;
  readonly months: readonly PlanMonth[];
  readonly strategies: readonly Strategy[];
  readonly options: readonly ProjectionOption[];
  /** The cheapest API by present cost; where there is none, the dearest option. */
  readonly baseline: string;
  readonly comparisons: readonly OptionComparison[];
  /** The cheapest by present cost among options that are valid in every month; null without any. */
  readonly cheapest: string | null;
  readonly sentence: string;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}
