import { describe, expect, it } from "vitest";
import type { Scenario } from "../../schema/scenario.ts";
import { InputError } from "../../units/errors.ts";
import { checkScenario } from "../checkScenario.ts";
import { runPoint } from "../points/runPoint.ts";
import { applyStrategy, chooseStrategies, listStrategies, type Strategy } from "./strategies.ts";
import { idleContext, testPool, testProvider, testScenario } from "./testScenario.ts";

const traits = { hasCachedPrompts: false };

function ids(scenario: Scenario, known = traits): string[] {
  return listStrategies(scenario, known).strategies.map(({ id }) => id);
}

function strategyOf(scenario: Scenario, id: string): Strategy {
  return listStrategies(scenario, traits).strategies.find((each) => each.id === id)!;
}

const cachedPrice = {
  inputUsdPerMTok: 2,
  outputUsdPerMTok: 8,
  cachedInputUsdPerMTok: 0.5,
  batchDiscount: 0.5,
  provenance: [{ source: "test", retrievedOn: "2026-11-26", basis: "estimated" as const }],
};

describe("the strategies of a scenario", () => {
  it("are each provider, own GPUs and the scenario's own policy", () => {
    expect(ids(testScenario())).toEqual(["api:api", "own", "hybrid"]);
    const two = testScenario({ providers: [testProvider(), testProvider({ id: "b" })] });
    expect(ids(two)).toEqual(["api:api", "api:b", "own", "hybrid"]);
  });

  it("have cached prices only where something can be cached, and say so", () => {
    const scenario = testScenario({ providers: [testProvider({ price: cachedPrice })] });
    expect(ids(scenario)).not.toContain("api:api:cached");
    expect(listStrategies(scenario, traits).notes.join()).toMatch(/says what is cached/);
    expect(ids(scenario, { hasCachedPrompts: true })).toContain("api:api:cached");
    const stated = testScenario({
      providers: [testProvider({ price: cachedPrice, promptCache: { share: 0.4 } })],
    });
    expect(ids(stated)).toContain("api:api:cached");
  });

  it("have the batch price only where a class tolerates it, and say so", () => {
    const providers = [testProvider({ price: cachedPrice })];
    const none = testScenario({ providers });
    expect(ids(none)).not.toContain("api:api:batch");
    expect(listStrategies(none, traits).notes.join()).toMatch(/no class tolerates it/);
    const { sources } = none.traffic;
    const classes = [{ id: "night", tier: "batch" as const, deadline: { withinS: 86_400 } }];
    expect(ids(testScenario({ providers, traffic: { sources, classes } }))).toContain(
      "api:api:batch",
    );
  });

  it("are searched by pool where there are several, and leave out a pool or provider whose model a class refuses", () => {
    const { sources } = testScenario().traffic;
    const scenario = testScenario({
      traffic: { sources, classes: [{ id: "all", models: ["llama-3.1-8b"] }] },
      pools: [testPool(), testPool({ id: "other" })],
    });
    const { strategies, notes } = listStrategies(scenario, traits);
    expect(strategies.map(({ id }) => id)).toEqual(["own", "own:own", "own:other", "hybrid"]);
    expect(notes.join()).toMatch(/class "all" accepts llama-3.1-8b, not its model big/);
  });

  it("are chosen by id or kind, and an unknown name is refused with those that there are", () => {
    const all = listStrategies(testScenario(), traits);
    expect(chooseStrategies(all, ["own", "api"]).map(({ id }) => id)).toEqual(["api:api", "own"]);
    expect(() => chooseStrategies(all, ["hybird"])).toThrow(InputError);
    expect(() => chooseStrategies(all, ["hybird"])).toThrow(/Did you mean hybrid/);
  });
});

describe("a scenario under a strategy", () => {
  it("is sound, with all its traffic on the API or on own GPUs", () => {
    const scenario = testScenario();
    for (const [id, where] of [
      ["api:api", "providers"],
      ["own", "pools"],
    ] as const) {
      const applied = applyStrategy(scenario, strategyOf(scenario, id));
      expect(checkScenario(applied).problems).toEqual([]);
      const figures = runPoint({ scenario: applied }, idleContext);
      const served = where === "pools" ? figures.pools[0].finished : figures.providers[0].requests;
      expect(served).toBe(figures.arrived);
      expect(figures.spilled).toBe(0);
    }
  });

  it("pays the list price without cached tokens and half of it over the batch API", () => {
    const { sources } = testScenario().traffic;
    const classes = [
      { id: "some", share: 0.5 },
      { id: "night", tier: "batch" as const, deadline: { withinS: 86_400 } },
    ];
    const scenario = testScenario({
      traffic: { sources, classes },
      providers: [testProvider({ price: cachedPrice, promptCache: { share: 0.5 } })],
    });
    const costOf = (id: string): number =>
      runPoint({ scenario: applyStrategy(scenario, strategyOf(scenario, id)) }, idleContext).cost
        .monthUsd;
    const figures = runPoint(
      { scenario: applyStrategy(scenario, strategyOf(scenario, "api:api")) },
      idleContext,
    );
    const perRequest = (300 * 2 + 100 * 8) / 1e6;
    const month = (730 * 3600) / 600;
    expect(costOf("api:api")).toBeCloseTo(figures.arrived * perRequest * month, 4);
    const saved = (300 * 0.5 * 1.5) / 1e6;
    expect(costOf("api:api:cached")).toBeCloseTo(figures.arrived * (perRequest - saved) * month, 4);
    const share = costOf("api:api:batch") / costOf("api:api");
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(0.8);
  });

  it("keeps windows of held work on own GPUs and drops every way out", () => {
    const scenario = testScenario({
      rules: [
        {
          id: "night",
          match: { tiers: ["batch"] },
          to: { pool: "own" },
          hold: { window: { from: "22:00", to: "06:00" } },
          guards: { maxWaiting: 2 },
          spillAfterS: 60,
        },
        { id: "rest", to: { provider: "api" } },
      ],
    });
    const { rules, providers } = applyStrategy(scenario, strategyOf(scenario, "own"));
    expect(providers).toEqual([]);
    expect(rules.map(({ id }) => id)).toEqual(["night", "all-own"]);
    expect(rules[0].hold).toBeDefined();
    expect(rules[0].guards).toEqual({});
    expect(rules[0].spillAfterS).toBeUndefined();
  });

  it("counts fixed costs with own GPUs and not on an API", () => {
    const scenario = testScenario({
      fixedCosts: [{ id: "staff", label: "Staff", usdPerMonth: 1000 }],
    });
    const fixed = (id: string): number =>
      runPoint({ scenario: applyStrategy(scenario, strategyOf(scenario, id)) }, idleContext).cost
        .fixedUsd;
    expect(fixed("api:api")).toBe(0);
    expect(fixed("own")).toBeCloseTo(1000, 6);
    expect(fixed("hybrid")).toBeCloseTo(1000, 6);
  });
});
