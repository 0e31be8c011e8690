/** What the iteration-time model is asked about: the work of an iteration, the model's sums, the GPU; and the terms that it answers with. */
import {
  bytesPerElement,
  headParameters,
  kvElementsPerToken,
  linearParameters,
  type Precision,
} from "../../catalog/modelMath.ts";
import type { Gpu, Model } from "../../schema/catalog.ts";

/** The hardware that one GPU of a replica offers: a whole GPU or one MIG instance. */
export interface Accelerator {
  readonly bandwidthBytesPerS: number;
  readonly f16Flops: number;
  /** Peak of the weight precision's matrix units; the f16 peak where the GPU has no fp8. */
  readonly f8Flops: number;
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

/** A model as the time model sees it: architecture sums and bytes per element. */
export interface ModelShape {
  readonly layers: number;
  readonly hidden: number;
  readonly attentionWidth: number;
  /** Elements per token and layer that the weight matrices read and write and tensor parallelism divides. */
  readonly activationWidth: number;
  readonly linearParameters: number;
  readonly headParameters: number;
  readonly kvElementsPerToken: number;
  readonly weightBytes: number;
  readonly kvBytes: number;
}

/** Architecture sums of a model and the bytes of its weights and KV elements. */
export function modelShape(model: Model, precision: Precision, kvPrecision: Precision): ModelShape {
  return {
    layers: model.layers,
    hidden: model.hidden,
    attentionWidth: model.heads * model.headDim,
    activationWidth: 3 * model.intermediate + 2 * (model.heads + model.kvHeads) * model.headDim,
    linearParameters: linearParameters(model),
    headParameters: headParameters(model),
    kvElementsPerToken: kvElementsPerToken(model),
    weightBytes: bytesPerElement(precision),
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
    linkBytesPerS: isLinked
      ? interconnect.bytesPerSPerDirection
      : interconnect.pcieBytesPerSPerDirection,
  };
}
