/** The analytic form of the iteration-time model: matrices as a p-norm of streaming and arithmetic. Times in seconds. */
import type { PnormKernel } from "../../schema/catalog.ts";
import { power } from "../../units/units.ts";
import { weightsTime } from "./expertWork.ts";
import {
  type Accelerator,
  type IterationWork,
  type KernelTerms,
  type ModelShape,
  peakFlops,
  type WeightGroup,
} from "./iterationWork.ts";

function allReduceLatencyS(kernel: PnormKernel, tensorParallel: number): number {
  if (tensorParallel === 1) return 0;
  const us =
    tensorParallel === 2 ? kernel.ar2Us : tensorParallel === 4 ? kernel.ar4Us : kernel.ar8Us;
  return us * 1e-6;
}

/** Time of a group of weight matrices: streaming them and multiplying, blended by a p-norm. */
function matrixTime(
  tokens: number,
  { parameters, elementBytes, unit }: WeightGroup,
  gpu: Accelerator,
  kernel: PnormKernel,
  tensorParallel: number,
): number {
  const flops = peakFlops(unit, gpu);
  const mfu = kernel.mfu + ((kernel.mfuHi - kernel.mfu) * tokens) / (tokens + kernel.t0Tokens);
  const stream =
    (parameters * elementBytes) / tensorParallel / (gpu.bandwidthBytesPerS * kernel.mbuW);
  const compute = (2 * parameters * tokens) / tensorParallel / (flops * mfu);
  if (compute === 0) return stream;
  return power(power(stream, kernel.p) + power(compute, kernel.p), 1 / kernel.p);
}

/** Time of all weight matrices, experts among them. */
export function gemmTime(
  tokens: number,
  shape: ModelShape,
  gpu: Accelerator,
  kernel: PnormKernel,
  tensorParallel: number,
): number {
  return weightsTime(tokens, shape, (each, group) =>
    matrixTime(each, group, gpu, kernel, tensorParallel),
  );
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

/** Seconds per context token of decode attention: reading its keys and values, or multiplying them where that takes longer. */
export function contextTokenTime(
  shape: ModelShape,
  gpu: Accelerator,
  kernel: PnormKernel,
  tensorParallel: number,
): number {
  const bytes = shape.kvElements(tensorParallel) * shape.kvBytes;
  const read = bytes / (gpu.bandwidthBytesPerS * kernel.mbuKv);
  const flops = shape.decodeFlopsPerContextToken / tensorParallel;
  return Math.max(read, flops / (gpu.f16Flops * kernel.mfuAttn));
}

/** Seconds per decode of the layers that read a window of its context only. */
export function localTime(
  shape: ModelShape,
  gpu: Accelerator,
  kernel: PnormKernel,
  tensorParallel: number,
): number {
  const bytes = shape.localKvElements(tensorParallel) * shape.kvBytes;
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
    kv:
      work.contextTokens * contextTokenTime(shape, gpu, kernel, tensorParallel) +
      work.decodeSequences * localTime(shape, gpu, kernel, tensorParallel),
    attention: work.attentionPairs * attentionPairTime(shape, gpu, kernel, tensorParallel),
    elementwise: tokens * elementwiseTokenTime(shape, gpu, kernel),
    allReduce: allReduceTime(tokens, shape, gpu, kernel, tensorParallel),
    layers: shape.layers * kernel.oLayerUs * 1e-6,
  };
}
