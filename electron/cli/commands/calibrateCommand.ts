/** `crossover calibrate`: host terms fitted to one's own benchmark results, saved under a name and put into scenarios. */
import { basename } from "node:path";
import type { Catalog } from "../../../shared/catalog/catalog.ts";
import {
  importBenchmark,
  maxBenchmarkBytes,
} from "../../../shared/importers/benchmarks/importBenchmark.ts";
import type {
  AssumedLoad,
  BenchmarkImport,
  MeasuredPoint,
  PointProblem,
} from "../../../shared/importers/benchmarks/measuredPoint.ts";
import type { BenchmarkTarget } from "../../../shared/planning/benchmark/benchmarkCase.ts";
import {
  readBackend,
  readGpu,
  readModel,
  readPrecision,
} from "../../../shared/planning/benchmark/spellings.ts";
import {
  type AppliedCalibration,
  applyCalibration,
} from "../../../shared/planning/calibration/applyCalibration.ts";
import {
  type BuiltCalibration,
  buildCalibration,
  type SourcedPoint,
} from "../../../shared/planning/calibration/buildCalibration.ts";
import {
  type Calibration,
  maxCalibrationBytes,
  parseCalibration,
  serialiseCalibration,
} from "../../../shared/planning/calibration/calibrationFile.ts";
import {
  maxScenarioCharacters,
  parseScenario,
  serialiseScenario,
} from "../../../shared/schema/scenarioFile.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { atomicWriteFile } from "../../files/atomicWrite.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { loadCatalog } from "../../services/catalogFiles.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { calibrationText } from "./calibrateText.ts";
import { textOption } from "./caseFile.ts";

/** The command: exit code 4 where some points were left out, 3 where none can be used. */
export const calibrateCommand: Command = {
  name: "calibrate",
  summary: "fit host terms to your own benchmark results, save them, use them in a scenario",
  usage:
    "calibrate FILE... --model M --gpu G [--backend B] [--precision P] [--kv-precision K] [--mig PROFILE] [--tp N] [--isl N] [--osl N] [--concurrency N | --rate RPS] [--name NAME] [--out FILE.json] [--apply SCENARIO] | calibrate --calibration FILE.json --apply SCENARIO",
  options: {
    model: { type: "string", help: "a model of the catalog, e.g. llama-3.1-8b" },
    backend: { type: "string", help: "vllm (default), sglang or trtllm" },
    precision: { type: "string", help: "of the weights: bf16 (default) or fp8" },
    "kv-precision": { type: "string", help: "of keys and values: auto (default), bf16 or fp8" },
    gpu: { type: "string", help: "a GPU of the catalog, e.g. h100-sxm" },
    mig: { type: "string", help: "a MIG profile of that GPU, e.g. 3g.40gb" },
    tp: { type: "string", help: "tensor parallel: GPUs of the replica, default 1" },
    isl: { type: "string", help: "mean prompt tokens, where a file does not say" },
    osl: { type: "string", help: "mean output tokens, where a file does not say" },
    concurrency: { type: "string", help: "clients, where a file does not say the load" },
    rate: { type: "string", help: "requests per second, where a file does not say the load" },
    name: { type: "string", help: "of the calibration; default made of what was measured" },
    out: { type: "string", help: "write the calibration here" },
    apply: { type: "string", help: "put the terms into the matching pools of this scenario file" },
    calibration: { type: "string", help: "with --apply: a calibration saved before, no FILE" },
  },
  async run(io, args) {
    const saved = textOption(args, "calibration");
    if (saved !== undefined) return applySaved(io, args, saved);
    if (args.positionals.length === 0) {
      throw new UsageError("calibrate wants at least one result file", calibrateCommand.usage);
    }
    return calibrate(io, args);
  },
};

