/** `crossover fit`: does this model fit this GPU or MIG slice, with the arithmetic. */
import { gbText, gibText } from "../../../shared/catalog/arithmeticText.ts";
import type { Catalog } from "../../../shared/catalog/catalog.ts";
import { describeFit, estimatedNotes, shownContexts } from "../../../shared/catalog/describeFit.ts";
import {
  type FitCase,
  listFits,
  requestsAtOnce,
  suggestFits,
  triedTensorParallel,
} from "../../../shared/catalog/fitAlternatives.ts";
import { computeMemoryFit, type MemoryFitInput } from "../../../shared/catalog/memoryFit.ts";
import type { Backend } from "../../../shared/catalog/memoryRules.ts";
import type { Gpu } from "../../../shared/schema/catalog.ts";
import { engineSchema } from "../../../shared/schema/fleet.ts";
import { groupDigits } from "../../../shared/units/figureText.ts";
import { loadCatalog } from "../../services/catalogFiles.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import {
  backendHelp,
  backendOption,
  gpuOption,
  modelOption,
  namedPrecisions,
  precisionHelp,
} from "./namedEntries.ts";

const backendNames = {
  vllm: "vLLM",
  sglang: "SGLang",
  trtllm: "TensorRT-LLM",
  nim: "NIM",
} as const;

/** The command: exit code 0 when the model fits, 3 when it does not. */
export const fitCommand: Command = {
  name: "fit",
  summary: "whether a model fits a GPU or a MIG slice, with the arithmetic",
  usage:
    "fit --model MODEL --gpu GPU [--mig PROFILE] [--tp N] [--precision P] [--kv-precision P] [--backend B] [--utilization U] [--max-model-len N] | fit --model MODEL --all [--gpu GPU] [--tp N]",
  options: {
    model: { type: "string", help: "a model of the catalog, e.g. llama-3.1-70b" },
    gpu: { type: "string", help: "a GPU of the catalog, e.g. h100-sxm" },
    mig: { type: "string", help: "a MIG profile of that GPU, e.g. 3g.40gb; default the whole GPU" },
    tp: { type: "string", help: "tensor parallel: GPUs per replica, default 1" },
    precision: { type: "string", help: precisionHelp },
    "kv-precision": { type: "string", help: "of keys and values: bf16 (default) or fp8" },
    backend: { type: "string", help: backendHelp },
    utilization: {
      type: "string",
      help: "share of GPU memory by the engine's rule: vLLM gpu_memory_utilization (default 0.92), SGLang mem_fraction_static (default by its own rule), TensorRT-LLM free_gpu_memory_fraction (default 0.9)",
    },
    "max-model-len": { type: "string", help: "longest prompt + output, in tokens" },
    all: { type: "boolean", help: "every GPU, slice and precision for the model" },
  },
  async run(io, args) {
    const catalog = loadCatalog();
    return args.values.all === true ? runAll(io, args, catalog) : runOne(io, args, catalog);
  },
};

function runOne(io: CommandIo, args: ParsedArgs, catalog: Catalog): number {
  const input = readInput(args, catalog);
  const computed = computeMemoryFit(input);
  const notes = [...backendNotes(args, input), ...computed.notes, ...estimatedNotes(input)];
  const fit = { ...computed, notes };
  const suggestions = fit.fits ? [] : suggestFits(input, catalog.gpus);
  io.stdout(
    args.values.json === true
      ? jsonText({ ...describeFit({ input, fit }), wouldFit: suggestions.map(describeFit) })
      : oneText({ input, fit }, suggestions),
  );
  return fit.fits ? exitCodes.ok : exitCodes.badInput;
}

function runAll(io: CommandIo, args: ParsedArgs, catalog: Catalog): number {
  refuse(args, ["mig", "precision"], "--all lists every slice and precision");
  const gpus =
    textOf(args, "gpu") === undefined ? catalog.gpus : [gpuOption(args, catalog, "fit").gpu];
  const sizes = textOf(args, "tp") === undefined ? triedTensorParallel : [readCount(args, "tp", 1)];
  const cases = listFits(readBase(args, catalog, gpus[0], false), gpus, sizes);
  const isFitting = cases.some((each) => each.fit.fits);
  io.stdout(args.values.json === true ? jsonText({ cases: cases.map(describeFit) }) : table(cases));
  return isFitting ? exitCodes.ok : exitCodes.badInput;
}

function readInput(args: ParsedArgs, catalog: Catalog): MemoryFitInput {
  if (textOf(args, "gpu") === undefined && textOf(args, "model") !== undefined) {
    const known = catalog.gpus.map((gpu) => gpu.id).join(", ");
    throw new UsageError("fit needs a GPU", `--gpu is one of ${known}; or --all for every one`);
  }
  modelOption(args, catalog, "fit");
  const named = gpuOption(args, catalog, "fit");
  const profile = textOf(args, "mig") ?? named.profile;
  return {
    ...readBase(args, catalog, named.gpu, profile !== undefined),
    profile,
    tensorParallel: readCount(args, "tp", 1),
  };
}

/** What a name of an engine was taken for. */
function backendNotes(args: ParsedArgs, { profile }: MemoryFitInput): string[] {
  const { note } = backendOption(args, profile !== undefined);
  return note === undefined ? [] : [note];
}

