import { describe, expect, it } from "vitest";
import gpusFile from "../../data/catalog/gpus.json";
import modelsFile from "../../data/catalog/models.json";
import { engineSchema } from "../schema/fleet.ts";
import { catalogFileSchemas, findGpu, findModel } from "./catalog.ts";
import { listFits, requestsAtOnce, suggestFits } from "./fitAlternatives.ts";
import { computeMemoryFit, type MemoryFitInput } from "./memoryFit.ts";

const gpus = catalogFileSchemas.gpus.parse(gpusFile).entries;
const models = catalogFileSchemas.models.parse(modelsFile).entries;

function input(model: string, changes: Partial<MemoryFitInput> = {}): MemoryFitInput {
  return {
    gpu: findGpu({ gpus }, "h100-sxm"),
    model: findModel({ models }, model),
    backend: "vllm",
    precision: "bf16",
    kvPrecision: "bf16",
    tensorParallel: 1,
    engine: engineSchema.parse({}),
    ...changes,
  };
}

const places = (asked: MemoryFitInput) =>
  suggestFits(asked, gpus).map(({ input: { gpu, profile, precision, tensorParallel } }) =>
    [tensorParallel, gpu.id, profile ?? "whole", precision].join(" "),
  );

describe("what would fit instead", () => {
  it("is a lower precision or more GPUs for a 70B model on one H100", () => {
    expect(places(input("llama-3.1-70b"))).toEqual([
      "1 h100-sxm whole fp8",
      "1 h100-sxm whole int4",
      "2 h100-sxm whole bf16",
      "1 b200-sxm whole bf16",
    ]);
  });

  it("is 4-bit weights, a larger slice or the whole GPU for a model on a small slice", () => {
    expect(places(input("llama-3.1-8b", { profile: "1g.10gb" }))).toEqual([
      "1 h100-sxm 1g.10gb int4",
      "1 h100-sxm 1g.20gb bf16",
      "1 h100-sxm whole bf16",
    ]);
  });

  it("is a smaller group where the heads cannot be divided", () => {
    expect(places(input("qwen2.5-7b", { tensorParallel: 8 }))).toEqual(["4 h100-sxm whole bf16"]);
  });

  it("is fp8 on a whole node for a 405B model", () => {
    expect(places(input("llama-3.1-405b"))).toEqual(["8 h100-sxm whole fp8"]);
  });
});

describe("the list of all placements", () => {
  it("has every GPU, whole at four sizes and cut in six ways, at bf16, fp8 and int4, and at nvfp4 where the GPU computes in it", () => {
    expect(listFits(input("llama-3.1-8b"), gpus)).toHaveLength(
      (gpus.length * 3 + gpus.filter((gpu) => gpu.f4Flops).length) * (4 + 6),
    );
  });
});

describe("requests at once", () => {
  it("are whole requests in whole blocks", () => {
    const fit = computeMemoryFit(input("llama-3.1-8b"));
    expect(requestsAtOnce(fit, 16, 2048)).toBe(Math.floor(fit.kvBlocks / 128));
    expect(requestsAtOnce(fit, 16, 2049)).toBe(Math.floor(fit.kvBlocks / 129));
  });

  it("are none where one alone is too long or the model does not fit", () => {
    expect(requestsAtOnce(computeMemoryFit(input("llama-3.1-8b")), 16, 131_073)).toBe(0);
    expect(requestsAtOnce(computeMemoryFit(input("llama-3.1-70b")), 16, 16)).toBe(0);
  });
});