async function calibrate(io: CommandIo, args: ParsedArgs): Promise<number> {
  const catalog = loadCatalog();
  const target = readTarget(args, catalog);
  const imports = await readResults(args.positionals, readAssumed(args));
  const problems = imports.flatMap((each) => each.problems);
  const { points, others } = splitByModel(imports, target, catalog);
  const rejected = [...problems, ...others];
  if (points.length === 0) throw noPoints(rejected);
  const built = buildCalibration({
    name: textOption(args, "name") ?? defaultName(target),
    target,
    points: points.map(asSourced),
    coefficients: catalog.coefficients,
    readOn: new Date(io.now()).toISOString().slice(0, 10),
  });
  for (const { point, reason } of built.unused) {
    const { file, place } = point.source;
    rejected.push({ file, place, field: undefined, message: reason });
  }
  for (const problem of rejected) io.stderr(`${problemLine(problem)}\n`);
  const applied = await readApplied(args, built.calibration, catalog);
  write(io, args, built, applied);
  show(io, args, built, rejected, applied);
  return rejected.length > 0 ? exitCodes.rowsRejected : exitCodes.ok;
}

async function applySaved(io: CommandIo, args: ParsedArgs, path: string): Promise<number> {
  if (args.positionals.length > 0) {
    throw new UsageError(`--calibration takes no FILE, and found "${args.positionals[0]}"`);
  }
  const given = Object.keys(args.values).find(
    (name) => !["calibration", "apply", "json"].includes(name) && args.values[name] !== undefined,
  );
  if (given !== undefined) throw new UsageError(`--${given} does not go with --calibration`);
  const text = await readTextFile(path, maxCalibrationBytes);
  const calibration = parseCalibration(text, basename(path));
  const applied = await readApplied(args, calibration, loadCatalog());
  if (applied === undefined) throw new UsageError("--calibration needs --apply SCENARIO");
  writeScenario(io, args, applied);
  if (args.values.json === true) io.stdout(jsonText({ applied: appliedJson(applied) }));
  return exitCodes.ok;
}

async function readResults(
  paths: readonly string[],
  assumed: AssumedLoad,
): Promise<BenchmarkImport[]> {
  const imports: BenchmarkImport[] = [];
  for (const path of paths) {
    const text = await readTextFile(path, maxBenchmarkBytes);
    imports.push(importBenchmark(text, basename(path), assumed));
  }
  return imports;
}

/** Points that name another model of the catalog are left out; a name that the catalog does not know is taken as given. */
function splitByModel(
  imports: readonly BenchmarkImport[],
  { model }: BenchmarkTarget,
  { models }: Catalog,
): { readonly points: readonly MeasuredPoint[]; readonly others: readonly PointProblem[] } {
  const others: PointProblem[] = [];
  const all = imports.flatMap((each) => each.points);
  const points = all.filter((point) => {
    const measured = knownModel(point.model, models);
    if (measured === undefined || measured === model.id) return true;
    const message = `model: found ${point.model} (${measured}), wanted ${model.id}, the one of --model. It is left out.`;
    others.push({ file: point.source.file, place: point.source.place, field: "model", message });
    return false;
  });
  return { points, others };
}

