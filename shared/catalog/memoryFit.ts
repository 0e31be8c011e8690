/** Does a model fit a GPU, a MIG instance or a tensor-parallel group, and how many tokens of KV cache remain: with the arithmetic. */
import type { backends, Gpu, MigProfile, Model } from "../schema/catalog.ts";
import type { EngineLimits } from "../schema/fleet.ts";
import { InputError } from "../units/errors.ts";
import { bytesPerGib } from "../units/units.ts";
import { gbText, gibText, groupDigits } from "./arithmeticText.ts";
import {
  bytesPerElement,
  headParameters,
  kvBytesPerTokenPerGpu,
  linearParameters,
  type Precision,
  vocabularyMatrices,
  weightBytes,
} from "./modelMath.ts";

/** The serving engines whose memory rules are known. */
export type Backend = (typeof backends)[number];

/** Share of the memory that weights and activations leave which TensorRT-LLM gives to the KV cache (free_gpu_memory_fraction). */
export const tensorRtFreeMemoryFraction = 0.9;

/** What the fit is asked of. `profile` is the name of a MIG profile of `gpu`. */
export interface MemoryFitInput {
  readonly gpu: Gpu;
  readonly profile?: string;
  readonly model: Model;
  readonly backend: Backend;
  readonly precision: Precision;
  readonly kvPrecision: Precision;
  readonly tensorParallel: number;
  readonly engine: Pick<
    EngineLimits,
    "gpuMemoryUtilization" | "activationBytes" | "blockTokens" | "maxModelLen" | "kvCapacityTokens"
  >;
}

/** One step of the arithmetic, per GPU. */
export interface FitLine {
  readonly label: string;
  readonly bytes: number;
  readonly formula: string;
}

/** The answer. Bytes are per GPU of the replica, tokens per replica; `kvBytes` is 0 where nothing remains. */
export interface MemoryFit {
  readonly fits: boolean;
  /** Why it does not fit, with the numbers; undefined when it fits. */
  readonly reason?: string;
  readonly usableBytes: number;
  readonly weightBytesPerGpu: number;
  readonly activationBytes: number;
  /** The share that the backend's rule applies: gpuMemoryUtilization, or TensorRT-LLM's share of what is free. */
  readonly utilization: number;
  readonly kvBytes: number;
  readonly kvBytesPerTokenPerGpu: number;
  readonly kvCapacityTokens: number;
  readonly kvBlocks: number;
  /** The longest prompt + output of one request: the least of the model's (or the engine's) limit and what the blocks hold. */
  readonly maxContextTokens: number;
  readonly lines: readonly FitLine[];
  readonly notes: readonly string[];
}

interface Budget {
  readonly usableBytes: number;
  readonly weightBytesPerGpu: number;
  readonly activationBytes: number;
  readonly utilization: number;
  /** May be negative: how much is missing. */
  readonly remainingBytes: number;
}

/** Memory, KV capacity and limits of one replica. Rule: vLLM and SGLang give utilization * HBM - weights - activations to the KV cache, TensorRT-LLM 0.9 * (HBM - weights - activations). Throws InputError for an unknown MIG profile. */
export function computeMemoryFit(input: MemoryFitInput): MemoryFit {
  const profile = findMigProfile(input.gpu, input.profile);
  const budget = computeBudget(input, profile);
  const perToken = kvBytesPerTokenPerGpu(input.model, input.kvPrecision, input.tensorParallel);
  const kvBytes = Math.max(0, budget.remainingBytes);
  const kvCapacityTokens = input.engine.kvCapacityTokens ?? Math.floor(kvBytes / perToken);
  const kvBlocks = Math.floor(kvCapacityTokens / input.engine.blockTokens);
  const limit = input.engine.maxModelLen ?? input.model.maxContextTokens;
  const reason =
    refuseGrouping(input) ??
    refuseMemory(input, budget) ??
    refuseContext(input, kvCapacityTokens, kvBlocks);
  return {
    fits: reason === undefined,
    reason,
    usableBytes: budget.usableBytes,
    weightBytesPerGpu: budget.weightBytesPerGpu,
    activationBytes: budget.activationBytes,
    utilization: budget.utilization,
    kvBytes,
    kvBytesPerTokenPerGpu: perToken,
    kvCapacityTokens,
    kvBlocks,
    maxContextTokens: Math.min(limit, kvBlocks * input.engine.blockTokens),
    lines: explain(input, budget, perToken),
    notes: collectNotes(input),
  };
}

/** The MIG profile of that name, undefined without a name. Throws InputError when the GPU has none of that name. */
export function findMigProfile(gpu: Gpu, name?: string): MigProfile | undefined {
  if (name === undefined) return undefined;
  const found = gpu.migProfiles.find((each) => each.name === name);
  if (found) return found;
  const names = gpu.migProfiles.map((each) => each.name).join(", ") || "none";
  throw new InputError(
    `${gpu.id} has no MIG profile "${name}". It has: ${names}. Use one of these, or the whole GPU.`,
    { field: "profile" },
  );
}

function computeBudget(input: MemoryFitInput, profile: MigProfile | undefined): Budget {
  const usableBytes = (profile?.memoryGib ?? input.gpu.memoryGib) * bytesPerGib;
  const weightBytesPerGpu = weightBytes(input.model, input.precision) / input.tensorParallel;
  const { activationBytes, gpuMemoryUtilization } = input.engine;
  const isTensorRt = input.backend === "trtllm";
  const utilization = isTensorRt ? tensorRtFreeMemoryFraction : gpuMemoryUtilization;
  const remainingBytes = isTensorRt
    ? utilization * (usableBytes - weightBytesPerGpu - activationBytes)
    : utilization * usableBytes - weightBytesPerGpu - activationBytes;
  return { usableBytes, weightBytesPerGpu, activationBytes, utilization, remainingBytes };
}

