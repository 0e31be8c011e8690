/** A GPU that is being cut by hand: which instances stand where, and what may stand beside them. */
import type { Gpu, MigProfile } from "../schema/catalog.ts";
import { findMigProfile } from "./memoryFit.ts";
import {
  listMigLayouts,
  maximalMigLayouts,
  memorySlicesPerGpu,
  type PlacedInstance,
  placeMigLayout,
} from "./migPlacement.ts";
import { plainProfileNames } from "./migSolver.ts";

/** One start of a profile, and why it is not free. */
export interface BoardStart {
  readonly start: number;
  readonly isLegal: boolean;
  /** Memory slices that stand in the way; empty where it is legal or where only the number of instances forbids it. */
  readonly blockedSlices: readonly number[];
  /** Undefined where it is legal. */
  readonly reason?: string;
}

/** A profile and where it may be put now. */
export interface BoardProfile {
  readonly profile: string;
  readonly memorySlices: number;
  readonly computeSlices: number;
  readonly smCount: number;
  readonly memoryGib: number;
  readonly maxInstances: number;
  readonly placed: number;
  readonly starts: readonly BoardStart[];
  /** Whether it would have room if the instances that are there were moved. */
  readonly fitsAfterMoves: boolean;
  /** Why not even then; undefined where it fits. */
  readonly reason?: string;
}

/** The state of a board. */
export interface MigBoard {
  readonly memorySlices: number;
  /** For each memory slice the position in `placed` of the instance that has it, null where it is free. */
  readonly owners: readonly (number | null)[];
  /** What is wrong with the instances that are there; empty when they are legal. */
  readonly problems: readonly string[];
  readonly profiles: readonly BoardProfile[];
  readonly memorySlicesFree: number;
  readonly smFree: number;
}

/** Where every profile of the GPU may be added to the instances that stand there. Throws InputError for a profile that the GPU does not have. */
export function migBoard(gpu: Gpu, placed: readonly PlacedInstance[]): MigBoard {
  const known = placed.map(({ profile }) => findMigProfile(gpu, profile)!);
  const owners = ownersOf(placed, known);
  const smUsed = known.reduce((sum, { smCount }) => sum + smCount, 0);
  return {
    memorySlices: memorySlicesPerGpu,
    owners,
    problems: problemsOf(gpu, placed, known),
    profiles: gpu.migProfiles.map((each) => profileState(gpu, each, placed, owners)),
    memorySlicesFree: owners.filter((each) => each === null).length,
    smFree: Math.max(0, gpu.smCount - smUsed),
  };
}

/** Every layout to which nothing can be added, with its first placement and what it leaves unused. */
export function fullMigLayouts(gpu: Gpu) {
  const names = plainProfileNames(gpu);
  return maximalMigLayouts(gpu, listMigLayouts(gpu, names), names).map((layout) => {
    const placement = placeMigLayout(gpu, layout);
    const used = layout.map((name) => findMigProfile(gpu, name)!);
    const sum = (of: (profile: MigProfile) => number): number =>
      used.reduce((total, each) => total + of(each), 0);
    return {
      layout,
      starts: placement.legal ? [...placement.starts] : [],
      memorySlicesUnused: memorySlicesPerGpu - sum(({ memorySlices }) => memorySlices),
      smUnused: gpu.smCount - sum(({ smCount }) => smCount),
    };
  });
}

function ownersOf(
  placed: readonly PlacedInstance[],
  known: readonly MigProfile[],
): (number | null)[] {
  const owners: (number | null)[] = new Array(memorySlicesPerGpu).fill(null);
  placed.forEach(({ start }, index) => {
    const end = Math.min(memorySlicesPerGpu, start + known[index].memorySlices);
    for (let slice = Math.max(0, start); slice < end; slice++) owners[slice] ??= index;
  });
  return owners;
}

function problemsOf(
  gpu: Gpu,
  placed: readonly PlacedInstance[],
  known: readonly MigProfile[],
): string[] {
  const problems: string[] = [];
  placed.forEach(({ profile, start }, index) => {
    const { starts, memorySlices } = known[index];
    if (!starts.includes(start)) {
      problems.push(
        `${profile} may start at slice ${starts.join(", ")}, not at ${start}. Move it.`,
      );
    }
    for (let other = 0; other < index; other++) {
      const from = placed[other].start;
      const isApart = from + known[other].memorySlices <= start || start + memorySlices <= from;
      if (!isApart) {
        problems.push(
          `${profile} at slice ${start} and ${placed[other].profile} at slice ${from} overlap. Move or remove one.`,
        );
      }
    }
  });
  return [...problems, ...surplusOf(gpu, placed)];
}

function surplusOf(gpu: Gpu, placed: readonly PlacedInstance[]): string[] {
  return gpu.migProfiles.flatMap(({ name, maxInstances }) => {
    const count = placed.filter(({ profile }) => profile === name).length;
    if (count <= maxInstances) return [];
    return [
      `${count} x ${name}: at most ${maxInstances} are possible on one ${gpu.name}. Remove ${count - maxInstances}.`,
    ];
  });
}

function profileState(
  gpu: Gpu,
  profile: MigProfile,
  placed: readonly PlacedInstance[],
  owners: readonly (number | null)[],
): BoardProfile {
  const { name, memorySlices, computeSlices, smCount, memoryGib, maxInstances } = profile;
  const count = placed.filter((each) => each.profile === name).length;
  const full =
    count >= maxInstances
      ? `at most ${maxInstances} of ${name} are possible on one GPU`
      : undefined;
  const moved = placeMigLayout(gpu, [...placed.map((each) => each.profile), name]);
  return {
    ...{ profile: name, memorySlices, computeSlices, smCount, memoryGib, maxInstances },
    placed: count,
    starts: profile.starts.map((start) => startState(start, memorySlices, placed, owners, full)),
    fitsAfterMoves: moved.legal,
    ...(!moved.legal && { reason: moved.reason }),
  };
}

function startState(
  start: number,
  memorySlices: number,
  placed: readonly PlacedInstance[],
  owners: readonly (number | null)[],
  full: string | undefined,
): BoardStart {
  const slices = Array.from({ length: memorySlices }, (_, i) => start + i);
  const blockedSlices = slices.filter((slice) => owners[slice] !== null);
  if (blockedSlices.length === 0) {
    return full === undefined
      ? { start, isLegal: true, blockedSlices }
      : { start, isLegal: false, blockedSlices, reason: full };
  }
  const by = new Set(blockedSlices.map((slice) => owners[slice]!));
  const names = [...by].map((index) => `${placed[index].profile} at slice ${placed[index].start}`);
  const what = blockedSlices.length === 1 ? "slice" : "slices";
  const reason = `${what} ${blockedSlices.join(", ")} taken by ${names.join(" and ")}`;
  return { start, isLegal: false, blockedSlices, reason };
}
