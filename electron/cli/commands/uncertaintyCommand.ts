/** `crossover uncertainty`: with inputs that are not known exactly, which option wins how often, and what flips it. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { breakEvenDefaults } from "../../../shared/planning/breakEven/breakEvenStudy.ts";
import {
  chooseStrategies,
  listStrategies,
  type StrategyList,
} from "../../../shared/planning/breakEven/strategies.ts";
import { JobCancelled } from "../../../shared/planning/jobs/job.ts";
import { parseUncertain } from "../../../shared/planning/uncertainty/distributions.ts";
import {
  maxSamples,
  planUncertainty,
  type UncertainOption,
} from "../../../shared/planning/uncertainty/planUncertainty.ts";
import { runUncertainty } from "../../../shared/planning/uncertainty/runUncertainty.ts";
import type { UncertaintyResult } from "../../../shared/planning/uncertainty/uncertaintyResult.ts";
import { formatUncertainty, uncertaintyCsv } from "../../../shared/reports/uncertaintyText.ts";
import { canonicalJson } from "../../../shared/schema/canonicalJson.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import type { TraceColumns } from "../../../shared/schema/traceColumns.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { digestTrace } from "../../services/jobKeys.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { textOption } from "./caseFile.ts";
import { jobOptions, OutputFiles, withJobs } from "./jobSession.ts";
import { readScenario, scenarioOptions, wholeNumber } from "./scenarioInput.ts";
import { readStudy, type StudyFile } from "./studyInput.ts";

const defaultSamples = 200;

/** The command: exit code 130 when stopped; what was run is kept. */
export const uncertaintyCommand: Command = {
  name: "uncertainty",
  summary: "with uncertain inputs: which option wins how often, and what flips the verdict",
  usage:
    "uncertainty SCENARIO|STUDY.json [--uncertain PATH=triangular(1.9,2.69,3.5)]... [--options api,own,hybrid|FILE,FILE] [--samples N] [--difference A,B] [--fleet chosen|given] [--csv FILE] [--out FILE] [--json]",
  options: {
    uncertain: {
      type: "string",
      multiple: true,
      help: "PATH=uniform(least,most) | least..most | triangular(least,likeliest,most) | normal(mean,sd[,least,most]) | lognormal(median,sigma) | discrete(value:weight,...); paths as for study, several joined by ';' get the same value",
    },
    options: {
      type: "string",
      help: "strategies of the scenario (api, own, hybrid, or by id as breakeven lists them), or scenario files; default all strategies",
    },
    samples: { type: "string", help: `of a Latin hypercube, default ${defaultSamples}` },
    replications: { type: "string", help: "runs with different draws for each sample, default 1" },
    difference: {
      type: "string",
      help: "A,B: the options whose difference the tornado shows; default own GPUs minus the cheapest API",
    },
    fleet: {
      type: "string",
      help: "chosen (default): GPUs searched for each sample, the fewest that keep the targets, for a mix the cheapest; given: as the scenario has them",
    },
    "max-gpus": {
      type: "string",
      help: `most GPUs of a chosen fleet, default ${breakEvenDefaults.maxGpus}`,
    },
    ...scenarioOptions,
    ...jobOptions,
    out: { type: "string", help: "write the result as JSON to this file" },
    csv: { type: "string", help: "write the samples as CSV" },
  },
  run: runCommand,
};

async function runCommand(io: CommandIo, args: ParsedArgs): Promise<number> {
  const { positionals, values } = args;
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) {
    throw new UsageError(
      `uncertainty takes one scenario or study file, found ${positionals.length}`,
      uncertaintyCommand.usage,
    );
  }
  const samples = wholeNumber(values.samples, "--samples", 2, maxSamples) ?? defaultSamples;
  const replications = wholeNumber(values.replications, "--replications", 1, 1000) ?? 1;
  const file = await readStudy(path, { ...values, replications: undefined });
  const { options, traces, warnings, rejectedRows } = await readOptions(args, path, file);
  const given = ((values.uncertain ?? []) as string[]).map(parseUncertain);
  const { scenario } = file.study;
  const plan = planUncertainty(
    options,
    [...file.study.uncertain, ...given],
    samples,
    scenario.seed,
  );
  const settings = {
    name: file.study.name,
    seed: scenario.seed,
    replications,
    maxGpus: wholeNumber(values["max-gpus"], "--max-gpus", 1, 4096) ?? breakEvenDefaults.maxGpus,
    pair: pairOf(args),
  };
  for (const warning of warnings) io.stderr(`crossover: ${warning}\n`);
  const files = new OutputFiles(args, ["out", "csv"], [path]);
  try {
    const result = await withJobs(io, values, traces, ({ runner, watcher }) =>
      runUncertainty(plan, settings, runner, watcher),
    );
    give(io, args, files, result);
  } catch (error) {
    if (!(error instanceof JobCancelled)) throw error;
    io.stderr(
      "crossover: stopped; what was run is kept as earlier results, and the same command goes on from there\n",
    );
    return exitCodes.interrupted;
  } finally {
    files.drop();
  }
  return rejectedRows > 0 ? exitCodes.rowsRejected : exitCodes.ok;
}

