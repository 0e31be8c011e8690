/** What a projection says in words. */
import type { ProjectionPlan } from "../../schema/projectionPlan.ts";
import type { StudyPlan } from "../breakEven/runBreakEven.ts";
import type { StrategyMonths } from "./buildOptions.ts";
import type { OptionComparison, ProjectionOption } from "./projectionReport.ts";
import type { PlanMonth } from "./timeline.ts";

function usd(value: number): string {
  const rounded =
    Math.abs(value) < 1000 ? Number(value.toPrecision(3)) : Number(value.toPrecision(4));
  const [whole, cents] = String(Math.abs(rounded)).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${value < 0 ? "-" : ""}$${grouped}${cents === undefined ? "" : `.${cents}`}`;
}

/** The answer: which option costs least over the plan, against the API, and when it passes it. */
export function projectionSentence(
  months: readonly PlanMonth[],
  baseline: ProjectionOption,
  cheapest: ProjectionOption | undefined,
  comparisons: readonly OptionComparison[],
): string {
  const span = months.length === 1 ? "one month" : `${months.length} months`;
  if (cheapest === undefined) {
    return `No option keeps every target in each of ${span}; see the months marked as invalid.`;
  }
  const start = `Over ${span} the least is ${cheapest.label}: ${usd(cheapest.presentCostUsd)} at present value`;
  if (cheapest === baseline) return `${start}; nothing valid beats it.`;
  const own = comparisons.find((each) => each.option === cheapest.id)!;
  const gain = `${usd(own.presentGainUsd)} less than ${baseline.label}`;
  const from = own.cheaperFromMonth;
  const crossing =
    from === null
      ? "its last month costs more than the other's"
      : from === 1
        ? "cheaper in every month"
        : `cheaper from month ${from} on`;
  const back =
    own.paybackMonth === null
      ? "not paid back within the plan"
      : `paid back by month ${own.paybackMonth}`;
  return `${start}, ${gain}; ${crossing}, ${back}.`;
}

/** What was assumed. */
export function projectionNotes(
  { setup, replications, strategies }: StudyPlan,
  plan: ProjectionPlan,
  byStrategy: readonly StrategyMonths[],
  gridTokens: readonly number[] | undefined,
): string[] {
  const hasHybrid = strategies.some(({ kind }) => kind === "hybrid");
  const isPartTime =
    plan.commitments.length > 0 &&
    byStrategy.some(({ fleets }) => fleets.some((each) => each.heldShare < 1 - 1e-9));
  const basis =
    gridTokens === undefined
      ? "Every month's volume was simulated as the break-even study does: the traffic's window repeated at that volume, the fewest whole GPUs that keep the targets."
      : `${gridTokens.length} volumes were simulated; a month between two of them has the fleet of the upper one, which is on the dear side for own GPUs, and API tokens in proportion.`;
  return [
    ...setup.notes,
    ...setup.trafficNotes,
    basis,
    `Runs per volume: ${replications}.`,
    ...(hasHybrid ? [hybridNote(gridTokens)] : []),
    "Money: payments for purchases and upfront shares at the beginning of a month, all others at its end; present values at the plan's discountPerYear; nothing is inflated but by the plan's prices.",
    ...(plan.purchase === undefined
      ? []
      : [
          "Servers are bought whole at the beginning of the month that needs them, serve at once, and stay for their life; what they are worth in the books at the end is credited to totals and present value, not to the payback month.",
        ]),
    ...(isPartTime
      ? [
          "Committed hours cover the hours of a fleet that is not always on as far as they reach, whenever those fall; its cost is the least possible.",
        ]
      : []),
    ...commitmentNotes(plan),
  ];
}

function hybridNote(gridTokens: readonly number[] | undefined): string {
  const prices = gridTokens === undefined ? "each month's own" : "the scenario's";
  return `A hybrid's fleet is the cheapest at ${prices} rent and API prices, also where its GPUs are committed or bought.`;
}

function commitmentNotes(plan: ProjectionPlan): string[] {
  return plan.commitments
    .filter(({ termMonths }) => plan.months % termMonths !== 0)
    .map(
      ({ id, termMonths }) =>
        `The last ${termMonths}-month term of "${id}" goes on after the plan; its upfront payment counts for the months within.`,
    );
}

/** What a reader must know before trusting the figures. */
export function projectionWarnings(options: readonly ProjectionOption[]): string[] {
  const seen = new Set<string>();
  const warnings: string[] = [];
  for (const { id, obligationUsd, strategy, months, invalidMonths } of options) {
    if (obligationUsd > 0) {
      warnings.push(
        `"${id}" is still bound to pay ${usd(obligationUsd)} for the months of its last term that lie after the plan; its figures leave them out.`,
      );
    }
    if (seen.has(strategy)) continue;
    seen.add(strategy);
    if (invalidMonths.length > 0) {
      warnings.push(
        `"${strategy}" misses a target or loses requests in ${invalidMonths.length} of ${months.length} months, first in month ${invalidMonths[0]}; those months are marked.`,
      );
    }
    const hollow = months.filter((each) => each.isHollow).length;
    if (hollow > 0) {
      warnings.push(
        `"${strategy}": ${hollow} months were simulated with fewer requests than their percentiles want.`,
      );
    }
  }
  return warnings;
}
