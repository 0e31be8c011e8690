/** GPUs, models, engines and number formats that options name, in any spelling that benchmark files use too. */
import type { Catalog } from "../../../shared/catalog/catalog.ts";
import { type Backend, engineOf, nimNote } from "../../../shared/catalog/memoryRules.ts";
import type { KvPrecision, Precision } from "../../../shared/catalog/modelMath.ts";
import {
  type GpuSpelling,
  readBackend,
  readGpu,
  readModel,
  readPrecision,
} from "../../../shared/planning/benchmark/spellings.ts";
import { kvPrecisions, type Model, precisions } from "../../../shared/schema/catalog.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { type ParsedArgs, UsageError } from "../command.ts";
import { textOption } from "./caseFile.ts";

/** What --precision takes, for its help. */
export const precisionHelp =
  "of the weights: bf16 (default), fp8, int4 (also awq, gptq, w4a16), nvfp4 or mxfp4";

/** What --backend takes, for its help. */
export const backendHelp = "vllm (default), sglang, trtllm, or nim for the engine that NIM picks";

/** The GPU that --gpu names. `without` says what there is where none is named. Throws UsageError without one, InputError with the nearest names. */
export function gpuOption(args: ParsedArgs, catalog: Catalog, command: string): GpuSpelling {
  const text = textOption(args, "gpu");
  if (text !== undefined) return readGpu(text, catalog.gpus);
  const known = catalog.gpus.map((gpu) => gpu.id).join(", ");
  throw new UsageError(`${command} needs a GPU`, `--gpu is one of ${known}`);
}

/** The model that --model names. Throws UsageError without one, InputError with the nearest names. */
export function modelOption(args: ParsedArgs, catalog: Catalog, command: string): Model {
  const text = textOption(args, "model");
  if (text !== undefined) return readModel(text, catalog.models);
  const known = catalog.models.map((model) => model.id).join(", ");
  throw new UsageError(`${command} needs a model`, `--model is one of ${known}`);
}

/** The engine whose memory rule and times hold, and what was assumed for NIM. */
export interface NamedBackend {
  readonly backend: Backend;
  readonly note?: string;
}

/** The engine that --backend names, vLLM without one; for NIM the one whose profile it picks. */
export function backendOption(args: ParsedArgs, isOnSlice: boolean): NamedBackend {
  const text = textOption(args, "backend") ?? "vllm";
  const backend = asUsage("backend", text, "vllm, sglang, trtllm, nim", () => readBackend(text));
  if (!/^\s*nim/i.test(text)) return { backend };
  const profile = isOnSlice ? "a slice" : undefined;
  return { backend: engineOf("nim", profile), note: nimNote("nim", profile) };
}

/** Weights and KV cache that the texts name. Throws UsageError that names the option. */
export function namedPrecisions(
  option: string,
  text: string,
  kvText: string,
  backend: Backend,
): { readonly precision: Precision; readonly kvPrecision: KvPrecision } {
  asUsage(option, text, precisions.join(", "), () => readPrecision(text, "bf16", backend));
  const kvOption = option === "precision" ? "kv-precision" : option;
  return asUsage(kvOption, kvText, `${kvPrecisions.join(", ")}, auto`, () =>
    readPrecision(text, kvText, backend),
  );
}

function asUsage<Value>(option: string, text: string, known: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new UsageError(`--${option} is "${text}"`, `it is one of ${known}`);
  }
}