function knownModel(name: string | undefined, models: Catalog["models"]): string | undefined {
  if (name === undefined) return undefined;
  try {
    return readModel(name, models).id;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function asSourced(point: MeasuredPoint): SourcedPoint {
  const { tpotMs, ttftMs, outputTokensPerS, ...rest } = point;
  return { ...rest, measured: { tpotMs: tpotMs.mean, ttftMs: ttftMs?.mean, outputTokensPerS } };
}

function noPoints(problems: readonly PointProblem[]): InputError {
  const lines = problems.slice(0, 10).map(problemLine);
  const found = lines.length === 0 ? "the files hold none" : lines.join("\n  ");
  return new InputError(`There is no measured point to calibrate with:\n  ${found}`, {
    field: problems[0]?.field ?? "file",
  });
}

function problemLine({ file, place, message }: PointProblem): string {
  return `left out, ${place === "" ? file : `${file}, ${place}`}: ${message}`;
}

function defaultName({ model, backend, precision, gpu, profile, tensorParallel }: BenchmarkTarget) {
  const place = profile === undefined ? gpu.id : `${gpu.id}-${profile}`;
  return `${model.id}-${backend}-${precision}-${place}-tp${tensorParallel}`;
}

async function readApplied(
  args: ParsedArgs,
  calibration: Calibration,
  catalog: Catalog,
): Promise<AppliedCalibration | undefined> {
  const path = textOption(args, "apply");
  if (path === undefined) return undefined;
  const text = await readTextFile(path, maxScenarioCharacters);
  const { scenario } = parseScenario(text, basename(path));
  return applyCalibration(scenario, calibration, catalog.coefficients);
}

function write(
  io: CommandIo,
  args: ParsedArgs,
  { calibration }: BuiltCalibration,
  applied: AppliedCalibration | undefined,
): void {
  const out = textOption(args, "out");
  if (out !== undefined) {
    if (out === textOption(args, "apply") || args.positionals.includes(out)) {
      throw new UsageError(`--out names a file that is read, ${out}. Wanted another file`);
    }
    atomicWriteFile(out, serialiseCalibration(calibration));
    io.stderr(`crossover: wrote ${basename(out)}\n`);
  }
  if (applied !== undefined) writeScenario(io, args, applied);
}

function writeScenario(io: CommandIo, args: ParsedArgs, applied: AppliedCalibration): void {
  const path = textOption(args, "apply") ?? "";
  atomicWriteFile(path, serialiseScenario(applied.scenario));
  io.stderr(
    `crossover: wrote ${basename(path)} in canonical form; calibrated ${applied.pools.join(", ")}\n`,
  );
  for (const other of applied.others) io.stderr(`not calibrated, pool ${other}\n`);
  for (const warning of applied.warnings) io.stderr(`warning: ${warning}\n`);
}

function show(
  io: CommandIo,
  args: ParsedArgs,
  { calibration, hostBefore }: BuiltCalibration,
  rejected: readonly PointProblem[],
  applied: AppliedCalibration | undefined,
): void {
  if (args.values.json !== true) {
    io.stdout(calibrationText(calibration, hostBefore));
    return;
  }
  io.stdout(
    jsonText({
      calibration,
      hostBefore,
      leftOut: rejected,
      ...(applied === undefined ? {} : { applied: appliedJson(applied) }),
    }),
  );
}

function appliedJson({ pools, others, warnings }: AppliedCalibration) {
  return { pools, others, warnings };
}

function jsonText(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function readTarget(args: ParsedArgs, catalog: Catalog): BenchmarkTarget {
  const backend = readBackend(textOption(args, "backend") ?? "vllm");
  const { precision, kvPrecision } = readPrecision(
    textOption(args, "precision") ?? "bf16",
    textOption(args, "kv-precision") ?? "auto",
    backend,
  );
  const { gpu, profile } = readGpu(needed(args, "gpu"), catalog.gpus);
  return {
    model: readModel(needed(args, "model"), catalog.models),
    gpu,
    profile: textOption(args, "mig") ?? profile,
    backend,
    precision,
    kvPrecision,
    tensorParallel: readCount(args, "tp") ?? 1,
  };
}

function needed(args: ParsedArgs, name: string): string {
  const text = textOption(args, name);
  if (text !== undefined) return text;
  throw new UsageError(`calibrate needs --${name}`, calibrateCommand.usage);
}

function readAssumed(args: ParsedArgs): AssumedLoad {
  const rate = textOption(args, "rate");
  if (rate !== undefined && !/^(\d+\.?\d*|\.\d+)$/.test(rate)) {
    throw new UsageError(`--rate is "${rate}"`, "it is requests per second, e.g. 4.5");
  }
  return {
    promptTokens: readCount(args, "isl"),
    outputTokens: readCount(args, "osl"),
    concurrency: readCount(args, "concurrency"),
    rateRps: rate === undefined ? undefined : Number(rate),
  };
}

function readCount(args: ParsedArgs, name: string): number | undefined {
  const text = textOption(args, name);
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} is "${text}"`, "it is a whole number from 1 on");
}
