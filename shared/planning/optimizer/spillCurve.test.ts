import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SpillCurve } from "./spillCurve.ts";

interface Item {
  readonly usd: number;
  readonly ns: number;
}

/** The continuous knapsack solved by its textbook rule: the best ratio first. */
function exactUsd(items: readonly Item[], capacityNs: number): number {
  const sorted = [...items].sort((a, b) => b.usd / b.ns - a.usd / a.ns);
  let left = capacityNs;
  let usd = 0;
  for (const item of sorted) {
    const share = Math.max(0, Math.min(1, left / item.ns));
    usd += (1 - share) * item.usd;
    left -= item.ns;
  }
  return usd;
}

function curveOf(items: readonly Item[]): SpillCurve {
  const curve = new SpillCurve();
  for (const item of items) curve.add(item.usd, item.ns);
  curve.seal();
  return curve;
}

const item = fc.record({
  usd: fc.double({ min: 1e-6, max: 1, noNaN: true }),
  ns: fc.double({ min: 1, max: 1e9, noNaN: true }),
});

describe("the least that must be paid to APIs", () => {
  it("never exceeds the knapsack's optimum and is within 2 % of the whole API bill of it", () => {
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1.2, noNaN: true }),
        (items, part) => {
          const all = items.reduce((sum, each) => sum + each.ns, 0);
          const capacity = all * part;
          const found = curveOf(items).leastUsd(capacity);
          const exact = exactUsd(items, capacity);
          const whole = items.reduce((sum, each) => sum + each.usd, 0);
          expect(found).toBeLessThanOrEqual(exact * (1 + 1e-9) + 1e-12);
          expect(found).toBeGreaterThanOrEqual(exact - 0.02 * whole);
        },
      ),
    );
  });

  it("is nothing where all fits, and everything where there is no capacity", () => {
    const items = [
      { usd: 1, ns: 10 },
      { usd: 2, ns: 5 },
    ];
    expect(curveOf(items).leastUsd(15)).toBe(0);
    expect(curveOf(items).leastUsd(0)).toBeCloseTo(3, 1);
  });

  it("is at most what bought time would cost", () => {
    const curve = curveOf([{ usd: 100, ns: 10 }]);
    expect(curve.leastUsd(4, 0.5)).toBeGreaterThan(2.9);
    expect(curve.leastUsd(4, 0.5)).toBeLessThanOrEqual(3);
  });

  it("is endless where what must be served does not fit", () => {
    const curve = new SpillCurve();
    curve.addMust(10);
    curve.seal();
    expect(curve.leastUsd(9)).toBe(Infinity);
    expect(curve.leastUsd(10)).toBe(0);
    expect(curve.leastUsd(9, 2)).toBe(2);
  });
});
