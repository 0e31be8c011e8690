import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactQuantiles } from "../stats/quantiles.ts";
import { gammaQuantile } from "../stats/specialFunctions.ts";
import { summarize } from "../stats/summary.ts";
import { createRandomStream } from "./random.ts";
import {
  ConstantSampler,
  ExponentialSampler,
  GammaSampler,
  GeometricSampler,
  HistogramSampler,
  lognormalOfMean,
  lognormalOfMedian,
  NormalSampler,
  type Sampler,
  UniformSampler,
} from "./variates.ts";

const samplers: [string, Sampler, number][] = [
  ["constant", new ConstantSampler(7), 0],
  ["uniform", new UniformSampler(2, 6), 4 / 3],
  ["exponential", new ExponentialSampler(3), 9],
  ["normal", new NormalSampler(-1, 2), 4],
  ["lognormal", lognormalOfMean(1000, 0.5), 1e6 * (Math.exp(0.25) - 1)],
  ["gamma, bursty", new GammaSampler(2, 2), 16],
  ["gamma, even", new GammaSampler(2, 0.3), 0.36],
  ["geometric", new GeometricSampler(4), 12],
  ["histogram", new HistogramSampler([1, 10, 100], [5, 3, 2]), 1526.05],
];

describe.each(samplers)("the %s sampler", (name, sampler, variance) => {
  it("draws its stated mean and its known variance", () => {
    const stream = createRandomStream(11, name);
    const n = 200_000;
    const drawn = Float64Array.from({ length: n }, () => sampler.quantile(stream.nextUniform()));
    const summary = summarize(drawn)!;
    expect(Math.abs(summary.mean - sampler.mean)).toBeLessThanOrEqual(4 * Math.sqrt(variance / n));
    expect(Math.abs(summary.variance! - variance)).toBeLessThanOrEqual(0.06 * variance);
  });

  it("rises with the uniform, from one uniform a draw", () => {
    const unit = fc.double({ min: 1e-16, max: 1 - 1e-16, noNaN: true });
    fc.assert(
      fc.property(unit, unit, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(sampler.quantile(low)).toBeLessThanOrEqual(sampler.quantile(high));
      }),
    );
  });
});

describe("the gamma sampler", () => {
  it("agrees with the inverse incomplete gamma to 1e-8 in its body", () => {
    const cvs = fc.double({ min: 0.01, max: 20, noNaN: true });
    fc.assert(
      fc.property(cvs, fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (cv, u) => {
        const shape = 1 / (cv * cv);
        const exact = gammaQuantile(shape, u) / shape;
        fc.pre(exact > 1e-30);
        expect(Math.abs(new GammaSampler(1, cv).quantile(u) / exact - 1)).toBeLessThan(1e-8);
      }),
      { numRuns: 40 },
    );
  });

  it("is exponential at a coefficient of variation of 1", () => {
    const gamma = new GammaSampler(5, 1);
    for (const u of [1e-6, 0.2, 0.5, 0.99, 0.999999]) {
      expect(gamma.quantile(u)).toBeCloseTo(-5 * Math.log(1 - u), 7);
    }
  });

  it("stays near its mean at a tiny coefficient of variation", () => {
    const even = new GammaSampler(5, 1e-6);
    expect(even.quantile(0.975)).toBeCloseTo(5 * (1 + 1.96e-6), 8);
  });
});

describe("the lognormal samplers", () => {
  it("have the stated mean or the stated median", () => {
    expect(lognormalOfMedian(0.5, 0.4).quantile(0.5)).toBeCloseTo(0.5, 14);
    expect(lognormalOfMean(1000, 1).mean).toBeCloseTo(1000, 9);
    expect(lognormalOfMean(1000, 1).quantile(0.5)).toBeCloseTo(1000 * Math.exp(-0.5), 9);
    expect(lognormalOfMean(3, 0).quantile(0.9)).toBeCloseTo(3, 12);
  });
});

describe("the geometric sampler", () => {
  it("has P(X > k) = (1 - 1/mean)^k and starts at 1", () => {
    const stream = createRandomStream(2, "geometric");
    const geometric = new GeometricSampler(2);
    const drawn = Float64Array.from({ length: 100_000 }, () => {
      return geometric.quantile(stream.nextUniform());
    });
    expect(exactQuantiles(drawn, [0.01, 0.49, 0.7, 0.87])).toEqual([1, 1, 2, 3]);
    expect(new GeometricSampler(1).quantile(0.999999)).toBe(1);
  });
});

describe("the histogram sampler", () => {
  it("never draws a value without weight, at either end", () => {
    const histogram = new HistogramSampler([1, 2, 3, 4], [0, 1, 1, 0]);
    expect(histogram.quantile(1e-17)).toBe(2);
    expect(histogram.quantile(0.4999)).toBe(2);
    expect(histogram.quantile(0.5001)).toBe(3);
    expect(histogram.quantile(1 - 1e-16)).toBe(3);
  });

  it("refuses weights that sum to nothing or lists of two lengths", () => {
    expect(() => new HistogramSampler([1], [0])).toThrow(/sum 0/);
    expect(() => new HistogramSampler([1, 2], [1])).toThrow(/2 values, 1 weights/);
  });
});
