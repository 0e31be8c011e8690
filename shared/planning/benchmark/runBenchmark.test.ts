import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scenarioSchema } from "../../schema/scenario.ts";
import { testCatalog } from "../../serving/testCatalog.ts";
import type { BenchmarkCase, BenchmarkLoad, BenchmarkTarget } from "./benchmarkCase.ts";
import { buildBenchmarkWorkload, longestRequest } from "./benchmarkWorkload.ts";
import { type BenchmarkFigures, runBenchmark } from "./runBenchmark.ts";

const { gpus, models, coefficients } = scenarioSchema.parse({
  format: "crossover-scenario",
  version: 1,
  name: "catalog",
  ...testCatalog(),
  traffic: {
    sources: [
      { id: "s", kind: "trace", rows: { arrivalS: [0], promptTokens: [1], outputTokens: [1] } },
    ],
    classes: [{ id: "all" }],
  },
  rules: [{ id: "all", to: { pool: "own" } }],
});

function caseOf(
  load: Partial<BenchmarkLoad> = {},
  target: Partial<BenchmarkTarget> = {},
): BenchmarkCase {
  const concurrency = load.concurrency ?? 8;
  return {
    target: {
      model: models[0],
      gpu: gpus[0],
      backend: "vllm",
      precision: "bf16",
      kvPrecision: "bf16",
      tensorParallel: 1,
      ...target,
    },
    load: {
      promptTokens: 500,
      outputTokens: 100,
      concurrency,
      prompts: 10 * concurrency,
      start: "burst",
      jitter: 0.1,
      seed: 1,
      ...load,
    },
  };
}

function figuresOf(load: Partial<BenchmarkLoad>, target?: Partial<BenchmarkTarget>) {
  const outcome = runBenchmark(caseOf(load, target), coefficients);
  if (!outcome.fits) throw new Error(outcome.reason);
  return outcome.figures;
}

const loads = fc.record({
  promptTokens: fc.integer({ min: 1, max: 3000 }),
  outputTokens: fc.integer({ min: 2, max: 300 }),
  concurrency: fc.integer({ min: 1, max: 48 }),
  seed: fc.integer({ min: 0, max: 1000 }),
});

