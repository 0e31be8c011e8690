/** `crossover project SCENARIO`: own GPUs and APIs over the months ahead: growth, prices, commitments, purchase. */
import { basename } from "node:path";
import { JobCancelled } from "../../../shared/planning/jobs/job.ts";
import type { Projection } from "../../../shared/planning/projection/projectionReport.ts";
import {
  type ProjectionOptions,
  runProjection,
} from "../../../shared/planning/projection/runProjection.ts";
import { formatProjection } from "../../../shared/reports/projectionText.ts";
import {
  maxPlanMonths,
  type ProjectionPlan,
  projectionPlanSchema,
} from "../../../shared/schema/projectionPlan.ts";
import { maxPlanCharacters, parsePlan } from "../../../shared/schema/projectionPlanFile.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { jobOptions, withJobs } from "./jobSession.ts";
import {
  overridesOf,
  readScenario,
  type ScenarioInput,
  scenarioOptions,
  wholeNumber,
} from "./scenarioInput.ts";

/** The command. */
export const projectCommand: Command = {
  name: "project",
  summary: "costs over the months ahead: growth, prices, commitments, purchase, payback",
  usage:
    "project SCENARIO [--plan FILE.json] [--months N] [--growth 8%] [--strategies api,own,...] [--grid N] [--json]",
  options: {
    ...scenarioOptions,
    ...jobOptions,
    plan: {
      type: "string",
      help: "a plan: growth, prices over time, commitments, purchase; default the scenario's projection",
    },
    months: { type: "string", help: `months ahead, 1 to ${maxPlanMonths}; default the plan's, 36` },
    growth: {
      type: "string",
      help: "of the tokens each month over the last, e.g. 8%; default the plan's, 0",
    },
    "gpu-price": { type: "string", help: "change of GPU rents in a year, e.g. -20%" },
    "api-price": { type: "string", help: "change of API prices in a year, e.g. -30%" },
    "discount-rate": { type: "string", help: "of later money, a year, e.g. 8%" },
    strategies: {
      type: "string",
      help: "ids, or api, own, hybrid, with commas between; default all",
    },
    replications: { type: "string", help: "runs of each volume with other draws; default 1" },
    "max-gpus": { type: "string", help: "most GPUs of a fleet; default 512" },
    grid: {
      type: "string",
      help: "simulate N volumes and bracket the months between; default every month's own volume",
    },
  },
  run: runProject,
};

async function runProject(io: CommandIo, { positionals, values }: ParsedArgs): Promise<number> {
  if (positionals.length !== 1) {
    throw new UsageError(`project wants one scenario file, found ${positionals.length}`);
  }
  const options = optionsOf(values);
  const change = changesOf(values);
  const seed = wholeNumber(values.seed, "--seed", 0, Number.MAX_SAFE_INTEGER);
  const input = await readScenario(positionals[0], {
    overrides: overridesOf(values),
    acceptRejects: values["accept-rejects"] === true,
  });
  const scenario = seed === undefined ? input.scenario : { ...input.scenario, seed };
  const { plan, warnings } = await planOf(values, scenario);
  for (const text of [...(input.warnings ?? []), ...warnings]) io.stderr(`crossover: ${text}\n`);
  const projection = await projectOn(io, values, input, scenario, change(plan), options);
  if (projection === undefined) return exitCodes.interrupted;
  io.stdout(
    values.json ? `${JSON.stringify(projection, undefined, 2)}\n` : formatProjection(projection),
  );
  return input.rejectedRows > 0 ? exitCodes.rowsRejected : exitCodes.ok;
}

async function projectOn(
  io: CommandIo,
  values: ParsedArgs["values"],
  { traces }: ScenarioInput,
  scenario: Scenario,
  plan: ProjectionPlan,
  options: ProjectionOptions,
): Promise<Projection | undefined> {
  try {
    return await withJobs(io, values, traces, ({ runner, watcher }) =>
      runProjection(runner, scenario, plan, options, watcher()),
    );
  } catch (error) {
    if (!(error instanceof JobCancelled)) throw error;
    io.stderr("crossover: stopped; nothing was written\n");
    return undefined;
  }
}

function optionsOf(values: ParsedArgs["values"]): ProjectionOptions {
  const names = values.strategies === undefined ? undefined : String(values.strategies).split(",");
  return {
    strategies: names?.map((each) => each.trim()).filter((each) => each !== ""),
    replications: wholeNumber(values.replications, "--replications", 1, 1000),
    maxGpus: wholeNumber(values["max-gpus"], "--max-gpus", 1, 65_536),
    grid: wholeNumber(values.grid, "--grid", 2, maxPlanMonths),
  };
}

/** The plan of --plan, else of the scenario, else all defaults. */
async function planOf(values: ParsedArgs["values"], scenario: Scenario) {
  if (values.plan === undefined) {
    return { plan: scenario.projection ?? projectionPlanSchema.parse({}), warnings: [] };
  }
  const path = String(values.plan);
  const { plan, warnings } = parsePlan(await readTextFile(path, maxPlanCharacters), basename(path));
  return { plan, warnings: warnings.map(({ field, message }) => `${field}: ${message}`) };
}

/** What the options change in a plan. Throws UsageError. */
function changesOf(values: ParsedArgs["values"]): (plan: ProjectionPlan) => ProjectionPlan {
  const months = wholeNumber(values.months, "--months", 1, maxPlanMonths);
  const growth = shareOf(values.growth, "--growth", -0.99, 10);
  const gpu = shareOf(values["gpu-price"], "--gpu-price", -0.99, 10);
  const api = shareOf(values["api-price"], "--api-price", -0.99, 10);
  const rate = shareOf(values["discount-rate"], "--discount-rate", 0, 1);
  return (plan) => ({
    ...plan,
    months: months ?? plan.months,
    growth: growth === undefined ? plan.growth : { kind: "compound", perMonth: growth },
    discountPerYear: rate ?? plan.discountPerYear,
    prices: {
      ...plan.prices,
      gpu: { ...plan.prices.gpu, perYear: gpu ?? plan.prices.gpu.perYear },
      api: { ...plan.prices.api, perYear: api ?? plan.prices.api.perYear },
    },
  });
}

/** "8%" or "0.08" as a share; undefined when not given. Throws UsageError. */
export function shareOf(
  value: ParsedArgs["values"][string],
  option: string,
  least: number,
  most: number,
): number | undefined {
  if (value === undefined) return undefined;
  const found = /^([+-]?\d+(?:\.\d+)?) ?(%?)$/.exec(String(value).trim());
  const isPercent = found?.[2] === "%";
  const share = found === null ? Number.NaN : Number(found[1]) / (isPercent ? 100 : 1);
  const isClear = isPercent || Math.abs(share) <= 1;
  if (share >= least && share <= most && isClear) return share;
  throw new UsageError(
    `${option} wants a percentage like 8% (or a share like 0.08) from ${least * 100} % to ${most * 100} %, found "${value}"`,
  );
}
