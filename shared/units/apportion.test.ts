import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apportion, roundTogether } from "./apportion.ts";

const sumOf = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part, 0);

describe("apportioning", () => {
  it("adds up to the whole, and each part is its share rounded down or up", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (total, weights) => {
          fc.pre(sumOf(weights) > 0);
          const parts = apportion(total, weights);
          expect(sumOf(parts)).toBe(total);
          parts.forEach((part, i) => {
            const exact = (total * weights[i]) / sumOf(weights);
            expect(Math.abs(part - exact)).toBeLessThan(1 + 1e-6);
            if (weights[i] === 0) expect(part).toBe(0);
          });
        },
      ),
    );
  });

  it("gives equal shares of ten to three as 4, 3, 3", () => {
    expect(apportion(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(apportion(-10, [1, 1, 1])).toEqual([-4, -3, -3]);
    expect(apportion(0, [1, 2])).toEqual([0, 0]);
  });

  it("refuses nobody, and totals that are not whole", () => {
    expect(() => apportion(1, [])).toThrow("weights that add up to 0");
    expect(() => apportion(1, [0, 0])).toThrow("weights that add up to 0");
    expect(() => apportion(0.5, [1])).toThrow("0.5 units");
  });
});

it("amounts rounded together add up to their rounded sum", () => {
  expect(roundTogether([0.334, 0.333, 0.333], 0.01)).toEqual([34, 33, 33]);
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 30 }),
      (amounts) => {
        const parts = roundTogether(amounts, 0.01);
        expect(sumOf(parts)).toBe(
          Math.round(amounts.reduce((sum, each) => sum + each, 0) / 0.01) + 0,
        );
        parts.forEach((part, i) => {
          expect(Math.abs(part - amounts[i] / 0.01)).toBeLessThan(1.001);
        });
      },
    ),
  );
});