describe("closed-loop clients", () => {
  it("obey the closed-loop law: requests/s times mean latency is the number of clients", () => {
    fc.assert(
      fc.property(loads, (load) => {
        const prompts = 40 * load.concurrency;
        const { requestsPerS, e2eMs } = figuresOf({ ...load, prompts });
        const busy = (requestsPerS * (e2eMs.mean ?? 0)) / 1000;
        expect(busy / load.concurrency).toBeGreaterThan(0.94);
        expect(busy / load.concurrency).toBeLessThan(1 + 1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it("give the same figures every time, and others with another seed", () => {
    fc.assert(
      fc.property(loads, (load) => {
        expect(figuresOf(load)).toEqual(figuresOf(load));
      }),
      { numRuns: 10 },
    );
    expect(figuresOf({ seed: 1 })).not.toEqual(figuresOf({ seed: 2 }));
  });

  it("give no less throughput when there are more of them", () => {
    let last = 0;
    for (const concurrency of [1, 2, 4, 8, 16, 32, 64, 128, 256]) {
      const { steadyTokensPerS } = figuresOf({ concurrency });
      expect(steadyTokensPerS).toBeGreaterThan(last);
      last = steadyTokensPerS ?? 0;
    }
  });

  it("wait longer for each token when there are more of them", () => {
    const tpots = [1, 8, 64, 256].map((concurrency) => figuresOf({ concurrency }).tpotMs.mean ?? 0);
    expect([...tpots].sort((a, b) => a - b)).toEqual(tpots);
  });

  it("find an empty replica when alone: TPOT is the time of a decode iteration, and nothing queues", () => {
    const alone = figuresOf({ concurrency: 1, jitter: 0, prompts: 3 });
    expect(alone.meanBatch).toBeCloseTo(99 / 100, 6);
    expect(alone.iterations).toBe(3 * 100);
    const e2eMs = (alone.ttftMs.mean ?? 0) + 99 * (alone.tpotMs.mean ?? 0);
    expect(alone.e2eMs.mean).toBeCloseTo(e2eMs, 5);
    expect(alone.steadyTokensPerS).toBeCloseTo(alone.outputTokensPerS, 6);
  });

  it("wait less for their first token when they start staggered than in a burst", () => {
    const load = { concurrency: 64, promptTokens: 2000 };
    const burst = figuresOf(load).ttftMs.mean ?? 0;
    const staggered = figuresOf({ ...load, start: "staggered" }).ttftMs.mean ?? 0;
    expect(staggered).toBeLessThan(0.8 * burst);
  });
});

describe("open and queued loads", () => {
  it("an open start keeps its rate", () => {
    const { requestsPerS } = figuresOf({ start: "open", rateRps: 4, prompts: 2000 });
    expect(requestsPerS).toBeGreaterThan(3.8);
    expect(requestsPerS).toBeLessThan(4.2);
  });

  it("a queued batch without jitter produces all its tokens, and more per second than one client", () => {
    const queued = figuresOf({ start: "batch", prompts: 300, jitter: 0 });
    expect(queued.outputTokensPerS * queued.durationS).toBeCloseTo(300 * 100, 5);
    expect(queued.steadyTokensPerS).toBe(null);
    expect(queued.outputTokensPerS).toBeGreaterThan(
      10 * figuresOf({ concurrency: 1 }).outputTokensPerS,
    );
  });
});

describe("what does not fit", () => {
  it("is said with the arithmetic and is no error", () => {
    const model = { ...models[0], layers: 320 };
    const outcome = runBenchmark(caseOf({}, { model }), coefficients);
    expect(outcome).toMatchObject({ fits: false });
    expect(outcome.fits ? "" : outcome.reason).toMatch(/Weights .* GiB .* too much/);
  });

  it("includes a request that is longer than the model's context", () => {
    const load = { promptTokens: 125_000, outputTokens: 1000 };
    expect(longestRequest(caseOf(load).load)).toBe(138_600);
    const outcome = runBenchmark(caseOf(load), coefficients);
    expect(outcome.fits ? "" : outcome.reason).toContain("138,600 tokens");
  });

  it("counts iterations beyond the fitted range", () => {
    const near: BenchmarkFigures = figuresOf({ concurrency: 256 });
    const beyond = figuresOf({ concurrency: 400 });
    expect(near.extrapolatedShare).toBe(0);
    expect(beyond.extrapolatedShare).toBeGreaterThan(0.5);
  });
});

describe("the workload", () => {
  it("draws lengths evenly within the jitter, whole and at least 1", () => {
    const { load } = caseOf({ promptTokens: 1000, prompts: 5000, jitter: 0.1 });
    const { promptTokens } = buildBenchmarkWorkload(load);
    expect(Math.min(...promptTokens)).toBe(900);
    expect(Math.max(...promptTokens)).toBe(1100);
    const mean = promptTokens.reduce((sum, each) => sum + each, 0) / promptTokens.length;
    expect(Math.abs(mean - 1000)).toBeLessThan(3);
    const tiny = buildBenchmarkWorkload({ ...load, promptTokens: 1, jitter: 0.9 });
    expect(Math.min(...tiny.promptTokens)).toBe(1);
  });

  it("refuses what cannot be, naming the field", () => {
    const build = (load: Partial<BenchmarkLoad>) => () => buildBenchmarkWorkload(caseOf(load).load);
    expect(build({ promptTokens: 0 })).toThrow(/prompt length is 0. Wanted a whole number from 1/);
    expect(build({ concurrency: 1.5, prompts: 10 })).toThrow(/concurrency is 1.5/);
    expect(build({ prompts: 3_000_000 })).toThrow(/number of prompts is 3000000/);
    expect(build({ jitter: 1 })).toThrow(/jitter of the lengths is 1/);
    expect(build({ start: "open" })).toThrow(/rate none/);
    const tp3 = () => runBenchmark(caseOf({}, { tensorParallel: 3 }), coefficients);
    expect(tp3).toThrow("Tensor parallel is 3. Wanted 1, 2, 4, 8 or 16.");
  });
});
