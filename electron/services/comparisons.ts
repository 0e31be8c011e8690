/** Use case of a comparison: runs every scenario with the same seed, replication by replication, and puts the figures side by side. */

import type {
  ComparedRun,
  ComparedRunInput,
} from "../../shared/planning/comparison/comparedRun.ts";
import {
  type ComparedScenario,
  type Comparison,
  compareScenarios,
} from "../../shared/planning/comparison/comparison.ts";
import type { JobWatcher } from "../../shared/planning/jobs/job.ts";
import type { JobRunner } from "../../shared/planning/jobs/jobs.ts";
import type { RunInput } from "../../shared/planning/scenarioRun.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";

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

/** Traces of all scenarios under names of their own, one for each trace however many scenarios play it. */
export interface NamedTraces {
  readonly traces: ReadonlyMap<string, TraceColumns>;
  /** By scenario: the name of each source's trace. */
  readonly names: readonly Readonly<Record<string, string>>[];
}

/** Gives the traces of all scenarios names that do not clash. */
export function nameTraces(inputs: readonly ComparisonInput[]): NamedTraces {
  const known = new Map<TraceColumns, string>();
  const names = inputs.map(({ input }) => {
    const own = [...input.traces].map(([source, trace]): [string, string] => {
      if (!known.has(trace)) known.set(trace, `trace${known.size}`);
      return [source, known.get(trace)!];
    });
    return Object.fromEntries(own);
  });
  return { traces: new Map([...known].map(([trace, name]) => [name, trace])), names };
}

/** Runs and compares. `runner` holds the traces of nameTraces. Throws InputError that names the scenario that cannot run, JobCancelled when stopped. */
export async function runComparison(
  inputs: readonly ComparisonInput[],
  names: NamedTraces["names"],
  { seed, replications, baseline }: ComparisonPlan,
  runner: JobRunner,
  watcher: JobWatcher<ComparedRun> = {},
): Promise<Comparison> {
  const jobs = inputs.flatMap(({ file, input }, index) =>
    Array.from(
      { length: replications },
      (_, replication): ComparedRunInput => ({
        ...{ scenario: input.scenario, seed, replication },
        ...{ traceNames: names[index], label: file },
      }),
    ),
  );
  const runs = await runner.run("compared", jobs, watcher);
  const all = inputs.map(({ file, input }, index): ComparedScenario => {
    const from = index * replications;
    const own = runs.slice(from, from + replications).map((run) => ({
      ...run,
      warnings: [...(input.warnings ?? []), ...run.warnings],
    }));
    return { file, scenario: input.scenario, runs: own };
  });
  return compareScenarios(all, baseline, seed);
}
