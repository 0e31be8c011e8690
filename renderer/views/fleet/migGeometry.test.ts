import { describe, expect, it } from "vitest";
import gpus from "../../../data/catalog/gpus.json" with { type: "json" };
import {
  listMigLayouts,
  maximalPositionalLayouts,
  placeMigLayout,
} from "../../../shared/catalog/migPlacement.ts";
import { gpuSchema } from "../../../shared/schema/catalog.ts";
import {
  nearestStart,
  nextStart,
  ownersOf,
  type Placed,
  placeLayout,
  profilesOfSize,
  startChoices,
  unusedWords,
  whyNowhere,
} from "./migGeometry.ts";

const gpu = gpuSchema.parse(gpus.entries.find(({ id }) => id === "h100-sxm"));
const profiles = gpu.migProfiles;
const plain = ["1g.10gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb"];

/** Every layout that can be built by adding instances at legal starts until none has room. */
function fullRulers(names: readonly string[]): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const build = (placed: readonly Placed[]): void => {
    const key = placed
      .map(({ profile, start }) => `${profile}@${start}`)
      .sort()
      .join(" ");
    if (seen.has(key)) return;
    seen.add(key);
    const choices = names.flatMap((profile) =>
      startChoices(profiles, profile, placed)
        .filter(({ isLegal }) => isLegal)
        .map(({ start }) => ({ profile, start })),
    );
    if (choices.length === 0) found.add(key);
    for (const choice of choices) build([...placed, choice]);
  };
  build([]);
  return found;
}

describe("the ruler of memory slices", () => {
  it("lets exactly the 19 full layouts be built that NVIDIA lists for the plain profiles", () => {
    expect(fullRulers(plain).size).toBe(19);
    expect(fullRulers(plain).size).toBe(maximalPositionalLayouts(gpu, plain).length);
  });

  it("places a list exactly where the catalog's own placement finds it legal", () => {
    const names = profiles.map(({ name }) => name);
    for (const layout of listMigLayouts(gpu, names)) {
      expect(placeLayout(profiles, layout)?.length, layout.join()).toBe(layout.length);
    }
    for (const layout of [
      ["4g.40gb", "4g.40gb"],
      ["7g.80gb", "1g.10gb"],
      ["3g.40gb", "3g.40gb", "1g.10gb"],
    ]) {
      expect(placeMigLayout(gpu, layout).legal).toBe(false);
      expect(placeLayout(profiles, layout)).toBeUndefined();
    }
  });

  it("keeps the order of a list where that is legal", () => {
    const startsOf = (layout: string[]): number[] | undefined =>
      placeLayout(profiles, layout)?.map(({ start }) => start);
    expect(startsOf(["2g.20gb", "1g.10gb", "1g.10gb", "3g.40gb"])).toEqual([0, 2, 3, 4]);
    expect(startsOf(["3g.40gb", "1g.10gb", "2g.20gb"])).toEqual([0, 6, 4]);
  });

  it("names the slices and the instance that block a start", () => {
    const placed = [{ profile: "2g.20gb", start: 4 }];
    const choices = startChoices(profiles, "3g.40gb", placed);
    expect(choices.map(({ start, isLegal }) => [start, isLegal])).toEqual([
      [0, true],
      [4, false],
    ]);
    expect(choices[1].blockedSlices).toEqual([4, 5]);
    expect(choices[1].blockers).toEqual(placed);
    expect(whyNowhere(profiles, "4g.40gb", [{ profile: "1g.10gb", start: 2 }])).toBe(
      "4g.40gb has no room: at 0 slice 2 is taken by 1g.10gb.",
    );
    expect(whyNowhere(profiles, "1g.10gb", placed)).toBeUndefined();
    const halves = [0, 4].map((start) => ({ profile: "3g.40gb", start }));
    expect(whyNowhere(profiles, "1g.10gb", halves)).toBe(
      "1g.10gb has no room: slices 0 to 6 are taken by 3g.40gb.",
    );
    expect(whyNowhere(profiles, "2g.20gb", halves)).toBe(
      "2g.20gb has no room: slices 0 to 5 are taken by 3g.40gb.",
    );
  });

  it("refuses a second instance of a profile of which a GPU has one", () => {
    const placed = [{ profile: "1g.10gb+me", start: 0 }];
    expect(whyNowhere(profiles, "1g.10gb+me", placed)).toBe("A GPU has one 1g.10gb+me at most.");
    expect(startChoices(profiles, "1g.10gb+me", placed).some(({ isLegal }) => isLegal)).toBe(false);
  });

  it("snaps to the nearest legal start, and steps to the next one", () => {
    const choices = startChoices(profiles, "2g.20gb", [{ profile: "1g.10gb", start: 2 }]);
    expect(nearestStart(choices, 2.2)).toBe(4);
    expect(nearestStart(choices, 0.4)).toBe(0);
    expect(nextStart(choices, 0, 1)).toBe(4);
    expect(nextStart(choices, 0, -1)).toBeUndefined();
    expect(
      nearestStart(startChoices(profiles, "7g.80gb", [{ profile: "1g.10gb", start: 0 }]), 0),
    ).toBeUndefined();
  });

  it("says what stays unused", () => {
    expect(unusedWords(profiles, [{ profile: "7g.80gb", start: 0 }])).toBeUndefined();
    expect(
      unusedWords(profiles, [
        { profile: "3g.40gb", start: 0 },
        { profile: "3g.40gb", start: 4 },
      ]),
    ).toBe("1 of 7 compute slices is unused.");
    const sevens = Array.from({ length: 7 }, (_, start) => ({ profile: "1g.10gb", start }));
    expect(unusedWords(profiles, sevens)).toBe("Memory slice 7 is unused.");
    expect(unusedWords(profiles, [{ profile: "4g.40gb", start: 0 }])).toBe(
      "Memory slices 4 to 7 and 3 of 7 compute slices are unused.",
    );
  });

  it("knows who has each slice, and which profile a digit stands for", () => {
    const owners = ownersOf(profiles, [{ profile: "2g.20gb", start: 2 }]);
    expect(owners.map((owner) => owner?.start)).toEqual([
      undefined,
      undefined,
      2,
      2,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(profilesOfSize(profiles, 1).map(({ name }) => name)).toEqual([
      "1g.10gb",
      "1g.20gb",
      "1g.10gb+me",
    ]);
  });
});
