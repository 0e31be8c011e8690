import { expect, test } from "vitest";
import { loadCatalog } from "../../../electron/services/catalogFiles.ts";
import { findGpu, findModel } from "../../catalog/catalog.ts";
import { type ExtrapolationInput, extrapolationReasons } from "./extrapolation.ts";

const catalog = loadCatalog();
const coefficients = catalog.coefficients.find(({ id }) => id === "vllm-bf16")!;
const fitted: ExtrapolationInput = {
  gpu: findGpu(catalog, "h100-sxm"),
  model: findModel(catalog, "llama-3.1-8b"),
  precision: "bf16",
  kvPrecision: "bf16",
  coefficients,
};

test("a set that is asked about what it was fitted for has nothing to say", () => {
  expect(extrapolationReasons(fitted)).toEqual([]);
});

test("another GPU, precision or model is a reason each, with what was fitted", () => {
  const asked = {
    ...fitted,
    gpu: findGpu(catalog, "a100-sxm-80gb"),
    model: findModel(catalog, "llama-3.1-405b"),
    kvPrecision: "fp8",
  } as const;
  expect(extrapolationReasons(asked)).toEqual([
    expect.stringMatching(/on NVIDIA A100 .*vllm-bf16 was fitted on others/),
    expect.stringMatching(/fp8 KV cache are extrapolated: vllm-bf16 was fitted with bf16/),
    expect.stringMatching(/405B.* was fitted to llama-3.1-8b, llama-3.1-70b, .*its architecture/),
  ]);
});

test("a set that lists no models is not asked about them", () => {
  const { models: _models, ...others } = coefficients.fitted;
  const model = findModel(catalog, "llama-3.1-405b");
  const asked = { ...fitted, model, coefficients: { ...coefficients, fitted: others } };
  expect(extrapolationReasons(asked)).toEqual([]);
});

test("every fitted GPU and model of the catalog's sets is in the catalog", () => {
  for (const { fitted: range } of catalog.coefficients) {
    for (const id of range.gpus) expect(findGpu(catalog, id).id).toBe(id);
    for (const id of range.models ?? []) expect(findModel(catalog, id).id).toBe(id);
  }
});
