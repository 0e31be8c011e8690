/** From the months' fleets to options: strategies times ways to pay for their GPUs. */
import type { Commitment, ProjectionPlan } from "../../schema/projectionPlan.ts";
import { tokensPerMTok } from "../../units/units.ts";
import type { Strategy } from "../breakEven/strategies.ts";
import { committed, type GpuMonth, type GpuNeed, purchased, rented } from "./financing.ts";
import { cumulative, discountFactor, type MonthCash, presentValue } from "./money.ts";
import type { MonthFleet } from "./monthFleets.ts";
import type { FinancingKind, OptionMonth, ProjectionOption } from "./projectionReport.ts";
import type { PlanMonth } from "./timeline.ts";

/** A strategy over all months. */
export interface StrategyMonths {
  readonly strategy: Strategy;
  /** One per month of the plan. */
  readonly fleets: readonly MonthFleet[];
}

/** What options are built from. */
export interface OptionInput {
  readonly plan: ProjectionPlan;
  readonly months: readonly PlanMonth[];
  readonly monthHours: number;
}

/** A way to pay for own GPUs, worked out over the months. */
interface Financed {
  readonly kind: FinancingKind;
  readonly suffix: string;
  readonly label: string;
  readonly months: readonly GpuMonth[];
  readonly residualUsd: number;
  readonly capexUsd: number;
  readonly obligationUsd: number;
}

function needsOf({ fleets }: StrategyMonths, monthHours: number): GpuNeed[] {
  return fleets.map(({ gpus, heldShare, gpuUsd, busyFraction }) => ({
    gpus,
    gpuHours: gpus * heldShare * monthHours,
    rentUsd: gpuUsd,
    busyFraction,
  }));
}

function commitmentLabel({ label, id, termMonths, discount }: Commitment): string {
  return `${label ?? id}, ${termMonths} months at ${Number((discount * 100).toPrecision(3))} % off`;
}

/** All ways to pay for the GPUs of a strategy; one without GPUs for a strategy on an API alone. */
function financingsOf(own: StrategyMonths, input: OptionInput): Financed[] {
  const { plan, months, monthHours } = input;
  const nothing = { residualUsd: 0, capexUsd: 0, obligationUsd: 0 };
  const needs = needsOf(own, monthHours);
  const onDemand = rented(needs);
  if (own.strategy.kind === "api") {
    return [{ kind: "none", suffix: "", label: "", months: onDemand, ...nothing }];
  }
  const ways: Financed[] = [
    { kind: "rented", suffix: "/rented", label: "rented on demand", months: onDemand, ...nothing },
  ];
  for (const each of plan.commitments) {
    ways.push({
      ...{ kind: "committed", suffix: `/committed:${each.id}`, label: commitmentLabel(each) },
      ...nothing,
      ...committed(needs, each, monthHours),
    });
  }
  if (plan.purchase !== undefined) {
    const prices = months.map((each) => each.prices);
    const bought = purchased(needs, plan.purchase, prices, monthHours);
    ways.push({ kind: "purchased", suffix: "/purchased", label: "bought", ...nothing, ...bought });
  }
  return ways;
}

/** Booked lines of a month; those that cost nothing in an option without GPUs stand out. */
function linesOf(fleet: MonthFleet, own: GpuMonth, hasGpus: boolean): Record<string, number> {
  const { licenceUsd: licence, apiUsd: api, fixedUsd: fixed } = fleet;
  return hasGpus ? { ...own.lines, licence, api, fixed } : { api, fixed };
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function optionMonths(own: StrategyMonths, way: Financed): OptionMonth[] {
  const isOwn = way.kind !== "none";
  const lines = own.fleets.map((fleet, i) => linesOf(fleet, way.months[i], isOwn));
  const costs = lines.map((each) => sum(Object.values(each)));
  const cash = cashOf(own, way).map(({ beginUsd, endUsd }) => beginUsd + endUsd);
  const [costsSoFar, cashSoFar] = [cumulative(costs), cumulative(cash)];
  return own.fleets.map((fleet, i) => ({
    month: i + 1,
    gpus: fleet.gpus,
    boundGpus: way.months[i].boundGpus,
    basis: fleet.basis,
    simulatedTokens: fleet.simulatedTokens,
    isValid: fleet.isValid,
    isHollow: fleet.isHollow,
    lines: lines[i],
    costUsd: costs[i],
    cashUsd: cash[i],
    cumulativeUsd: costsSoFar[i],
    cumulativeCashUsd: cashSoFar[i],
  }));
}

/** Payments: licences, APIs and fixed costs at the end of each month, GPUs as they are financed. */
function cashOf(own: StrategyMonths, way: Financed): MonthCash[] {
  return own.fleets.map(({ licenceUsd, apiUsd, fixedUsd }, i) => {
    const { beginUsd, endUsd } = way.months[i].cash;
    return { beginUsd, endUsd: endUsd + licenceUsd + apiUsd + fixedUsd };
  });
}

function buildOption(own: StrategyMonths, way: Financed, input: OptionInput): ProjectionOption {
  const { plan, months: timeline } = input;
  const months = optionMonths(own, way);
  const lineTotals: Record<string, number> = {};
  for (const { lines } of months) {
    for (const [line, usd] of Object.entries(lines)) {
      lineTotals[line] = (lineTotals[line] ?? 0) + usd;
    }
  }
  const last = months[months.length - 1];
  const paid = presentValue(cashOf(own, way), plan.discountPerYear);
  const left = way.residualUsd * discountFactor(plan.discountPerYear, months.length);
  const tokens = sum(timeline.map((each) => each.monthTokens));
  const { strategy } = own;
  return {
    id: `${strategy.id}${way.suffix}`,
    label: way.label === "" ? strategy.label : `${strategy.label}, ${way.label}`,
    strategy: strategy.id,
    financing: way.kind,
    months,
    lineTotals,
    totalUsd: last.cumulativeUsd,
    totalCashUsd: last.cumulativeCashUsd - way.residualUsd,
    capexUsd: way.capexUsd,
    residualUsd: way.residualUsd,
    obligationUsd: way.obligationUsd,
    presentCostUsd: paid - left,
    usdPerMTok: (last.cumulativeUsd / tokens) * tokensPerMTok,
    invalidMonths: months.filter((each) => !each.isValid).map((each) => each.month),
  };
}

/** Every option of the strategies, in their order. */
export function buildOptions(
  strategies: readonly StrategyMonths[],
  input: OptionInput,
): ProjectionOption[] {
  return strategies.flatMap((own) =>
    financingsOf(own, input).map((way) => buildOption(own, way, input)),
  );
}
