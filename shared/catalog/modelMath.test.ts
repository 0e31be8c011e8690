import { describe, expect, it } from "vitest";
import modelsFile from "../../data/catalog/models.json";
import { catalogFileSchemas, findModel } from "./catalog.ts";
import {
  activeLinearParameters,
  activeParameterCount,
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
    ["llama-2-7b", 6.74e9],
    ["llama-2-13b", 1.3e10],
    ["llama-2-70b", 6.9e10],
    ["qwen3-0.6b", 5.96e8],
    ["qwen3-1.7b", 1.72e9],
    ["qwen3-4b", 4.02e9],
    ["qwen3-14b", 1.48e10],
    ["qwen2.5-14b", 1.48e10],
    ["qwen2.5-32b", 3.28e10],
    ["qwen2.5-72b", 7.27e10],
    ["mistral-small-24b", 2.36e10],
    ["mistral-large-123b", 1.226e11],
    ["phi-4", 1.466e10],
    ["bge-large-en-v1.5", 3.34e8],
    ["multilingual-e5-large", 5.6e8],
    ["llama-3.2-nv-embedqa-1b-v2", 1.24e9],
    ["e5-mistral-7b", 7.11e9],
    ["qwen3-embedding-8b", 7.57e9],
  ])("give %s the parameter count it is published with", (id, published) => {
    expect(parameterCount(model(id)) / published).toBeCloseTo(1, 2);
  });

  it.each([
    ["mixtral-8x7b", 46.7, 12.9],
    ["mixtral-8x22b", 140.6, 39.1],
    ["qwen3-30b-a3b", 30.5, 3.3],
    ["qwen3-235b-a22b", 235, 22],
    ["deepseek-v3", 671, 37],
    ["deepseek-r1", 671, 37],
    ["gpt-oss-20b", 20.9, 3.6],
    ["gpt-oss-120b", 116.8, 5.1],
    ["llama-4-scout", 109, 17],
    ["llama-4-maverick", 400, 17],
  ])(
    "give the mixture %s %d billion parameters, of which a token takes %d",
    (id, total, active) => {
      expect(parameterCount(model(id)) / 1e9 / total).toBeCloseTo(1, 1);
      // Published active counts leave out one of the vocabulary's matrices or both.
      const withoutVocabulary = activeLinearParameters(model(id)) / 1e9;
      expect(withoutVocabulary).toBeLessThan(active * 1.03);
      expect(activeParameterCount(model(id)) / 1e9).toBeGreaterThan(active * 0.97);
    },
  );

  it("take the experts at 4 bits alone where a mixture is published in mxfp4", () => {
    expect(weightBytes(model("gpt-oss-20b"), "mxfp4") / 1e9).toBeCloseTo(13.8, 0);
    expect(weightBytes(model("gpt-oss-120b"), "mxfp4") / 1e9).toBeCloseTo(65, 0);
    expect(weightBytes(model("llama-3.1-70b"), "int4") / 1e9).toBeCloseTo(39.8, 0);
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
