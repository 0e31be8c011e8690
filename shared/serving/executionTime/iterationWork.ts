/** What the iteration-time model is asked about: the work of an iteration, the model's sums, the GPU; and the terms that it answers with. */
import {
  bytesPerElement,
  denseElementBytes,
  denseParameters,
  expertLayers,
  expertParameters,
  headParameters,
  type KvPrecision,
  kvElementsPerToken,
  kvPerGpu,
  localKvElements,
  mlpMatrices,
  type Precision,
} from "../../catalog/modelMath.ts";
import type { Gpu, Model } from "../../schema/catalog.ts";

/** The hardware that one GPU of a replica offers: a whole GPU or one MIG instance. */
export interface Accelerator {
  readonly bandwidthBytesPerS: number;
  readonly f16Flops: number;
  /** Peak of the weight precision's matrix units; the f16 peak where the GPU has no fp8. */
  readonly f8Flops: number;
  /** Peak with 4-bit floats on both sides; the f16 peak where the GPU has none. */
  readonly f4Flops: number;
  /** Bytes per second and direction between the replica's GPUs. */
  readonly linkBytesPerS: number;
}

/** What one iteration computes. */
export interface IterationWork {
  /** Prefill tokens computed now; cached ones are not among them. */
  readonly prefillTokens: number;
  /** Decode sequences, one token each. */
  readonly decodeSequences: number;
  /** Sum of the decode sequences' context lengths, the token being computed included. */
  readonly contextTokens: number;
  /** Sum over prefill chunks of chunk * (past + chunk / 2). */
  readonly attentionPairs: number;
  /** Rows through the LM head: decode sequences and prompts that finish now. */
  readonly headRows: number;
  /** Share of such iterations that finish a prompt, 0..1; undefined for 1 where headRows exceeds decodeSequences, else 0. */
  readonly finishingShare?: number;
}

/** The terms of one iteration, seconds, kernel time only. */
export interface KernelTerms {
  readonly gemm: number;
  readonly head: number;
  readonly kv: number;
  readonly attention: number;
  readonly elementwise: number;
  readonly allReduce: number;
  readonly layers: number;
}

/** Matrix units that the weights' format uses. */
export type ComputeUnit = "f16" | "f8" | "f4";

/** Weight matrices that go through the same kernels: parameters, bytes of one, and the units that multiply them. */
export interface WeightGroup {
  readonly parameters: number;
  readonly elementBytes: number;
  readonly unit: ComputeUnit;
}

/** Routed experts as the time model sees them. */
export interface ExpertShape extends WeightGroup {
  /** Experts of a layer, and how many of them a token takes; `parameters` are those of one expert in all layers. */
  readonly count: number;
  readonly active: number;
}

/** A model as the time model sees it: architecture sums and bytes per element. */
export interface ModelShape {
  readonly layers: number;
  readonly hidden: number;
  /** Elements of a token's queries and outputs over all heads: prefill attention takes 4 flops per pair, layer and element, causal. */
  readonly attentionWidth: number;
  /** Elements per token and layer that the weight matrices read and write and tensor parallelism divides. */
  readonly activationWidth: number;
  /** What every token goes through. */
  readonly dense: WeightGroup;
  readonly experts?: ExpertShape;
  /** Rows through it cost nothing in an embedding model, which has none: 0. */
  readonly headParameters: number;
  /** Key and value elements of one context token on one GPU, given the replica's GPUs. */
  readonly kvElements: (tensorParallel: number) => number;
  /** Key and value elements that each decode reads whatever its context: layers with a window. */
  readonly localKvElements: (tensorParallel: number) => number;
  /** Flops per context token of a decode; counts where they take longer than reading, as in latent attention. */
  readonly decodeFlopsPerContextToken: number;
  readonly kvBytes: number;
}

/** Units for weights of a format: 8-bit floats multiply as such, nvfp4 too where the GPU has 4-bit units; int4 and mxfp4 are widened to 16 bits first. */
function computeUnit(precision: Precision): ComputeUnit {
  if (precision === "fp8") return "f8";
  return precision === "nvfp4" ? "f4" : "f16";
}

