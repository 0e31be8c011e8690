/** Options of the commands over break-even studies, and running one. */

import {
  type BreakEvenOptions,
  type BreakEvenStudy,
  breakEvenDefaults,
} from "../../../shared/planning/breakEven/breakEvenStudy.ts";
import { runBreakEven } from "../../../shared/planning/breakEven/runBreakEven.ts";
import { JobCancelled } from "../../../shared/planning/jobs/job.ts";
import { type CommandIo, type CommandOption, type ParsedArgs, UsageError } from "../command.ts";
import { textOption } from "./caseFile.ts";
import { jobOptions, withJobs } from "./jobSession.ts";
import {
  overridesOf,
  readScenario,
  type ScenarioInput,
  scenarioOptions,
  wholeNumber,
} from "./scenarioInput.ts";

/** Options of a command that runs a break-even study. */
export const breakEvenOptions: Record<string, CommandOption> = {
  ...scenarioOptions,
  ...jobOptions,
  from: {
    type: "string",
    help: "least tokens a month, e.g. 50M; default an eighth of the lesser of the traffic's own month and the analytic crossing",
  },
  to: {
    type: "string",
    help: "most tokens a month, e.g. 5B; default twice the greater of the two",
  },
  points: {
    type: "string",
    help: `volumes, evenly spaced in their logarithm; default ${breakEvenDefaults.points}`,
  },
  replications: {
    type: "string",
    help: `runs of each volume and strategy with other draws; default ${breakEvenDefaults.replications}`,
  },
  strategies: {
    type: "string",
    help: "ids with commas, or api, own, hybrid for all of a kind; default all that the scenario allows",
  },
  "max-gpus": {
    type: "string",
    help: `most GPUs of a fleet; default ${breakEvenDefaults.maxGpus}`,
  },
};

const tokenUnits: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  b: 1e9,
  g: 1e9,
  t: 1e12,
};

/** Tokens given as "50M", "5B", "1.5e9" or "200000000"; undefined when not given. Throws UsageError. */
export function tokensOption(args: ParsedArgs, name: string): number | undefined {
  const text = textOption(args, name);
  if (text === undefined) return undefined;
  const parts = /^(\d+(?:\.\d+)?(?:e\d{1,2})?)\s*([kmbgt]?)$/i.exec(text.trim());
  const tokens = parts === null ? 0 : Number(parts[1]) * tokenUnits[parts[2].toLowerCase()];
  if (tokens > 0 && tokens < Infinity) return tokens;
  throw new UsageError(
    `--${name} wants tokens a month above 0, found "${text}"`,
    `--${name} 50M, --${name} 5B or --${name} 1.5e9`,
  );
}

function namesOption(args: ParsedArgs, name: string): string[] | undefined {
  const text = textOption(args, name);
  if (text === undefined) return undefined;
  const names = text.split(",").map((each) => each.trim());
  if (names.every((each) => each !== "")) return names;
  throw new UsageError(`--${name} is "${text}"`, "it is names with commas between them");
}

/** What the options ask of a study. Throws UsageError. */
export function studyOptionsOf(args: ParsedArgs): BreakEvenOptions {
  const { values } = args;
  return {
    from: tokensOption(args, "from"),
    to: tokensOption(args, "to"),
    points: wholeNumber(values.points, "--points", 1, 500),
    replications: wholeNumber(values.replications, "--replications", 1, 100),
    strategies: namesOption(args, "strategies"),
    maxGpus: wholeNumber(values["max-gpus"], "--max-gpus", 1, 100_000),
  };
}

/** The scenario of a command's only argument, with its traces and the seed that was given. Throws UsageError, InputError. */
export async function readStudied(args: ParsedArgs, command: string): Promise<ScenarioInput> {
  const { positionals, values } = args;
  if (positionals.length !== 1) {
    throw new UsageError(`${command} wants one scenario file, found ${positionals.length}`);
  }
  const seed = wholeNumber(values.seed, "--seed", 0, Number.MAX_SAFE_INTEGER);
  const input = await readScenario(positionals[0], {
    overrides: overridesOf(values),
    acceptRejects: values["accept-rejects"] === true,
  });
  const { scenario } = input;
  return seed === undefined ? input : { ...input, scenario: { ...scenario, seed } };
}

/** Runs the study on worker threads with progress; undefined when stopped. What was said of the scenario's file stands first among the warnings. */
export async function runStudied(
  io: CommandIo,
  args: ParsedArgs,
  input: ScenarioInput,
): Promise<BreakEvenStudy | undefined> {
  const options = studyOptionsOf(args);
  try {
    const study = await withJobs(io, args.values, input.traces, ({ runner, watcher }) =>
      runBreakEven(runner, input.scenario, options, watcher()),
    );
    return { ...study, warnings: [...(input.warnings ?? []), ...study.warnings] };
  } catch (error) {
    if (!(error instanceof JobCancelled)) throw error;
    io.stderr("crossover: stopped; nothing was written, and volumes that were done are kept\n");
    return undefined;
  }
}