function refuseGrouping(input: MemoryFitInput): string | undefined {
  const { gpu, model, tensorParallel: tp, profile } = input;
  if (!Number.isInteger(tp) || tp < 1) {
    return `Tensor parallel ${tp} is not a number of GPUs: use 1, 2, 4 or 8.`;
  }
  if (profile !== undefined && tp > 1) {
    return `Tensor parallel ${tp} is not possible on MIG instances: they have no path to one another. Use tensor parallel 1 or whole GPUs.`;
  }
  if (model.heads % tp !== 0) {
    return `Tensor parallel ${tp} does not divide the ${model.heads} attention heads of ${model.id}: ${model.heads} / ${tp} = ${(model.heads / tp).toFixed(2)}. Use a divisor.`;
  }
  const { gpusPerNode } = gpu.interconnect;
  if (tp > gpusPerNode) {
    const each = weightBytes(model, input.precision) / gpusPerNode;
    return `Tensor parallel ${tp} is beyond one node: a node of ${gpu.id} has ${gpusPerNode} GPUs, ${gpusPerNode} x ${gibText(gpu.memoryGib * bytesPerGib)}; the weights over ${gpusPerNode} are ${gibText(each)} each. Use at most ${gpusPerNode}.`;
  }
  return undefined;
}

function refuseMemory(input: MemoryFitInput, budget: Budget): string | undefined {
  if (input.engine.kvCapacityTokens !== undefined || budget.remainingBytes > 0) return undefined;
  const needed = budget.weightBytesPerGpu + budget.activationBytes;
  const limit =
    input.backend === "trtllm" ? budget.usableBytes : budget.utilization * budget.usableBytes;
  return `Weights ${gibText(budget.weightBytesPerGpu)} + activations ${gibText(budget.activationBytes)} = ${gibText(needed)} per GPU, and ${gibText(limit)} may be used: ${gibText(needed - limit)} too much.`;
}

function refuseContext(
  input: MemoryFitInput,
  kvCapacityTokens: number,
  kvBlocks: number,
): string | undefined {
  const { maxModelLen, blockTokens } = input.engine;
  if (kvBlocks < 1) {
    return `The KV cache holds ${groupDigits(kvCapacityTokens)} tokens, less than one block of ${blockTokens}.`;
  }
  if (maxModelLen === undefined || maxModelLen <= kvBlocks * blockTokens) return undefined;
  return `maxModelLen ${groupDigits(maxModelLen)} is more than the KV cache holds: ${groupDigits(kvBlocks)} blocks of ${blockTokens} = ${groupDigits(kvBlocks * blockTokens)} tokens. Lower it to that, or give the replica more memory.`;
}

function explain(input: MemoryFitInput, budget: Budget, perToken: number): FitLine[] {
  const { utilization, usableBytes, weightBytesPerGpu, activationBytes } = budget;
  const isTensorRt = input.backend === "trtllm";
  const rule = isTensorRt
    ? `${utilization} x (usable - weights - activations)`
    : `${utilization} x usable - weights - activations`;
  const where = input.profile ? `${input.gpu.id} ${input.profile}` : input.gpu.id;
  const gib = findMigProfile(input.gpu, input.profile)?.memoryGib ?? input.gpu.memoryGib;
  return [
    { label: "usable memory", bytes: usableBytes, formula: `${gib} GiB of ${where}` },
    { label: "weights", bytes: weightBytesPerGpu, formula: weightFormula(input) },
    { label: "activations", bytes: activationBytes, formula: "engine.activationBytes" },
    { label: "left for the KV cache", bytes: budget.remainingBytes, formula: rule },
    { label: "KV cache per token", bytes: perToken, formula: kvFormula(input) },
  ];
}

function weightFormula(input: MemoryFitInput): string {
  const { model, precision, tensorParallel } = input;
  const linear = `${groupDigits(linearParameters(model))} x ${bytesPerElement(precision)} B`;
  const copies = vocabularyMatrices(model);
  const head = `${copies} x ${groupDigits(headParameters(model))} x 2 B`;
  return `(${linear} + ${head}) / ${tensorParallel}`;
}

function kvFormula(input: MemoryFitInput): string {
  const { model, kvPrecision, tensorParallel } = input;
  const headsPerGpu = Math.ceil(model.kvHeads / tensorParallel);
  return `2 x ${model.layers} layers x ${headsPerGpu} of ${model.kvHeads} KV heads x ${model.headDim} x ${bytesPerElement(kvPrecision)} B`;
}

function collectNotes(input: MemoryFitInput): string[] {
  const { gpu, model, tensorParallel: tp, engine } = input;
  const notes: string[] = [];
  if (gpu.f8Flops === undefined && (input.precision === "fp8" || input.kvPrecision === "fp8")) {
    notes.push(
      `${gpu.name} has no fp8 matrix units: fp8 saves memory and bandwidth only, the arithmetic runs at bf16.`,
    );
  }
  if (tp > model.kvHeads) {
    notes.push(`${tp} GPUs share ${model.kvHeads} KV heads: each head is held more than once.`);
  }
  if (tp > gpu.interconnect.maxGpus) {
    notes.push(
      `${gpu.interconnect.kind} joins ${gpu.interconnect.maxGpus} GPUs; ${tp} of them talk over PCIe at ${gbText(gpu.interconnect.pcieBytesPerSPerDirection)}/s per direction.`,
    );
  }
  if ((engine.maxModelLen ?? 0) > model.maxContextTokens) {
    notes.push(
      `maxModelLen is beyond the ${groupDigits(model.maxContextTokens)} tokens of ${model.id}: it needs scaled positions.`,
    );
  }
  return notes;
}
