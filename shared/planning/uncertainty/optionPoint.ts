/** One option at one set of inputs as a job: what a month costs, and whether the targets are met. */
import type { Scenario } from "../../schema/scenario.ts";
import { mean } from "../../stats/summary.ts";
import { InputError } from "../../units/errors.ts";
import { gpusOf } from "../breakEven/fleetUnits.ts";
import { cheapestValidFleet } from "../breakEven/searchFleet.ts";
import { applyStrategy, type Strategy } from "../breakEven/strategies.ts";
import type { JobContext } from "../jobs/job.ts";
import { runPriced } from "../points/pricedRuns.ts";
import { missedTargets, type OutcomeFigures } from "../points/runFigures.ts";

/** Input of the job. */
export interface OptionPointInput {
  /** Sound, with the uncertain inputs set. */
  readonly scenario: Scenario;
  /** How it is served; the scenario as it is where there is none. */
  readonly strategy?: Strategy;
  /** chosen: the fewest GPUs that keep the targets, for a mix the cheapest; given: as many as the scenario has. */
  readonly fleet: "chosen" | "given";
  readonly replications: number;
  readonly maxGpus: number;
  /** Where the search of a fleet begins, one number per unit. */
  readonly start?: readonly number[];
}

/** What the option came to. */
export interface OptionPoint {
  /** Mean over the replications, USD; null where it could not be run. */
  readonly monthUsd: number | null;
  /** Every target is kept and every request answered in every replication. */
  readonly isValid: boolean;
  /** What is missed, or why it could not be run. */
  readonly missed: readonly string[];
  readonly gpus: number;
  /** Numbers of the units of its fleet. */
  readonly counts: readonly number[];
}

/** Runs the option, its fleet searched or as given. */
export function runOptionPoint(input: OptionPointInput, context: JobContext): OptionPoint {
  const quiet: JobContext = { ...context, onProgress: () => {} };
  try {
    return input.fleet === "given" ? asGiven(input, quiet) : searched(input, quiet);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { monthUsd: null, isValid: false, missed: [error.message], gpus: 0, counts: [] };
  }
}

function served({ scenario, strategy }: OptionPointInput): Scenario {
  return strategy === undefined ? scenario : applyStrategy(scenario, strategy);
}

function meanUsd(figures: readonly OutcomeFigures[]): number {
  return mean(figures.map(({ cost }) => cost.monthUsd)) ?? 0;
}

function searched(input: OptionPointInput, context: JobContext): OptionPoint {
  const { strategy, replications, maxGpus, start } = input;
  const answer = cheapestValidFleet(
    {
      scenario: served(input),
      objective: strategy?.kind === "own" ? "fewestGpus" : "leastCost",
      replications,
      maxGpus,
      start,
    },
    (scenario, replication) => runPriced(scenario, replication, context),
  );
  return {
    monthUsd: meanUsd(answer.figures),
    isValid: answer.isValid,
    missed: answer.missed,
    gpus: gpusOf(answer.units, answer.counts),
    counts: answer.counts,
  };
}

function asGiven(input: OptionPointInput, context: JobContext): OptionPoint {
  const scenario = served(input);
  const figures = Array.from({ length: input.replications }, (_, replication) =>
    runPriced(scenario, replication, context),
  );
  const missed = figures.map(missedTargets).find((each) => each.length > 0) ?? [];
  const gpus = scenario.pools
    .filter(({ partition }) => partition === undefined)
    .reduce((sum, pool) => sum + pool.replicas * pool.tensorParallel, 0);
  const cut = scenario.partitions.reduce((sum, partition) => sum + partition.gpus, 0);
  return {
    monthUsd: meanUsd(figures),
    isValid: missed.length === 0,
    missed,
    gpus: gpus + cut,
    counts: [],
  };
}
