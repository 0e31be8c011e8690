/** How much of a GPU's memory each serving engine gives to the KV cache. */
import type { backends, servers } from "../schema/catalog.ts";
import type { EngineLimits } from "../schema/fleet.ts";

/** The serving engines whose memory rules are known. */
export type Backend = (typeof backends)[number];

/** An engine, or NIM, which picks one. */
export type Server = (typeof servers)[number];

/** The engine that serves: NIM picks TensorRT-LLM's profile on a whole GPU where it has one, and vLLM's on a MIG instance, for which no TensorRT-LLM profile is built. */
export function engineOf(server: Server, profile: string | undefined): Backend {
  if (server !== "nim") return server;
  return profile === undefined ? "trtllm" : "vllm";
}

/** What was taken for NIM; undefined for an engine. */
export function nimNote(server: Server, profile: string | undefined): string | undefined {
  if (server !== "nim") return undefined;
  return profile === undefined
    ? "NIM is taken as TensorRT-LLM, whose profile it picks on a whole GPU where it has one; name an engine to say otherwise."
    : "NIM is taken as vLLM on a MIG instance, for which it has no TensorRT-LLM profile; name an engine to say otherwise.";
}

/** Share of the memory that weights and activations leave which TensorRT-LLM gives to the KV cache (free_gpu_memory_fraction). */
export const tensorRtFreeMemoryFraction = 0.9;

/** Settings that the rules read. */
export type MemorySettings = Pick<
  EngineLimits,
  | "gpuMemoryUtilization"
  | "activationBytes"
  | "memFractionStatic"
  | "freeMemoryFraction"
  | "maxNumBatchedTokens"
>;

/** One GPU's memory and what is on it, bytes. */
export interface MemoryOfGpu {
  readonly usableBytes: number;
  readonly weightBytes: number;
  readonly tensorParallel: number;
}

/** What a rule says. Bytes per GPU. */
export interface MemoryRule {
  /** The share that the rule applies. */
  readonly share: number;
  /** Bytes that weights and activations may take in all. */
  readonly limitBytes: number;
  /** What counts against the limit beside the weights; in SGLang activations lie outside of it. */
  readonly activationBytes: number;
  /** Left for the KV cache; negative where memory is missing. */
  readonly remainingBytes: number;
  /** The rule in words. */
  readonly formula: string;
}

const bytesPerMib = 1024 * 1024;

/** Decode batch up to which SGLang captures CUDA graphs by default: by the GPU's memory, and more from 4 GPUs on. */
function sglangGraphBatch(memoryMib: number, tensorParallel: number): number {
  const isWide = tensorParallel >= 4;
  if (memoryMib < 20 * 1024) return isWide ? 64 : 16;
  if (memoryMib < 35 * 1024) return isWide ? 80 : 24;
  if (memoryMib < 60 * 1024) return isWide ? 160 : 32;
  if (memoryMib < 160 * 1024) return isWide ? 512 : 256;
  return 512;
}

/**
 * mem_fraction_static that SGLang chooses: what 512 MiB, 1.5 MiB per token of a prefill chunk, 2 MiB per sequence of the largest
 * captured batch and 1/8 GiB per GPU of the replica leave, at least 10 GiB reserved on GPUs over 60 GiB; three decimals.
 * Source: sgl-project/sglang, python/sglang/srt/server_args.py, _handle_gpu_memory_settings (Apache-2.0).
 */
export function sglangMemFraction(
  usableBytes: number,
  chunkTokens: number,
  tensorParallel: number,
): number {
  const memoryMib = usableBytes / bytesPerMib;
  const asked =
    512 +
    1.5 * Math.max(chunkTokens, 2048) +
    2 * sglangGraphBatch(memoryMib, tensorParallel) +
    (tensorParallel / 8) * 1024;
  const reserved = memoryMib > 60 * 1024 ? Math.max(asked, 10 * 1024) : asked;
  return Math.max(0, Math.round(((memoryMib - reserved) / memoryMib) * 1000) / 1000);
}

/** vLLM: utilization * HBM - weights - activations. */
function vllmRule({ usableBytes, weightBytes }: MemoryOfGpu, settings: MemorySettings): MemoryRule {
  const { gpuMemoryUtilization: share, activationBytes } = settings;
  return {
    share,
    limitBytes: share * usableBytes,
    activationBytes,
    remainingBytes: share * usableBytes - weightBytes - activationBytes,
    formula: `${share} x usable - weights - activations`,
  };
}

/** SGLang: mem_fraction_static * HBM - weights; activations and CUDA graphs live in the rest. */
function sglangRule(memory: MemoryOfGpu, settings: MemorySettings): MemoryRule {
  const { usableBytes, weightBytes, tensorParallel } = memory;
  const share =
    settings.memFractionStatic ??
    sglangMemFraction(usableBytes, settings.maxNumBatchedTokens, tensorParallel);
  return {
    share,
    limitBytes: share * usableBytes,
    activationBytes: 0,
    remainingBytes: share * usableBytes - weightBytes,
    formula: `${share} x usable - weights; activations and graphs in the other ${Number((1 - share).toFixed(3))}`,
  };
}

/** TensorRT-LLM: free_gpu_memory_fraction * (HBM - weights - activations). */
function tensorRtRule(memory: MemoryOfGpu, settings: MemorySettings): MemoryRule {
  const { usableBytes, weightBytes } = memory;
  const share = settings.freeMemoryFraction ?? tensorRtFreeMemoryFraction;
  const { activationBytes } = settings;
  return {
    share,
    limitBytes: usableBytes,
    activationBytes,
    remainingBytes: share * (usableBytes - weightBytes - activationBytes),
    formula: `${share} x (usable - weights - activations)`,
  };
}

const rules = { vllm: vllmRule, sglang: sglangRule, trtllm: tensorRtRule } as const;

/** The engine's rule applied to one GPU. */
export function applyMemoryRule(
  backend: Backend,
  memory: MemoryOfGpu,
  settings: MemorySettings,
): MemoryRule {
  return rules[backend](memory, settings);
}
