import fc from "fast-check";
import { describe, expect, it } from "vitest";
import gpusFile from "../../data/catalog/gpus.json";
import modelsFile from "../../data/catalog/models.json";
import { engineSchema } from "../schema/fleet.ts";
import { InputError } from "../units/errors.ts";
import { catalogFileSchemas, findGpu, findModel } from "./catalog.ts";
import { computeMemoryFit } from "./memoryFit.ts";
import { countMigLayouts } from "./migCounts.ts";
import { listMigLayouts, placeMigLayout } from "./migPlacement.ts";
import { drawMigPlacement } from "./migRuler.ts";
import { type MigDemand, plainProfileNames, solveMigLayouts } from "./migSolver.ts";
import type { Precision } from "./modelMath.ts";

const catalog = {
  gpus: catalogFileSchemas.gpus.parse(gpusFile).entries,
  models: catalogFileSchemas.models.parse(modelsFile).entries,
};
const h100 = findGpu(catalog, "h100-sxm");

function demand(model: string, precision: Precision, minContextTokens?: number): MigDemand {
  return {
    model: findModel(catalog, model),
    backend: "vllm",
    precision,
    kvPrecision: "bf16",
    engine: engineSchema.parse({}),
    minContextTokens,
  };
}

function kvTokens(each: MigDemand, profile: string): number {
  const fit = computeMemoryFit({ ...each, gpu: h100, profile, tensorParallel: 1 });
  const { minContextTokens = 0 } = each;
  return fit.fits && fit.maxContextTokens >= minContextTokens ? fit.kvCapacityTokens : 0;
}

describe("layouts that hold a set of models", () => {
  it("give two equal models the two largest instances, and of equal memory the most SMs", () => {
    const { solutions, shortfall } = solveMigLayouts(h100, [
      demand("llama-3.1-8b", "bf16"),
      demand("llama-3.1-8b", "bf16"),
    ]);
    expect(shortfall).toBeUndefined();
    expect(solutions[0]).toMatchObject({
      layout: ["3g.40gb", "4g.40gb"],
      memorySlicesUnused: 0,
      smUnused: 132 - 64 - 60,
      spareInstances: [],
    });
    expect(solutions[1]).toMatchObject({ layout: ["3g.40gb", "3g.40gb"], smUnused: 12 });
    expect(solutions[0].tightestKvTokens).toBe(kvTokens(demand("llama-3.1-8b", "bf16"), "3g.40gb"));
  });

  it("put the larger model on the larger instance, in whatever order they are asked for", () => {
    const pair = [demand("llama-3.2-1b", "bf16"), demand("llama-3.1-8b", "bf16")];
    const [best] = solveMigLayouts(h100, pair, [["1g.10gb", "4g.40gb"]]).solutions;
    expect(best.assignments.map(({ profile, start }) => [profile, start])).toEqual([
      ["1g.10gb", 4],
      ["4g.40gb", 0],
    ]);
    const [other] = solveMigLayouts(h100, [...pair].reverse(), [["1g.10gb", "4g.40gb"]]).solutions;
    expect(other.assignments.map(({ profile }) => profile)).toEqual(["4g.40gb", "1g.10gb"]);
    expect(best).toMatchObject({ memorySlicesUnused: 3, smUnused: 52 });
  });

  it("name the instances that stay without a model", () => {
    const alone = [demand("llama-3.1-8b", "bf16")];
    const [best] = solveMigLayouts(h100, alone, [["3g.40gb", "2g.20gb", "2g.20gb"]]).solutions;
    expect(best).toMatchObject({ spareInstances: ["2g.20gb", "2g.20gb"], memorySlicesUnused: 4 });
  });

  it("are all layouts with an instance for the model, the whole GPU first", () => {
    const alone = demand("llama-3.1-8b", "bf16");
    const { solutions } = solveMigLayouts(h100, [alone]);
    const large = listMigLayouts(h100, plainProfileNames(h100)).filter((layout) =>
      layout.some((name) => kvTokens(alone, name) > 0),
    );
    expect(solutions).toHaveLength(large.length);
    expect(solutions[0].layout).toEqual(["7g.80gb"]);
  });

  it("leave out instances that are too small for the longest request wanted", () => {
    const some = solveMigLayouts(h100, [demand("llama-3.1-8b", "bf16")]).solutions;
    const long = solveMigLayouts(h100, [demand("llama-3.1-8b", "bf16", 100_000)]).solutions;
    expect(long.length).toBeLessThan(some.length);
    for (const { assignments } of long) {
      expect(assignments[0].fit.maxContextTokens).toBeGreaterThanOrEqual(100_000);
    }
  });

  const demands = fc.array(
    fc
      .tuple(
        fc.constantFrom("llama-3.2-1b", "llama-3.2-3b", "llama-3.1-8b", "qwen3-32b"),
        fc.constantFrom("bf16", "fp8"),
        fc.constantFrom(undefined, 4096, 60_000),
      )
      .map(([model, precision, context]) => demand(model, precision, context)),
    { minLength: 1, maxLength: 4 },
  );

  /** The most KV cache of the tightest model over every way to spread the models; 0 where none fits. */
  function tightestByTrying(asked: readonly MigDemand[], layout: readonly string[]): number {
    if (asked.length === 0) return Number.POSITIVE_INFINITY;
    const [first, ...rest] = asked;
    const each = layout.map((name, index) =>
      Math.min(
        kvTokens(first, name),
        tightestByTrying(
          rest,
          layout.filter((_, other) => other !== index),
        ),
      ),
    );
    return Math.max(0, ...each);
  }

  it("are exactly those that trying everything finds, with the same KV cache for the tightest model", () => {
    fc.assert(
      fc.property(demands, (asked) => {
        const { solutions } = solveMigLayouts(h100, asked);
        const found = new Map(solutions.map((each) => [each.layout.join(), each.tightestKvTokens]));
        for (const layout of listMigLayouts(h100, plainProfileNames(h100))) {
          expect(found.get(layout.join()) ?? 0).toBe(tightestByTrying(asked, layout));
        }
      }),
      { numRuns: 12 },
    );
  });

  it("are legal, give each model an instance of its own, and come in the order of their ranks", () => {
    fc.assert(
      fc.property(demands, (asked) => {
        const { solutions, shortfall } = solveMigLayouts(h100, asked);
        expect(shortfall === undefined).toBe(solutions.length > 0);
        for (const { layout, assignments, spareInstances } of solutions) {
          expect(placeMigLayout(h100, layout).legal).toBe(true);
          expect(new Set(assignments.map((each) => each.instance)).size).toBe(asked.length);
          expect(spareInstances).toHaveLength(layout.length - asked.length);
        }
        const room = solutions.map((each) => each.tightestKvTokens);
        expect(room).toEqual([...room].sort((a, b) => b - a));
      }),
      { numRuns: 30 },
    );
  });
});

