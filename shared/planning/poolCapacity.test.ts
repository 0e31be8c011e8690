import { expect, test } from "vitest";
import { scenarioSchema } from "../schema/scenario.ts";
import { type PoolInput, pool, scenario } from "../serving/fixtures/engineRuns.ts";
import { steady } from "../serving/fixtures/timedRuns.ts";
import { checkScenario } from "./checkScenario.ts";
import { runScenario } from "./scenarioRun.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "estimated" as const }];
const autoscaler = {
  ...{ signal: "requestsPerReplica" as const, target: 1, min: 0, scaleDownDelayS: 60 },
  ...{ provisionS: 100, imagePullS: 50, weightLoadS: 30 },
};

/** Two requests of 100 s at 1000 s, to at most three replicas of two GPUs. */
function burst(own: Partial<PoolInput>) {
  const rows = { arrivalS: [1000, 1000], promptTokens: [1, 1], outputTokens: [10_000, 10_000] };
  return scenario({
    run: { horizonS: 7200, windowS: 600 },
    licences: [
      {
        ...{ id: "yearly", name: "By the year", usdPerGpuYear: 4500, production: true, provenance },
      },
    ],
    traffic: { sources: [{ id: "s", kind: "trace", rows }], classes: [{ id: "all" }] },
    pools: [
      pool({
        ...{ replicas: 3, tensorParallel: 2, licence: "yearly", executionTime: steady },
        ...{ engine: { maxNumSeqs: 1, prefixCaching: false } },
        price: { usdPerGpuHour: 2, provenance },
        ...own,
      }),
    ],
  });
}

test("hours from request to release are billed, and a licence by the year for the most GPUs held at once", () => {
  const report = runScenario({ scenario: burst({ autoscaler }), traces: new Map() });
  const [own] = report.pools;
  // One is asked for at 1000 s, a second at 1005 s; the first is up at 1180 s and gets both, which end at 1380.002 s.
  expect(report.latency.all.ttftMs.n).toBe(2);
  const heldS = 1275 + 60 - 1005 + (1380 + 60 - 1000);
  expect(own.capacity!.provisionedReplicaHours * 3600).toBeCloseTo(heldS, 6);
  expect(own.capacity).toMatchObject({ provisionedPeak: 2, coldStarts: 2, coldStartS: 180 });
  expect(own.capacity!.belowWantedS).toBeCloseTo(185, 6);
  const usd = (kind: string) =>
    report.cost.lines.filter((line) => line.kind === kind).reduce((s, l) => s + l.horizonUsd, 0);
  expect(usd("gpuUsed") + usd("gpuIdle")).toBeCloseTo((heldS / 3600) * 2 * 2, 6);
  expect(usd("licence")).toBeCloseTo((2 * 2 * 4500 * 2) / 8760, 9);
  const { capacity } = report.series.pools.own;
  expect(capacity!.provisioned).toHaveLength(12);
  expect(capacity!.provisioned.reduce((sum, mean) => sum + mean * 600, 0)).toBeCloseTo(heldS, 6);
  expect(capacity!.wanted[0]).toBe(0);
});

test("users who wait for their answers wake a pool scaled to zero, and the run ends with their last one", () => {
  const failures = { mtbfS: 500, repairS: 20 };
  const base = burst({ autoscaler, failures });
  const checked = scenarioSchema.parse({
    ...base,
    run: {},
    traffic: {
      sources: [
        {
          ...{ id: "users", kind: "closedLoop", clients: 2, requests: 40 },
          thinkTimeS: { kind: "constant", value: 400 },
          lengths: {
            prompt: { kind: "constant", value: 1 },
            output: { kind: "constant", value: 100 },
          },
        },
      ],
      classes: [{ id: "all" }],
    },
  });
  const report = runScenario({ scenario: checked, traces: new Map() });
  const { provisionedMean, coldStarts, upMean } = report.pools[0].capacity!;
  expect(report.requests.finished).toBe(40);
  // Twenty rounds of both: a cold start of 180 s each, and 400 s of thought between them.
  expect(report.horizonS).toBeGreaterThan(20 * 180 + 19 * 400);
  expect(report.horizonS).toBeLessThan(20 * 190 + 19 * 400);
  expect(coldStarts).toBeGreaterThanOrEqual(20);
  expect(provisionedMean).toBeGreaterThan(0.3);
  expect(provisionedMean).toBeLessThan(2);
  expect(upMean).toBeLessThan(provisionedMean);
});

test("a pool without autoscaler and failures reports no capacity", () => {
  const report = runScenario({ scenario: burst({}), traces: new Map() });
  expect(report.pools[0]).not.toHaveProperty("capacity");
  expect(report.series.pools.own).not.toHaveProperty("capacity");
});

test("bounds that cannot hold and a cold start that is not told in full are problems before the run", () => {
  const { weightLoadS: _, ...untold } = autoscaler;
  const found = checkScenario(burst({ autoscaler: { ...untold, min: 4, initial: 9 } })).problems;
  expect(found.map(({ field }) => field)).toEqual([
    "pools[0].autoscaler.min",
    "pools[0].autoscaler.initial",
    "pools[0].autoscaler.loadBytesPerS",
  ]);
  const share = { ...autoscaler, signal: "runningShare" as const, target: 2 };
  expect(checkScenario(burst({ autoscaler: share })).problems[0].message).toContain("at most 1");
});

test("instances of a partition must hold the spares too", () => {
  const checked = burst({ replicas: 1, tensorParallel: 1, price: undefined, licence: undefined });
  const profile = {
    ...{ name: "3g.40gb", memorySlices: 4, computeSlices: 3, memoryGib: 39.5, smCount: 60 },
    ...{ maxInstances: 2, starts: [0, 4] },
  };
  const cut = (spares: number) => ({
    ...checked,
    gpus: [{ ...checked.gpus[0], migProfiles: [profile] }],
    partitions: [
      {
        ...{ id: "cut", gpu: "h100-sxm", gpus: 1, layout: ["3g.40gb", "3g.40gb"] },
        ...{ price: { usdPerGpuHour: 2, provenance }, schedule: { kind: "always" as const } },
      },
    ],
    pools: [
      {
        ...checked.pools[0],
        partition: { id: "cut", profile: "3g.40gb" },
        failures: {
          ...{ mtbfS: 1e6, per: "gpu" as const, repairS: 100, repair: "constant" as const },
          ...{ onFailure: "reroute" as const, billRepair: true, spares },
        },
      },
    ],
  });
  expect(checkScenario(cut(1)).problems).toEqual([]);
  expect(checkScenario(cut(1)).warnings.map(({ field }) => field)).toContain("pools[0].failures");
  expect(checkScenario(cut(2)).problems[0].message).toContain("want 3 instances");
});
