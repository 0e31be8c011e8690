import { describe, expect, it } from "vitest";
import { scenarioSchema } from "../../schema/scenario.ts";
import { InlineRunner } from "../jobs/inlineRunner.ts";
import { JobCancelled } from "../jobs/job.ts";
import { runScenario } from "../scenarioRun.ts";
import { latencyOf, missedTargets } from "./runFigures.ts";
import { runPoint, WorkloadCache } from "./runPoint.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-26", basis: "estimated" as const }];

function scenarioOf(ttftMs: number) {
  return scenarioSchema.parse({
    format: "crossover-scenario",
    version: 1,
    name: "api only",
    traffic: {
      sources: [
        {
          id: "chat",
          kind: "synthetic",
          durationS: 3600,
          arrivals: { process: "poisson", rateRps: 1 },
          lengths: {
            prompt: { kind: "lognormal", mean: 500, sigma: 1 },
            output: { kind: "lognormal", mean: 100, sigma: 1 },
          },
        },
      ],
      classes: [{ id: "all", targets: { ttft: { ms: ttftMs, percentile: 0.99 } } }],
    },
    providers: [
      {
        id: "api",
        name: "API",
        model: "m",
        price: { inputUsdPerMTok: 2, outputUsdPerMTok: 8, provenance },
      },
    ],
    rules: [{ id: "all", to: { provider: "api" } }],
  });
}

const idle = { traces: new Map(), isCancelled: () => false, onProgress: () => {} };

describe("the figures of a run", () => {
  it("are those of its report", () => {
    const scenario = scenarioOf(1000);
    const figures = runPoint({ scenario }, idle);
    const report = runScenario({ scenario, traces: new Map() });
    expect(figures.cost.monthUsd).toBe(report.cost.monthUsd);
    expect(figures.cost.apiUsd).toBeCloseTo(report.cost.monthUsd, 6);
    expect(figures.latency).toEqual(report.latency.all);
    expect(figures.sloAttainment).toBe(report.sloAttainment.all);
    expect(figures.tokens).toEqual(report.tokens);
    expect(figures.monthTokens).toBeCloseTo(
      (report.tokens.prompt + report.tokens.output) * report.cost.monthFactor,
      3,
    );
    const { samples, hasEnoughSamples, ...row } = figures.targets[0];
    expect(row).toEqual(report.targets[0]);
    expect(samples).toBe(latencyOf(figures, "ttft").n);
    expect(hasEnoughSamples).toBe(samples * 0.01 >= 10);
  });

  it("say which target was missed, and none where all are met", () => {
    expect(missedTargets(runPoint({ scenario: scenarioOf(60_000) }, idle))).toEqual([]);
    const missed = missedTargets(runPoint({ scenario: scenarioOf(1) }, idle));
    expect(missed).toHaveLength(1);
    expect(missed[0]).toMatch(/^TTFT p99 of class "all" is [\d.]+ m?s, wanted 1\.00 ms$/);
  });

  it("are the same with a workload that another run has used", () => {
    const workloads = new WorkloadCache(2);
    const scenario = scenarioOf(1000);
    const first = runPoint({ scenario, replication: 1 }, idle, workloads);
    runPoint({ scenario, replication: 2 }, idle, workloads);
    expect(runPoint({ scenario, replication: 1 }, idle, workloads)).toEqual(first);
    expect(runPoint({ scenario, replication: 1 }, idle)).toEqual(first);
  });

  it("come from a runner in the order asked for, and a cancelled runner throws", async () => {
    const runner = new InlineRunner(new Map());
    const inputs = [0, 1, 2].map((replication) => ({ scenario: scenarioOf(1000), replication }));
    const shares: number[] = [];
    const outputs = await runner.run("point", inputs, { onProgress: (s) => shares.push(s) });
    expect(outputs).toEqual(inputs.map((input) => runPoint(input, idle)));
    expect(shares.at(-1)).toBe(1);
    await expect(runner.run("point", inputs, { isCancelled: () => true })).rejects.toThrow(
      JobCancelled,
    );
  });
});
