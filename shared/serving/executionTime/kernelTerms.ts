/** The additive iteration-time model: time of one forward pass on one replica, term by term, in seconds, whichever form its coefficients have. */
import type { CoefficientSet } from "../../schema/catalog.ts";
import {
  type Accelerator,
  acceleratorOf,
  type IterationWork,
  type KernelTerms,
  type ModelShape,
  modelShape,
} from "./iterationWork.ts";
import { knotTerms } from "./knotTerms.ts";
import { pnormTerms } from "./pnormTerms.ts";

export { type Accelerator, acceleratorOf, type IterationWork, type ModelShape, modelShape };

/** Every kernel term of one iteration. */
export function kernelTerms(
  work: IterationWork,
  shape: ModelShape,
  gpu: Accelerator,
  kernel: CoefficientSet["kernel"],
  tensorParallel: number,
): KernelTerms {
  return kernel.form === "knots"
    ? knotTerms(work, { shape, gpu, kernel, tensorParallel })
    : pnormTerms(work, shape, gpu, kernel, tensorParallel);
}

/** Their sum: the kernel time of the iteration, seconds, before gpu_scale and host terms. */
export function kernelTime(terms: KernelTerms): number {
  const { gemm, head, kv, attention, elementwise, allReduce, layers } = terms;
  return gemm + head + kv + attention + elementwise + allReduce + layers;
}
