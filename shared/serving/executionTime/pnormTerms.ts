/** The analytic form of the iteration-time model: matrices as a p-norm of streaming and arithmetic. Times in seconds. */
import type { PnormKernel } from "../../schema/catalog.ts";
import { power } from "../../units/units.ts";
import type { Accelerator, IterationWork, KernelTerms, ModelShape } from "./iterationWork.ts";

function allReduceLatencyS(kernel: PnormKernel, tensorParallel: number): number {
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
  kernel: PnormKernel,
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
  kernel: PnormKernel,
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
  kernel: PnormKernel,
  tensorParallel: number,
): number {
  const bytes = (shape.kvElementsPerToken * shape.kvBytes) / tensorParallel;
  return bytes / (gpu.bandwidthBytesPerS * kernel.mbuKv);
}

/** Seconds per attention pair of causal prefill attention. */
export function attentionPairTime(
  shape: ModelShape,
  gpu: Accelerator,
  kernel: PnormKernel,
  tensorParallel: number,
): number {
  const flops = (4 * shape.layers * shape.attentionWidth) / tensorParallel;
  return flops / (gpu.f16Flops * kernel.mfuAttn);
}

/** Seconds per token of norms, activations and residuals. */
export function elementwiseTokenTime(
  shape: ModelShape,
  gpu: Accelerator,
  kernel: PnormKernel,
): number {
  return (kernel.cElem * shape.layers * shape.hidden * 2) / gpu.bandwidthBytesPerS;
}

/** All-reduce time of `tokens` tokens over the replica's GPUs, 0 on one GPU. */
export function allReduceTime(
  tokens: number,
  shape: ModelShape,
  gpu: Accelerator,
  kernel: PnormKernel,
  tensorParallel: number,
): number {
  if (tensorParallel === 1) return 0;
  const bytes = (tokens * shape.hidden * 2 * 2 * (tensorParallel - 1)) / tensorParallel;
  const transfer = bytes / (gpu.linkBytesPerS * kernel.arBw);
  return 2 * shape.layers * (allReduceLatencyS(kernel, tensorParallel) + transfer);
}

/** Every kernel term of one iteration in the p-norm form. Form and coefficients: fitted to published iteration times, see the fixture pnormSets.json and, for Vidur, data/catalog/coefficients.json. */
export function pnormTerms(
  work: IterationWork,
  shape: ModelShape,
  gpu: Accelerator,
  kernel: PnormKernel,
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
