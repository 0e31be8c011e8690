/** `crossover compare A B ...`: up to eight scenarios with the same arrivals and the same random numbers, side by side. */
import {
  type Comparison,
  leastCompared,
  letterOf,
  mostCompared,
} from "../../../shared/planning/comparison/comparison.ts";
import { JobCancelled } from "../../../shared/planning/jobs/job.ts";
import { formatComparison } from "../../../shared/reports/comparisonText.ts";
import { ProblemsError } from "../../../shared/schema/findings.ts";
import { InputError } from "../../../shared/units/errors.ts";
import {
  type ComparisonInput,
  type ComparisonPlan,
  nameTraces,
  runComparison,
} from "../../services/comparisons.ts";
import type { FetchedTrace, FetchTrace, TraceOverride } from "../../services/runs.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { jobOptions, withJobs } from "./jobSession.ts";
import {
  fetchTrace,
  overridesOf,
  readScenario,
  type ScenarioInput,
  scenarioOptions,
  wholeNumber,
} from "./scenarioInput.ts";

const defaultReplications = 5;

/** The command. */
export const compareCommand: Command = {
  name: "compare",
  summary: "compare two to eight scenarios: inputs, figures, differences with intervals",
  usage:
    "compare A.crossover B.crossover [... up to eight] [--baseline N] [--replications N] [--seed N] [--json]",
  options: {
    ...scenarioOptions,
    ...jobOptions,
    trace: {
      ...scenarioOptions.trace,
      help: "FILE, or SOURCE=FILE: replay it in every scenario in place of its own trace",
    },
    seed: {
      type: "string",
      help: "a whole number for all scenarios; default: the baseline's seed",
    },
    baseline: {
      type: "string",
      help: "which scenario the others are held against: 1 (default) for the first, 2, ...",
    },
    replications: {
      type: "string",
      help: `runs of each scenario, replication k of all with the same draws; default ${defaultReplications}`,
    },
  },
  run: runCompare,
};

async function runCompare(io: CommandIo, { positionals, values }: ParsedArgs): Promise<number> {
  const count = positionals.length;
  if (count < leastCompared || count > mostCompared) {
    throw new UsageError(
      `compare wants ${leastCompared} to ${mostCompared} scenario files, found ${count}`,
      compareCommand.usage,
    );
  }
  const baseline = (wholeNumber(values.baseline, "--baseline", 1, count) ?? 1) - 1;
  const replications =
    wholeNumber(values.replications, "--replications", 1, 10_000) ?? defaultReplications;
  const givenSeed = wholeNumber(values.seed, "--seed", 0, Number.MAX_SAFE_INTEGER);
  const inputs = await readAll(positionals, {
    overrides: overridesOf(values),
    acceptRejects: values["accept-rejects"] === true,
  });
  const seed = givenSeed ?? inputs[baseline].input.scenario.seed;
  const comparison = await compareAll(io, values, inputs, { seed, replications, baseline });
  if (comparison === undefined) return exitCodes.interrupted;
  for (const { input, file } of inputs) {
    if (givenSeed !== undefined || input.scenario.seed === seed) continue;
    io.stderr(
      `crossover: ${file} has seed ${input.scenario.seed}; all scenarios run with the baseline's, ${seed}\n`,
    );
  }
  io.stdout(
    values.json ? `${JSON.stringify(comparison, undefined, 2)}\n` : formatComparison(comparison),
  );
  return inputs.some(({ input }) => input.rejectedRows > 0) ? exitCodes.rowsRejected : exitCodes.ok;
}

/** Runs on worker threads; undefined when stopped. */
async function compareAll(
  io: CommandIo,
  values: ParsedArgs["values"],
  inputs: readonly ComparisonInput[],
  plan: ComparisonPlan,
): Promise<Comparison | undefined> {
  const { traces, names } = nameTraces(inputs);
  try {
    return await withJobs(io, values, traces, ({ runner, watcher }) =>
      runComparison(inputs, names, plan, runner, watcher()),
    );
  } catch (error) {
    if (!(error instanceof JobCancelled)) throw error;
    io.stderr("crossover: stopped; nothing was written\n");
    return undefined;
  }
}

interface ReadInput extends ComparisonInput {
  readonly input: ScenarioInput;
}

/** Every scenario before any runs; a trace that several name is loaded once. */
async function readAll(
  paths: readonly string[],
  reading: { readonly overrides: readonly TraceOverride[]; readonly acceptRejects: boolean },
): Promise<ReadInput[]> {
  const fetch = fetchOnce();
  const inputs: ReadInput[] = [];
  for (const [index, file] of paths.entries()) {
    try {
      inputs.push({ file, input: await readScenario(file, { ...reading, fetch }) });
    } catch (error) {
      throw named(`scenario ${letterOf(index)}, ${file}`, error);
    }
  }
  return inputs;
}

function named(which: string, error: unknown): unknown {
  if (error instanceof ProblemsError) return new ProblemsError(which, error.problems);
  if (!(error instanceof InputError)) return error;
  const { message, field, hint } = error;
  return new InputError(`${which}: ${message}`, { field, hint });
}

function fetchOnce(): FetchTrace {
  const known = new Map<string, Promise<FetchedTrace>>();
  return (path, request) => {
    const key = JSON.stringify([path, request]);
    if (!known.has(key)) known.set(key, fetchTrace(path, request));
    return known.get(key)!;
  };
}
