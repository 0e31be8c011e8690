/** `crossover fit`: does this model fit this GPU or MIG slice, with the arithmetic. */
import { gbText, gibText, groupDigits } from "../../../shared/catalog/arithmeticText.ts";
import { type Catalog, findGpu, findModel } from "../../../shared/catalog/catalog.ts";
import {
  type FitCase,
  listFits,
  requestsAtOnce,
  suggestFits,
  triedTensorParallel,
} from "../../../shared/catalog/fitAlternatives.ts";
import { computeMemoryFit, type MemoryFitInput } from "../../../shared/catalog/memoryFit.ts";
import { backends, precisions } from "../../../shared/schema/catalog.ts";
import { engineSchema } from "../../../shared/schema/fleet.ts";
import { loadCatalog } from "../../services/catalogFiles.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";

/** Prompt + output lengths for which the requests at once are shown. */
const shownContexts = [2048, 8192, 32_768];

const backendNames = { vllm: "vLLM", sglang: "SGLang", trtllm: "TensorRT-LLM" } as const;

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
    precision: { type: "string", help: "of the weights: bf16 (default) or fp8" },
    "kv-precision": { type: "string", help: "of keys and values: bf16 (default) or fp8" },
    backend: { type: "string", help: "vllm (default), sglang or trtllm" },
    utilization: { type: "string", help: "share of GPU memory the engine may use, default 0.92" },
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
  const fit = computeMemoryFit(input);
  const suggestions = fit.fits ? [] : suggestFits(input, catalog.gpus);
  io.stdout(
    args.values.json === true
      ? jsonText({ ...describeCase({ input, fit }), wouldFit: suggestions.map(describeCase) })
      : oneText({ input, fit }, suggestions),
  );
  return fit.fits ? exitCodes.ok : exitCodes.badInput;
}

function runAll(io: CommandIo, args: ParsedArgs, catalog: Catalog): number {
  refuse(args, ["mig", "precision"], "--all lists every slice and precision");
  const gpuId = textOf(args, "gpu");
  const gpus = gpuId === undefined ? catalog.gpus : [findGpu(catalog, gpuId)];
  const sizes = textOf(args, "tp") === undefined ? triedTensorParallel : [readCount(args, "tp", 1)];
  const cases = listFits(readBase(args, catalog, gpus[0].id), gpus, sizes);
  const isFitting = cases.some((each) => each.fit.fits);
  io.stdout(
    args.values.json === true ? jsonText({ cases: cases.map(describeCase) }) : table(cases),
  );
  return isFitting ? exitCodes.ok : exitCodes.badInput;
}

function readInput(args: ParsedArgs, catalog: Catalog): MemoryFitInput {
  const gpuId = textOf(args, "gpu");
  if (gpuId === undefined) {
    const known = catalog.gpus.map((gpu) => gpu.id).join(", ");
    throw new UsageError("fit needs a GPU", `--gpu is one of ${known}; or --all for every one`);
  }
  return {
    ...readBase(args, catalog, gpuId),
    profile: textOf(args, "mig"),
    tensorParallel: readCount(args, "tp", 1),
    precision: readChoice(args, "precision", precisions, "bf16"),
  };
}

/** All but slice, group and weight precision. */
function readBase(args: ParsedArgs, catalog: Catalog, gpuId: string): MemoryFitInput {
  if (args.positionals.length > 0) {
    throw new UsageError(`fit takes options only, and found "${args.positionals[0]}"`);
  }
  const modelId = textOf(args, "model");
  if (modelId === undefined) {
    const known = catalog.models.map((model) => model.id).join(", ");
    throw new UsageError("fit needs a model", `--model is one of ${known}`);
  }
  const backend = readChoice(args, "backend", backends, "vllm");
  if (backend === "trtllm") {
    refuse(args, ["utilization"], "TensorRT-LLM takes 0.9 of what weights and activations leave");
  }
  return {
    gpu: findGpu(catalog, gpuId),
    model: findModel(catalog, modelId),
    backend,
    precision: "bf16",
    kvPrecision: readChoice(args, "kv-precision", precisions, "bf16"),
    tensorParallel: 1,
    engine: engineSchema.parse({
      gpuMemoryUtilization: readShare(args, "utilization"),
      maxModelLen: textOf(args, "max-model-len") ? readCount(args, "max-model-len", 1) : undefined,
    }),
  };
}

function textOf(args: ParsedArgs, name: string): string | undefined {
  const value = args.values[name];
  return typeof value === "string" ? value : undefined;
}

function readChoice<Choice extends string>(
  args: ParsedArgs,
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const text = textOf(args, name);
  if (text === undefined) return fallback;
  const choice = choices.find((each) => each === text.toLowerCase());
  if (choice !== undefined) return choice;
  throw new UsageError(`--${name} is "${text}"`, `it is one of ${choices.join(", ")}`);
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

function describeCase({ input, fit }: FitCase) {
  return {
    model: input.model.id,
    gpu: input.gpu.id,
    profile: input.profile,
    backend: input.backend,
    precision: input.precision,
    kvPrecision: input.kvPrecision,
    tensorParallel: input.tensorParallel,
    ...fit,
    requestsAtOnce: shownContexts.map((contextTokens) => ({
      contextTokens,
      requests: requestsAtOnce(fit, input.engine.blockTokens, contextTokens),
    })),
  };
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
