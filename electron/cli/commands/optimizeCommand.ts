/** `crossover optimize SCENARIO`: the least monthly cost under the scenario's targets, over GPUs, precision, backend, thresholds, schedules and licences. */
import { basename } from "node:path";
import { JobCancelled } from "../../../shared/planning/jobs/job.ts";
import { type Optimized, optimize } from "../../../shared/planning/optimizer/optimize.ts";
import { formatOptimum } from "../../../shared/reports/optimizeText.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import { serialiseScenario } from "../../../shared/schema/scenarioFile.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { atomicWriteFile } from "../../files/atomicWrite.ts";
import { realPathOf } from "../../files/realPath.ts";
import { loadCatalog } from "../../services/catalogFiles.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { jobOptions, withJobs } from "./jobSession.ts";
import { readSpace, spaceOptions } from "./optimizeSpace.ts";
import {
  overridesOf,
  readScenario,
  type ScenarioInput,
  scenarioOptions,
  wholeNumber,
} from "./scenarioInput.ts";

const defaultTop = 5;
const defaultReplications = 3;

/** The command: exit code 3 when no candidate meets the targets. */
export const optimizeCommand: Command = {
  name: "optimize",
  summary: "the cheapest fleet and routing that meet the targets, proven within its space",
  usage:
    "optimize SCENARIO [--gpus G,G] [--max-gpus N] [--precisions P,P] [--backends B,B] [--tp N,N] [--mig] [--routing] [--schedules S,S] [--licences L,L] [--space FILE.json] [--out FILE.crossover] [--json]",
  options: {
    ...scenarioOptions,
    ...spaceOptions,
    top: { type: "string", help: `alternatives to show; default ${defaultTop}` },
    replications: {
      type: "string",
      help: `runs that a candidate must pass, each with its own draws; default ${defaultReplications}`,
    },
    budget: {
      type: "string",
      help: "stop the search after so many seconds with the best found; the answer then says that it is not proven",
    },
    out: { type: "string", help: "write the best candidate as a scenario that stands alone" },
    ...jobOptions,
  },
  run: runOptimize,
};

async function runOptimize(io: CommandIo, args: ParsedArgs): Promise<number> {
  const { positionals, values } = args;
  if (positionals.length !== 1) {
    throw new UsageError(
      `optimize wants one scenario file, found ${positionals.length}`,
      optimizeCommand.usage,
    );
  }
  const [path] = positionals;
  const out = values.out === undefined ? undefined : String(values.out);
  refuseOverwrite(path, out);
  const seed = wholeNumber(values.seed, "--seed", 0, Number.MAX_SAFE_INTEGER);
  const settings = {
    top: wholeNumber(values.top, "--top", 1, 1000) ?? defaultTop,
    replications: wholeNumber(values.replications, "--replications", 1, 100) ?? defaultReplications,
  };
  const budgetS = wholeNumber(values.budget, "--budget", 1, 1_000_000);
  const space = await readSpace(values);
  const overrides = overridesOf(values);
  for (const each of overrides) refuseOverwrite(each.path, out);
  const acceptRejects = values["accept-rejects"] === true;
  const onRead = (read: string) => refuseOverwrite(read, out);
  const input = await readScenario(path, { overrides, acceptRejects, onRead });
  const scenario = seed === undefined ? input.scenario : { ...input.scenario, seed };
  const until = budgetS === undefined ? Infinity : io.now() + budgetS * 1000;
  const found = await search(io, values, { ...input, scenario }, (session) =>
    optimize({
      ...{ scenario, traces: input.traces, space, catalog: loadCatalog(), ...settings },
      runner: session.runner,
      pause: () => new Promise<void>((resolve) => setImmediate(resolve)),
      isOver: () => io.now() >= until,
      watch: (done, open) => session.watcher(partOf(done, open)),
    }),
  );
  if (found === undefined) return exitCodes.interrupted;
  return report(io, values, input, found, out);
}

/** Where a batch stands among those done and those to come. */
function partOf(done: number, open: number): [number, number] {
  const all = Math.max(1, done + open);
  return [done / all, Math.min(1, (done + 16) / all)];
}

async function search(
  io: CommandIo,
  values: ParsedArgs["values"],
  input: ScenarioInput,
  work: Parameters<typeof withJobs<Optimized>>[3],
): Promise<Optimized | undefined> {
  try {
    return await withJobs(io, values, input.traces, work);
  } catch (error) {
    if (!(error instanceof JobCancelled)) throw error;
    io.stderr("crossover: stopped; nothing was written\n");
    return undefined;
  }
}

function report(
  io: CommandIo,
  values: ParsedArgs["values"],
  input: ScenarioInput,
  { result, scenarios }: Optimized,
  out: string | undefined,
): number {
  for (const warning of input.warnings ?? []) io.stderr(`crossover: ${warning}\n`);
  io.stdout(values.json ? `${JSON.stringify(result, undefined, 2)}\n` : formatOptimum(result));
  const [best] = scenarios;
  if (best === undefined) {
    if (out !== undefined)
      io.stderr("crossover: nothing was written: no candidate meets the targets\n");
    return exitCodes.badInput;
  }
  if (out !== undefined) writeBest(io, best, result.alternatives[0].text, out);
  return input.rejectedRows > 0 ? exitCodes.rowsRejected : exitCodes.ok;
}

function writeBest(io: CommandIo, best: Scenario, text: string, out: string): void {
  const name = `${best.name}: ${text}`.slice(0, 200);
  atomicWriteFile(out, serialiseScenario({ ...best, name }));
  io.stderr(`crossover: wrote ${basename(out)}\n`);
}

function refuseOverwrite(read: string, target: string | undefined): void {
  if (target === undefined || realPathOf(target) !== realPathOf(read)) return;
  throw new InputError(`--out names the file that is read, ${read}. Wanted another file.`, {
    field: "out",
  });
}
