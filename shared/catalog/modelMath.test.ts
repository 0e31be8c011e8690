import { describe, expect, it } from "vitest";
import modelsFile from "../../data/catalog/models.json";
import { catalogFileSchemas, findModel } from "./catalog.ts";
import {
  headParameters,
  kvBytesPerToken,
  kvBytesPerTokenPerGpu,
  kvElementsPerToken,
  linearParameters,
  parameterCount,
  weightBytes,
} from "./modelMath.ts";

const models = catalogFileSchemas.models.parse(modelsFile).entries;
const model = (id: string) => findModel({ models }, id);

describe("the sums of a model", () => {
  it.each([
    ["llama-3.1-8b", 6.979e9, 5.25e8, 65_536],
    ["llama-3.1-70b", 6.845e10, 1.051e9, 163_840],
    ["llama-3.3-70b", 6.845e10, 1.051e9, 163_840],
    ["qwen3-32b", 3.121e10, 7.78e8, 131_072],
  ])("of %s are those of the time model", (id, linear, head, kvElements) => {
    expect(linearParameters(model(id)) / linear).toBeCloseTo(1, 3);
    expect(headParameters(model(id)) / head).toBeCloseTo(1, 2);
    expect(kvElementsPerToken(model(id))).toBe(kvElements);
  });

  it.each([
    ["llama-3.2-1b", 1.24e9],
    ["llama-3.2-3b", 3.21e9],
    ["mistral-7b", 7.25e9],
    ["qwen2.5-7b", 7.62e9],
    ["llama-3.1-8b", 8.03e9],
    ["qwen3-8b", 8.19e9],
    ["qwen3-32b", 3.28e10],
    ["codellama-34b", 3.37e10],
    ["llama-3.1-70b", 7.06e10],
    ["llama-3.1-405b", 4.06e11],
  ])("give %s the parameter count it is published with", (id, published) => {
    expect(parameterCount(model(id)) / published).toBeCloseTo(1, 2);
  });

  it("count tied embeddings once", () => {
    const tied = model("llama-3.2-1b");
    const untied = { ...tied, tiedEmbeddings: false };
    const matrix = headParameters(tied);
    expect(parameterCount(untied) - parameterCount(tied)).toBe(matrix);
    expect(weightBytes(untied, "fp8") - weightBytes(tied, "fp8")).toBe(2 * matrix);
  });

  it("keep embedding and head at bf16 when the weights are fp8", () => {
    const bytes = weightBytes(model("llama-3.1-70b"), "fp8");
    expect(bytes).toBe(68_451_041_280 + 4 * 1_050_673_152);
  });
});

describe("keys and values of a token", () => {
  it("take half the bytes at fp8", () => {
    expect(kvBytesPerToken(model("llama-3.1-8b"), "bf16")).toBe(131_072);
    expect(kvBytesPerToken(model("llama-3.1-8b"), "fp8")).toBe(65_536);
  });

  it("are shared out over the GPUs up to the number of KV heads, and then held more than once", () => {
    const perGpu = [1, 2, 4, 8, 16].map((tensorParallel) =>
      kvBytesPerTokenPerGpu(model("llama-3.1-70b"), "bf16", tensorParallel),
    );
    expect(perGpu).toEqual([327_680, 163_840, 81_920, 40_960, 40_960]);
  });
});
