/** Use case of a comparison: runs every scenario with the same seed, replication by replication, and puts the figures side by side. */

import { type ComparedRun, ComparisonStep } from "../../shared/planning/comparison/comparedRun.ts";
import {
  type ComparedScenario,
  type Comparison,
  compareScenarios,
} from "../../shared/planning/comparison/comparison.ts";
import type { RunInput } from "../../shared/planning/scenarioRun.ts";
import { InputError } from "../../shared/units/errors.ts";
import { RunCancelled, type RunWatcher } from "./runs.ts";

/** A scenario to compare, with the traces it names. */
export interface ComparisonInput {
  readonly file: string;
  readonly input: RunInput;
}

/** How to compare. */
export interface ComparisonPlan {
  readonly seed: number;
  readonly replications: number;
  /** Index of the pinned baseline. */
  readonly baseline: number;
}

const eventsPerStep = 200_000;

/** Runs and compares. Yields to the host between steps. Throws InputError that names the scenario that cannot run, RunCancelled when stopped. */
export async function runComparison(
  inputs: readonly ComparisonInput[],
  { seed, replications, baseline }: ComparisonPlan,
  watcher: RunWatcher,
): Promise<Comparison> {
  const all: ComparedScenario[] = [];
  for (const [index, { file, input }] of inputs.entries()) {
    const runs: ComparedRun[] = [];
    for (let replication = 0; replication < replications; replication++) {
      const done = index * replications + replication;
      const run = await named(file, () =>
        runOne(input, { seed, replication }, watcher, [done, inputs.length * replications]),
      );
      runs.push({ ...run, warnings: [...(input.warnings ?? []), ...run.warnings] });
    }
    all.push({ file, scenario: input.scenario, runs });
  }
  return compareScenarios(all, baseline, seed);
}

async function runOne(
  { scenario, traces }: RunInput,
  draws: { readonly seed: number; readonly replication: number },
  watcher: RunWatcher,
  [done, runs]: readonly [number, number],
): Promise<ComparedRun> {
  const step = new ComparisonStep({ scenario, ...draws }, { traces });
  while (step.run.step(eventsPerStep)) {
    watcher.onProgress(step.run.progress(), done, runs);
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (watcher.isCancelled()) throw new RunCancelled();
  }
  return step.result();
}

/** Does the work; an InputError then says in which file. */
async function named<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${file}: ${error.message}`, { field: error.field, hint: error.hint });
  }
}
