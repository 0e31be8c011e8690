import { describe, expect, it } from "vitest";
import type { Scenario } from "../../schema/scenario.ts";
import type { SearchSpaceFile } from "../../schema/searchSpace.ts";
import { buildWorkload } from "../../workload/buildWorkload.ts";
import { InlineRunner } from "../jobs/inlineRunner.ts";
import type { JobInput, JobName, JobRunner } from "../jobs/jobs.ts";
import { runPoint } from "../points/runPoint.ts";
import { listCandidates } from "./enumerate.ts";
import { optimize } from "./optimize.ts";
import { listPlaces } from "./places.ts";
import { Screen } from "./screen.ts";
import { resolveSpace } from "./space.ts";
import { problem, problemCatalog, spaceOf } from "./testProblems.ts";
import { runTrial } from "./trial.ts";

const catalog = problemCatalog();
const traces = new Map();
const idle = { traces, isCancelled: () => false, onProgress: () => undefined };

function solve(scenario: Scenario, space: SearchSpaceFile, top = 3, replications = 2) {
  const runner = new InlineRunner(traces);
  return optimize({ scenario, traces, space, catalog, runner, top, replications });
}

/** Everything that the screen and a whole run say of each candidate. */
function tryAll(scenario: Scenario, file: SearchSpaceFile) {
  const space = resolveSpace(file, scenario, catalog);
  const { places } = listPlaces(space, scenario);
  const { candidates } = listCandidates(space, places, scenario, catalog);
  const { traffic, clock, seed } = scenario;
  const workload = buildWorkload({ traffic, clock, traces, seed, replication: 0 });
  const horizonNs = workload.spanNs;
  const screen = new Screen({ scenario, space, catalog, workload, horizonNs });
  return candidates.map((candidate) => {
    const screened = screen.judge(candidate);
    const own = screen.scenarioOf(candidate);
    const outcome = runTrial({ scenario: own, replication: 0, isWhole: true }, idle);
    return { screened, own, perfectUsd: screen.perfectUsd(candidate), outcome };
  });
}

/** Poisson arrivals of documents to embed and of chats that want answers; own GPUs run an embedding model. */
function embeddings(): Scenario {
  const scenario = problem({ rateRps: 30, requests: 800 });
  const models = scenario.models.map((each) => ({ ...each, kind: "embedding" as const }));
  const [load] = scenario.traffic.sources;
  if (load.kind !== "synthetic") throw new Error("a made source is wanted");
  const lengths = { ...load.lengths, output: { kind: "constant" as const, value: 0 } };
  const sources = [load, { ...load, id: "documents", lengths }];
  return { ...scenario, models, traffic: { ...scenario.traffic, sources } };
}

const routing = { maxWaiting: [0, null], spillAfterS: [1], poolShare: [0.5] };

/** Problems of different kinds: short of capacity, with room, without an API, dear and cheap APIs, long prompts, scheduled. */
const cases: [string, Scenario, SearchSpaceFile][] = [
  ["hybrid", problem(), spaceOf({ maxGpus: 3, routing })],
  [
    "overloaded, dear API",
    problem({ rateRps: 60, apiUsdPerMTok: 20, requests: 600 }),
    spaceOf({ maxGpus: 2, maxNumSeqs: [8, 64] }),
  ],
  [
    "own only",
    problem({ rateRps: 40, requests: 6000, hasApi: false, tpotMs: 40 }),
    spaceOf({ maxGpus: 4, maxNumSeqs: [16, 128] }),
  ],
  [
    "long prompts, cheap API",
    problem({ promptMean: 6000, outputMean: 30, apiUsdPerMTok: 0.1, rateRps: 4 }),
    spaceOf({ maxGpus: 2, precisions: ["bf16", "fp8"] }),
  ],
  [
    "an autoscaler",
    problem({
      ...{ rateRps: 6, requests: 1500 },
      pool: {
        autoscaler: {
          ...{ signal: "requestsPerReplica", target: 8, min: 1, provisionS: 5, imagePullS: 2 },
          ...{ weightLoadS: 3, evaluationIntervalS: 5, scaleDownDelayS: 20 },
        },
      },
    }),
    spaceOf({ maxGpus: 3, licences: ["paid"] }),
  ],
  [
    "failures with a spare",
    problem({
      ...{ rateRps: 6, requests: 1500 },
      pool: { failures: { mtbfS: 60, repairS: 10, onFailure: "requeue", spares: 1 } },
    }),
    spaceOf({ maxGpus: 2, mig: true, licences: ["paid"] }),
  ],
  [
    "hours that close within the traffic",
    problem({
      ...{ rateRps: 4, requests: 2000 },
      more: { clock: { startTime: "17:56" } },
      pool: { schedule: { kind: "hours", hours: [{ from: "08:00", to: "18:00" }] } },
    }),
    spaceOf({ maxGpus: 2, mig: true, licences: ["paid"] }),
  ],
  ["documents to embed beside chats", embeddings(), spaceOf({ maxGpus: 2 })],
  ["slices", problem({ rateRps: 6 }), spaceOf({ maxGpus: 2, mig: true, gpus: ["h100-sxm"] })],
  [
    "prompts shared in a prefix cache",
    problem({
      rateRps: 12,
      more: {
        traffic: {
          ...problem({ rateRps: 12 }).traffic,
          classes: [
            {
              id: "all",
              targets: { ttft: { ms: 2000 } },
              sharedPrefix: { tokens: 500, reuseProbability: 0.7 },
            },
          ],
        },
      },
    }),
    spaceOf({ maxGpus: 2 }),
  ],
];