function give(
  io: CommandIo,
  args: ParsedArgs,
  files: OutputFiles,
  result: UncertaintyResult,
): void {
  const json = canonicalJson(result);
  files.write("out", () => json);
  files.write("csv", () => uncertaintyCsv(result));
  io.stdout(args.values.json ? json : formatUncertainty(result));
}

function pairOf(args: ParsedArgs): readonly [string, string] | undefined {
  const text = textOption(args, "difference");
  if (text === undefined) return undefined;
  const parts = text.split(",").map((part) => part.trim());
  if (parts.length === 2) return [parts[0], parts[1]];
  throw new UsageError(`--difference is "${text}"`, "it is two options, A,B");
}

interface ReadOptions {
  readonly options: readonly UncertainOption[];
  readonly traces: ReadonlyMap<string, TraceColumns>;
  readonly warnings: readonly string[];
  readonly rejectedRows: number;
}

const aliases: Readonly<Record<string, string>> = { "all-api": "api", "all-own": "own" };

/** Strategies of the scenario, or scenario files. Throws UsageError for a mixture of both. */
async function readOptions(args: ParsedArgs, path: string, file: StudyFile): Promise<ReadOptions> {
  const fleet = fleetOf(args);
  const { input, study } = file;
  const { traces, rejectedRows } = input;
  const text = textOption(args, "options");
  const names = text?.split(",").map((name) => name.trim());
  const files = names?.filter((name) => existsSync(name)) ?? [];
  if (names !== undefined && files.length > 0) {
    if (files.length < names.length) {
      const other = names.find((name) => !files.includes(name));
      throw new UsageError(`--options names files, but there is no file "${other}"`);
    }
    return readFiles(args, [path, ...files], file);
  }
  const all = listStrategies(study.scenario, {
    hasCachedPrompts: hasCachedPrompts(study.scenario, traces),
  });
  const options = strategiesOf(all, names).map((strategy): UncertainOption => {
    const { id, label } = strategy;
    return { id, label, scenario: study.scenario, strategy, fleet };
  });
  const warnings = [...(input.warnings ?? []), ...(names === undefined ? all.notes : [])];
  return { options, traces, warnings, rejectedRows };
}

function strategiesOf(all: StrategyList, names: readonly string[] | undefined) {
  const chosen =
    names === undefined
      ? all.strategies
      : chooseStrategies(
          all,
          names.map((name) => aliases[name] ?? name),
        );
  if (chosen.length >= 2) return chosen;
  const there = all.strategies.map(({ id }) => id).join(", ");
  throw new InputError(
    `There are not two options to choose from; the scenario allows: ${there}.${all.notes.length > 0 ? ` ${all.notes.join(" ")}` : ""} Add a provider or a pool, or name scenario files with --options.`,
    { field: "options" },
  );
}

function fleetOf(args: ParsedArgs): "chosen" | "given" {
  const { fleet = "chosen" } = args.values;
  if (fleet === "chosen" || fleet === "given") return fleet;
  throw new UsageError(`--fleet is "${String(fleet)}"`, "it is chosen or given");
}

function hasCachedPrompts(
  { traffic }: Scenario,
  traces: ReadonlyMap<string, TraceColumns>,
): boolean {
  const isCached = ({ cachedTokens, prefix }: TraceColumns): boolean =>
    cachedTokens !== undefined || prefix !== undefined;
  return [...traces.values()].some(isCached) || traffic.classes.some((each) => each.sharedPrefix);
}

/** Scenario files as options, each as it is; the first is the one of the command line. Their traces must be the same under the same ids. */
async function readFiles(
  args: ParsedArgs,
  paths: readonly string[],
  first: StudyFile,
): Promise<ReadOptions> {
  if (args.values.fleet === "chosen") {
    throw new UsageError("--fleet chosen goes with strategies; scenario files are run as they are");
  }
  const traces = new Map(first.input.traces);
  const warnings = [...(first.input.warnings ?? [])];
  let { rejectedRows } = first.input;
  const options: UncertainOption[] = [];
  for (const [index, path] of [...new Set(paths)].entries()) {
    const read =
      index === 0
        ? {
            scenario: first.study.scenario,
            traces: first.input.traces,
            warnings: [],
            rejectedRows: 0,
          }
        : await readScenario(path, { acceptRejects: args.values["accept-rejects"] === true });
    rejectedRows += read.rejectedRows;
    warnings.push(...(read.warnings ?? []));
    joinTraces(traces, read.traces, path);
    const id = basename(path).replace(/\.crossover$/, "");
    const scenario = { ...read.scenario, seed: first.study.scenario.seed };
    options.push({ id, label: scenario.name, scenario, fleet: "given" });
  }
  const doubled = options.find(({ id }, i) => options.findIndex((each) => each.id === id) !== i);
  if (doubled !== undefined) {
    throw new UsageError(`two option files are called "${doubled.id}"; rename one`);
  }
  return { options, traces, warnings, rejectedRows };
}

function joinTraces(
  all: Map<string, TraceColumns>,
  more: ReadonlyMap<string, TraceColumns>,
  path: string,
): void {
  for (const [id, trace] of more) {
    const known = all.get(id);
    if (known !== undefined && digestTrace(known) !== digestTrace(trace)) {
      throw new InputError(
        `${path} has another trace for source "${id}" than the first scenario. Options face the same traffic: use one trace, or give the source another id.`,
        { field: `traffic.sources.${id}` },
      );
    }
    all.set(id, trace);
  }
}
