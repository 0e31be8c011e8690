/** The kernel with knots as a list of numbers, so that it can be fitted: the model is linear in every one of them. */
import type { KnotsKernel } from "../../shared/schema/catalog.ts";
import { kernelTerms, kernelTime } from "../../shared/serving/executionTime/kernelTerms.ts";
import type { ScaledRow } from "./leastRelative.ts";
import type { StepRow } from "./steps.ts";

/** What is chosen and not fitted: where the knots and steps are. */
export interface KnotPlan {
  readonly ridgeTokens: number;
  readonly gemmKnots: readonly number[];
  readonly stepTokens: readonly number[];
  readonly allReduceKnotsBytes: readonly number[];
  readonly allReduceGpus: readonly number[];
  readonly proportionalFromTokens: number;
}

/** Ridge of an H100 SXM, on which the rows are: peak flops * bytes per weight / (2 * bandwidth). */
const h100RidgeTokens = { bf16: (989e12 * 2) / (2 * 3.35e12), fp8: 1979e12 / (2 * 3.35e12) };
const kib = 1024;

/** Sets whose fp8 matrices pad to powers of two; the others have no steps. */
const padding: readonly string[] = ["vllm-fp8", "sglang-fp8"];

/** The plan of a set. */
export function planOf(set: string): KnotPlan {
  return {
    ridgeTokens: set.endsWith("bf16") ? h100RidgeTokens.bf16 : h100RidgeTokens.fp8,
    gemmKnots: [0, 64, 128, 256, 512, 1024, 4096, 8192],
    stepTokens: padding.includes(set) ? [64, 128, 256, 512, 1024, 2048, 4096] : [],
    allReduceKnotsBytes: [0, 64, 256, 1024, 4096, 16_384, 65_536].map((each) => each * kib),
    allReduceGpus: [2, 4, 8],
    proportionalFromTokens: 8448,
  };
}

const singles = [
  "weightStream",
  "contextRead",
  "decodeLayerUs",
  "attentionPairs",
  "attentionTokens",
  "finishingLayerUs",
  "elementwise",
  "elementwiseDivided",
  "layerUs",
] as const;

/** Numbers that the plan's kernel has. */
export function parameterCount(plan: KnotPlan): number {
  const perGpus = plan.allReduceKnotsBytes.length;
  const matrices = plan.gemmKnots.length - 1 + plan.stepTokens.length;
  return singles.length + matrices + plan.allReduceGpus.length * perGpus;
}

/** The kernel that has these numbers, in the order of parameterCount's parts. */
export function kernelFrom(plan: KnotPlan, values: ArrayLike<number>): KnotsKernel {
  let next = 0;
  const take = (count: number): number[] => Array.from({ length: count }, () => values[next++]);
  const [weightStream, contextRead, decodeLayerUs, attentionPairs, attentionTokens, ...rest] = take(
    singles.length,
  );
  const [finishingLayerUs, elementwise, elementwiseDivided, layerUs] = rest;
  const gemmSlopes = take(plan.gemmKnots.length - 1);
  const stepFactors = take(plan.stepTokens.length);
  const allReduce = plan.allReduceGpus.map((tensorParallel) => {
    const [latencyUs, ...slopes] = take(plan.allReduceKnotsBytes.length);
    return { tensorParallel, latencyUs, slopes };
  });
  return {
    form: "knots",
    ridgeTokens: plan.ridgeTokens,
    gemmKnots: [...plan.gemmKnots],
    stepTokens: [...plan.stepTokens],
    allReduceKnotsBytes: [...plan.allReduceKnotsBytes],
    proportionalFromTokens: plan.proportionalFromTokens,
    weightStream,
    contextRead,
    decodeLayerUs,
    attentionPairs,
    attentionTokens,
    finishingLayerUs,
    elementwise,
    elementwiseDivided,
    layerUs,
    gemmSlopes,
    stepFactors,
    allReduce,
  };
}

/** Features of each row over its measured time: the predicted share is their product with the parameters. */
export function scaledRows(plan: KnotPlan, rows: readonly StepRow[]): ScaledRow[] {
  const count = parameterCount(plan);
  const units = Array.from({ length: count }, (_, index) =>
    kernelFrom(
      plan,
      Float64Array.from({ length: count }, (_zero, j) => (j === index ? 1 : 0)),
    ),
  );
  return rows.map((row) =>
    Float64Array.from(units, (kernel) => predictSeconds(kernel, row) / row.seconds),
  );
}

/** Kernel time of a row, seconds. */
export function predictSeconds(kernel: Parameters<typeof kernelTerms>[3], row: StepRow): number {
  return kernelTime(kernelTerms(row.work, row.shape, row.gpu, kernel, row.tensorParallel));
}
