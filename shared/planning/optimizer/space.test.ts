import { describe, expect, it } from "vitest";
import type { Scenario } from "../../schema/scenario.ts";
import { parseSearchSpace, type SearchSpaceFile } from "../../schema/searchSpace.ts";
import { checkScenario } from "../checkScenario.ts";
import { InlineRunner } from "../jobs/inlineRunner.ts";
import { candidateScenario } from "./candidate.ts";
import { listCandidates, listRoutings } from "./enumerate.ts";
import { optimize } from "./optimize.ts";
import { listPlaces } from "./places.ts";
import { resolveSpace } from "./space.ts";
import { problem, problemCatalog, spaceOf } from "./testProblems.ts";

const catalog = problemCatalog();

function candidatesOf(scenario: Scenario, file: SearchSpaceFile) {
  const space = resolveSpace(file, scenario, catalog);
  const { places, misfits } = listPlaces(space, scenario);
  return { space, places, misfits, ...listCandidates(space, places, scenario, catalog) };
}

function solve(scenario: Scenario, space: SearchSpaceFile) {
  const runner = new InlineRunner(new Map());
  const settings = { catalog, runner, top: 2, replications: 1 };
  return optimize({ scenario, traces: new Map(), space, ...settings });
}

describe("candidates", { timeout: 120_000 }, () => {
  it("are sound scenarios with what they use copied in", () => {
    const file = spaceOf({
      ...{ maxGpus: 3, mig: true, precisions: ["bf16", "fp8"], licences: ["free", "paid"] },
      routing: { maxWaiting: [0, null], spillAfterS: [2], poolShare: [0.5] },
      schedules: ["always", "night"],
    });
    const { space, candidates } = candidatesOf(problem(), file);
    expect(candidates.length).toBeGreaterThan(200);
    const seen = new Set<string>();
    for (const candidate of candidates) {
      const scenario = candidateScenario(problem(), space.pool, candidate, catalog);
      expect(checkScenario(scenario).problems).toEqual([]);
      seen.add(JSON.stringify(scenario));
    }
    expect(seen.size).toBe(candidates.length);
    expect(candidates.map((each) => each.index)).toEqual(candidates.map((_, index) => index));
  });

  it("hold whole replicas only, and as many instances as the layout has", () => {
    const { candidates, space } = candidatesOf(problem(), spaceOf({ maxGpus: 5, mig: true }));
    for (const candidate of candidates) {
      const { place, gpus } = candidate;
      if (place === undefined) continue;
      const { pools, partitions } = candidateScenario(problem(), space.pool, candidate, catalog);
      if (place.layout === undefined) {
        expect(pools[0].replicas * place.tensorParallel).toBe(gpus);
        expect(partitions).toEqual([]);
        continue;
      }
      expect(partitions[0].gpus).toBe(gpus);
      for (const pool of pools) {
        const { profile } = pool.partition!;
        const perGpu = place.layout.filter((name) => name === profile).length;
        expect(pool.replicas).toBe(perGpu * gpus);
      }
    }
    const layouts = new Set(candidates.map((each) => each.place?.layout?.join("+") ?? "whole"));
    expect([...layouts].sort()).toEqual([
      "2g.20gb+2g.20gb+2g.20gb",
      "2g.20gb+2g.20gb+3g.40gb",
      "3g.40gb+3g.40gb",
      "whole",
    ]);
  });

  it("spread requests over instances of two sizes by shares that add up", () => {
    const { candidates, space } = candidatesOf(problem(), spaceOf({ maxGpus: 1, mig: true }));
    const mixed = candidates.find((each) => (each.place?.parts.length ?? 0) > 1)!;
    const { rules, pools } = candidateScenario(problem(), space.pool, mixed, catalog, [0.7, 0.3]);
    expect(pools.map((pool) => pool.id)).toEqual(["own", "own-2"]);
    expect(rules.map((rule) => [rule.id, rule.share])).toEqual([
      ["own", 0.7],
      ["own-2", undefined],
      ["api", undefined],
    ]);
    const half = { ...mixed, routing: { poolShare: 0.5 } };
    const shared = candidateScenario(problem(), space.pool, half, catalog, [0.7, 0.3]).rules;
    expect(shared[0].share).toBeCloseTo(0.35, 12);
    expect(shared[1].share! * (1 - 0.35)).toBeCloseTo(0.15, 12);
  });

  it("always hold the scenario's own thresholds, each once", () => {
    const { rules } = problem();
    const variants = listRoutings({ maxWaiting: [4, 4, 9], poolShare: [1, 0.5] }, [rules[0]]);
    expect(variants.map(({ maxWaiting, poolShare }) => [maxWaiting, poolShare])).toEqual([
      [undefined, undefined],
      [undefined, 0.5],
      [9, undefined],
      [9, 0.5],
    ]);
  });

  it("leave out licences that do not allow production, and policies under which a request falls through", () => {
    const trial = candidatesOf(problem(), spaceOf({ licences: ["trial", "free"], maxGpus: 2 }));
    expect(trial.refused.licence).toBeGreaterThan(0);
    expect(trial.candidates.every((each) => each.licence?.id !== "trial")).toBe(true);
    const own = problem({ hasApi: false });
    const guarded = candidatesOf(own, spaceOf({ routing: { maxWaiting: [3] }, maxGpus: 2 }));
    expect(guarded.refused.policy).toBe(1);
    expect(guarded.notes[0]).toContain("not total");
  });

  it("take the cheapest offer of a GPU that the scenario does not pay for, and say so", () => {
    const { space } = candidatesOf(problem(), spaceOf({ gpus: ["h100-sxm", "slow"] }));
    expect(space.gpus.map(({ price }) => price.usdPerGpuHour)).toEqual([2.69, 0.9]);
    expect(space.notes).toEqual([expect.stringContaining("slow costs $0.9 an hour")]);
  });
});

