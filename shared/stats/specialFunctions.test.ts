import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  gammaQuantile,
  logGamma,
  logGammaQuantile,
  normalCdf,
  normalQuantile,
  regularizedGammaP,
  regularizedGammaQ,
} from "./specialFunctions.ts";

describe("normalQuantile", () => {
  it("gives the known values", () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 14);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.0902323061678132, 14);
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.262340089798409, 13);
  });

  it("is undone by the distribution function", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 0.5, noNaN: true }), (u) => {
        expect(normalCdf(normalQuantile(u)) / u).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe("logGamma", () => {
  it("is the logarithm of the factorial", () => {
    let sum = 0;
    for (let n = 1; n < 60; n++) {
      sum += Math.log(n);
      expect(logGamma(n + 1)).toBeCloseTo(sum, 11);
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    expect(logGamma(1e-10)).toBeCloseTo(23.025850929882733, 12);
  });
});

describe("the regularised incomplete gamma", () => {
  it("is exponential at shape 1 and a Poisson sum at whole shapes", () => {
    for (const x of [0.01, 0.5, 1, 2.5, 10]) {
      expect(regularizedGammaP(1, x)).toBeCloseTo(1 - Math.exp(-x), 14);
      expect(regularizedGammaQ(3, x)).toBeCloseTo(Math.exp(-x) * (1 + x + (x * x) / 2), 14);
    }
  });

  it("has tails that sum to one", () => {
    const shape = fc.double({ min: 1e-3, max: 1000, noNaN: true });
    fc.assert(
      fc.property(shape, fc.double({ min: 1e-6, max: 3, noNaN: true }), (a, factor) => {
        const sum = regularizedGammaP(a, a * factor) + regularizedGammaQ(a, a * factor);
        expect(sum).toBeCloseTo(1, 11);
      }),
    );
  });
});

describe("gammaQuantile", () => {
  it("gives half the chi-square values of the tables", () => {
    expect(2 * gammaQuantile(0.5, 0.95)).toBeCloseTo(3.841458820694124, 11);
    expect(2 * gammaQuantile(5, 0.99)).toBeCloseTo(23.209251158954356, 10);
    expect(2 * gammaQuantile(50, 0.05)).toBeCloseTo(77.92946516501726, 9);
  });

  it("is the inverse of the incomplete gamma for shapes from 0.01 to 10,000", () => {
    const shape = fc.double({ min: -4.6, max: 9.2, noNaN: true }).map(Math.exp);
    fc.assert(
      fc.property(shape, fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (a, p) => {
        const x = gammaQuantile(a, p);
        fc.pre(x > 1e-280);
        const isLower = p < 0.5;
        const back = isLower ? regularizedGammaP(a, x) : regularizedGammaQ(a, x);
        expect(back / (isLower ? p : 1 - p)).toBeCloseTo(1, 8);
      }),
    );
  });

  it("keeps its logarithm where the value itself underflows", () => {
    const shape = 1 / 2500;
    expect(gammaQuantile(shape, 0.1)).toBe(0);
    expect(logGammaQuantile(shape, 0.1, 0.9)).toBeCloseTo(
      (Math.log(0.1) + logGamma(shape + 1)) / shape,
      6,
    );
  });
});
