import { describe, expect, it } from "vitest";
import type { Catalog } from "../../catalog/catalog.ts";
import { type ClaimCheck, checkSchema, claimsFileSchema } from "../../schema/claims.ts";
import { checkFigure, differenceFrom, meetsPublished } from "./checkFigure.ts";
import type { ExperimentCase, ExperimentResult } from "./experiments/experimentResult.ts";
import { QuantityBook } from "./quantities.ts";

const file = claimsFileSchema.parse({
  version: 1,
  about: "a test",
  sources: { s: { source: "a test", retrievedOn: "2026-01-01", basis: "estimated" } },
  groups: { g: "group" },
  traces: [],
  quantities: {
    hours: { kind: "given", value: 730, unit: "h", about: "hours", source: "s" },
    otherHours: { kind: "given", value: 725, unit: "h", about: "hours", source: "s" },
    circle: { kind: "formula", formula: "round1 + 1", unit: "x", about: "circle" },
    round1: { kind: "formula", formula: "circle + 1", unit: "x", about: "circle" },
  },
  experiments: [],
  claims: [
    { kind: "statement", id: "c", group: "g", title: "t", claim: "c", source: "s", note: "n" },
  ],
});
const catalog: Catalog = {
  gpus: [],
  models: [],
  coefficients: [],
  offers: [],
  licences: [],
  providers: [],
};
const book = new QuantityBook({ file, catalog, traces: new Map() });

/** An experiment with one figure, "rate", by case; null for a case that cannot be. */
function experiment(rates: Record<string, number | null>): ExperimentResult {
  const cases = Object.entries(rates).map(
    ([label, rate]): ExperimentCase =>
      rate === null
        ? { label, figures: {}, notes: [], impossible: "too large" }
        : { label, figures: { rate }, notes: [] },
  );
  const shown = [{ figure: "rate", title: "rate", unit: "x" }];
  return {
    experiment: { kind: "providers", id: "e", about: "a", source: "s", shown, providers: ["p"] },
    cases,
  };
}

function check(parts: Partial<ClaimCheck>): ClaimCheck {
  const base = {
    what: "w",
    unit: "x",
    roundedTo: 1,
    found: "hours",
    published: { text: "730", value: 730 },
  };
  return checkSchema.parse({ ...base, ...parts });
}

describe("a published figure", () => {
  it("is met by what rounds to it, and a range by what lies within its rounded ends", () => {
    const about = { text: "about 1,950", value: 1950 };
    expect([1945, 1950.25, 1955].map((each) => meetsPublished(each, about, 10))).toEqual([
      true,
      true,
      true,
    ]);
    expect([1944.9, 1955.1, 1963.7].some((each) => meetsPublished(each, about, 10))).toBe(false);
    const range = { text: "1.8 to 2.3", min: 1.8, max: 2.3 };
    expect([1.75, 2.3, 2.35].every((each) => meetsPublished(each, range, 0.1))).toBe(true);
    expect([1.74, 2.36].some((each) => meetsPublished(each, range, 0.1))).toBe(false);
    expect(meetsPublished(1e9, { text: "28 or more", min: 28 }, 1)).toBe(true);
  });

  it("differs by nothing inside a range and by its nearer end outside", () => {
    const range = { text: "300-500", min: 300, max: 500 };
    expect([213, 400, 501].map((each) => differenceFrom(each, range))).toEqual([-87, 0, 1]);
    expect(differenceFrom(700, { text: "23", value: 23 })).toBe(677);
  });
});

describe("the verdict of a check", () => {
  it("is reproduced where the value found rounds to the published one", () => {
    const result = checkFigure(check({}), [], book);
    expect(result).toMatchObject({ verdict: "reproduced", assumption: null, tried: [] });
    expect(result.difference).toEqual({ value: 0, share: 0 });
  });

  it("names the assumption under which they meet", () => {
    const published = { text: "725", value: 725 };
    const under = [{ assumption: "a month of 725 h", found: "otherHours" }];
    const result = checkFigure(check({ published, under }), [], book);
    expect(result.verdict).toBe("reproducedUnderAssumption");
    expect(result.assumption).toBe("a month of 725 h");
    expect(result.difference?.value).toBe(5);
    expect(result.inputs.map((each) => each.name)).toEqual(["hours", "otherHours"]);
  });

  it("is refuted where no assumption helps", () => {
    const published = { text: "800", value: 800 };
    const under = [{ assumption: "a month of 725 h", found: "otherHours" }];
    const result = checkFigure(check({ published, under }), [], book);
    expect(result).toMatchObject({ verdict: "refuted", assumption: null });
    expect(result.tried[0]).toMatchObject({ value: 725, meets: false });
  });

  it("over cases names those that meet, leaves out those that cannot be, and is refuted by none or, where every one is wanted, by one", () => {
    const parts = { found: "rate * 10", over: ["e"], published: { text: "100 or more", min: 100 } };
    const mixed = [experiment({ small: 5, large: 12, huge: null })];
    const some = checkFigure(check(parts), mixed, book);
    expect(some).toMatchObject({
      verdict: "reproducedUnderAssumption",
      found: { min: 50, max: 120 },
    });
    expect(some.assumption).toBe("in 1 of 2 cases: large");
    expect(some.impossible).toEqual([{ label: "huge", reason: "too large" }]);
    expect(checkFigure(check({ ...parts, needs: "every" }), mixed, book).verdict).toBe("refuted");
    expect(checkFigure(check(parts), [experiment({ a: 10, b: 11 })], book).verdict).toBe(
      "reproduced",
    );
    expect(checkFigure(check(parts), [experiment({ a: 1 })], book).verdict).toBe("refuted");
    expect(checkFigure(check(parts), [experiment({ a: null })], book)).toMatchObject({
      verdict: "refuted",
      found: null,
      difference: null,
    });
    expect(checkFigure(check({ ...parts, cases: ["large"] }), mixed, book).verdict).toBe(
      "reproduced",
    );
    expect(() => checkFigure(check({ ...parts, cases: ["lage"] }), mixed, book)).toThrow(
      "Nearest: large",
    );
  });

  it("refuses a quantity that needs itself and one that is not there", () => {
    expect(() => checkFigure(check({ found: "circle" }), [], book)).toThrow(
      "circle -> round1 -> circle",
    );
    expect(() => checkFigure(check({ found: "hour" }), [], book)).toThrow("Nearest: hours");
  });
});
