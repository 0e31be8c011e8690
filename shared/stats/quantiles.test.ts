import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enoughSamples, exactQuantiles, nearestRank, selectQuantiles } from "./quantiles.ts";

describe("exactQuantiles", () => {
  it("takes the nearest rank, ceil(n p)", () => {
    const values = Float64Array.of(15, 20, 35, 40, 50);
    expect(exactQuantiles(values, [0.05, 0.3, 0.4, 0.5, 1])).toEqual([15, 20, 20, 35, 50]);
  });

  it("is not moved to the next rank by the rounding of n p", () => {
    expect(0.07 * 100).toBeGreaterThan(7);
    expect(nearestRank(100, 0.07)).toBe(7);
    expect(nearestRank(20_000_000, 0.999)).toBe(19_980_000);
  });

  it("equals the sorted column at every rank asked for, in the order asked", () => {
    const ps = fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 1 });
    const values = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ max: 5 })), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(values, ps, (list, wanted) => {
        const column = Float64Array.from(list);
        const sorted = column.slice().sort();
        const found = exactQuantiles(column, wanted).map((x) => x + 0);
        expect(found).toEqual(wanted.map((p) => sorted[nearestRank(list.length, p) - 1]! + 0));
        expect([...column]).toEqual(list);
      }),
    );
  });

  it("stays quick on sorted, reversed and constant columns", () => {
    const n = 200_000;
    for (const valueAt of [(i: number) => i, (i: number) => n - i, () => 7]) {
      const column = Float64Array.from({ length: n }, (_, i) => valueAt(i));
      const sorted = column.slice().sort();
      expect(exactQuantiles(column, [0.5, 0.99])).toEqual([sorted[99_999], sorted[197_999]]);
    }
  });

  it("looks only at the first count values", () => {
    expect(selectQuantiles(Float64Array.of(3, 1, 2, 99), 3, [1])).toEqual([3]);
  });

  it("refuses NaN, no values and percentiles outside (0, 1]", () => {
    expect(() => exactQuantiles(Float64Array.of(1, Number.NaN), [0.5])).toThrow(/NaN at 1/);
    expect(() => exactQuantiles(new Float64Array(0), [0.5])).toThrow(/no values/);
    expect(() => exactQuantiles(Float64Array.of(1), [0])).toThrow(/percentile of 0/);
    expect(() => exactQuantiles(Float64Array.of(1), [1.01])).toThrow(/percentile of 1.01/);
  });
});

describe("enoughSamples", () => {
  it("asks for ten samples beyond the percentile", () => {
    expect(enoughSamples(1000, 0.99)).toBe(true);
    expect(enoughSamples(999, 0.99)).toBe(false);
    expect(enoughSamples(100, 0.9)).toBe(true);
    expect(enoughSamples(20, 0.5)).toBe(true);
  });
});
