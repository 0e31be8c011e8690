/** What else would fit: the same model on other precisions, groups, slices and GPUs; and how many requests a KV cache holds. */
import type { Gpu, Model } from "../schema/catalog.ts";
import { computeMemoryFit, type MemoryFit, type MemoryFitInput } from "./memoryFit.ts";
import type { Precision } from "./modelMath.ts";

/** Tensor-parallel sizes that are tried. */
export const triedTensorParallel = [1, 2, 4, 8] as const;

/** One placement of a model and its fit. */
export interface FitCase {
  readonly input: MemoryFitInput;
  readonly fit: MemoryFit;
}

/** Requests of `contextTokens` (prompt + output) that the KV cache holds at once; 0 where one alone is too long. */
export function requestsAtOnce(fit: MemoryFit, blockTokens: number, contextTokens: number): number {
  if (!fit.fits || contextTokens > fit.maxContextTokens) return 0;
  return Math.floor(fit.kvBlocks / Math.ceil(contextTokens / blockTokens));
}

/** Formats that are shown: bf16, fp8 and int4, nvfp4 where the GPU computes in it, and the one that the model is published in. */
export function listedPrecisions(gpu: Gpu, { publishedPrecision }: Model): Precision[] {
  const listed: Precision[] = ["bf16", "fp8", "int4"];
  if (gpu.f4Flops !== undefined) listed.push("nvfp4");
  if (publishedPrecision !== undefined && !listed.includes(publishedPrecision)) {
    listed.push(publishedPrecision);
  }
  return listed;
}

/** Every placement of the model: each GPU whole (at the tensor-parallel sizes given) and cut (each profile but "+me"), at each precision that makes sense there. */
export function listFits(
  base: MemoryFitInput,
  gpus: readonly Gpu[],
  tensorParallelSizes: readonly number[] = triedTensorParallel,
): FitCase[] {
  return gpus.flatMap((gpu) =>
    listedPrecisions(gpu, base.model).flatMap((precision) => {
      const whole = tensorParallelSizes.map((tensorParallel) => ({ tensorParallel }));
      const cut = sliceNames(gpu).map((profile) => ({ tensorParallel: 1, profile }));
      return [...whole, ...cut].map((place) =>
        fitCase({ ...base, gpu, precision, profile: undefined, ...place }),
      );
    }),
  );
}

/** The first placement that fits in each direction from one that does not: fp8 weights, int4 weights, fp8 KV cache, a larger slice, more or fewer whole GPUs, another GPU; else fp8 on more GPUs. */
export function suggestFits(base: MemoryFitInput, gpus: readonly Gpu[]): FitCase[] {
  const directions = [
    [{ ...base, precision: "fp8" as const }],
    [{ ...base, precision: "int4" as const }],
    [{ ...base, kvPrecision: "fp8" as const }],
    otherSlices(base),
    otherGroups(base),
    gpus.map((gpu) => ({ ...base, gpu, profile: undefined })),
  ];
  const suggested = directions.flatMap(firstThatFits);
  if (suggested.length > 0) return suggested.filter(isFirstOfItsPlace);
  return firstThatFits(otherGroups({ ...base, precision: "fp8" }));
}

function firstThatFits(inputs: readonly MemoryFitInput[]): FitCase[] {
  return inputs
    .map(fitCase)
    .filter((each) => each.fit.fits)
    .slice(0, 1);
}

function isFirstOfItsPlace(each: FitCase, index: number, all: readonly FitCase[]): boolean {
  return all.findIndex((other) => placeKey(other) === placeKey(each)) === index;
}

function placeKey({ input }: FitCase): string {
  const { gpu, profile, tensorParallel, precision, kvPrecision } = input;
  return [gpu.id, profile, tensorParallel, precision, kvPrecision].join(" ");
}

function fitCase(input: MemoryFitInput): FitCase {
  return { input, fit: computeMemoryFit(input) };
}

function sliceNames(gpu: Gpu): string[] {
  return gpu.migProfiles.map((each) => each.name).filter((name) => !name.endsWith("+me"));
}

function otherSlices(base: MemoryFitInput): MemoryFitInput[] {
  if (base.profile === undefined) return [];
  return sliceNames(base.gpu).map((profile) => ({ ...base, profile, tensorParallel: 1 }));
}

/** Whole GPUs: the next larger groups first, then smaller ones, largest first. */
function otherGroups(base: MemoryFitInput): MemoryFitInput[] {
  const now = base.profile === undefined ? base.tensorParallel : 0;
  const larger = triedTensorParallel.filter((size) => size > now);
  const smaller = triedTensorParallel.filter((size) => size < now).reverse();
  const sizes = [...larger, ...smaller];
  return sizes.map((tensorParallel) => ({ ...base, profile: undefined, tensorParallel }));
}
