/** The iteration-time model with knots: the same terms as in pnormTerms.ts, linear in their coefficients and fitted by scripts/fit. Times in seconds. */
import type { KnotsKernel } from "../../schema/catalog.ts";
import { weightsTime } from "./expertWork.ts";
import {
  type Accelerator,
  type IterationWork,
  type KernelTerms,
  type ModelShape,
  peakFlops,
  type WeightGroup,
} from "./iterationWork.ts";

/** What the terms of a pool have in common. */
export interface KnotInput {
  readonly shape: ModelShape;
  readonly gpu: Accelerator;
  readonly kernel: KnotsKernel;
  readonly tensorParallel: number;
}

/** Value at x >= knots[0] of the piecewise linear function that is 0 at knots[0] and has slopes[k] after knots[k]; the last slope goes on. */
export function rampAt(x: number, knots: readonly number[], slopes: readonly number[]): number {
  const last = slopes.length - 1;
  let sum = 0;
  for (let k = 0; k <= last; k++) {
    const end = k === last ? x : Math.min(x, knots[k + 1]);
    if (end <= knots[k]) break;
    sum += slopes[k] * (end - knots[k]);
  }
  return sum;
}

/** Tokens whose arithmetic at peak takes as long as streaming a weight matrix once. */
function ridgeTokens({ elementBytes, unit }: WeightGroup, gpu: Accelerator): number {
  return (peakFlops(unit, gpu) * elementBytes) / (2 * gpu.bandwidthBytesPerS);
}

/** Tokens at peak rate whose time the matrices take beyond streaming: ramps between knots, and steps where a kernel pads to its next size. Knots and steps belong to the fitted GPU and move with the ridge of this one. */
function excessTokens(tokens: number, group: WeightGroup, { kernel, gpu }: KnotInput): number {
  const stretch = ridgeTokens(group, gpu) / kernel.ridgeTokens;
  const fitted = tokens / stretch;
  const within = Math.min(fitted, kernel.proportionalFromTokens);
  let excess = rampAt(within, kernel.gemmKnots, kernel.gemmSlopes);
  for (let k = 0; k < kernel.stepTokens.length; k++) {
    if (within > kernel.stepTokens[k]) excess += kernel.stepFactors[k] * kernel.stepTokens[k];
  }
  return within === fitted ? stretch * excess : (excess * tokens) / within;
}

/** Time of a group of weight matrices: streaming them, and arithmetic beyond that. Monotone in tokens; in proportion to them beyond the fitted range. */
function knotMatrixTime(tokens: number, group: WeightGroup, input: KnotInput): number {
  const { gpu, kernel, tensorParallel } = input;
  const parameters = group.parameters / tensorParallel;
  const stream = (parameters * group.elementBytes * kernel.weightStream) / gpu.bandwidthBytesPerS;
  return (
    stream + (2 * parameters * excessTokens(tokens, group, input)) / peakFlops(group.unit, gpu)
  );
}

/** Time of the layers' weight matrices, experts among them. */
export function knotGemmTime(tokens: number, input: KnotInput): number {
  return weightsTime(tokens, input.shape, (each, group) => knotMatrixTime(each, group, input));
}

/** Time of the LM head (bf16 weights): streaming them, or arithmetic at 80 % of peak where that takes longer. 0 without rows. */
export function knotHeadTime(rows: number, input: KnotInput): number {
  if (rows === 0) return 0;
  const { shape, gpu, kernel, tensorParallel } = input;
  const parameters = (2 * shape.headParameters) / tensorParallel;
  const stream = parameters / gpu.bandwidthBytesPerS;
  return kernel.weightStream * Math.max(stream, (parameters * rows) / (0.8 * gpu.f16Flops));
}

/** Seconds per context token of decode attention: reading keys and values, or multiplying them where that takes longer. */
export function knotContextTokenTime({ shape, gpu, kernel, tensorParallel }: KnotInput): number {
  const bytes = shape.kvElements(tensorParallel) * shape.kvBytes;
  const flops = shape.decodeFlopsPerContextToken / tensorParallel;
  return kernel.contextRead * Math.max(bytes / gpu.bandwidthBytesPerS, flops / gpu.f16Flops);
}

