import { describe, expect, it } from "vitest";
import { ruleSchema } from "../schema/routing.ts";
import { scenarioSchema } from "../schema/scenario.ts";
import { givenSeconds, ruleSentence } from "./ruleSentence.ts";
import { scenarioLines } from "./scenarioLines.ts";

const provenance = [{ source: "test", retrievedOn: "2026-05-01", basis: "list price" as const }];

const scenario = scenarioSchema.parse({
  format: "crossover-scenario",
  version: 1,
  name: "outline",
  traffic: {
    sources: [
      { id: "log", kind: "trace", file: "log.csv", transforms: { volume: 2, outputFactor: 1.5 } },
      {
        ...{ id: "users", kind: "closedLoop", clients: 20, requests: 1000 },
        lengths: { fromTrace: "log" },
      },
    ],
    classes: [
      { id: "fast", share: 0.3, targets: { ttft: { ms: 1500, percentile: 0.99 } } },
      { id: "slow", tier: "batch", deadline: { withinS: 7200 } },
    ],
  },
  pools: [
    {
      ...{ id: "own", gpu: "h100", model: "m", backend: "nim", replicas: 4, tensorParallel: 2 },
      autoscaler: { target: 0.7, min: 0, provisionS: 60, imagePullS: 30 },
      price: { usdPerGpuHour: 2.5, provenance },
    },
  ],
  providers: [
    {
      ...{ id: "api", name: "An API", model: "x", api: "batch" },
      price: { inputUsdPerMTok: 2, outputUsdPerMTok: 8, batchDiscount: 0.5, provenance },
    },
  ],
  rules: [
    { id: "a", to: { pool: "own" } },
    { id: "b", to: { provider: "api" } },
  ],
  fixedCosts: [{ id: "staff", label: "Half an engineer", usdPerMonth: 6000 }],
});

describe("a scenario in sentences", () => {
  it("has a line for each source, class, pool, provider, rule and cost, with its id", () => {
    const lines = Object.fromEntries(
      scenarioLines(scenario).map((each) => [each.part, each.lines]),
    );
    expect(lines.traffic).toEqual([
      "log: the trace log.csv, at 2 times its volume and with outputs 1.5 times as long.",
      "users: 20 clients that send 1,000 requests, each the next when the last is done; token lengths of the trace log.",
    ]);
    expect(lines.targets).toEqual([
      "fast: 30 % of the requests, real time; first token within 1.5 s for 99 %.",
      "slow: all other requests, batch; done within 2 h.",
    ]);
    expect(lines.fleet).toEqual([
      "own: 0 to 4 replicas of m in bf16 by NIM on 2 h100 each, at $2.50 a GPU hour (as of 2026-05-01), no licence fee, always on.",
    ]);
    expect(lines.providers).toEqual([
      "api: An API, batch API, $1.00 in and $4.00 out per million tokens (as of 2026-05-01).",
    ]);
    expect(lines.routing).toEqual([
      "All requests go to own.",
      "All requests that are left go to api.",
    ]);
    expect(lines.costs).toEqual(["Half an engineer: $6,000.00 a month."]);
    expect(scenarioLines(scenario).map(({ ids }) => ids.join())).toEqual([
      "log,users",
      "fast,slow",
      "own",
      "api",
      "a,b",
      "staff",
    ]);
  });

  it("says of a rule what it matches, where it sends it, and every guard", () => {
    const rule = ruleSchema.parse({
      id: "r",
      match: {
        tiers: ["batch"],
        classes: ["docs"],
        tenants: ["a", "b"],
        promptTokens: { min: 4000 },
        hours: { from: "08:00", to: "18:00", days: ["monday", "friday"] },
      },
      share: 0.25,
      to: { provider: "api" },
      guards: { maxEstimatedWaitS: 2, monthlyBudgetUsd: 500, withinProviderLimits: true },
      hold: { window: { from: "22:00", to: "06:00" }, whenRunningBelow: 0.2 },
    });
    expect(ruleSentence(rule)).toBe(
      "25 % of batch docs requests of a or b with 4,000 or more prompt tokens from 08:00 to 18:00 on Monday and Friday go to api while the wait is estimated at 2 s at most, the month's $500 are not spent and the provider's limits leave room and are held for 22:00 to 06:00 or until less than 20 % of its places are taken, released 30 min before their deadline at the latest.",
    );
    expect(ruleSentence(ruleSchema.parse({ id: "r", to: { reject: true } }), true)).toBe(
      "All requests are turned away.",
    );
  });

  it("gives durations in the unit in which they are short", () => {
    expect([0.25, 1.5, 90, 3600, 86_400, 172_800, 100_000].map(givenSeconds)).toEqual([
      "250 ms",
      "1.5 s",
      "1.5 min",
      "1 h",
      "24 h",
      "2 days",
      "100,000 s",
    ]);
  });
});
