import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandomStream } from "../sim/random.ts";
import {
  batchMeans,
  batchMeansInterval,
  differenceOf,
  meanInterval,
  pairedDifference,
  relativeHalfWidth,
  runsForHalfWidth,
} from "./confidence.ts";
import { studentTQuantile } from "./studentT.ts";
import { pairwiseSum, summarize } from "./summary.ts";

describe("studentTQuantile", () => {
  it.each([
    [0.975, 1, 12.706204736],
    [0.975, 2, 4.30265273],
    [0.975, 4, 2.776445105],
    [0.975, 19, 2.093024054],
    [0.975, 30, 2.042272456],
    [0.95, 3, 2.353363435],
    [0.995, 9, 3.249835542],
    [0.9995, 1, 636.619248769],
    [0.975, 120, 1.979930405],
  ])("gives the table's value at %f with %i degrees of freedom", (p, df, wanted) => {
    expect(studentTQuantile(p, df)).toBeCloseTo(wanted, 8);
    expect(studentTQuantile(1 - p, df)).toBeCloseTo(-wanted, 6);
  });

  it("passes smoothly from the series to the expansion", () => {
    for (const p of [0.6, 0.975, 0.9995]) {
      const [a, b, c] = [399, 400, 401].map((df) => studentTQuantile(p, df));
      expect(Math.abs(a! - 2 * b! + c!)).toBeLessThan(1e-6);
    }
  });

  it("refuses half degrees of freedom and impossible chances", () => {
    expect(() => studentTQuantile(0.975, 1.5)).toThrow(/1.5 degrees/);
    expect(() => studentTQuantile(1, 5)).toThrow(/p 1/);
  });
});

describe("summarize", () => {
  it("gives mean, sample variance and range", () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(summarize(values)).toEqual({ count: 8, mean: 5, variance: 32 / 7, min: 2, max: 9 });
  });

  it("has no variance for one value and no summary for none", () => {
    expect(summarize([3])?.variance).toBeUndefined();
    expect(summarize([])).toBeUndefined();
  });

  it("keeps the variance of small differences on a large offset", () => {
    expect(summarize([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])?.variance).toBe(30);
  });

  it("sums pairwise without drift", () => {
    const tenths = new Float64Array(1_000_000).fill(0.1);
    expect(Math.abs(pairwiseSum(tenths) - 100_000)).toBeLessThan(1e-8);
  });
});

describe("differenceOf", () => {
  it("is exactly 0 where only the order of the sums differs, and the difference elsewhere", () => {
    const bill = 1963.7;
    expect(differenceOf(1096.37 + 867.33, bill)).toBe(0);
    expect(differenceOf(0.1 + 0.2, 0.3)).toBe(0);
    expect(differenceOf(bill + 1e-6, bill)).toBeCloseTo(1e-6, 12);
    expect(differenceOf(0, 0)).toBe(0);
    expect(pairedDifference([0.1 + 0.2, 0.3], [0.3, 0.1 + 0.2])).toMatchObject({
      mean: 0,
      halfWidth: 0,
    });
  });
});

describe("meanInterval", () => {
  it("is the mean plus and minus t s / sqrt(n)", () => {
    const interval = meanInterval([1, 2, 3, 4, 5])!;
    expect(interval.mean).toBe(3);
    expect(interval.halfWidth).toBeCloseTo(2.776445105 * Math.sqrt(2.5 / 5), 8);
    expect(relativeHalfWidth(interval)).toBeCloseTo(interval.halfWidth / 3, 12);
  });

  it("does not exist for one sample", () => {
    expect(meanInterval([1])).toBeUndefined();
  });

  it("holds the true mean in about 95 of 100 cases", () => {
    const stream = createRandomStream(3, "coverage");
    let held = 0;
    for (let run = 0; run < 2000; run++) {
      const samples = Float64Array.from({ length: 5 }, () => stream.nextUniform());
      const { low, high } = meanInterval(samples)!;
      if (low <= 0.5 && high >= 0.5) held++;
    }
    expect(held / 2000).toBeGreaterThan(0.925);
    expect(held / 2000).toBeLessThan(0.97);
  });
});

describe("batch means", () => {
  it("leaves the remainder out at the start, where the warm-up is", () => {
    expect([...batchMeans([9, 1, 3, 5, 7], 2)]).toEqual([2, 6]);
  });

  it("needs at least as many values as batches", () => {
    expect(batchMeansInterval(new Float64Array(19))).toBeUndefined();
    expect(batchMeansInterval(new Float64Array(20))?.count).toBe(20);
  });
});

describe("runsForHalfWidth", () => {
  it("is the least number of runs whose interval is narrow enough", () => {
    const samples = [9, 10, 11, 10, 10];
    const spread = Math.sqrt(0.5) / 10;
    const runs = runsForHalfWidth(samples, 0.02)!;
    const relative = (n: number): number =>
      (studentTQuantile(0.975, n - 1) * spread) / Math.sqrt(n);
    expect(relative(runs)).toBeLessThanOrEqual(0.02);
    expect(relative(runs - 1)).toBeGreaterThan(0.02);
  });

  it("is two for samples that agree, and unknown for one sample or a mean of zero", () => {
    expect(runsForHalfWidth([5, 5, 5], 0.05)).toBe(2);
    expect(runsForHalfWidth([5], 0.05)).toBeUndefined();
    expect(runsForHalfWidth([-1, 1], 0.05)).toBeUndefined();
    expect(runsForHalfWidth([1, 100], 1e-6)).toBeUndefined();
  });
});

describe("pairedDifference", () => {
  it("is exactly zero for equal samples", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 2 }),
        (a) => {
          const { mean, halfWidth, low, high } = pairedDifference(a, a.slice())!;
          expect([mean, halfWidth, Math.abs(low), high]).toEqual([0, 0, 0, 0]);
        },
      ),
    );
  });

  it("is narrower than the interval of either where both share their chance", () => {
    const shared = createRandomStream(1, "shared");
    const a = Float64Array.from({ length: 30 }, () => 10 * shared.nextUniform());
    const b = a.map((x, i) => x + 0.1 + 0.001 * i);
    expect(pairedDifference(b, a)!.halfWidth).toBeLessThan(meanInterval(a)!.halfWidth / 50);
  });
});
