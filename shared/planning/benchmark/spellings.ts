/** The many spellings of engines, models, GPUs and precisions in benchmark files, and what they mean here. */
import type { Backend } from "../../catalog/memoryRules.ts";
import type { KvPrecision, Precision } from "../../catalog/modelMath.ts";
import type { Gpu, Model } from "../../schema/catalog.ts";
import { InputError } from "../../units/errors.ts";
import { closestNames, nearestNames } from "../../units/nearestNames.ts";

/** A GPU as a file names it. */
export interface GpuSpelling {
  readonly gpu: Gpu;
  readonly profile: string | undefined;
  /** "x8" behind the name: GPUs of the machine. */
  readonly gpuCount: number | undefined;
  /** Said where the name was taken for another. */
  readonly note: string | undefined;
}

/** Weights and KV cache. `label` is the precision's name in groups; fp16 counts as bf16. */
export interface PrecisionSpelling {
  readonly precision: Precision;
  readonly kvPrecision: KvPrecision;
  readonly label: string;
}

/** Names by beginning, compared without case, blanks and marks. NIM counts as TensorRT-LLM: for an H100 it picks a TensorRT-LLM profile where it has one, and it has one for the models published. */
const backendNames: readonly (readonly [string, Backend])[] = [
  ["tensorrtllm", "trtllm"],
  ["trtllm", "trtllm"],
  ["trt", "trtllm"],
  ["nim", "trtllm"],
  ["vllm", "vllm"],
  ["sglang", "sglang"],
];

const gpuAliases: Readonly<Record<string, string>> = {
  h100: "h100-sxm",
  h10080gb: "h100-sxm",
  h10080gbhbm3: "h100-sxm",
  h100sxm5: "h100-sxm",
  h100sxm80gb: "h100-sxm",
  h100sxm580gb: "h100-sxm",
  h100pcie80gb: "h100-pcie",
  h100nvl94gb: "h100-nvl",
  h200: "h200-sxm",
  h200141gb: "h200-sxm",
  h200sxm141gb: "h200-sxm",
  h200nvl: "h200-sxm",
  a100: "a100-sxm-80gb",
  a100sxm: "a100-sxm-80gb",
  a10080gb: "a100-sxm-80gb",
  a100sxm480gb: "a100-sxm-80gb",
  a100pcie: "a100-pcie-80gb",
  a10040gb: "a100-sxm-40gb",
  a100sxm440gb: "a100-sxm-40gb",
  b200180gb: "b200-sxm",
  b200sxm6: "b200-sxm",
  b200: "b200-sxm",
};

const gpuNotes: Readonly<Record<string, string>> = {
  h200nvl: "H200 NVL is taken as h200-sxm: the same memory and SMs under a lower power limit",
};

const precisionNames: Readonly<
  Record<string, readonly [Precision, KvPrecision | undefined, string]>
> = {
  bf16: ["bf16", undefined, "bf16"],
  bfloat16: ["bf16", undefined, "bf16"],
  fp16: ["bf16", undefined, "bf16"],
  float16: ["bf16", undefined, "bf16"],
  half: ["bf16", undefined, "bf16"],
  fp8: ["fp8", undefined, "fp8"],
  fp8kv: ["fp8", "fp8", "fp8kv"],
  bf16wfp8kv: ["bf16", "fp8", "bf16w_fp8kv"],
  w8a8: ["fp8", undefined, "fp8"],
  int4: ["int4", undefined, "int4"],
  awq: ["int4", undefined, "int4"],
  awqmarlin: ["int4", undefined, "int4"],
  int4awq: ["int4", undefined, "int4"],
  gptq: ["int4", undefined, "int4"],
  gptqmarlin: ["int4", undefined, "int4"],
  int4gptq: ["int4", undefined, "int4"],
  w4a16: ["int4", undefined, "int4"],
  nvfp4: ["nvfp4", undefined, "nvfp4"],
  fp4: ["nvfp4", undefined, "nvfp4"],
  mxfp4: ["mxfp4", undefined, "mxfp4"],
};

const kvNames: Readonly<Record<string, KvPrecision | undefined>> = {
  "": undefined,
  auto: undefined,
  bf16: "bf16",
  bfloat16: "bf16",
  fp16: "bf16",
  float16: "bf16",
  fp8: "fp8",
  fp8e4m3: "fp8",
  fp8e5m2: "fp8",
};

