import { describe, expect, it } from "vitest";
import {
  coarser,
  cumulativeCurve,
  grainFigures,
  grainsOf,
  quantileAt,
  tokensAtShare,
} from "./lengthCurve.ts";

describe("curves of token lengths", () => {
  it("rise from 0 below the shortest request to 1 at the longest bucket's end", () => {
    const curve = cumulativeCurve({ edges: [4, 5, 6, 8], counts: [1, 0, 3] });
    expect(curve).toEqual([
      { tokens: 3, share: 0 },
      { tokens: 4, share: 0.25 },
      { tokens: 5, share: 0.25 },
      { tokens: 7, share: 1 },
    ]);
    expect(tokensAtShare(curve, 0.25)).toBe(4);
    expect(tokensAtShare(curve, 0.625)).toBe(6);
    expect(tokensAtShare(curve, 1)).toBe(7);
  });

  it("are read by the exact quantiles of the summary where it has them", () => {
    const curve = cumulativeCurve({ edges: [96, 112], counts: [1] });
    const quantiles = new Array<number>(9).fill(100);
    expect(quantileAt(quantiles, curve, 0.5)).toBe(100);
    expect(quantileAt([], curve, 0.5)).toBe(103);
    expect(quantileAt(quantiles, curve, 0.6)).toBe(105);
  });

  it("are empty without requests", () => {
    expect(cumulativeCurve({ edges: [], counts: [] })).toEqual([]);
    expect(tokensAtShare([], 0.5)).toBeUndefined();
  });
});

describe("grains of a rate", () => {
  it("are sums of the finest windows, and lose no request", () => {
    expect(coarser([1, 2, 3, 4, 5], 2)).toEqual([3, 7, 5]);
    expect(grainsOf(2, 1800)).toEqual([2, 10, 30, 60, 300]);
    expect(grainsOf(1, 3)).toEqual([1]);
  });

  it("have a dispersion of 0 for an even rate, and of variance over mean for another", () => {
    expect(grainFigures([5, 5, 5, 1], 10)).toEqual({
      ...{ windowS: 10, peakRps: 0.5, meanRps: 0.5, dispersion: 0 },
    });
    // Counts 0 and 10: mean 5, variance 50.
    expect(grainFigures([0, 10, 0], 1).dispersion).toBe(10);
    expect(grainFigures([3], 1).dispersion).toBeUndefined();
  });
});
