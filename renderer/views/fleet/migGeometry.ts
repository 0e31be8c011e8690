/** A GPU's eight memory slices as a ruler: where an instance may start beside those that stand, and what blocks it. */
import type { MigProfile } from "../../../shared/schema/catalog.ts";

/** An instance on the ruler. */
export interface Placed {
  readonly profile: string;
  /** First memory slice. */
  readonly start: number;
}

/** A start of a profile: legal, or with what stands in its way. */
export interface StartChoice {
  readonly start: number;
  readonly isLegal: boolean;
  /** Memory slices that are taken. */
  readonly blockedSlices: readonly number[];
  /** Instances that take them. */
  readonly blockers: readonly Placed[];
}

/** Memory slices of every GPU that can be cut. */
export const rulerSlices = 8;

function profileNamed(profiles: readonly MigProfile[], name: string): MigProfile | undefined {
  return profiles.find((each) => each.name === name);
}

function slicesOf(profiles: readonly MigProfile[], { profile, start }: Placed): number[] {
  const count = profileNamed(profiles, profile)?.memorySlices ?? 0;
  return Array.from({ length: count }, (_, i) => start + i);
}

/** For each memory slice the instance that has it; undefined where it is free. */
export function ownersOf(
  profiles: readonly MigProfile[],
  placed: readonly Placed[],
): (Placed | undefined)[] {
  const owners = new Array<Placed | undefined>(rulerSlices).fill(undefined);
  for (const each of placed) {
    for (const slice of slicesOf(profiles, each)) owners[slice] ??= each;
  }
  return owners;
}

/** Whether another instance of the profile is beyond what one GPU may have of it. */
function isFull(profile: MigProfile, placed: readonly Placed[]): boolean {
  return placed.filter((each) => each.profile === profile.name).length >= profile.maxInstances;
}

/** Every start of a profile beside `placed`, in order. */
export function startChoices(
  profiles: readonly MigProfile[],
  name: string,
  placed: readonly Placed[],
): StartChoice[] {
  const profile = profileNamed(profiles, name);
  if (profile === undefined) return [];
  const owners = ownersOf(profiles, placed);
  return [...profile.starts]
    .sort((a, b) => a - b)
    .map((start) => {
      const blockedSlices = slicesOf(profiles, { profile: name, start }).filter(
        (slice) => owners[slice] !== undefined,
      );
      const blockers = [...new Set(blockedSlices.map((slice) => owners[slice]!))];
      const isLegal = blockedSlices.length === 0 && !isFull(profile, placed);
      return { start, isLegal, blockedSlices, blockers };
    });
}

/** Slices in words: "slice 3", "slices 4 to 7", "slices 1 and 5". */
export function sliceWords(slices: readonly number[]): string {
  if (slices.length === 1) return `slice ${slices[0]}`;
  const isRun = slices.every((slice, i) => i === 0 || slice === slices[i - 1] + 1);
  if (isRun && slices.length > 2) return `slices ${slices[0]} to ${slices[slices.length - 1]}`;
  return `slices ${slices.slice(0, -1).join(", ")} and ${slices[slices.length - 1]}`;
}

/** Why the profile cannot be put anywhere, with the slices in its way; undefined where it can. */
export function whyNowhere(
  profiles: readonly MigProfile[],
  name: string,
  placed: readonly Placed[],
): string | undefined {
  const profile = profileNamed(profiles, name);
  if (profile === undefined) return `This GPU has no profile ${name}.`;
  if (isFull(profile, placed)) {
    const most = profile.maxInstances;
    return most === 1
      ? `A GPU has one ${name} at most.`
      : `A GPU has ${most} instances of ${name} at most.`;
  }
  const choices = startChoices(profiles, name, placed);
  if (choices.some(({ isLegal }) => isLegal)) return undefined;
  const inTheWay = new Set(choices.flatMap(({ blockers }) => blockers.map((each) => each.profile)));
  if (choices.length > 3 || (choices.length > 1 && inTheWay.size === 1)) {
    return `${name} has no room: ${takenWords(allBlocked(choices))}.`;
  }
  const each = choices.map((choice) => `at ${choice.start} ${takenWords(choice)}`);
  return `${name} has no room: ${each.join("; ")}.`;
}

type Blocked = Pick<StartChoice, "blockedSlices" | "blockers">;

