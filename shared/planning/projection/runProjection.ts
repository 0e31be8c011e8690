/** The projection of a scenario over the months of a plan: every month's volume simulated, its costs laid end to end. */
import type { ProjectionPlan } from "../../schema/projectionPlan.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { InputError } from "../../units/errors.ts";
import { formatTokens } from "../../units/figureText.ts";
import type { BreakEvenPoint } from "../breakEven/breakEvenPoint.ts";
import { breakEvenDefaults } from "../breakEven/breakEvenStudy.ts";
import { requireReachable, requireWithinLimit, type StudyPlan } from "../breakEven/runBreakEven.ts";
import { chooseStrategies } from "../breakEven/strategies.ts";
import { largestFactor, windowWarnings } from "../breakEven/trafficVolume.ts";
import type { JobWatcher } from "../jobs/job.ts";
import type { JobRunner } from "../jobs/jobs.ts";
import { buildOptions, type StrategyMonths } from "./buildOptions.ts";
import { cheapestOption, chooseBaseline, compareOption } from "./compareOptions.ts";
import { monthFleet } from "./monthFleets.ts";
import { gridOf, type PlannedPoints, planPoints } from "./monthPoints.ts";
import type { Projection, ProjectionOption } from "./projectionReport.ts";
import { projectionNotes, projectionSentence, projectionWarnings } from "./projectionTexts.ts";
import { monthsOf, type PlanMonth } from "./timeline.ts";

/** What is asked of a projection beside its plan. */
export interface ProjectionOptions {
  /** Ids, or "api", "own", "hybrid"; default all. */
  readonly strategies?: readonly string[];
  /** Runs of each volume with other draws; default 1. */
  readonly replications?: number;
  readonly maxGpus?: number;
  /** Simulate this many volumes and bracket the months between them; default every month's own volume. */
  readonly grid?: number;
}

type Watcher = Pick<JobWatcher<BreakEvenPoint>, "isCancelled" | "onProgress">;

/** A watcher of the part of the work from `from` to `to`, 0..1. */
function part(watcher: Watcher, from: number, to: number): Watcher {
  return {
    isCancelled: () => watcher.isCancelled?.() ?? false,
    onProgress: (share) => watcher.onProgress?.(from + (to - from) * share),
  };
}

/** Refuses volumes to which the trace cannot be multiplied. */
function requireReplayable(study: StudyPlan, months: readonly PlanMonth[]): void {
  const most = Math.max(...months.map((each) => each.monthTokens));
  const own = study.setup.measured.monthTokens;
  const factor = largestFactor(study.scenario);
  if (most > own * factor) {
    const month = months.find((each) => each.monthTokens > own * factor)!.month;
    throw new InputError(
      `Month ${month} of the plan is beyond ${formatTokens(own * factor)} tokens a month, ${factor} times the traffic, the most to which a trace is multiplied. Lower the growth, or shorten the plan.`,
      { field: "growth" },
    );
  }
  requireWithinLimit(study, most);
}

function strategyMonths(
  study: StudyPlan,
  months: readonly PlanMonth[],
  planned: PlannedPoints,
  results: readonly BreakEvenPoint[],
): StrategyMonths[] {
  return study.strategies.map((strategy) => ({
    strategy,
    fleets: months.map((month, i) => {
      const index = planned.pointOf(strategy, i);
      const { input, factorsFor } = planned.points[index];
      const factors = factorsFor(month);
      return monthFleet(input.scenario, strategy, results[index], month.monthTokens, factors);
    }),
  }));
}

function compareAll(options: readonly ProjectionOption[]) {
  const baseline = chooseBaseline(options);
  const comparisons = options
    .filter((each) => each !== baseline)
    .map((each) => compareOption(each, baseline));
  return { baseline, comparisons, cheapest: cheapestOption(options) };
}

/**
 * Projects a sound scenario over a plan. Throws InputError for what cannot be projected (before a month is simulated),
 * JobCancelled when the watcher says so. The same bytes for any runner.
 */
export async function runProjection(
  runner: JobRunner,
  scenario: Scenario,
  plan: ProjectionPlan,
  options: ProjectionOptions = {},
  watcher: Watcher = {},
): Promise<Projection> {
  const [setup] = await runner.run("breakEvenSetup", [{ scenario }], part(watcher, 0, 0.02));
  const study: StudyPlan = {
    ...{ scenario, setup },
    strategies:
      options.strategies === undefined
        ? setup.strategies
        : chooseStrategies(setup, options.strategies),
    replications: options.replications ?? 1,
    maxGpus: options.maxGpus ?? breakEvenDefaults.maxGpus,
  };
  if (study.strategies.length === 0) {
    throw new InputError(
      `The scenario has neither a provider nor a pool that can serve its traffic. ${setup.notes.join(" ")}`,
      { field: "rules" },
    );
  }
  const months = monthsOf(plan, setup.measured.monthTokens);
  requireReachable(study);
  requireReplayable(study, months);
  const gridTokens = options.grid === undefined ? undefined : gridOf(months, options.grid);
  const planned = planPoints(study, months, gridTokens);
  const inputs = planned.points.map((each) => each.input);
  const results = await runner.run("breakEvenPoint", inputs, part(watcher, 0.02, 1));
  const { monthHours, name, seed } = scenario;
  const byStrategy = strategyMonths(study, months, planned, results);
  const built = buildOptions(byStrategy, { plan, months, monthHours });
  const { baseline, comparisons, cheapest } = compareAll(built);
  const { replications, maxGpus, strategies } = study;
  return {
    scenario: { name, seed },
    ...{ monthHours, plan, replications, maxGpus, gridTokens: gridTokens ?? null },
    ...{ months, strategies, options: built, baseline: baseline.id, comparisons },
    cheapest: cheapest?.id ?? null,
    sentence: projectionSentence(months, baseline, cheapest, comparisons),
    notes: projectionNotes(study, plan, byStrategy, gridTokens),
    warnings: [...windowWarnings(setup.measured), ...projectionWarnings(built)],
  };
}
