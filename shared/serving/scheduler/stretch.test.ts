import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ticksPerNs } from "../executionTime/iterationTimes.ts";
import { Stretch } from "./stretch.ts";

function stretchOf(
  count: number,
  firstTicks: number,
  slopeTicks: number,
  startNs = 0,
  remainder = 0,
) {
  const stretch = new Stretch();
  stretch.startNs = startNs;
  stretch.remainder = remainder;
  stretch.plan(count, firstTicks, slopeTicks);
  return stretch;
}

describe("Stretch", () => {
  test("three iterations of 10, 12 and 14 ns end at 10, 22 and 36 ns", () => {
    const stretch = stretchOf(3, 10 * ticksPerNs, 2 * ticksPerNs, 100);
    expect([1, 2, 3].map((m) => stretch.boundaryNs(m))).toEqual([110, 122, 136]);
  });

  test("the first iteration that ends at or after a moment is the one that a linear search finds", () => {
    fc.assert(
      fc.property(
        fc.record({
          startNs: fc.integer({ min: 0, max: 2 ** 45 }),
          remainder: fc.integer({ min: 0, max: ticksPerNs - 1 }),
          firstTicks: fc.oneof(
            fc.integer({ min: 1, max: 5000 }),
            fc.integer({ min: 1, max: 2 ** 34 }),
          ),
          slopeTicks: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 22 })),
          count: fc.integer({ min: 1, max: 400 }),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          shiftNs: fc.integer({ min: -1, max: 1 }),
        }),
        ({ startNs, remainder, firstTicks, slopeTicks, count, share, shiftNs }) => {
          const stretch = stretchOf(count, firstTicks, slopeTicks, startNs, remainder);
          const at = stretch.boundaryNs(1 + Math.floor(share * (count - 1)));
          const nowNs = Math.max(startNs, at + shiftNs);
          let wanted = 1;
          while (stretch.boundaryNs(wanted) < nowNs) wanted++;
          expect(stretch.iterationsEndingBy(nowNs)).toBe(wanted);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("what is left of a nanosecond is carried, never dropped", () => {
    const stretch = stretchOf(1, 1000, 0, 0, 0);
    let nowNs = 0;
    for (let i = 0; i < 1024; i++) {
      stretch.startNs = nowNs;
      stretch.plan(1, 1000, 0);
      nowNs = stretch.boundaryNs(1);
      stretch.finish();
    }
    expect(nowNs).toBe(1000);
    expect(stretch.remainder).toBe(0);
    expect(stretch.planned).toBe(0);
  });

  test("a stretch is cut where its sum would no longer be exact", () => {
    const stretch = stretchOf(1e9, 2 ** 40, 1000);
    expect(stretch.planned).toBeGreaterThan(0);
    expect(stretch.planned).toBeLessThan(1e9);
    const { planned } = stretch;
    const ticks = planned * 2 ** 40 + 1000 * ((planned * (planned - 1)) / 2);
    expect(ticks).toBeLessThan(2 ** 53);
  });
});
