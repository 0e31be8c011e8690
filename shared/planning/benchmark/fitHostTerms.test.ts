import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../../electron/services/catalogFiles.ts";
import type { BenchmarkCase } from "./benchmarkCase.ts";
import {
  crossValidate,
  fitHostTerms,
  type HostTerms,
  type MeasuredPoint,
  predictPoints,
  usualHostTerms,
} from "./fitHostTerms.ts";
import { fitLeastAbsolute } from "./leastAbsolute.ts";

const catalog = loadCatalog();
const { coefficients } = catalog;

const truth: HostTerms = {
  gpuScale: 1.1,
  oIterUs: 700,
  oSeqUs: 20,
  oTpUs: 150,
  oReqMs: 12,
  prefillShare: 0,
  blockPrefillShare: 0,
};

function cases(): BenchmarkCase[] {
  return [1, 2, 4].flatMap((tensorParallel) =>
    [4, 24, 64].flatMap((concurrency) =>
      [200, 1500].map((promptTokens) => ({
        target: {
          model: catalog.models[0],
          gpu: catalog.gpus[0],
          backend: "vllm" as const,
          precision: "bf16" as const,
          kvPrecision: "bf16" as const,
          tensorParallel,
        },
        load: {
          promptTokens,
          outputTokens: 60,
          concurrency,
          prompts: 5 * concurrency,
          start: "burst" as const,
          jitter: 0.1,
          seed: 1,
        },
      })),
    ),
  );
}

/** Points that the engine itself gives with known terms. */
function pointsOf(host: HostTerms): MeasuredPoint[] {
  const bare = cases().map((input) => ({ input, tpotMs: 1 }));
  const predictions = predictPoints(bare, host, coefficients);
  return bare.map(({ input }, i) => ({ input, ...predictions[i] }));
}

describe("fitting host terms through the engine", () => {
  it("finds the terms that points were made with, nearly, and their figures", () => {
    const points = pointsOf(truth);
    const fitted = fitHostTerms(points, coefficients);
    expect(Math.abs(fitted.gpuScale - truth.gpuScale)).toBeLessThan(0.03);
    expect(Math.abs(fitted.oIterUs - truth.oIterUs)).toBeLessThan(100);
    expect(Math.abs(fitted.oSeqUs - truth.oSeqUs)).toBeLessThan(5);
    expect(Math.abs(fitted.oTpUs - truth.oTpUs)).toBeLessThan(50);
    expect(Math.abs(fitted.oReqMs - truth.oReqMs)).toBeLessThan(3);
    predictPoints(points, fitted, coefficients).forEach(({ tpotMs }, i) => {
      expect(Math.abs(tpotMs / points[i].tpotMs - 1)).toBeLessThan(0.02);
    });
  });

  it("is not led away by one point that is far off", () => {
    const points = pointsOf(truth);
    points[3] = { ...points[3], tpotMs: 3 * points[3].tpotMs };
    const fitted = fitHostTerms(points, coefficients);
    const errors = predictPoints(points, fitted, coefficients)
      .map(({ tpotMs }, i) => Math.abs(tpotMs / points[i].tpotMs - 1))
      .sort((a, b) => a - b);
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.01);
  });

  it("cross-validates every point with terms fitted without it", () => {
    const points = pointsOf(truth);
    const predictions = crossValidate(points, coefficients, 3, usualHostTerms);
    expect(predictions).toHaveLength(points.length);
    predictions.forEach(({ tpotMs }, i) => {
      expect(Math.abs(tpotMs / points[i].tpotMs - 1)).toBeLessThan(0.03);
    });
  });

  it("leaves oReqMs as it is where no TTFT is trusted, and refuses to fit to nothing", () => {
    const points = pointsOf(truth)
      .slice(0, 6)
      .map(({ input, tpotMs }) => ({ input, tpotMs }));
    const start = { ...usualHostTerms, oReqMs: 44, prefillShare: 0, blockPrefillShare: 0 };
    expect(fitHostTerms(points, coefficients, start).oReqMs).toBe(44);
    expect(() => fitHostTerms([], coefficients)).toThrow("no measured point");
  });
});

describe("least absolute deviations", () => {
  it("find the line through most points, whatever the rest says", () => {
    const equations = [1, 2, 3, 4, 5, 6, 7].map((x) => ({
      factors: [1, x],
      target: x === 4 ? 100 : 2 + 3 * x,
    }));
    const bounds = [
      [0, 10],
      [0, 10],
    ] as const;
    const [a, b] = fitLeastAbsolute(equations, bounds, [0, 0]);
    expect(a).toBeCloseTo(2, 3);
    expect(b).toBeCloseTo(3, 3);
  });

  it("stay within their bounds", () => {
    const unit = fc.double({ min: -5, max: 5, noNaN: true });
    const rows = fc.array(fc.record({ factors: fc.tuple(unit, unit), target: unit }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(rows, (equations) => {
        const bounds = [
          [0, 1],
          [-0.5, 0.5],
        ] as const;
        const solved = fitLeastAbsolute(equations, bounds, [0.5, 0]);
        solved.forEach((value, j) => {
          expect(value).toBeGreaterThanOrEqual(bounds[j][0]);
          expect(value).toBeLessThanOrEqual(bounds[j][1]);
        });
      }),
      { numRuns: 50 },
    );
  });
});