describe("the default space", () => {
  it("holds the scenario's own number of GPUs and their tensor parallel", () => {
    const large = problem({ pool: { replicas: 5, tensorParallel: 8 } });
    const { space, candidates } = candidatesOf(large, spaceOf());
    expect(space.maxGpus).toBe(40);
    const own = candidates.filter((each) => each.gpus === 40 && each.place?.gpu.id === "h100-sxm");
    expect(own.map((each) => each.place!.tensorParallel)).toContain(8);
    expect(candidatesOf(problem(), spaceOf()).space.maxGpus).toBe(16);
  });
});

describe("a question without an answer is refused before anything runs", {
  timeout: 120_000,
}, () => {
  it.each([
    ["gpus", spaceOf({ gpus: ["h100-sxn"] }), /no GPU "h100-sxn".*Nearest: h100-sxm/],
    ["precisions", spaceOf({ precisions: ["fp9"] }), /precisions has "fp9".*Nearest: fp8/],
    ["backends", spaceOf({ backends: ["vlm"] }), /backends has "vlm".*Nearest: vllm/],
    ["licences", spaceOf({ licences: ["fre"] }), /no licence "fre".*Nearest: free/],
    ["schedules", spaceOf({ schedules: ["nigth"] }), /schedules has "nigth".*Nearest: night/],
    ["pool", spaceOf({ pool: "owm" }), /no pool "owm".*Nearest: own/],
    ["licence for production", spaceOf({ licences: ["trial"], minGpus: 1 }), /do not allow/],
    [
      "no whole replica",
      spaceOf({ maxGpus: 1, minGpus: 1, tensorParallel: [2] }),
      /no whole number/,
    ],
    [
      "too many",
      spaceOf({ maxGpus: 4000, maxNumSeqs: [1, 2, 3, 4, 5, 6, 7, 8] }),
      /candidates; a search takes 100000/,
    ],
    [
      "hours",
      spaceOf({ schedules: ["always", "night"] }),
      /spans [\d.]+ (s|min|h), .*less than a day/,
    ],
  ])("%s", async (_, space, message) => {
    await expect(solve(problem(), space)).rejects.toThrow(message);
  });

  it("nothing fits: the arithmetic is shown", async () => {
    const scenario = problem();
    const models = [{ ...scenario.models[0], intermediate: 2_000_000 }];
    await expect(solve({ ...scenario, models }, spaceOf())).rejects.toThrow(
      /Nothing in the space holds model.*The nearest, h100-sxm, bf16, TP 8.*weights \d+ B = /,
    );
  });

  it("no targets: the cheapest would always be the smallest", async () => {
    const scenario = problem();
    const classes = scenario.traffic.classes.map((each) => ({ ...each, targets: {} }));
    const free = { ...scenario, traffic: { ...scenario.traffic, classes } };
    await expect(solve(free, spaceOf())).rejects.toThrow(/No traffic class has a target/);
  });

  it("no pool, or several and none named", async () => {
    const scenario = problem();
    const rules = scenario.rules.slice(1);
    await expect(solve({ ...scenario, pools: [], rules }, spaceOf())).rejects.toThrow(/no pool/);
    const two = [scenario.pools[0], { ...scenario.pools[0], id: "more" }];
    await expect(solve({ ...scenario, pools: two }, spaceOf())).rejects.toThrow(/2 pools.*--pool/);
  });

  it("closed loops alone have no demand", async () => {
    const scenario = problem();
    const [load] = scenario.traffic.sources;
    const loop = {
      ...{ id: "load", kind: "closedLoop" as const, clients: 4, requests: 50, staggerS: 0 },
      thinkTimeS: { kind: "constant" as const, value: 0 },
      lengths: load.kind === "synthetic" ? load.lengths : { fromTrace: "load" },
    };
    const closed = { ...scenario, traffic: { ...scenario.traffic, sources: [loop] } };
    await expect(solve(closed, spaceOf())).rejects.toThrow(/closed-loop/);
  });
});

