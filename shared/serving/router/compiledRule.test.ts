import { describe, expect, test } from "vitest";
import type { ScenarioInput } from "../../schema/scenario.ts";
import { LocalClock } from "../../workload/clock.ts";
import type { Workload } from "../../workload/workload.ts";
import { openWorkload, pool, provider, scenario } from "../fixtures/engineRuns.ts";
import { CompiledRule, rulesOfClass, targetKind } from "./compiledRule.ts";

type RuleInput = ScenarioInput["rules"][number];

const count = 4000;
const workload: Workload = {
  ...openWorkload({
    arrivalNs: new Float64Array(count),
    promptTokens: Int32Array.from({ length: count }, (_, i) => 1 + i),
    outputTokens: 1,
  }),
  tenants: ["red", "blue"],
  tenantIndex: Int32Array.from({ length: count }, (_, i) => i % 2),
  models: ["small", "large"],
  modelIndex: Uint16Array.from({ length: count }, (_, i) => Math.floor(i / 2) % 2),
};
const base = scenario({}).traffic;
const classes = [
  { ...base.classes[0], id: "chat" },
  { ...base.classes[0], id: "night", tier: "batch" as const, models: ["own-model"] },
];

function scenarioWith(rules: readonly RuleInput[]) {
  return scenario({
    traffic: { ...base, classes },
    pools: [pool({}), pool({ id: "second" })],
    providers: [provider({}), provider({ id: "other", model: "own-model" })],
    rules: [...rules],
  });
}

/** Requests that a single rule takes at a moment. */
function taken(rule: Partial<RuleInput>, nowNs = 0): number[] {
  const checked = scenarioWith([{ id: "rule", to: { pool: "own" }, ...rule }]);
  const compiled = new CompiledRule(checked.rules[0], 0, checked, workload, 7);
  const clock = new LocalClock(checked.clock);
  return Array.from({ length: count }, (_, i) => i).filter((i) =>
    compiled.matches(i, nowNs, clock),
  );
}

describe("the conditions of a rule", () => {
  test("without any it takes everything", () => {
    expect(taken({})).toHaveLength(count);
  });

  test("prompt lengths are a range with both ends in it", () => {
    expect(taken({ match: { promptTokens: { min: 10, max: 12 } } })).toEqual([9, 10, 11]);
  });

  test("tenants and models are told by name, and a name that the traffic lacks takes nothing", () => {
    expect(taken({ match: { tenants: ["blue"] } }).every((i) => i % 2 === 1)).toBe(true);
    expect(taken({ match: { models: ["large"] } })).toHaveLength(count / 2);
    expect(taken({ match: { tenants: ["green"] } })).toEqual([]);
    expect(taken({ match: { tenants: ["blue"], models: ["large"] } })).toHaveLength(count / 4);
  });

  test("hours are those of the scenario's clock, the start in and the end out", () => {
    const night = { match: { hours: { from: "22:00", to: "06:00" } } };
    const hour = 3600e9;
    const isTaken = (atNs: number): boolean => taken(night, atNs).length === count;
    expect([0, 6 * hour - 1, 6 * hour, 22 * hour - 1, 22 * hour].map(isTaken)).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  test("a share is a seeded part of the requests: larger shares take the same ones and more", () => {
    const third = taken({ share: 0.3 });
    const half = new Set(taken({ share: 0.5 }));
    expect(Math.abs(third.length / count - 0.3)).toBeLessThan(0.03);
    expect(third.every((i) => half.has(i))).toBe(true);
  });
});

describe("where a rule sends", () => {
  test("pools and providers by their place in the scenario, or nowhere", () => {
    const checked = scenarioWith([
      { id: "a", to: { pool: "second" } },
      { id: "b", to: { provider: "other" } },
      { id: "c", to: { reject: true } },
    ]);
    const targets = checked.rules.map((rule, index) => {
      const compiled = new CompiledRule(rule, index, checked, workload, 7);
      return [compiled.targetKind, compiled.target];
    });
    expect(targets).toEqual([
      [targetKind.pool, 1],
      [targetKind.provider, 1],
      [targetKind.reject, -1],
    ]);
  });
});

describe("the rules of a class", () => {
  const checked = scenarioWith([
    { id: "a", match: { classes: ["chat"] }, to: { pool: "own" } },
    { id: "b", match: { tiers: ["batch"] }, to: { provider: "other" } },
    { id: "c", match: { outputTokens: { min: 100 } }, to: { provider: "other" } },
    { id: "d", to: { pool: "own" } },
    { id: "e", to: { reject: true } },
  ]);

  test("are those of its id, tier and expected output, in order", () => {
    expect(Array.from(rulesOfClass(checked, 0, 50))).toEqual([0, 3, 4]);
    expect(Array.from(rulesOfClass(checked, 0, 100))).toEqual([0, 2, 3, 4]);
  });

  test("leave out targets that serve none of the models it accepts", () => {
    expect(Array.from(rulesOfClass(checked, 1, 50))).toEqual([1, 4]);
  });
});
