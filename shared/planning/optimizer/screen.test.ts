import { describe, expect, it } from "vitest";
import { type Scenario, type ScenarioInput, scenarioSchema } from "../../schema/scenario.ts";
import { createRandomStream } from "../../sim/random.ts";
import { buildWorkload } from "../../workload/buildWorkload.ts";
import { checkScenario } from "../checkScenario.ts";
import { listCandidates } from "./enumerate.ts";
import { listPlaces } from "./places.ts";
import { Screen } from "./screen.ts";
import { resolveSpace } from "./space.ts";
import { problem, problemCatalog, spaceOf } from "./testProblems.ts";
import { runTrial } from "./trial.ts";

const traces = new Map();
const idle = { traces, isCancelled: () => false, onProgress: () => undefined };
const catalog = problemCatalog();

type Pick = <T>(list: readonly T[]) => T;

/** Classes with a deadline, a priority, a size or nothing special. */
function classesOf(base: Scenario, pick: Pick): ScenarioInput["traffic"]["classes"] {
  const [plain] = base.traffic.classes;
  return pick([
    [plain],
    [
      {
        ...{ ...plain, id: "late", share: 0.5, priority: 1 },
        ...{ tier: "batch" as const, deadline: { withinS: 4000 } },
      },
      plain,
    ],
    [{ ...plain, id: "short", match: { promptTokens: { max: 500 } }, targets: {} }, plain],
  ]);
}

/** An API without limits, one with limits, errors, tiers and a tokenizer of its own, and a batch API. */
function providersOf(base: Scenario, pick: Pick): ScenarioInput["providers"] {
  const [api] = base.providers;
  const { price } = api;
  const tier = { abovePromptTokens: 2000, inputUsdPerMTok: 0.8 * price.inputUsdPerMTok };
  return [
    api,
    {
      ...{ ...api, id: "limited", errorRate: pick([0, 0.05]), tokenizerFactor: pick([1, 1.2]) },
      limits: { requestsPerMinute: 60 },
      price: { ...price, contextTiers: [{ ...tier, outputUsdPerMTok: 1 }] },
      retry: { onLimit: pick(["retry", "failover"]), thenFailover: pick([true, false]) },
      promptCache: pick([{ share: 0 }, { share: 0.4 }]),
    },
    {
      ...{ ...api, id: "batchApi", api: "batch", price: { ...price, batchDiscount: 0.5 } },
      batch: { windowS: 3000, completionS: { kind: "constant", value: 500 } },
    },
  ];
}

/** A policy: sometimes a limited provider or a hold first, then own GPUs under some guard, then the rest. */
function rulesOf(pick: Pick): ScenarioInput["rules"] {
  const first: ScenarioInput["rules"] = pick([
    [],
    [
      {
        ...{ id: "limited", to: { provider: "limited" }, share: 0.3 },
        guards: pick([{}, { withinProviderLimits: true }, { monthlyBudgetUsd: 500 }]),
      },
    ],
    [
      {
        ...{ id: "hold", to: { pool: "own" }, match: { tiers: ["batch"] } },
        hold: { whenRunningBelow: 0.5, releaseBeforeDeadlineS: 100 },
      },
    ],
  ]);
  const own: ScenarioInput["rules"][number] = {
    ...{ id: "own", to: { pool: "own" } },
    match: pick([
      {},
      { promptTokens: { max: 2000 } },
      { tiers: ["realTime"] },
      { hours: { from: "00:00", to: "00:03" } },
    ]),
    guards: pick([{}, { maxWaiting: 3 }, { maxKvUsage: 0.3 }, { maxEstimatedWaitS: 1 }]),
    ...pick([{}, { spillAfterS: 0.5 }, { share: 0.6 }]),
  };
  const ends = [
    { provider: "api" },
    { provider: "limited" },
    { provider: "batchApi" },
    { pool: "own" },
  ];
  return [...first, own, { id: "last", to: pick(ends) }];
}

function randomScenario(seed: number, pick: Pick): Scenario {
  const base = problem({
    ...{ seed, requests: pick([200, 800, 1500]), rateRps: pick([2, 10, 30, 80]) },
    ...{ promptMean: pick([100, 1000, 5000]), outputMean: pick([5, 100, 400]) },
    ...{ apiUsdPerMTok: pick([0.1, 1, 10]) },
    ...{ ttftMs: pick([500, 3000, 20_000]), tpotMs: pick([15, 40, 200]) },
  });
  return scenarioSchema.parse({
    ...base,
    traffic: { ...base.traffic, classes: classesOf(base, pick) },
    providers: providersOf(base, pick),
    rules: rulesOf(pick),
    run: pick<ScenarioInput["run"]>([{}, { horizonS: 40 }, { drain: false }]),
  });
}

/** What the screen and runs say of every candidate of a scenario. */
function judgeAll(scenario: Scenario, mig: boolean) {
  const file = spaceOf({ maxGpus: 2, tensorParallel: [1], mig, routing: { poolShare: [0.5] } });
  const space = resolveSpace(file, scenario, catalog);
  const { places } = listPlaces(space, scenario);
  const { candidates } = listCandidates(space, places, scenario, catalog);
  const { traffic, clock, seed, run } = scenario;
  const made = { traffic, clock, traces, seed, replication: 0, horizonS: run.horizonS };
  const workload = buildWorkload(made);
  const horizonNs = run.horizonS === undefined ? workload.spanNs : run.horizonS * 1e9;
  const screen = new Screen({ scenario, space, catalog, workload, horizonNs });
  return candidates.map((candidate) => {
    const screened = screen.judge(candidate);
    const input = { scenario: screen.scenarioOf(candidate), replication: 0 };
    const whole = runTrial({ ...input, isWhole: true }, idle);
    const perfectUsd = screen.perfectUsd(candidate);
    return { screened, perfectUsd, whole, trial: runTrial(input, idle) };
  });
}

describe("the screen over policies of many kinds", { timeout: 300_000 }, () => {
  it("never bounds the cost of a candidate that meets its targets from above, nor calls it impossible, and is mostly near", () => {
    const stream = createRandomStream(7, "screen");
    const pick: Pick = (list) => list[Math.floor(stream.nextUniform() * list.length)];
    const nearness: number[] = [];
    let impossible = 0;
    for (let seed = 0; seed < 60; seed++) {
      const scenario = randomScenario(seed, pick);
      expect(checkScenario(scenario).problems).toEqual([]);
      for (const { screened, perfectUsd, whole, trial } of judgeAll(scenario, seed % 3 === 0)) {
        const isMet = whole.missed.length === 0;
        expect(trial.missed.length === 0).toBe(isMet);
        if (screened.impossible !== undefined) impossible++;
        if (!isMet) continue;
        expect(screened.impossible).toBeUndefined();
        const { monthUsd } = whole.figures!.cost;
        expect(screened.boundUsd).toBeLessThanOrEqual(monthUsd);
        expect(perfectUsd).toBeLessThanOrEqual(monthUsd);
        nearness.push(screened.boundUsd / monthUsd);
      }
    }
    nearness.sort((a, b) => a - b);
    expect(nearness.length).toBeGreaterThan(40);
    expect(impossible).toBeGreaterThan(20);
    expect(nearness[Math.floor(nearness.length / 2)]).toBeGreaterThan(0.98);
  });
});