describe("targets that no candidate meets", { timeout: 120_000 }, () => {
  it("are refused with the closest, what it misses and what would help", async () => {
    const scenario = problem({ ttftMs: 1, hasApi: false });
    const { result, scenarios } = await solve(scenario, spaceOf({ maxGpus: 2 }));
    expect(scenarios).toEqual([]);
    expect(result.isProven).toBe(true);
    const { message, missed, remedies, closest } = result.infeasible!;
    expect(message).toMatch(/^No candidate meets the targets\. The closest, 2 x h100-sxm/);
    expect(missed[0]).toMatch(/TTFT p95 of class "all" is [\d.]+ ms, wanted 1\.00 ms/);
    expect(closest!.monthUsd).toBeGreaterThan(0);
    expect(remedies[0]).toMatch(/^A target of \d+ ms for TTFT p95/);
    expect(remedies.join(" ")).toContain("--max-gpus");
  });

  it("are refused without a run where none is needed to tell", async () => {
    const scenario = problem({ rateRps: 500, requests: 3000, hasApi: false });
    const { result } = await solve(scenario, spaceOf({ maxGpus: 1 }));
    expect(result.counts.simulated).toBe(0);
    expect(result.infeasible!.message).toMatch(/none needed a simulation.*not enough time/);
  });
});

describe("a search-space file", () => {
  const head = '"format": "crossover-search-space", "version": 1';

  it("is read with its defaults", () => {
    const space = parseSearchSpace(`{${head}, "gpus": ["h100-sxm"], "mig": true}`, "s.json");
    expect(space).toMatchObject({ gpus: ["h100-sxm"], mig: true, minGpus: 0, prices: [] });
  });

  it.each([
    ["{}", /not a search space/],
    ['{"format": "crossover-search-space", "version": 9}', /is version 9/],
    [`{${head}, "maxGpu": 4}`, /unknown field maxGpu \(did you mean maxGpus/],
    [`{${head}, "maxGpus": 0}`, /maxGpus: found 0/],
    [`{${head}, "routing": {"poolShare": [2]}}`, /poolShare\[0\]: found 2/],
  ])("%s is refused", (text, message) => {
    expect(() => parseSearchSpace(text, "s.json")).toThrow(message);
  });
});
