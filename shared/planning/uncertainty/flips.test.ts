import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FlipSearch } from "./flips.ts";

/** Flips of f between the values, and how often it was asked. */
function search(
  f: (x: number) => number | undefined,
  values: readonly number[],
  width: number,
  isInteger = false,
) {
  const at = (value: number) => ({ value, difference: f(value) });
  const found = new FlipSearch(values.map(at), { isInteger, width });
  let asked = 0;
  for (let next = found.nextValues(); next.length > 0; next = found.nextValues()) {
    asked += next.length;
    found.take(next.map(at));
  }
  return { flips: found.flips(values[0]), asked };
}

describe("a search for flips", () => {
  test("hits a straight line at once", () => {
    const { flips, asked } = search((x) => 3 * x - 6, [0, 1, 5], 1e-9);
    expect([flips.length, flips[0].value, asked]).toEqual([1, 2, 1]);
  });

  test("finds every change of sign of any function, to the width asked for", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 199 }), { maxLength: 5 }), (roots) => {
        const sorted = roots.map((root) => root / 20.3).sort((a, b) => a - b);
        const f = (x: number) => sorted.reduce((product, root) => product * (x - root), 1);
        const values = [0, ...sorted.slice(1).map((root, i) => (root + sorted[i]) / 2), 10];
        const { flips } = search(f, values, 1e-6);
        const found = flips.map(({ value }) => value).sort((a, b) => a - b);
        expect(found.length).toBe(sorted.length);
        found.forEach((value, i) => {
          expect(Math.abs(value - sorted[i])).toBeLessThan(2e-6);
        });
      }),
      { numRuns: 100 },
    );
  });

  test("finds a jump, an end that one side cannot reach, and whole numbers", () => {
    expect(search((x) => (x < 2.5 ? -1 : 1), [0, 10], 1e-3).flips[0].value).toBeCloseTo(2.5, 3);
    const dropped = search((x) => (x > 7 ? Number.POSITIVE_INFINITY : x - 20), [0, 10], 1e-3);
    expect(dropped.flips[0].value).toBeCloseTo(7, 2);
    expect(search((x) => x - 4.2, [1, 9], 0.1, true).flips).toEqual([
      { value: 5, low: 4, high: 5 },
    ]);
  });

  test("sees none where the sign stays, or nothing is known", () => {
    expect(search((x) => x + 1, [0, 5], 1e-3)).toEqual({ flips: [], asked: 0 });
    expect(search(() => undefined, [0, 5], 1e-3).flips).toEqual([]);
  });

  test("sorts by the distance to the base", () => {
    const { flips } = search(
      (x) => (x - 1) * (x - 8),
      [6, 0, 5, 10].sort((a, b) => a - b),
      1e-6,
    );
    expect(flips.map(({ value }) => Math.round(value))).toEqual([1, 8]);
  });
});