/** All but slice and group. */
function readBase(
  args: ParsedArgs,
  catalog: Catalog,
  gpu: Gpu,
  isOnSlice: boolean,
): MemoryFitInput {
  if (args.positionals.length > 0) {
    throw new UsageError(`fit takes options only, and found "${args.positionals[0]}"`);
  }
  const { backend } = backendOption(args, isOnSlice);
  return {
    gpu,
    model: modelOption(args, catalog, "fit"),
    backend,
    ...namedPrecisions(
      "precision",
      textOf(args, "precision") ?? "bf16",
      textOf(args, "kv-precision") ?? "bf16",
      backend,
    ),
    tensorParallel: 1,
    engine: engineSchema.parse({
      ...shareSetting(backend, readShare(args, "utilization")),
      maxModelLen: textOf(args, "max-model-len") ? readCount(args, "max-model-len", 1) : undefined,
    }),
  };
}

/** --utilization by the engine's own name of it. */
function shareSetting(backend: Backend, share: number | undefined) {
  if (backend === "sglang") return { memFractionStatic: share };
  return backend === "trtllm" ? { freeMemoryFraction: share } : { gpuMemoryUtilization: share };
}

function textOf(args: ParsedArgs, name: string): string | undefined {
  const value = args.values[name];
  return typeof value === "string" ? value : undefined;
}

function readCount(args: ParsedArgs, name: string, fallback: number): number {
  const text = textOf(args, name);
  if (text === undefined) return fallback;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} is "${text}"`, "it is a whole number from 1 on");
}

function readShare(args: ParsedArgs, name: string): number | undefined {
  const text = textOf(args, name);
  if (text === undefined) return undefined;
  const share = Number(text);
  if (text.trim() !== "" && share > 0 && share <= 1) return share;
  throw new UsageError(`--${name} is "${text}"`, "it is a share above 0 and up to 1, e.g. 0.92");
}

function refuse(args: ParsedArgs, names: readonly string[], why: string): void {
  const given = names.find((name) => textOf(args, name) !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} does not apply: ${why}`);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function placeText(input: MemoryFitInput): string {
  const gpu = input.profile === undefined ? input.gpu.id : `${input.gpu.id} ${input.profile}`;
  return `${input.tensorParallel} x ${gpu}`;
}

function precisionText(input: MemoryFitInput): string {
  return `${input.precision} weights, ${input.kvPrecision} KV cache`;
}

function oneText({ input, fit }: FitCase, suggestions: readonly FitCase[]): string {
  const lines = [
    `${input.model.name} on ${placeText(input)}, ${backendNames[input.backend]}, ${precisionText(input)}; per GPU:`,
    "",
    ...fit.lines.map((line) => arithmeticLine(line.label, line.bytes, line.formula)),
    "",
    ...(fit.fits ? capacityLines({ input, fit }) : []),
    ...fit.notes.map((note) => `Note: ${note}`),
    fit.fits ? "It fits." : `It does not fit. ${fit.reason ?? ""}`,
    ...suggestionLines(suggestions, fit.fits),
  ];
  return `${lines.join("\n")}\n`;
}

function capacityLines({ input, fit }: FitCase): string[] {
  const { model, engine } = input;
  return [
    `  KV cache per replica   ${groupDigits(fit.kvCapacityTokens)} tokens, ${groupDigits(fit.kvBlocks)} blocks of ${engine.blockTokens}`,
    `  longest request        ${groupDigits(fit.maxContextTokens)} tokens; the model takes ${groupDigits(model.maxContextTokens)}`,
    `  requests at once       ${contextsText({ input, fit })}`,
    "",
  ];
}

function arithmeticLine(label: string, bytes: number, formula: string): string {
  const size = Math.abs(bytes) < 1e6 ? "" : gibText(bytes);
  return `  ${label.padEnd(22)} ${groupDigits(bytes).padStart(16)} B ${size.padStart(11)}   ${formula}`;
}

function contextsText({ input, fit }: FitCase): string {
  return shownContexts
    .map((context) => {
      const requests = requestsAtOnce(fit, input.engine.blockTokens, context);
      return `${groupDigits(requests)} of ${groupDigits(context)} tokens`;
    })
    .join(", ");
}

function suggestionLines(suggestions: readonly FitCase[], isFitting: boolean): string[] {
  if (isFitting) return [];
  if (suggestions.length === 0) return ["Nothing of the catalog would fit it on one node."];
  return [
    "These would fit:",
    ...suggestions.map(
      ({ input, fit }) =>
        `  ${placeText(input)}, ${precisionText(input)}: ${gbText(fit.weightBytesPerGpu)} of weights per GPU, ${groupDigits(fit.kvCapacityTokens)} tokens of KV cache`,
    ),
  ];
}

function table(cases: readonly FitCase[]): string {
  const [{ input }] = cases;
  const rows = cases.map((each) => [
    each.input.gpu.id,
    each.input.profile ?? "whole",
    String(each.input.tensorParallel),
    each.input.precision,
    each.fit.fits ? "yes" : "no",
    gibText(each.fit.weightBytesPerGpu),
    each.fit.fits ? groupDigits(each.fit.kvCapacityTokens) : "-",
    each.fit.fits ? groupDigits(each.fit.maxContextTokens) : "-",
  ]);
  const heads = ["GPU", "slice", "tp", "weights", "fits", "per GPU", "KV tokens", "longest"];
  const title = `${input.model.name}, ${backendNames[input.backend]}, ${input.kvPrecision} KV cache`;
  return `${title}\n\n${alignColumns([heads, ...rows], 5)}\n`;
}

/** Rows as aligned text; columns from `firstNumber` on are set to the right. */
function alignColumns(rows: readonly (readonly string[])[], firstNumber: number): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const align = (cell: string, column: number) =>
    column < firstNumber ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  return rows.map((row) => row.map(align).join("  ").trimEnd()).join("\n");
}
