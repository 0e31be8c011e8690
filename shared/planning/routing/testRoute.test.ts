import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { weekdays } from "../../schema/common.ts";
import { type Scenario, scenarioSchema } from "../../schema/scenario.ts";
import { hybridInput } from "../fixtures/hybridScenario.ts";
import { ScenarioRun } from "../scenarioRun.ts";
import { testRoute } from "./testRoute.ts";

const quiet = { pools: {}, spentUsd: {}, limitedProviders: [] };

/** One request to a policy of many conditions, at a moment of the week. */
function scenarioOf(one: {
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly tenant: string;
  readonly weekday: (typeof weekdays)[number];
  readonly hour: number;
}): Scenario {
  const input = hybridInput();
  const [provider] = input.providers ?? [];
  return scenarioSchema.parse({
    ...input,
    clock: { startWeekday: one.weekday, startTime: `${String(one.hour).padStart(2, "0")}:00` },
    run: { horizonS: 100_000 },
    traffic: {
      sources: [
        {
          ...{ id: "one", kind: "trace" },
          rows: {
            arrivalS: [0],
            promptTokens: [one.promptTokens],
            outputTokens: [one.outputTokens],
            tenant: [one.tenant],
          },
        },
      ],
      classes: [
        {
          ...{ id: "long", tier: "batch", match: { promptTokens: { min: 3000 } } },
          deadline: { by: "06:00" },
        },
        { id: "ours", tier: "nearLine", match: { tenants: ["a"] } },
        { id: "rest" },
      ],
    },
    pools: (input.pools ?? []).flatMap((pool) => [
      { ...pool, schedule: { kind: "hours", hours: [{ from: "08:00", to: "20:00" }] } },
      { ...pool, id: "other" },
    ]),
    providers: [
      { ...provider, errorRate: 0, maxContextTokens: 3000, tokenizerFactor: 1.1 },
      { ...provider, id: "second", errorRate: 0 },
    ],
    rules: [
      {
        ...{ id: "held", match: { tiers: ["batch"] }, to: { pool: "other" } },
        hold: { window: { from: "22:00", to: "05:00" }, releaseBeforeDeadlineS: 7200 },
      },
      { id: "by-day", match: { promptTokens: { max: 900 } }, to: { pool: "own" } },
      {
        ...{ id: "weekend", to: { provider: "second" } },
        match: { hours: { from: "00:00", to: "24:00", days: ["saturday", "sunday"] } },
      },
      { id: "short-output", match: { outputTokens: { max: 50 } }, to: { pool: "other" } },
      { id: "tenant", match: { tenants: ["a"], classes: ["ours"] }, to: { provider: "second" } },
      { id: "none", match: { tenants: ["b"] }, to: { reject: true } },
      { id: "api", to: { provider: "api" } },
      { id: "long", to: { provider: "second" } },
    ],
  });
}

describe("the test of one request", () => {
  it("says the same as the router of a run, whatever the request and the hour", () => {
    const oneRequest = fc.record({
      promptTokens: fc.integer({ min: 1, max: 6000 }),
      outputTokens: fc.integer({ min: 1, max: 100 }),
      tenant: fc.constantFrom("a", "b", "c"),
      weekday: fc.constantFrom(...weekdays),
      hour: fc.integer({ min: 0, max: 23 }),
    });
    fc.assert(
      fc.property(oneRequest, (one) => {
        const scenario = scenarioOf(one);
        const run = new ScenarioRun({ scenario, traces: new Map() });
        while (run.step(1000));
        const { table } = run.fleet;
        const names = [...scenario.pools, ...scenario.providers].map(({ id }) => id);
        const time = scenario.clock.startTime;
        const tested = testRoute(scenario, { ...one, time }, quiet);
        expect(scenario.traffic.classes[table.classIndex[0]].id).toBe(tested.class);
        expect(names[table.destination[0]] ?? null).toBe(tested.destination);
        expect(table.spilled[0] === 1).toBe(tested.isSpilled);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps a spent budget and a provider without room from taking it", () => {
    const scenario = scenarioSchema.parse({
      ...hybridInput(),
      rules: [
        { id: "cheap", to: { provider: "api" }, guards: { monthlyBudgetUsd: 10 } },
        { id: "within", to: { provider: "api" }, guards: { withinProviderLimits: true } },
        { id: "last", to: { reject: true } },
      ],
    });
    const request = {
      ...{ class: "live", promptTokens: 10, outputTokens: 10 },
      ...{ weekday: "monday" as const, time: "12:00" },
    };
    const state = { ...quiet, spentUsd: { cheap: 10 }, limitedProviders: ["api"] };
    expect(testRoute(scenario, request, quiet).rules[0].outcome).toBe("taken");
    const tested = testRoute(scenario, request, state);
    expect(tested.rules.map(({ outcome }) => outcome)).toEqual(["refused", "refused", "taken"]);
    expect(tested).toMatchObject({ kind: "reject", destination: null });
  });
});
