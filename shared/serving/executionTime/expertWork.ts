/** Routed experts in the time of an iteration: how many of them its tokens touch, and what that makes of the matrices' time. */
import { power } from "../../units/units.ts";
import type { ModelShape, WeightGroup } from "./iterationWork.ts";

/**
 * Expected distinct experts of a layer that `tokens` tokens touch. A token takes `active` of `count` experts, so it misses a given one
 * with probability 1 - active / count, and all tokens miss it with (1 - active / count)^tokens, where tokens choose independently and
 * evenly: E (1 - (1 - k / E)^T). Real routers are less even, so this is an upper bound of the expected weights read.
 */
export function touchedExperts(tokens: number, count: number, active: number): number {
  if (tokens <= 0) return 0;
  if (active >= count) return count;
  return count * (1 - power(1 - active / count, tokens));
}

/**
 * Time of all weight matrices for `tokens` tokens, seconds. `matrixTime` gives that of a group of matrices through which so many tokens
 * go. Each touched expert is streamed once and sees tokens * active / touched tokens on average: bytes grow with the distinct
 * experts, flops with the active ones.
 */
export function weightsTime(
  tokens: number,
  { dense, experts }: ModelShape,
  matrixTime: (tokens: number, group: WeightGroup) => number,
): number {
  const always = matrixTime(tokens, dense);
  if (experts === undefined || tokens <= 0) return always;
  const touched = touchedExperts(tokens, experts.count, experts.active);
  return always + touched * matrixTime((tokens * experts.active) / touched, experts);
}

/** Time of the matrices' arithmetic for `tokens` tokens at the units' peak, over `tensorParallel` GPUs; seconds. */
export function peakTime(
  tokens: number,
  { dense, experts }: ModelShape,
  tensorParallel: number,
  flopsOf: (unit: WeightGroup["unit"]) => number,
): number {
  const denseS = (2 * dense.parameters * tokens) / tensorParallel / flopsOf(dense.unit);
  if (experts === undefined) return denseS;
  const taken = experts.active * experts.parameters;
  return denseS + (2 * taken * tokens) / tensorParallel / flopsOf(experts.unit);
}
