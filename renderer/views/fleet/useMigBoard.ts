/** One layout on its ruler: where its instances stand, and the edits that keep it legal. */
import { useState } from "react";
import type { MigProfile } from "../../../shared/schema/catalog.ts";
import {
  inOrder,
  nearestStart,
  nextStart,
  type Placed,
  placeLayout,
  profilesOfSize,
  sliceWords,
  startChoices,
  whyNowhere,
} from "./migGeometry.ts";

/** A layout being edited. Edits that cannot be are said in `message` and change nothing. */
export interface MigBoard {
  readonly profiles: readonly MigProfile[];
  /** Undefined where the layout has no legal placement. */
  readonly placed: readonly Placed[] | undefined;
  readonly message: string | undefined;
  /** Puts a new instance at the legal start nearest to a slice. */
  add(profile: string, near: number): void;
  /** Puts an instance at a start; nothing happens where that is not legal. */
  moveTo(index: number, start: number): void;
  /** Moves an instance to its next legal start. */
  step(index: number, direction: 1 | -1): void;
  remove(index: number): void;
  /** Makes an instance one of so many compute slices, as near as it can stand. */
  resize(index: number, computeSlices: number): void;
  /** Puts an instance of so many compute slices onto a free slice. */
  addSized(computeSlices: number, slice: number): void;
}

function isSame(layout: readonly string[], placed: readonly Placed[] | undefined): boolean {
  return (
    placed !== undefined &&
    placed.length === layout.length &&
    placed.every(({ profile }, i) => profile === layout[i])
  );
}

/** Why a profile cannot stand at that slice, in words. */
function whyNotAt(
  profiles: readonly MigProfile[],
  name: string,
  placed: readonly Placed[],
  slice: number,
): string {
  const choices = startChoices(profiles, name, placed);
  const nowhere = whyNowhere(profiles, name, placed);
  if (nowhere !== undefined) return nowhere;
  const legal = choices.filter(({ isLegal }) => isLegal).map(({ start }) => start);
  return `${name} cannot start at slice ${slice}; it can at ${sliceWords(legal).replace(/^slices? /, "")}.`;
}

/** `commit` writes the layout, in the order of the ruler, with the name of the step. */
export function useMigBoard(
  profiles: readonly MigProfile[],
  layout: readonly string[],
  commit: (layout: string[], what: string) => void,
): MigBoard {
  const [remembered, remember] = useState<readonly Placed[]>();
  const [message, say] = useState<string>();
  const placed = isSame(layout, remembered) ? remembered : placeLayout(profiles, layout);
  const put = (next: readonly Placed[], what: string): void => {
    const sorted = inOrder(next);
    say(undefined);
    remember(sorted);
    commit(
      sorted.map(({ profile }) => profile),
      what,
    );
  };
  const now = placed ?? [];
  const without = (index: number): Placed[] => now.filter((_, i) => i !== index);
  const place = (profile: string, near: number, rest: readonly Placed[], what: string): void => {
    const start = nearestStart(startChoices(profiles, profile, rest), near);
    if (start === undefined) say(whyNotAt(profiles, profile, rest, near));
    else put([...rest, { profile, start }], what);
  };
  const sized = (
    computeSlices: number,
    near: number,
    rest: readonly Placed[],
    what: string,
  ): void => {
    const options = profilesOfSize(profiles, computeSlices);
    const fits = options.find(({ name }) => whyNowhere(profiles, name, rest) === undefined);
    if (options.length === 0) say(`This GPU has no instance of ${computeSlices} compute slices.`);
    else if (fits === undefined) say(whyNotAt(profiles, options[0].name, rest, near));
    else place(fits.name, near, rest, what);
  };
  return {
    profiles,
    placed,
    message,
    add: (profile, near) => place(profile, near, now, `add ${profile}`),
    moveTo: (index, start) => {
      const { profile } = now[index];
      const choices = startChoices(profiles, profile, without(index));
      if (choices.some((each) => each.start === start && each.isLegal)) {
        put([...without(index), { profile, start }], `move ${profile}`);
      } else say(whyNotAt(profiles, profile, without(index), start));
    },
    step: (index, direction) => {
      const { profile, start } = now[index];
      const next = nextStart(startChoices(profiles, profile, without(index)), start, direction);
      if (next !== undefined) put([...without(index), { profile, start: next }], `move ${profile}`);
      else say(`${profile} has no legal start ${direction === 1 ? "after" : "before"} ${start}.`);
    },
    remove: (index) => {
      if (now.length === 1)
        say("A cut GPU has at least one instance. Remove the partition instead.");
      else put(without(index), `remove ${now[index].profile}`);
    },
    resize: (index, computeSlices) =>
      sized(computeSlices, now[index].start, without(index), `resize ${now[index].profile}`),
    addSized: (computeSlices, slice) => sized(computeSlices, slice, now, "add an instance"),
  };
}
