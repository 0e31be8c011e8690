import { expect, test } from "vitest";
import { loadCatalog } from "../../electron/services/catalogFiles.ts";
import { findGpu, findModel } from "../catalog/catalog.ts";
import { scenarioSchema } from "../schema/scenario.ts";
import { runScenario } from "./scenarioRun.ts";

const catalog = loadCatalog();
const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "estimated" as const }];

/** Twenty requests, one a second, to one pool. */
function runOn(gpu: string, model: string, promptTokens: number) {
  const rows = new Array(20).fill(0);
  const scenario = scenarioSchema.parse({
    format: "crossover-scenario",
    version: 1,
    name: "range",
    gpus: [findGpu(catalog, gpu)],
    models: [findModel(catalog, model)],
    coefficients: catalog.coefficients.filter(({ id }) => id === "vllm-bf16"),
    traffic: {
      sources: [
        {
          id: "rows",
          kind: "trace",
          rows: {
            arrivalS: rows.map((_, i) => i),
            promptTokens: rows.map(() => promptTokens),
            outputTokens: rows.map(() => 20),
          },
        },
      ],
      classes: [{ id: "all" }],
    },
    pools: [
      {
        id: "own",
        gpu,
        model,
        backend: "vllm",
        replicas: 1,
        price: { usdPerGpuHour: 2, provenance },
      },
    ],
    rules: [{ id: "own", to: { pool: "own" } }],
  });
  const report = runScenario({ scenario, traces: new Map() });
  const [pool] = report.pools;
  return { share: pool.extrapolatedShare, said: [...report.warnings, ...report.notes].join("\n") };
}

test("a run within the fitted range says nothing of extrapolation", () => {
  const { share, said } = runOn("h100-sxm", "llama-3.1-8b", 500);
  expect(share).toBe(0);
  expect(said).not.toContain("extrapolated");
});

test("contexts beyond the fitted range are extrapolated in a share of the iterations, with the share said", () => {
  const { share, said } = runOn("h100-sxm", "llama-3.1-8b", 9000);
  expect(share).toBeGreaterThan(0.5);
  expect(share).toBeLessThan(1);
  expect(said).toMatch(/Pool "own": \d+ % of its iterations lie outside the range/);
});

test("another GPU, or a model that was not fitted, is extrapolated in all of them, with the reason said", () => {
  const other = runOn("h200-sxm", "llama-3.1-8b", 500);
  expect(other.share).toBe(1);
  expect(other.said).toMatch(/100 % of its iterations/);
  expect(other.said).toMatch(/times on NVIDIA H200 .* are extrapolated/);
  const model = runOn("h100-sxm", "qwen3-8b", 500);
  expect(model.share).toBe(1);
  expect(model.said).toContain("times of Qwen3 8B are extrapolated");
});