describe("models that no layout holds", () => {
  it("are explained by what each needs: a 70B beside a 7B on one H100", () => {
    const { solutions, shortfall } = solveMigLayouts(h100, [
      demand("qwen2.5-7b", "bf16"),
      demand("llama-3.1-70b", "fp8"),
    ]);
    expect(solutions).toEqual([]);
    expect(shortfall).toMatchObject({
      tightest: 1,
      needs: [
        { profile: "1g.20gb", memorySlices: 2 },
        { profile: "7g.80gb", memorySlices: 8 },
      ],
    });
    expect(shortfall?.reason).toContain("llama-3.1-70b (fp8) at least 7g.80gb");
    expect(shortfall?.reason).toContain("2 + 8 = 10 memory slices, and a GPU has 8");
    expect(shortfall?.shown.input.profile).toBe("4g.40gb");
    expect(shortfall?.shown.fit.reason).toContain("too much");
  });

  it("are explained by the largest instance where one fits none", () => {
    const { shortfall } = solveMigLayouts(h100, [
      demand("llama-3.1-8b", "fp8"),
      demand("llama-3.1-70b", "bf16"),
    ]);
    expect(shortfall?.needs[1].profile).toBeUndefined();
    expect(shortfall?.shown.input.profile).toBe("7g.80gb");
    expect(shortfall?.reason).toContain("llama-3.1-70b (bf16) fits no instance of h100-sxm");
  });

  it("are explained by the longest request where memory would do", () => {
    const { shortfall } = solveMigLayouts(h100, [demand("llama-3.1-70b", "fp8", 100_000)]);
    expect(shortfall?.reason).toContain("and 100,000 are wanted");
  });

  it("may be too many for the instances of a GPU or of one layout", () => {
    const eight = Array.from({ length: 8 }, () => demand("llama-3.2-1b", "fp8"));
    expect(solveMigLayouts(h100, eight).shortfall?.reason).toContain("at most 7 are possible");
    const { shortfall } = solveMigLayouts(h100, eight.slice(0, 2), [["7g.80gb"]]);
    expect(shortfall?.reason).toContain("too few instances are large enough");
  });
});

describe("questions that cannot be answered", () => {
  it("are no models, a GPU that cannot be cut and a profile that it does not have", () => {
    const one = [demand("llama-3.1-8b", "bf16")];
    expect(() => solveMigLayouts(h100, [])).toThrow(InputError);
    expect(() => solveMigLayouts({ ...h100, migProfiles: [] }, one)).toThrow("no MIG profiles");
    expect(() => solveMigLayouts(h100, one, [["5g.50gb"]])).toThrow("no MIG profile");
  });
});

describe("the layouts of a GPU", () => {
  it("are counted as known", () => {
    expect(countMigLayouts(h100)).toEqual({
      base: 37,
      baseMaximal: 12,
      basePositional: 19,
      plain: 77,
      plainMaximal: 28,
      all: 127,
    });
  });

  it("are drawn over their memory slices", () => {
    const [ruler, bars] = drawMigPlacement(h100, ["3g.40gb", "1g.10gb"], [0, 5]);
    expect(ruler.indexOf("5")).toBe(bars.indexOf("1g.10gb"));
    expect(bars).toBe(`|3g.40gb${"=".repeat(36)}|..........|1g.10gb===|..........|..........|`);
    expect(drawMigPlacement(h100, [], [])[1]).toBe(`${"|..........".repeat(8)}|`);
  });
});
