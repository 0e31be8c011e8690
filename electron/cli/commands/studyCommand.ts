/** `crossover study`: a scenario over many values of its inputs, on all cores, in parts, or on a cluster. */
import { basename } from "node:path";
import { requireFigures, usualFigures } from "../../../shared/planning/studies/figureNames.ts";
import {
  countRuns,
  defaultRunLimit,
  planStudy,
  type StudyPlan,
} from "../../../shared/planning/studies/planStudy.ts";
import {
  mergeShards,
  parseShard,
  readShard,
  type ShardPart,
  writeShard,
} from "../../../shared/planning/studies/shards.ts";
import {
  buildStudyResult,
  type StudyHead,
  type StudyResult,
  studyHead,
} from "../../../shared/planning/studies/studyResult.ts";
import { formatStudy, studyCsv } from "../../../shared/reports/studyText.ts";
import { canonicalJson } from "../../../shared/schema/canonicalJson.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { hashTraces, runStudy, type StudyRuns } from "../../services/studies.ts";
import { engineFingerprint } from "../../workers/engineFingerprint.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { textOption } from "./caseFile.ts";
import { exportOptions, exportStudy } from "./exportStudy.ts";
import { jobOptions, OutputFiles, withJobs } from "./jobSession.ts";
import { scenarioOptions, wholeNumber } from "./scenarioInput.ts";
import { readStudy, type StudyFile, studyOptions } from "./studyInput.ts";

/** The command: exit code 3 also where points could not be run, 130 when stopped (what has come is printed as partial). */
export const studyCommand: Command = {
  name: "study",
  summary: "run a scenario over many values of its inputs, on all cores or in shards",
  usage:
    "study STUDY.json|SCENARIO [--axis PATH=VALUES]... [--design grid|list|lhs] [--points N] [--replications N] [--outputs NAMES] [--workers N] [--csv FILE] [--out FILE] [--shard i/n --out FILE] [--export kubernetes --out DIR] [--json] | study merge SHARD... [--csv FILE] [--out FILE] [--json]",
  options: {
    ...studyOptions,
    ...scenarioOptions,
    ...jobOptions,
    "max-runs": {
      type: "string",
      help: `most runs on this machine, default ${defaultRunLimit}`,
    },
    shard: {
      type: "string",
      help: "i/n: do every n-th run from the i-th on, and write them with --out",
    },
    out: { type: "string", help: "write the result (JSON; with --shard the shard) to this file" },
    csv: { type: "string", help: "write the table of points as CSV" },
    ...exportOptions,
  },
  run: (io, args) =>
    args.positionals[0] === "merge" ? runMerge(io, args) : runStudyCommand(io, args),
};

async function runStudyCommand(io: CommandIo, args: ParsedArgs): Promise<number> {
  const [path, ...more] = args.positionals;
  if (path === undefined || more.length > 0) {
    throw new UsageError(
      `study takes one study or scenario file, found ${args.positionals.length}`,
      studyCommand.usage,
    );
  }
  const part = partOf(args);
  const file = await readStudy(path, args.values);
  if (args.values.export !== undefined) return exportStudy(io, args, file);
  const limit = wholeNumber(args.values["max-runs"], "--max-runs", 1, 1e9) ?? defaultRunLimit;
  const plan = planStudy(file.study, limit, part?.count ?? 1);
  const head = headOf(plan, file);
  const files = new OutputFiles(args, ["out", "csv"], [path]);
  try {
    return await runPlan(io, args, { plan, head, part, file, files });
  } finally {
    files.drop();
  }
}

interface StudyWork {
  readonly plan: StudyPlan;
  readonly head: StudyHead;
  readonly part: ShardPart | undefined;
  readonly file: StudyFile;
  readonly files: OutputFiles;
}

