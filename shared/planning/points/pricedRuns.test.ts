import { describe, expect, test } from "vitest";
import { hybridInput, hybridScenario } from "../fixtures/hybridScenario.ts";
import { findInput } from "../studies/studyInput.ts";
import { isSameSimulation, runPriced } from "./pricedRuns.ts";
import { runOutcome } from "./runPoint.ts";

const provenance = [{ source: "test", retrievedOn: "2026-01-01", basis: "estimated" as const }];
const scenario = hybridScenario({
  licences: [{ id: "l", name: "L", usdPerGpuYear: 4500, production: true, provenance }],
  pools: (hybridInput().pools ?? []).map((pool) => ({ ...pool, licence: "l" })),
  fixedCosts: [{ id: "staff", label: "staff", usdPerMonth: 100 }],
});
const context = () => {
  let steps = 0;
  const traces = new Map();
  return {
    traces,
    onProgress: () => {
      steps++;
    },
    isCancelled: () => false,
    steps: () => steps,
  };
};
const prices = [
  ["pools.own.price.usdPerGpuHour", 5],
  ["providers.api.price.inputUsdPerMTok", 0.5],
  ["providers.api.price.outputUsdPerMTok", 1],
  ["licences.l.usdPerGpuYear", 900],
  ["fixedCosts.staff.usdPerMonth", 7],
] as const;
const others = [
  ["pools.own.replicas", 2],
  ["providers.api.latency.outputTokensPerS", 30],
  ["traffic.volume", 1.1],
  ["seed", 9],
  ["monthHours", 700],
] as const;

describe("runs that differ in prices", () => {
  test("are simulated once, and are what a run at those prices gives, to the bit", () => {
    const shared = context();
    runPriced(scenario, 1, shared);
    const steps = shared.steps();
    for (const [path, value] of prices) {
      const changed = findInput(scenario, path).set(scenario, value);
      const priced = runPriced(changed, 1, shared);
      expect(priced).toEqual(runOutcome({ scenario: changed, replication: 1 }, context()));
      expect(priced.cost.monthUsd).not.toBe(runPriced(scenario, 1, shared).cost.monthUsd);
    }
    expect(shared.steps()).toBe(steps);
  });

  test("are told from runs that differ in anything else", () => {
    for (const [path, value] of prices) {
      const changed = findInput(scenario, path).set(scenario, value);
      expect([path, isSameSimulation(scenario, changed)]).toEqual([path, true]);
    }
    for (const [path, value] of others) {
      const changed = findInput(scenario, path).set(scenario, value);
      expect([path, isSameSimulation(scenario, changed)]).toEqual([path, false]);
    }
    const shared = context();
    runPriced(scenario, 0, shared);
    const fleet = findInput(scenario, "pools.own.replicas").set(scenario, 2);
    expect(runPriced(fleet, 0, shared)).toEqual(runOutcome({ scenario: fleet }, context()));
    expect(runPriced(scenario, 1, shared).tokens).not.toEqual(
      runPriced(scenario, 0, shared).tokens,
    );
  });

  test("under a monthly budget depend on the prices of providers, which decide where requests go", () => {
    const rules = (hybridInput().rules ?? []).map((rule) =>
      rule.id === "api" ? { ...rule, guards: { monthlyBudgetUsd: 50 } } : rule,
    );
    const bounded = hybridScenario({ rules: [...rules, { id: "no", to: { reject: true } }] });
    const set = (path: string, value: number) => findInput(bounded, path).set(bounded, value);
    expect(isSameSimulation(bounded, set("providers.api.price.outputUsdPerMTok", 1))).toBe(false);
    expect(isSameSimulation(bounded, set("pools.own.price.usdPerGpuHour", 1))).toBe(true);
  });
});
