import fc from "fast-check";
import { describe, expect, it } from "vitest";
import gpusFile from "../../data/catalog/gpus.json";
import { InputError } from "../units/errors.ts";
import { catalogFileSchemas, findGpu } from "./catalog.ts";
import {
  listMigLayouts,
  maximalMigLayouts,
  maximalPositionalLayouts,
  placeMigLayout,
} from "./migPlacement.ts";

const catalog = { gpus: catalogFileSchemas.gpus.parse(gpusFile).entries };
const h100 = findGpu(catalog, "h100-sxm");
const every = h100.migProfiles.map((profile) => profile.name);
const withoutMedia = every.filter((name) => !name.endsWith("+me"));
const base = withoutMedia.filter((name) => name !== "1g.20gb");

describe("legal MIG layouts", () => {
  it("are 37 multisets of the base profiles, 12 of them maximal", () => {
    const layouts = listMigLayouts(h100, base);
    expect(layouts).toHaveLength(37);
    expect(maximalMigLayouts(h100, layouts, base)).toHaveLength(12);
  });

  it("are 77 multisets with the 1g of double memory, 28 of them maximal", () => {
    const layouts = listMigLayouts(h100, withoutMedia);
    expect(layouts).toHaveLength(77);
    expect(maximalMigLayouts(h100, layouts, withoutMedia)).toHaveLength(28);
  });

  it("are 127 multisets with the media profile", () => {
    expect(listMigLayouts(h100, every)).toHaveLength(127);
  });

  it("have the 19 maximal positions known of the A100", () => {
    expect(maximalPositionalLayouts(h100, base)).toHaveLength(19);
  });

  it("are as many on every GPU of the catalog", () => {
    for (const gpu of catalog.gpus) {
      const names = gpu.migProfiles.map((profile) => profile.name);
      expect(listMigLayouts(gpu, names)).toHaveLength(127);
    }
  });

  it("never take more SMs than the GPU has", () => {
    for (const gpu of catalog.gpus) {
      const smCounts = new Map(gpu.migProfiles.map((each) => [each.name, each.smCount]));
      const layouts = listMigLayouts(gpu, [...smCounts.keys()]);
      const sums = layouts.map((names) =>
        names.reduce((sum, name) => sum + (smCounts.get(name) ?? 0), 0),
      );
      expect(Math.max(...sums)).toBeLessThanOrEqual(gpu.smCount);
    }
  });
});

describe("placing a layout", () => {
  it("gives starts in the order asked for", () => {
    expect(placeMigLayout(h100, ["3g.40gb", "3g.40gb"])).toEqual({ legal: true, starts: [0, 4] });
    expect(placeMigLayout(h100, ["1g.10gb", "4g.40gb"])).toEqual({ legal: true, starts: [4, 0] });
  });

  it.each([
    [["4g.40gb", "4g.40gb"], "at most 1"],
    [["2g.20gb", "2g.20gb", "2g.20gb", "2g.20gb"], "at most 3"],
    [["3g.40gb", "2g.20gb", "2g.20gb", "1g.10gb"], "9 memory slices"],
    [["3g.40gb", "3g.40gb", "1g.10gb"], "9 memory slices"],
    [["4g.40gb", "2g.20gb", "2g.20gb"], "no starts keep them apart"],
    [["1g.10gb+me", "1g.10gb+me"], "at most 1"],
  ])("refuses %j and says why", (profiles, why) => {
    const placement = placeMigLayout(h100, profiles);
    expect(placement.legal).toBe(false);
    expect(placement.legal ? "" : placement.reason).toContain(why);
  });

  it("names the profiles of the GPU when one is unknown", () => {
    expect(() => placeMigLayout(h100, ["5g.50gb"])).toThrow(InputError);
    expect(() => placeMigLayout(h100, ["5g.50gb"])).toThrow("1g.10gb");
  });

  it("keeps every pair of instances apart, whatever the order of the names", () => {
    const anyLayout = fc.array(fc.constantFrom(...every), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(anyLayout, (names) => {
        const placement = placeMigLayout(h100, names);
        expect(placeMigLayout(h100, [...names].reverse()).legal).toBe(placement.legal);
        if (!placement.legal) return;
        const taken = names.flatMap((name, index) => {
          const profile = h100.migProfiles.find((each) => each.name === name);
          expect(profile?.starts).toContain(placement.starts[index]);
          const slices = Array.from({ length: profile?.memorySlices ?? 0 }, (_, slice) => slice);
          return slices.map((slice) => placement.starts[index] + slice);
        });
        expect(new Set(taken).size).toBe(taken.length);
      }),
    );
  });
});