async function runPlan(io: CommandIo, args: ParsedArgs, work: StudyWork): Promise<number> {
  const { plan, head, part, file, files } = work;
  const runs = await withJobs(io, args.values, file.input.traces, async ({ runner, watcher }) =>
    runStudy(plan, part ?? { index: 1, count: 1 }, runner, watcher()),
  );
  if (part !== undefined) return finishShard(io, args, work, part, runs);
  const all = Array.from({ length: countRuns(plan) }, (_, run) => runs.results.get(run));
  const result = buildStudyResult(head, plan.points, all);
  const code = giveResult(io, args, result, files, runs.isCancelled);
  if (runs.isCancelled) return exitCodes.interrupted;
  return code === exitCodes.ok && file.input.rejectedRows > 0 ? exitCodes.rowsRejected : code;
}

function partOf(args: ParsedArgs): ShardPart | undefined {
  const text = textOption(args, "shard");
  if (text === undefined) return undefined;
  if (args.values.out === undefined) throw new UsageError("--shard needs --out FILE");
  if (args.values.csv !== undefined)
    throw new UsageError("--csv goes with study merge, not with --shard");
  return parseShard(text);
}

function headOf(plan: StudyPlan, { study, input }: StudyFile): StudyHead {
  const { scenario } = study;
  const outputs = requireFigures(scenario, study.outputs ?? usualFigures(scenario));
  const head = studyHead(plan, outputs, hashTraces(input.traces));
  const warnings = [...new Set([...(input.warnings ?? []), ...head.warnings])];
  return { ...head, warnings };
}

function finishShard(
  io: CommandIo,
  args: ParsedArgs,
  { plan, head, file, files }: StudyWork,
  part: ShardPart,
  runs: StudyRuns,
): number {
  const name = `shard ${part.index}/${part.count}`;
  if (runs.isCancelled) {
    io.stderr(
      `crossover: stopped after ${runs.results.size} runs of ${name}; they are kept as earlier results, and no file was written\n`,
    );
    return exitCodes.interrupted;
  }
  const out = String(args.values.out);
  files.write("out", () => writeShard(plan, head, part, runs.results, engineFingerprint()));
  const shown = { shard: part, runs: runs.results.size, file: out, studyHash: head.studyHash };
  io.stdout(
    args.values.json
      ? `${JSON.stringify(shown, undefined, 2)}\n`
      : `${name}: ${shown.runs} runs in ${out}\n`,
  );
  return file.input.rejectedRows > 0 ? exitCodes.rowsRejected : exitCodes.ok;
}

/** Prints a result and writes the files that were asked for. */
function giveResult(
  io: CommandIo,
  args: ParsedArgs,
  result: StudyResult,
  files: OutputFiles,
  isCancelled = false,
): number {
  const json = canonicalJson(result);
  if (!isCancelled) {
    files.write("out", () => json);
    files.write("csv", () => studyCsv(result));
  } else if (result.partial !== undefined) {
    const { runs, of } = result.partial;
    const isFileWanted = args.values.out !== undefined || args.values.csv !== undefined;
    io.stderr(
      `crossover: stopped after ${runs} of ${of} runs; what came is below and kept as earlier results${isFileWanted ? "; no file was written" : ""}\n`,
    );
  }
  io.stdout(args.values.json ? json : formatStudy(result));
  const failed = result.pointResults.filter(({ problem }) => problem !== undefined);
  if (failed.length === 0) return exitCodes.ok;
  io.stderr(
    `crossover: ${failed.length} of ${result.points} points could not be run: ${failed[0].problem}\n`,
  );
  return exitCodes.badInput;
}

const maxShardCharacters = 512 * 1024 * 1024;

async function runMerge(io: CommandIo, args: ParsedArgs): Promise<number> {
  const files = args.positionals.slice(1);
  const allowed = ["json", "out", "csv"];
  const other = Object.keys(args.values).find((name) => !allowed.includes(name));
  if (other !== undefined) throw new UsageError(`--${other} does not go with study merge`);
  if (files.length === 0) throw new UsageError("study merge wants shard files", studyCommand.usage);
  const shards = [];
  for (const file of files) {
    const text = await readTextFile(file, maxShardCharacters);
    shards.push({ file, shard: readShard(text, basename(file)) });
  }
  const merged = mergeShards(shards);
  const outputs = new OutputFiles(args, ["out", "csv"], files);
  try {
    return giveResult(io, args, merged, outputs);
  } finally {
    outputs.drop();
  }
}