/** Lower case, letters and digits only. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** The backend of an engine's name with or without its version: "trtllm 1.0.0rc3", "TensorRT-LLM 0.14", "vllm ?", "NIM 1.8.0". Throws InputError. */
export function readBackend(text: string): Backend {
  const name = plain(text);
  const found = backendNames.find(([start]) => name.startsWith(start));
  if (found) return found[1];
  throw unknown("engine", text, ["vllm", "sglang", "trtllm", "tensorrt-llm", "nim"]);
}

/** The model of a name such as "Llama-3.1-8B", "meta-llama/Llama-3.1-8B-Instruct" or "Qwen_Qwen3-32B". Throws InputError with the nearest names. */
export function readModel(text: string, models: readonly Model[]): Model {
  const name = modelKey(text);
  const bare = withoutVariant(name);
  const found =
    models.find(({ id }) => modelKey(id) === name) ??
    models.find(({ id }) => modelKey(id) === bare);
  if (found) return found;
  throw unknown(
    "model",
    text,
    models.map(({ id }) => id),
  );
}

function modelKey(text: string): string {
  const last = text.split("/").pop() ?? text;
  return plain(last.replace(/^(qwen|meta[-_]llama)_/i, "")).replace(
    /^meta(?=llama)|(instruct|chat|hf|fp8|it)+$/g,
    "",
  );
}

/** What checkpoints of one architecture are told apart by: "-Instruct-v0.1", "-2507", "-AWQ", "-17B-16E". */
const variants =
  /(instruct|thinking|chat|base|hf|it|fp8|fp4|nvfp4|mxfp4|int[48]|w[48]a(8|16)|awq|gptq|dynamic|bf16|v\d{1,2}|0\d{3}|2[3-9]\d{2}|17b(16|128)e)+$/;

function withoutVariant(key: string): string {
  return key.replace(variants, "");
}

/** The GPU of a name such as "H100_SXM", "H100_80GB", "H100_SXM x8" or "H200_NVL MIG 3g.71gb". Throws InputError with the nearest names. */
export function readGpu(text: string, gpus: readonly Gpu[]): GpuSpelling {
  const [whole, sliceText] = text.split(/\s+MIG\s+/i);
  const count = /\s+x\s*(\d+)$/i.exec(whole);
  const name = plain(count ? whole.slice(0, count.index) : whole).replace(/^nvidia/, "");
  const id = gpuAliases[name];
  const gpu = gpus.find((each) => plain(each.id) === name || each.id === id);
  if (gpu === undefined) {
    throw unknown(
      "GPU",
      text,
      gpus.map((each) => each.id),
    );
  }
  return {
    gpu,
    profile: sliceText?.trim().toLowerCase(),
    gpuCount: count ? Number(count[1]) : undefined,
    note: gpuNotes[name],
  };
}

/** Weights and KV cache of a precision's name ("fp16", "fp8kv", "bf16w_fp8kv") and a KV cache's ("auto", "bfloat16", "fp8", ""). Where it is left to the engine, TensorRT-LLM gives fp8 weights an fp8 KV cache (its performance overview says so, and measured points hold more requests at once than bf16 leaves room for); others keep bf16. Throws InputError. */
export function readPrecision(text: string, kvText: string, backend: Backend): PrecisionSpelling {
  const name = plain(text);
  const found = Object.hasOwn(precisionNames, name) ? precisionNames[name] : undefined;
  if (found === undefined) throw unknown("precision", text, Object.keys(precisionNames));
  const kvName = plain(kvText);
  if (!Object.hasOwn(kvNames, kvName)) {
    throw unknown("KV precision", kvText, ["auto", "bf16", "fp8"]);
  }
  const [precision, ownKv, label] = found;
  const enginesChoice = backend === "trtllm" && precision === "fp8" ? "fp8" : "bf16";
  return { precision, kvPrecision: ownKv ?? kvNames[kvName] ?? enginesChoice, label };
}

/** Long lists are not repeated: the nearest of them are named, whatever their distance. */
const longestList = 12;

function unknown(what: string, text: string, names: readonly string[]): InputError {
  const asked = text.split("/").pop()!.split(" ")[0];
  const isNamed = what === "model" || what === "GPU" || names.length > longestList;
  const near = isNamed ? closestNames(asked, names) : nearestNames(asked, names);
  const hint = near.length > 0 ? `Nearest: ${near.join(", ")}` : `Known: ${names.join(", ")}`;
  return new InputError(`The ${what} "${text}" is not known. ${hint}.`, { field: what });
}