/** Seconds per decode of the layers that read a window of its context only. */
export function knotLocalTime({ shape, gpu, kernel, tensorParallel }: KnotInput): number {
  const bytes = shape.localKvElements(tensorParallel) * shape.kvBytes;
  return (kernel.contextRead * bytes) / gpu.bandwidthBytesPerS;
}

/** Seconds per attention pair of causal prefill attention. */
export function knotPairTime({ shape, gpu, kernel, tensorParallel }: KnotInput): number {
  const flops = (4 * shape.layers * shape.attentionWidth) / tensorParallel;
  return (kernel.attentionPairs * flops) / gpu.f16Flops;
}

/** Seconds per prefill token of prefill attention beside its pairs: queries, keys and outputs moved. */
export function knotPrefillTokenTime({ shape, gpu, kernel, tensorParallel }: KnotInput): number {
  const bytes = (2 * shape.layers * shape.attentionWidth) / tensorParallel;
  return (kernel.attentionTokens * bytes) / gpu.bandwidthBytesPerS;
}

/** Seconds per token of norms, activations, quantisation and residuals: the part that every GPU repeats and the part that tensor parallelism divides. */
export function knotElementwiseTime({ shape, gpu, kernel, tensorParallel }: KnotInput): number {
  const repeated = kernel.elementwise * shape.hidden;
  const divided = (kernel.elementwiseDivided * shape.activationWidth) / tensorParallel;
  return (2 * shape.layers * (repeated + divided)) / gpu.bandwidthBytesPerS;
}

/** Seconds of `count` launches per layer, each of `us` microseconds. */
export function layersTime(us: number, { shape }: KnotInput): number {
  return us * 1e-6 * shape.layers;
}

function allReduceAt(bytes: number, index: number, input: KnotInput): number {
  const { kernel, gpu } = input;
  const { tensorParallel, latencyUs, slopes } = kernel.allReduce[index];
  const moved = (2 * (tensorParallel - 1)) / tensorParallel;
  const ramp = rampAt(bytes, kernel.allReduceKnotsBytes, slopes);
  return latencyUs * 1e-6 + (moved * ramp) / gpu.linkBytesPerS;
}

/** Time of all all-reduces of `tokens` tokens, two a layer; 0 on one GPU. Between the fitted numbers of GPUs it is interpolated in their logarithm, outside them the nearest holds. */
export function knotAllReduceTime(tokens: number, input: KnotInput): number {
  const { shape, kernel, tensorParallel } = input;
  if (tensorParallel === 1) return 0;
  const bytes = 2 * tokens * shape.hidden;
  const sizes = kernel.allReduce.map((each) => each.tensorParallel);
  const above = sizes.findIndex((each) => each >= tensorParallel);
  const high = above === -1 ? sizes.length - 1 : above;
  const low = above === -1 || sizes[high] === tensorParallel ? high : Math.max(0, high - 1);
  const lowS = allReduceAt(bytes, low, input);
  const twice = 2 * shape.layers;
  if (low === high) return twice * lowS;
  const share = Math.log(tensorParallel / sizes[low]) / Math.log(sizes[high] / sizes[low]);
  return twice * (lowS + share * (allReduceAt(bytes, high, input) - lowS));
}

/** Every kernel term of one iteration. Never negative, and never falling in any part of the work. */
export function knotTerms(work: IterationWork, input: KnotInput): KernelTerms {
  const { kernel } = input;
  const tokens = work.prefillTokens + work.decodeSequences;
  const decodeStart = work.decodeSequences > 0 ? layersTime(kernel.decodeLayerUs, input) : 0;
  const finishing = work.finishingShare ?? (work.headRows > work.decodeSequences ? 1 : 0);
  return {
    gemm: knotGemmTime(tokens, input),
    head: knotHeadTime(work.headRows, input),
    kv:
      work.contextTokens * knotContextTokenTime(input) +
      work.decodeSequences * knotLocalTime(input) +
      decodeStart,
    attention:
      work.attentionPairs * knotPairTime(input) +
      work.prefillTokens * knotPrefillTokenTime(input) +
      finishing * layersTime(kernel.finishingLayerUs, input),
    elementwise: tokens * knotElementwiseTime(input),
    allReduce: knotAllReduceTime(tokens, input),
    layers: layersTime(kernel.layerUs, input),
  };
}