/** "slices 4 and 5 are taken by 2g.20gb". */
export function takenWords({ blockedSlices, blockers }: Blocked): string {
  const verb = blockedSlices.length === 1 ? "is" : "are";
  const names = [...new Set(blockers.map(({ profile }) => profile))].join(" and ");
  return `${sliceWords(blockedSlices)} ${verb} taken by ${names}`;
}

/** What blocks all the starts together. */
function allBlocked(choices: readonly StartChoice[]): Blocked {
  const slices = new Set(choices.flatMap(({ blockedSlices }) => blockedSlices));
  return {
    blockedSlices: [...slices].sort((a, b) => a - b),
    blockers: [...new Set(choices.flatMap(({ blockers }) => blockers))],
  };
}

/** The legal start nearest to a slice, the lower of two; undefined where none is legal. */
export function nearestStart(choices: readonly StartChoice[], wanted: number): number | undefined {
  const legal = choices.filter(({ isLegal }) => isLegal).map(({ start }) => start);
  if (legal.length === 0) return undefined;
  return legal.reduce((best, start) =>
    Math.abs(start - wanted) < Math.abs(best - wanted) ? start : best,
  );
}

/** The next legal start in a direction; undefined at the end. */
export function nextStart(
  choices: readonly StartChoice[],
  from: number,
  direction: 1 | -1,
): number | undefined {
  const legal = choices.filter(({ isLegal }) => isLegal).map(({ start }) => start);
  const ahead = legal.filter((start) => (start - from) * direction > 0);
  return direction === 1 ? ahead[0] : ahead[ahead.length - 1];
}

/** Places a list of profiles in its order where that can be done, each after the one before; undefined where no legal placement has them all. */
export function placeLayout(
  profiles: readonly MigProfile[],
  names: readonly string[],
): Placed[] | undefined {
  return placeRising(profiles, names, []) ?? placeAnyhow(profiles, names, []);
}

function placeRising(
  profiles: readonly MigProfile[],
  names: readonly string[],
  placed: readonly Placed[],
): Placed[] | undefined {
  if (placed.length === names.length) return [...placed];
  const name = names[placed.length];
  const after = placed[placed.length - 1]?.start ?? -1;
  for (const { start, isLegal } of startChoices(profiles, name, placed)) {
    if (!isLegal || start <= after) continue;
    const found = placeRising(profiles, names, [...placed, { profile: name, start }]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function placeAnyhow(
  profiles: readonly MigProfile[],
  names: readonly string[],
  placed: readonly Placed[],
): Placed[] | undefined {
  if (placed.length === names.length) return [...placed];
  const name = names[placed.length];
  for (const { start, isLegal } of startChoices(profiles, name, placed)) {
    if (!isLegal) continue;
    const found = placeAnyhow(profiles, names, [...placed, { profile: name, start }]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Instances in the order of the ruler. */
export function inOrder(placed: readonly Placed[]): Placed[] {
  return [...placed].sort((a, b) => a.start - b.start);
}

/** What a layout leaves unused, in words; undefined where nothing is. Compute slices can be left over where no memory slice is. */
export function unusedWords(
  profiles: readonly MigProfile[],
  placed: readonly Placed[],
): string | undefined {
  const owners = ownersOf(profiles, placed);
  const free = owners.flatMap((owner, slice) => (owner === undefined ? [slice] : []));
  const computeOf = ({ profile }: Placed): number =>
    profileNamed(profiles, profile)?.computeSlices ?? 0;
  const most = Math.max(0, ...profiles.map(({ computeSlices }) => computeSlices));
  const computeLeft = most - placed.reduce((sum, each) => sum + computeOf(each), 0);
  const memory = free.length === 0 ? "" : `Memory ${sliceWords(free)}`;
  const compute = computeLeft <= 0 ? "" : `${computeLeft} of ${most} compute slices`;
  if (memory === "" && compute === "") return undefined;
  const both = memory === "" ? compute : compute === "" ? memory : `${memory} and ${compute}`;
  const isOne = (memory === "" ? computeLeft : free.length) === 1 && !(memory && compute);
  return `${both} ${isOne ? "is" : "are"} unused.`;
}

/** Profiles with so many compute slices, the plain one first: what a digit key stands for. */
export function profilesOfSize(
  profiles: readonly MigProfile[],
  computeSlices: number,
): MigProfile[] {
  return profiles
    .filter((each) => each.computeSlices === computeSlices)
    .sort(
      (a, b) =>
        Number(a.name.endsWith("+me")) - Number(b.name.endsWith("+me")) ||
        a.memorySlices - b.memorySlices,
    );
}
