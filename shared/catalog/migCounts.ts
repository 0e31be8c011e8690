/** How many MIG layouts a GPU has. */
import type { Gpu } from "../schema/catalog.ts";
import { listMigLayouts, maximalMigLayouts, maximalPositionalLayouts } from "./migPlacement.ts";
import { plainProfileNames } from "./migSolver.ts";

/** Counts of legal layouts on one GPU; "maximal" are those to which no instance can be added. */
export interface MigCounts {
  /** Multisets of 1g, 2g, 3g, 4g and 7g. */
  readonly base: number;
  readonly baseMaximal: number;
  /** The same by position on the memory slices. */
  readonly basePositional: number;
  /** With the 1g of double memory. */
  readonly plain: number;
  readonly plainMaximal: number;
  /** With the profile that adds the media engines, too. */
  readonly all: number;
}

/** Counts by placement; a GPU without MIG has none of any. */
export function countMigLayouts(gpu: Gpu): MigCounts {
  const plain = plainProfileNames(gpu);
  const isDouble = (name: string) =>
    gpu.migProfiles.some(
      (each) => each.name === name && each.computeSlices === 1 && each.memorySlices === 2,
    );
  const base = plain.filter((name) => !isDouble(name));
  const baseLayouts = listMigLayouts(gpu, base);
  const plainLayouts = listMigLayouts(gpu, plain);
  const every = gpu.migProfiles.map((each) => each.name);
  return {
    base: baseLayouts.length,
    baseMaximal: maximalMigLayouts(gpu, baseLayouts, base).length,
    basePositional: base.length === 0 ? 0 : maximalPositionalLayouts(gpu, base).length,
    plain: plainLayouts.length,
    plainMaximal: maximalMigLayouts(gpu, plainLayouts, plain).length,
    all: listMigLayouts(gpu, every).length,
  };
}