/** Many whole simulations, on a machine that may be busy. */
const timeout = 120_000;

describe("the screen", { timeout }, () => {
  it.each(cases)("never bounds a simulated cost from above: %s", (_, scenario, space) => {
    const all = tryAll(scenario, space);
    const valid = all.filter(({ outcome }) => outcome.missed.length === 0);
    expect(valid.length).toBeGreaterThan(0);
    for (const { screened, perfectUsd, outcome } of valid) {
      expect(screened.impossible).toBeUndefined();
      const { monthUsd } = outcome.figures!.cost;
      expect(screened.boundUsd).toBeLessThanOrEqual(monthUsd);
      expect(perfectUsd).toBeLessThanOrEqual(monthUsd);
      expect(perfectUsd).toBeGreaterThan(0);
    }
  });

  it("never bounds a simulated cost from above over random problems", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const draw = (k: number): number => ((seed * 7919 + k * 104_729) % 97) / 97;
      const scenario = problem({
        ...{ seed, requests: 200, rateRps: 1 + 50 * draw(1), promptMean: 50 + 4000 * draw(2) },
        ...{ outputMean: 5 + 300 * draw(3), apiUsdPerMTok: 0.1 + 10 * draw(4) },
        ...{ ttftMs: 500 + 5000 * draw(5), tpotMs: 20 + 100 * draw(6) },
        pool: { engine: { maxNumSeqs: Math.ceil(1 + 60 * draw(7)), maxNumBatchedTokens: 2048 } },
      });
      for (const each of tryAll(scenario, spaceOf({ maxGpus: 2 }))) {
        if (each.outcome.missed.length > 0) continue;
        const { monthUsd } = each.outcome.figures!.cost;
        expect(each.screened.impossible).toBeUndefined();
        expect(each.screened.boundUsd).toBeLessThanOrEqual(monthUsd);
        expect(each.perfectUsd).toBeLessThanOrEqual(monthUsd);
      }
    }
  });

  it("has a bound near the cost where work and time are plain: GPUs that suffice, and nothing spilled", () => {
    const all = tryAll(problem({ rateRps: 2 }), spaceOf({ maxGpus: 1, minGpus: 1 }));
    for (const { screened, outcome } of all) {
      const { monthUsd } = outcome.figures!.cost;
      expect(screened.boundUsd / monthUsd).toBeGreaterThan(0.999);
    }
  });

  it("proves that too few GPUs cannot do what they must, and a run agrees", () => {
    const scenario = problem({ rateRps: 200, requests: 2000, hasApi: false });
    const all = tryAll(scenario, spaceOf({ maxGpus: 1, gpus: ["slow"] }));
    expect(all.map(({ screened }) => screened.impossible)).toEqual(["capacity"]);
    expect(all[0].outcome.missed.length).toBeGreaterThan(0);
  });

  it("proves that a target below the time of one iteration cannot be met, and a run agrees", () => {
    const scenario = problem({ hasApi: false, tpotMs: 2 });
    const all = tryAll(scenario, spaceOf({ maxGpus: 1, gpus: ["slow"] }));
    expect(all.map(({ screened }) => screened.impossible)).toEqual(["latency"]);
    expect(all[0].outcome.missed[0]).toContain("TPOT");
  });
});