/** Peak flops of the units on a GPU. */
export function peakFlops(unit: ComputeUnit, gpu: Accelerator): number {
  if (unit === "f8") return gpu.f8Flops;
  return unit === "f4" ? gpu.f4Flops : gpu.f16Flops;
}

function attentionWidth({ heads, headDim, attention, latentAttention: latent }: Model): number {
  const perHead =
    latent === undefined ? headDim : (latent.nopeDim + latent.ropeDim + latent.valueDim) / 2;
  return heads * perHead * (attention === "bidirectional" ? 2 : 1);
}

/** Mean width of a token's MLP over the layers: experts that it takes, shared ones, plain layers. */
function mlpWidth(model: Model): number {
  const { layers, intermediate, experts } = model;
  if (experts === undefined) return intermediate;
  const shared = experts.shared * (experts.sharedIntermediate ?? experts.intermediate);
  const withExperts = expertLayers(model);
  const taken = experts.active * experts.intermediate + shared;
  return ((layers - withExperts) * intermediate + withExperts * taken) / layers;
}

/** Latent attention reads one vector for all heads and multiplies it with every head's query and weight; others read more than they multiply. */
function decodeFlops({ layers, heads, headDim, latentAttention: latent }: Model): number {
  if (latent === undefined) return 4 * layers * heads * headDim;
  return 2 * layers * heads * (2 * latent.kvRank + latent.ropeDim);
}

function expertShape(model: Model, precision: Precision): ExpertShape | undefined {
  const { experts } = model;
  if (experts === undefined) return undefined;
  return {
    parameters: expertParameters(model),
    elementBytes: bytesPerElement(precision),
    unit: computeUnit(precision),
    count: experts.count,
    active: experts.active,
  };
}

/** Architecture sums of a model and the bytes of its weights and KV elements. */
export function modelShape(
  model: Model,
  precision: Precision,
  kvPrecision: KvPrecision,
): ModelShape {
  const denseBytes = denseElementBytes(model, precision);
  return {
    layers: model.layers,
    hidden: model.hidden,
    attentionWidth: attentionWidth(model),
    activationWidth:
      mlpMatrices(model) * mlpWidth(model) + 2 * (model.heads + model.kvHeads) * model.headDim,
    dense: {
      parameters: denseParameters(model),
      elementBytes: denseBytes,
      unit: denseBytes === bytesPerElement(precision) ? computeUnit(precision) : "f16",
    },
    experts: expertShape(model, precision),
    headParameters: model.kind === "embedding" ? 0 : headParameters(model),
    kvElements: (tensorParallel) => kvPerGpu(kvElementsPerToken(model), model, tensorParallel),
    localKvElements: (tensorParallel) => kvPerGpu(localKvElements(model), model, tensorParallel),
    decodeFlopsPerContextToken: decodeFlops(model),
    kvBytes: bytesPerElement(kvPrecision),
  };
}

/** Share of a GPU that a MIG profile leaves: flops by SMs, bandwidth by memory slices of 8; a whole GPU without a profile. */
export function acceleratorOf(gpu: Gpu, tensorParallel: number, profileName?: string): Accelerator {
  const profile = gpu.migProfiles.find((each) => each.name === profileName);
  const smShare = profile ? profile.smCount / gpu.smCount : 1;
  const bandwidthShare = profile ? profile.memorySlices / 8 : 1;
  const { interconnect } = gpu;
  const isLinked = interconnect.kind !== "pcie" && tensorParallel <= interconnect.maxGpus;
  return {
    bandwidthBytesPerS: gpu.bandwidthBytesPerS * bandwidthShare,
    f16Flops: gpu.f16Flops * smShare,
    f8Flops: (gpu.f8Flops ?? gpu.f16Flops) * smShare,
    f4Flops: (gpu.f4Flops ?? gpu.f16Flops) * smShare,
    linkBytesPerS: isLinked
      ? interconnect.bytesPerSPerDirection
      : interconnect.pcieBytesPerSPerDirection,
  };
}
