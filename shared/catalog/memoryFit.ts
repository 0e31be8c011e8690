/** Does a model fit a GPU, a MIG instance or a tensor-parallel group, and how many tokens of KV cache remain: with the arithmetic. */
import type { Gpu, MigProfile, Model } from "../schema/catalog.ts";
import type { EngineLimits } from "../schema/fleet.ts";
import { InputError } from "../units/errors.ts";
import { groupDigits } from "../units/figureText.ts";
import { bytesPerGib } from "../units/units.ts";
import { gbText, gibText } from "./arithmeticText.ts";
import {
  applyMemoryRule,
  engineOf,
  type MemoryRule,
  type MemorySettings,
  nimNote,
  type Server,
} from "./memoryRules.ts";
import {
  bytesPerElement,
  denseElementBytes,
  denseParameters,
  expertParameters,
  headParameters,
  type KvPrecision,
  kvBytesPerTokenPerGpu,
  localKvElements,
  type Precision,
  vocabularyMatrices,
  weightBytes,
} from "./modelMath.ts";

/** What the fit is asked of. `profile` is the name of a MIG profile of `gpu`. */
export interface MemoryFitInput {
  readonly gpu: Gpu;
  readonly profile?: string;
  readonly model: Model;
  readonly backend: Server;
  readonly precision: Precision;
  readonly kvPrecision: KvPrecision;
  readonly tensorParallel: number;
  readonly engine: MemorySettings &
    Pick<EngineLimits, "blockTokens" | "maxModelLen" | "kvCapacityTokens">;
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
  /** Counted against the backend's limit; 0 in SGLang, whose limit leaves room for them outside. */
  readonly activationBytes: number;
  /** The share that the backend's rule applies: gpuMemoryUtilization, mem_fraction_static, or TensorRT-LLM's share of what is free. */
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
  readonly rule: MemoryRule;
}

/** Memory, KV capacity and limits of one replica. The KV cache gets what the backend's rule leaves (memoryRules.ts). Throws InputError for an unknown MIG profile. */
export function computeMemoryFit(input: MemoryFitInput): MemoryFit {
  const profile = findMigProfile(input.gpu, input.profile);
  const budget = computeBudget(input, profile);
  const perToken = kvBytesPerTokenPerGpu(input.model, input.kvPrecision, input.tensorParallel);
  const kvBytes = Math.max(0, budget.rule.remainingBytes);
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
    activationBytes: budget.rule.activationBytes,
    utilization: budget.rule.share,
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
  const memory = {
    usableBytes,
    weightBytes: weightBytesPerGpu,
    tensorParallel: input.tensorParallel,
  };
  return {
    usableBytes,
    weightBytesPerGpu,
    rule: applyMemoryRule(engineOf(input.backend, input.profile), memory, input.engine),
  };
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

function refuseMemory(input: MemoryFitInput, { weightBytesPerGpu, rule }: Budget) {
  if (input.engine.kvCapacityTokens !== undefined || rule.remainingBytes > 0) return undefined;
  const { activationBytes, limitBytes } = rule;
  const needed = weightBytesPerGpu + activationBytes;
  const parts =
    activationBytes > 0
      ? `Weights ${gibText(weightBytesPerGpu)} + activations ${gibText(activationBytes)} = ${gibText(needed)} per GPU`
      : `Weights are ${gibText(needed)} per GPU`;
  return `${parts}, and ${gibText(limitBytes)} may be used: ${gibText(needed - limitBytes)} too much.`;
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
  const { usableBytes, weightBytesPerGpu, rule } = budget;
  const where = input.profile ? `${input.gpu.id} ${input.profile}` : input.gpu.id;
  const gib = findMigProfile(input.gpu, input.profile)?.memoryGib ?? input.gpu.memoryGib;
  const activations =
    rule.activationBytes > 0 ? "engine.activationBytes" : "outside the share that the rule takes";
  return [
    { label: "usable memory", bytes: usableBytes, formula: `${gib} GiB of ${where}` },
    { label: "weights", bytes: weightBytesPerGpu, formula: weightFormula(input) },
    { label: "activations", bytes: rule.activationBytes, formula: activations },
    { label: "left for the KV cache", bytes: rule.remainingBytes, formula: rule.formula },
    { label: "KV cache per token", bytes: perToken, formula: kvFormula(input) },
  ];
}

function weightFormula(input: MemoryFitInput): string {
  const { model, precision, tensorParallel } = input;
  const dense = `${groupDigits(denseParameters(model))} x ${roundBytes(denseElementBytes(model, precision))} B`;
  const copies = vocabularyMatrices(model);
  const head = `${copies} x ${groupDigits(headParameters(model))} x 2 B`;
  const experts =
    model.experts === undefined
      ? ""
      : ` + ${model.experts.count} experts x ${groupDigits(expertParameters(model))} x ${roundBytes(bytesPerElement(precision))} B`;
  return `(${dense}${experts} + ${head}) / ${tensorParallel}`;
}

/** Bytes of an element with its share of scales, four decimals at most. */
function roundBytes(bytes: number): number {
  return Number(bytes.toFixed(4));
}

function kvFormula(input: MemoryFitInput): string {
  const { model, kvPrecision, tensorParallel } = input;
  const bytes = bytesPerElement(kvPrecision);
  const layers = model.layers - (model.localAttention?.layers ?? 0);
  const { latentAttention: latent } = model;
  if (latent !== undefined) {
    return `${layers} layers x (${latent.kvRank} latent + ${latent.ropeDim} rotary) x ${bytes} B, whole on each GPU`;
  }
  const headsPerGpu = Math.ceil(model.kvHeads / tensorParallel);
  return `2 x ${layers} layers x ${headsPerGpu} of ${model.kvHeads} KV heads x ${model.headDim} x ${bytes} B`;
}

function collectNotes(input: MemoryFitInput): string[] {
  const { gpu, model, tensorParallel: tp, engine } = input;
  const nim = nimNote(input.backend, input.profile);
  const notes = [...(nim ? [nim] : []), ...precisionNotes(input), ...modelNotes(input)];
  if (tp > model.kvHeads && model.latentAttention === undefined) {
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

function precisionNotes({ gpu, precision, kvPrecision }: MemoryFitInput): string[] {
  if (precision === "int4" || precision === "mxfp4") {
    return [`${precision} weights save memory and bandwidth; the arithmetic runs at bf16.`];
  }
  const isWithout8 = gpu.f8Flops === undefined && (precision === "fp8" || kvPrecision === "fp8");
  const missing =
    precision === "nvfp4" && gpu.f4Flops === undefined ? "nvfp4" : isWithout8 ? "fp8" : undefined;
  if (missing === undefined) return [];
  return [
    `${gpu.name} has no ${missing} matrix units: ${missing} saves memory and bandwidth only, the arithmetic runs at bf16.`,
  ];
}

function modelNotes({ model, precision, kvPrecision }: MemoryFitInput): string[] {
  const notes: string[] = [];
  if (precision === "mxfp4" && model.experts !== undefined) {
    notes.push(
      "mxfp4 holds for the experts; attention and shared layers are at bf16, as published.",
    );
  }
  if (model.localAttention !== undefined) {
    const bytes = localKvElements(model) * bytesPerElement(kvPrecision);
    notes.push(
      `${model.localAttention.layers} layers see ${groupDigits(model.localAttention.tokens)} tokens only: up to ${(bytes / 1e6).toFixed(1)} MB a request, which the KV cache above does not count.`,
    );
  }
  if (model.kind === "embedding") {
    notes.push(
      "An embedding model keeps no keys and values after a prompt; they are room for prompts under way.",
    );
  }
  return notes;
}
