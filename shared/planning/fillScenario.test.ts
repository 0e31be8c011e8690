import { expect, test } from "vitest";
import { loadCatalog } from "../../electron/services/catalogFiles.ts";
import { scenarioSchema } from "../schema/scenario.ts";
import { checkScenario } from "./checkScenario.ts";
import { fillScenario } from "./fillScenario.ts";

const bare = scenarioSchema.parse({
  format: "crossover-scenario",
  version: 1,
  name: "bare",
  traffic: {
    sources: [
      {
        id: "chat",
        kind: "synthetic",
        arrivals: { process: "poisson", rateRps: 1 },
        durationS: 60,
        lengths: {
          prompt: { kind: "constant", value: 100 },
          output: { kind: "constant", value: 10 },
        },
      },
    ],
    classes: [{ id: "all" }],
  },
  pools: [
    {
      id: "own",
      gpu: "h200-sxm",
      model: "qwen3-32b",
      backend: "trtllm",
      replicas: 1,
      licence: "nvaie-cloud",
      price: {
        usdPerGpuHour: 3,
        provenance: [{ source: "test", retrievedOn: "2026-11-24", basis: "estimated" }],
      },
    },
  ],
  rules: [
    { id: "own", to: { pool: "own" }, guards: { maxWaiting: 5 } },
    { id: "api", to: { provider: "gpt-4.1" } },
  ],
});

test("a scenario that names catalog entries can be run once they are copied in", () => {
  expect(checkScenario(bare).problems.length).toBeGreaterThan(2);
  const { scenario, added } = fillScenario(bare, loadCatalog());
  expect(added).toContain("gpus h200-sxm");
  expect(added).toContain("providers gpt-4.1");
  expect(checkScenario(scenario).problems).toEqual([]);
});

test("filling a full scenario copies nothing and keeps what is there", () => {
  const { scenario } = fillScenario(bare, loadCatalog());
  scenario.gpus[0].bandwidthBytesPerS = 1e12;
  const again = fillScenario(scenario, loadCatalog());
  expect(again.added).toEqual([]);
  expect(again.scenario.gpus[0].bandwidthBytesPerS).toBe(1e12);
});
