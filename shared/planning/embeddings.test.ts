import { expect, test } from "vitest";
import modelsFile from "../../data/catalog/models.json";
import providersFile from "../../data/catalog/providers.json";
import { catalogFileSchemas, findModel, findProvider } from "../catalog/catalog.ts";
import { type ScenarioInput, scenarioSchema } from "../schema/scenario.ts";
import { testCatalog } from "../serving/testCatalog.ts";
import { buildWorkload } from "../workload/buildWorkload.ts";
import { missedWhenIdle } from "./breakEven/fleetCapacity.ts";
import { runScenario } from "./scenarioRun.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "estimated" as const }];
const encoder = findModel(
  { models: catalogFileSchemas.models.parse(modelsFile).entries },
  "bge-large-en-v1.5",
);
const api = findProvider(
  { providers: catalogFileSchemas.providers.parse(providersFile).entries },
  "text-embedding-3-large",
);

/** Prompts without output tokens, and some with, to an embedding pool and then the API. */
function scenarioOf(outputTokens: number[], promptTokens: number[], pools = true) {
  const own: ScenarioInput["pools"] = [
    {
      id: "own",
      gpu: "h100-sxm",
      model: encoder.id,
      backend: "vllm",
      replicas: 1,
      price: { usdPerGpuHour: 2, provenance },
    },
  ];
  return scenarioSchema.parse({
    format: "crossover-scenario",
    version: 1,
    name: "embeddings",
    ...testCatalog(),
    models: [encoder],
    traffic: {
      sources: [
        {
          id: "rows",
          kind: "trace",
          rows: { arrivalS: promptTokens.map((_, i) => i), promptTokens, outputTokens },
        },
      ],
      classes: [{ id: "all", sharedPrefix: { tokens: 64 } }],
    },
    pools: pools ? own : [],
    providers: [api],
    rules: [
      ...(pools ? [{ id: "own", to: { pool: "own" } }] : []),
      { id: "api", to: { provider: api.id } },
    ],
  });
}

test("an embedding ends with its prompt: time to first token is the whole latency, and there is no time per token", () => {
  const scenario = scenarioOf([0, 0, 0], [512, 300, 1]);
  const report = runScenario({ scenario, traces: new Map() });
  const latency = report.latency.all;
  expect(report.requests.byDestination).toMatchObject({ own: 3 });
  expect(report.requests.byClass.all).toMatchObject({ finished: 3, outputTokens: 0 });
  expect(latency.e2eMs.p50).toBeGreaterThan(0);
  expect(latency.ttftMs).toEqual(latency.e2eMs);
  expect(latency.tpotMs.n).toBe(0);
});

test("an embedding pool keeps nothing of a prompt, shares no prefix and says that its times are extrapolated", () => {
  const report = runScenario({ scenario: scenarioOf([0, 0], [200, 200]), traces: new Map() });
  const [pool] = report.pools;
  expect(report.requests.byClass.all.cachedTokens).toBe(0);
  expect(pool.extrapolatedShare).toBe(1);
  expect(report.notes.join("\n")).toContain("no embedding model was fitted");
});

test("a request that wants tokens, or a prompt beyond its context, passes an embedding pool by", () => {
  const scenario = scenarioOf([0, 5, 0], [512, 100, 513]);
  const report = runScenario({ scenario, traces: new Map() });
  expect(report.requests.byDestination).toMatchObject({ own: 1, [api.id]: 2 });
});

test("an embedding provider is paid by input tokens", () => {
  const scenario = scenarioOf([0, 0], [400_000, 600_000], false);
  const report = runScenario({ scenario, traces: new Map() });
  const paid = report.cost.lines.filter((line) => line.subject === api.id);
  expect(paid.map((line) => [line.kind, line.quantity, line.priceUsd])).toEqual([
    ["apiInput", 1, 0.13],
    ["apiOutput", 0, 0],
  ]);
});

test("what a pool turns away is told with its reason: prompts beyond its context, or tokens that it does not yield", () => {
  const scenario = scenarioOf([0, 0, 5], [300, 600, 300]);
  const { warnings } = runScenario({ scenario, traces: new Map() });
  expect(warnings.join()).toMatch(
    /Pool "own" turned requests away 1 times: .* context of 513 tokens/,
  );
  const alone = { ...scenario, rules: scenario.rules.slice(0, 1) };
  const { traffic, clock, seed } = alone;
  const made = { traffic, clock, seed, replication: 0, traces: new Map(), horizonS: undefined };
  expect(missedWhenIdle(alone, buildWorkload(made))[0]).toMatch(
    /fit nowhere: prompts are longer than the context of at most 513 tokens; or output tokens are wanted, and an embedding model yields none/,
  );
});
