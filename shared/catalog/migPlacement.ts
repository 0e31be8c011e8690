/** Legal MIG layouts of one GPU: every instance takes an interval of the 8 memory slices at one of its profile's starts, and no two overlap. */
import type { Gpu, MigProfile } from "../schema/catalog.ts";
import { InputError } from "../units/errors.ts";
import { findMigProfile } from "./memoryFit.ts";

/** A layout placed (`starts[i]` is the first memory slice of the i-th profile given) or why it cannot be. */
export type MigPlacement =
  | { readonly legal: true; readonly starts: readonly number[] }
  | { readonly legal: false; readonly reason: string };

/** One instance of a positional layout. */
export interface PlacedInstance {
  readonly profile: string;
  readonly start: number;
}

/** Memory slices of every MIG-capable GPU. */
export const memorySlicesPerGpu = 8;

/** Places a multiset of profile names on one GPU. The order of the names does not matter for legality. Throws InputError for an unknown profile. */
export function placeMigLayout(gpu: Gpu, profiles: readonly string[]): MigPlacement {
  const wanted = profiles.map((name) => requireProfile(gpu, name));
  const surplus = findSurplus(gpu, wanted);
  if (surplus !== undefined) return { legal: false, reason: surplus };
  const order = wanted.map((_, index) => index);
  order.sort((a, b) => wanted[b].memorySlices - wanted[a].memorySlices || a - b);
  const starts = new Array<number>(wanted.length).fill(0);
  if (placeFrom(wanted, order, 0, 0, starts)) return { legal: true, starts };
  return { legal: false, reason: noRoomReason(gpu, wanted) };
}

/** Every legal multiset of `profiles` on one GPU, each sorted as `profiles` is, the empty one left out. */
export function listMigLayouts(gpu: Gpu, profiles: readonly string[]): string[][] {
  const found: string[][] = [];
  const extend = (layout: readonly string[], from: number): void => {
    for (let index = from; index < profiles.length; index++) {
      const longer = [...layout, profiles[index]];
      if (!placeMigLayout(gpu, longer).legal) continue;
      found.push(longer);
      extend(longer, index);
    }
  };
  extend([], 0);
  return found;
}

/** The layouts among `layouts` to which no profile of `profiles` can be added. */
export function maximalMigLayouts(
  gpu: Gpu,
  layouts: readonly (readonly string[])[],
  profiles: readonly string[],
): string[][] {
  const isMaximal = (layout: readonly string[]) =>
    profiles.every((profile) => !placeMigLayout(gpu, [...layout, profile]).legal);
  return layouts.filter(isMaximal).map((layout) => [...layout]);
}

/** Every positional layout of `profiles` to which no instance can be added without moving one. */
export function maximalPositionalLayouts(
  gpu: Gpu,
  profiles: readonly string[],
): PlacedInstance[][] {
  const options = profiles.flatMap((name) => {
    const profile = requireProfile(gpu, name);
    return profile.starts.map((start) => ({ profile: name, start, mask: maskAt(profile, start) }));
  });
  const found: PlacedInstance[][] = [];
  const extend = (placed: typeof options, used: number, from: number): void => {
    if (options.every((option) => (option.mask & used) !== 0)) {
      found.push(placed.map(({ profile, start }) => ({ profile, start })));
    }
    for (let index = from; index < options.length; index++) {
      const option = options[index];
      if ((option.mask & used) === 0) extend([...placed, option], used | option.mask, index + 1);
    }
  };
  extend([], 0, 0);
  return found;
}

function requireProfile(gpu: Gpu, name: string): MigProfile {
  const profile = findMigProfile(gpu, name);
  if (profile === undefined) throw new InputError(`${gpu.id} has no MIG profile "${name}".`);
  return profile;
}

function maskAt(profile: MigProfile, start: number): number {
  return ((1 << profile.memorySlices) - 1) << start;
}

/** Backtracking over starts, largest profiles first; at most a few hundred steps. */
function placeFrom(
  wanted: readonly MigProfile[],
  order: readonly number[],
  step: number,
  used: number,
  starts: number[],
): boolean {
  if (step === order.length) return true;
  const profile = wanted[order[step]];
  for (const start of profile.starts) {
    const mask = maskAt(profile, start);
    if ((mask & used) !== 0) continue;
    starts[order[step]] = start;
    if (placeFrom(wanted, order, step + 1, used | mask, starts)) return true;
  }
  return false;
}

function findSurplus(gpu: Gpu, wanted: readonly MigProfile[]): string | undefined {
  for (const profile of wanted) {
    const count = wanted.filter((each) => each === profile).length;
    if (count > profile.maxInstances) {
      return `${count} x ${profile.name} on one ${gpu.id}: at most ${profile.maxInstances} are possible. Remove ${count - profile.maxInstances}.`;
    }
  }
  return undefined;
}

function noRoomReason(gpu: Gpu, wanted: readonly MigProfile[]): string {
  const slices = wanted.reduce((sum, profile) => sum + profile.memorySlices, 0);
  const names = wanted.map((profile) => profile.name).join(" + ");
  if (slices > memorySlicesPerGpu) {
    const sizes = wanted.map((profile) => profile.memorySlices).join(" + ");
    return `${names} on one ${gpu.id}: ${sizes} = ${slices} memory slices, and a GPU has ${memorySlicesPerGpu}. Remove or shrink an instance.`;
  }
  const starts = [...new Set(wanted)].map(
    (profile) =>
      `${profile.name} (${profile.memorySlices} slices) at {${profile.starts.join(",")}}`,
  );
  return `${names} on one ${gpu.id}: the ${slices} memory slices would do, but no starts keep them apart: ${starts.join(", ")}. Choose another combination.`;
}