describe("the optimum", { timeout }, () => {
  it.each(cases)("is that of trying everything: %s", async (_, scenario, space) => {
    const { result, scenarios } = await solve(scenario, space);
    const usd = tryAll(scenario, space)
      .filter(({ own }) =>
        [0, 1].every((replication) => {
          const input = { scenario: own, replication };
          return runTrial(input, idle).missed.length === 0;
        }),
      )
      .map(({ outcome }) => outcome.figures!.cost.monthUsd);
    expect(result.isProven).toBe(true);
    expect(result.alternatives[0].monthUsd).toBe(Math.min(...usd));
    const figures = runPoint({ scenario: scenarios[0] }, idle);
    expect(figures.cost.monthUsd).toBe(result.alternatives[0].monthUsd);
    const costs = result.alternatives.map((each) => each.monthUsd);
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
    expect(result.perfectUsd).toBeLessThanOrEqual(costs[0]);
  });

  it("is never dearer over more candidates", async () => {
    const scenario = problem({ rateRps: 14, requests: 500 });
    const costs: number[] = [];
    for (const space of [
      spaceOf({ maxGpus: 1, gpus: ["h100-sxm"] }),
      spaceOf({ maxGpus: 2, gpus: ["h100-sxm"] }),
      spaceOf({ maxGpus: 2, gpus: ["slow", "h100-sxm"] }),
      spaceOf({ maxGpus: 2, gpus: ["slow", "h100-sxm"], maxNumSeqs: [64, 32, 8] }),
      spaceOf({ maxGpus: 2, gpus: ["slow", "h100-sxm"], maxNumSeqs: [64, 32, 8], routing }),
      spaceOf({
        maxGpus: 3,
        gpus: ["slow", "h100-sxm"],
        maxNumSeqs: [64, 32, 8],
        mig: true,
        routing,
      }),
    ]) {
      costs.push((await solve(scenario, space)).result.alternatives[0].monthUsd);
    }
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
    expect(costs.at(-1)).toBeLessThan(costs[0]);
  });

  it("is never dearer under a looser target", async () => {
    const costs: number[] = [];
    for (const ttftMs of [120, 200, 400, 1000, 20_000]) {
      const scenario = problem({ rateRps: 30, requests: 5000, ttftMs, hasApi: false });
      const { result } = await solve(scenario, spaceOf({ maxGpus: 4 }));
      costs.push(result.alternatives[0]?.monthUsd ?? Infinity);
    }
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
    expect(costs.at(-1)).toBeLessThan(costs[0]);
  });

  it("is the same, to the byte, whatever order the runs end in", async () => {
    const scenario = problem();
    const space = spaceOf({ maxGpus: 2, routing });
    const plain = await solve(scenario, space);
    const inline = new InlineRunner(traces);
    const backwards: JobRunner = {
      run: async (name, inputs) => {
        const last = [...inputs].reverse();
        return (await inline.run(name, last as JobInput<JobName>[] as typeof last)).reverse();
      },
    };
    const other = await optimize({
      ...{ scenario, traces, space, catalog, runner: backwards, top: 3, replications: 2 },
    });
    expect(JSON.stringify(other)).toBe(JSON.stringify(plain));
  });

  it("tells what binds it and why one GPU fewer does not do", async () => {
    const scenario = problem({ rateRps: 40, requests: 6000, hasApi: false });
    const { result } = await solve(scenario, spaceOf({ gpus: ["h100-sxm"], tensorParallel: [1] }));
    const [best, second] = result.alternatives;
    expect(best.gpus).toBeGreaterThan(1);
    expect(best.binding.target!.ratio).toBeLessThanOrEqual(1);
    expect(best.binding.oneStepLess).toMatch(/^with \d GPUs?/);
    expect(second.difference.usd).toBeCloseTo(second.monthUsd - best.monthUsd, 9);
    expect(best.difference).toEqual({ usd: 0, meanUsd: 0, halfWidth95Usd: 0 });
  });

  it("counts every candidate once", async () => {
    const { result } = await solve(problem(), spaceOf({ maxGpus: 3, mig: true, routing }));
    const { candidates, impossible, simulated, tooDear } = result.counts;
    const dropped = impossible.capacity + impossible.latency + impossible.unserved;
    expect(dropped + simulated + tooDear).toBe(candidates);
  });

  it("puts candidates that run alike together", async () => {
    const rule = { guards: { maxWaiting: 50 } };
    const scenario = problem({ rateRps: 1, rule });
    const space = spaceOf({
      maxGpus: 1,
      minGpus: 1,
      gpus: ["slow"],
      routing: { maxWaiting: [60] },
    });
    const { result } = await solve(scenario, space);
    expect(result.alternatives).toHaveLength(1);
    expect(result.alternatives[0].alike).toEqual([
      "1 x slow, TP 1, vllm bf16, 32 at once, at most 60 waiting",
    ]);
  });

  it("may be to have no own GPUs, and says so", async () => {
    const { result, scenarios } = await solve(
      problem({ apiUsdPerMTok: 0.01, requests: 100 }),
      spaceOf({ maxGpus: 1 }),
    );
    expect(result.alternatives[0].text).toBe("no own GPUs");
    expect(scenarios[0].pools).toEqual([]);
  });
});

describe("a search that is not finished", { timeout }, () => {
  it("says that its answer is not proven, and what may be cheaper", async () => {
    const scenario = problem();
    const space = spaceOf({ maxGpus: 4, maxNumSeqs: [4, 8, 16, 32, 64], routing });
    const runner = new InlineRunner(traces);
    const { result } = await optimize({
      ...{ scenario, traces, space, catalog, runner, top: 1, replications: 1 },
      isOver: () => true,
    });
    expect(result.counts.simulated).toBe(16);
    const best = result.alternatives[0]?.monthUsd ?? Infinity;
    expect(result.openBoundUsd).not.toBeNull();
    expect(result.isProven).toBe(result.openBoundUsd! >= best);
  });
});

it("ends between two candidates when it is cancelled", async () => {
  const scenario = problem();
  const space = spaceOf({ maxGpus: 60, maxNumSeqs: [8, 16, 32, 64] });
  const runner = new InlineRunner(traces);
  let pauses = 0;
  const found = optimize({
    ...{ scenario, traces, space, catalog, runner, top: 1, replications: 1 },
    pause: async () => void pauses++,
    watch: () => ({ isCancelled: () => pauses > 1 }),
  });
  await expect(found).rejects.toThrow("the work was cancelled");
  expect(pauses).toBe(2);
});
