/** The additive iteration-time model: time of one forward pass on one replica, term by term, in seconds. */
import {
  bytesPerElement,
  headParameters,
  kvElementsPerToken,
  linearParameters,
  type Precision,
} from "../../catalog/modelMath.ts";
import type { CoefficientSet, Gpu, Model } from "../../schema/catalog.ts";
import { power } from "../../units/units.ts";

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

function allReduceLatencyS(kernel: CoefficientSet["kernel"], tensorParallel: number): number {
  if (tensorParallel === 1) return 0;
  const us =
    tensorParallel === 2 ? kernel.ar2Us : tensorParallel === 4 ? kernel.ar4Us : kernel.ar8Us;
  return us * 1e-6;
}

/** Time of the weight matrices: streaming them and multiplying, blended by a p-norm. */
export function gemmTime(
  tokens: number,
  shape: ModelShape,
  gpu: Accelerator,
  kernel: CoefficientSet["kernel"],
  tensorParallel: number,
): number {
  const flops = shape.weightBytes === 1 ? gpu.f8Flops : gpu.f16Flops;
  const mfu = kernel.mfu + ((kernel.mfuHi - kernel.mfu) * tokens) / (tokens + kernel.t0Tokens);
  const stream =
    (shape.linearParameters * shape.weightBytes) /
    tensorParallel /
    (gpu.bandwidthBytesPerS * kernel.mbuW);
  const compute = (2 * shape.linearParameters * tokens) / tensorParallel / (flops * mfu);
  if (compute === 0) return stream;
  return power(power(stream, kernel.p) + power(compute, kernel.p), 1 / kernel.p);
}

/** Time of the LM head (bf16 weights), 0 in an iteration that samples nothing. */
export function headTime(
  rows: number,
  shape: ModelShape,
  gpu: Accelerator,
  kernel: CoefficientSet["kernel"],
  tensorParallel: number,
): number {
  if (rows === 0) return 0;
  const parameters = (2 * shape.headParameters) / tensorParallel;
  return Math.max(
    parameters / (gpu.bandwidthBytesPerS * kernel.mbuW),
    (parameters * rows) / (0.7 * gpu.f16Flops),
  );
}

/** Seconds per context token of decode attention: reading its keys and values. */
export function contextTokenTime(
  shape: ModelShape,
  gpu: Accelerator,
  kernel: CoefficientSet["kernel"],
  tensorParallel: number,
): number {
  const bytes = (shape.kvElementsPerToken * shape.kvBytes) / tensorParallel;
  return bytes / (gpu.bandwidthBytesPerS * kernel.mbuKv);
}

/** Seconds per attention pair of causal prefill attention. */
export function attentionPairTime(
  shape: ModelShape,
  gpu: Accelerator,
  kernel: CoefficientSet["kernel"],
  tensorParallel: number,
): number {
  const flops = (4 * shape.layers * shape.attentionWidth) / tensorParallel;
  return flops / (gpu.f16Flops * kernel.mfuAttn);
}

/** Seconds per token of norms, activations and residuals. */
export function elementwiseTokenTime(
  shape: ModelShape,
  gpu: Accelerator,
  kernel: CoefficientSet["kernel"],
): number {
  return (kernel.cElem * shape.layers * shape.hidden * 2) / gpu.bandwidthBytesPerS;
}

/** All-reduce time of `tokens` tokens over the replica's GPUs, 0 on one GPU. */
export function allReduceTime(
  tokens: number,
  shape: ModelShape,
  gpu: Accelerator,
  kernel: CoefficientSet["kernel"],
  tensorParallel: number,
): number {
  if (tensorParallel === 1) return 0;
  const bytes = (tokens * shape.hidden * 2 * 2 * (tensorParallel - 1)) / tensorParallel;
  const transfer = bytes / (gpu.linkBytesPerS * kernel.arBw);
  return 2 * shape.layers * (allReduceLatencyS(kernel, tensorParallel) + transfer);
}

/** Every kernel term of one iteration. Form and coefficients: fitted to published iteration times, see data/catalog/coefficients.json. */
export function kernelTerms(
  work: IterationWork,
  shape: ModelShape,
  gpu: Accelerator,
  kernel: CoefficientSet["kernel"],
  tensorParallel: number,
): KernelTerms {
  const tokens = work.prefillTokens + work.decodeSequences;
  return {
    gemm: gemmTime(tokens, shape, gpu, kernel, tensorParallel),
    head: headTime(work.headRows, shape, gpu, kernel, tensorParallel),
    kv: work.contextTokens * contextTokenTime(shape, gpu, kernel, tensorParallel),
    attention: work.attentionPairs * attentionPairTime(shape, gpu, kernel, tensorParallel),
    elementwise: tokens * elementwiseTokenTime(shape, gpu, kernel),
    allReduce: allReduceTime(tokens, shape, gpu, kernel, tensorParallel),
    layers: shape.layers * kernel.oLayerUs * 1e-6,
  };
}
