/** `crossover benchmark`: the engine under the clients of a benchmark tool, for one case or a file of them. */
import type { Catalog } from "../../../shared/catalog/catalog.ts";
import {
  type BenchmarkCase,
  promptsPerClient,
  startKinds,
  usualJitter,
} from "../../../shared/planning/benchmark/benchmarkCase.ts";
import {
  type BenchmarkOutcome,
  runBenchmark,
} from "../../../shared/planning/benchmark/runBenchmark.ts";
import { loadCatalog } from "../../services/catalogFiles.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { runBenchmarkCases } from "./benchmarkCases.ts";
import { benchmarkText } from "./benchmarkText.ts";
import { textOption } from "./caseFile.ts";
import {
  backendHelp,
  backendOption,
  gpuOption,
  modelOption,
  namedPrecisions,
  precisionHelp,
} from "./namedEntries.ts";

/** The command: exit code 0 also for rows that cannot be predicted; 3 when the one case of the command line does not fit. */
export const benchmarkCommand: Command = {
  name: "benchmark",
  summary: "run a benchmark tool's clients over the engine, for one case or a file",
  usage:
    "benchmark --model M --gpu G --isl N --osl N --concurrency N [--backend B] [--precision P] [--kv-precision K] [--mig PROFILE] [--tp N] [--prompts N] [--start burst|staggered|open] [--rate RPS] [--jitter 0.1] [--seed N] | benchmark --cases FILE.csv [--out FILE.csv]",
  options: {
    model: { type: "string", help: "a model of the catalog, e.g. llama-3.1-8b" },
    backend: { type: "string", help: backendHelp },
    precision: { type: "string", help: precisionHelp },
    "kv-precision": { type: "string", help: "of keys and values: bf16 (default) or fp8" },
    gpu: { type: "string", help: "a GPU of the catalog, e.g. h100-sxm" },
    mig: { type: "string", help: "a MIG profile of that GPU, e.g. 3g.40gb" },
    tp: { type: "string", help: "tensor parallel: GPUs of the replica, default 1" },
    isl: { type: "string", help: "prompt tokens, mean" },
    osl: { type: "string", help: "output tokens, mean; 0 for an embedding model" },
    concurrency: { type: "string", help: "clients, each with one request in flight" },
    prompts: { type: "string", help: "requests in all, default 10 per client" },
    start: {
      type: "string",
      help: "burst: all clients at t = 0 (default); staggered: spread over one latency; open: Poisson arrivals",
    },
    rate: { type: "string", help: "requests per second of an open start" },
    jitter: { type: "string", help: "spread of the lengths to either side, default 0.1" },
    seed: { type: "string", help: "of the lengths and arrivals, default 1" },
    cases: {
      type: "string",
      help: "CSV with the columns of a calibration file; each row is predicted and compared",
    },
    out: { type: "string", help: "with --cases: write the rows with predictions and errors added" },
  },
  async run(io, args) {
    if (args.positionals.length > 0) {
      throw new UsageError(`benchmark takes options only, and found "${args.positionals[0]}"`);
    }
    const catalog = loadCatalog();
    const path = textOption(args, "cases");
    if (path === undefined) return runOne(io, args, catalog);
    refuse(args, caseOptions, "the rows of --cases say it");
    return runBenchmarkCases(io, args, path, catalog);
  },
};

const caseOptions = Object.keys(benchmarkCommand.options).filter(
  (name) => name !== "cases" && name !== "out",
);

function runOne(io: CommandIo, args: ParsedArgs, catalog: Catalog): number {
  if (textOption(args, "out") !== undefined) throw new UsageError("--out goes with --cases");
  const input = readCase(args, catalog);
  const outcome = withNote(
    runBenchmark(input, catalog.coefficients),
    backendOption(args, input.target.profile !== undefined).note,
  );
  io.stdout(
    args.values.json === true
      ? `${JSON.stringify({ ...describe(input), ...outcome }, undefined, 2)}\n`
      : benchmarkText(input, outcome),
  );
  return outcome.fits ? exitCodes.ok : exitCodes.badInput;
}

/** The outcome with what a name was taken for. */
function withNote(outcome: BenchmarkOutcome, note: string | undefined): BenchmarkOutcome {
  return outcome.fits && note !== undefined
    ? { ...outcome, notes: [note, ...outcome.notes] }
    : outcome;
}

function describe({ target, load }: BenchmarkCase) {
  const { model, gpu, ...sizes } = target;
  return { target: { model: model.id, gpu: gpu.id, ...sizes }, load };
}

function readCase(args: ParsedArgs, catalog: Catalog): BenchmarkCase {
  const start = readStart(args);
  const isOpen = start === "open";
  const concurrency = readCount(args, "concurrency", isOpen ? 1 : undefined);
  const rateRps = readNumber(args, "rate");
  if (isOpen && rateRps === undefined) throw new UsageError("--start open needs --rate");
  if (!isOpen) refuse(args, ["rate"], "only --start open has a rate");
  return {
    target: readTarget(args, catalog),
    load: {
      promptTokens: readCount(args, "isl"),
      outputTokens: needed(args, "osl") === "0" ? 0 : readCount(args, "osl"),
      concurrency,
      prompts: readCount(args, "prompts", isOpen ? 1000 : promptsPerClient * concurrency),
      start,
      rateRps,
      jitter: readNumber(args, "jitter") ?? usualJitter,
      seed: readSeed(args),
    },
  };
}

function readTarget(args: ParsedArgs, catalog: Catalog): BenchmarkCase["target"] {
  const gpu = gpuOption(args, catalog, "benchmark");
  const profile = textOption(args, "mig") ?? gpu.profile;
  const { backend } = backendOption(args, profile !== undefined);
  return {
    model: modelOption(args, catalog, "benchmark"),
    gpu: gpu.gpu,
    profile,
    backend,
    ...namedPrecisions(
      "precision",
      textOption(args, "precision") ?? "bf16",
      textOption(args, "kv-precision") ?? "auto",
      backend,
    ),
    tensorParallel: readCount(args, "tp", 1),
  };
}

function needed(args: ParsedArgs, name: string): string {
  const text = textOption(args, name);
  if (text !== undefined) return text;
  throw new UsageError(`benchmark needs --${name}`, benchmarkCommand.usage);
}

function readCount(args: ParsedArgs, name: string, fallback?: number): number {
  const text = textOption(args, name);
  if (text === undefined && fallback !== undefined) return fallback;
  const found = text ?? needed(args, name);
  if (/^[1-9]\d{0,8}$/.test(found)) return Number(found);
  throw new UsageError(`--${name} is "${found}"`, "it is a whole number from 1 on");
}

function readNumber(args: ParsedArgs, name: string): number | undefined {
  const text = textOption(args, name);
  if (text === undefined) return undefined;
  if (/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  throw new UsageError(`--${name} is "${text}"`, "it is a number from 0 on");
}

function readSeed(args: ParsedArgs): number {
  const text = textOption(args, "seed") ?? "1";
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new UsageError(`--seed is "${text}"`, "it is a whole number from 0 to 2^53 - 1");
}

function readStart(args: ParsedArgs): (typeof startKinds)[number] {
  const text = textOption(args, "start") ?? "burst";
  const start = startKinds.find((each) => each === text);
  if (start !== undefined) return start;
  throw new UsageError(`--start is "${text}"`, `it is one of ${startKinds.join(", ")}`);
}

function refuse(args: ParsedArgs, names: readonly string[], why: string): void {
  const given = names.find((name) => textOption(args, name) !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} does not apply: ${why}`);
}
