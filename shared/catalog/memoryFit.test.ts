import fc from "fast-check";
import { describe, expect, it } from "vitest";
import gpusFile from "../../data/catalog/gpus.json";
import modelsFile from "../../data/catalog/models.json";
import { backends, precisions } from "../schema/catalog.ts";
import { engineSchema } from "../schema/fleet.ts";
import { InputError } from "../units/errors.ts";
import { bytesPerGib } from "../units/units.ts";
import { catalogFileSchemas, findGpu, findModel } from "./catalog.ts";
import { computeMemoryFit, type MemoryFitInput } from "./memoryFit.ts";
import { sglangMemFraction } from "./memoryRules.ts";
import { listMigLayouts } from "./migPlacement.ts";
import { type Precision, weightBytes } from "./modelMath.ts";

const gpus = catalogFileSchemas.gpus.parse(gpusFile).entries;
const models = catalogFileSchemas.models.parse(modelsFile).entries;

function input(model: string, gpu: string, changes: Partial<MemoryFitInput> = {}): MemoryFitInput {
  return {
    gpu: findGpu({ gpus }, gpu),
    model: findModel({ models }, model),
    backend: "vllm",
    precision: "bf16",
    kvPrecision: "bf16",
    tensorParallel: 1,
    engine: engineSchema.parse({}),
    ...changes,
  };
}

describe("the memory fit", () => {
  it("gives vLLM utilization x HBM - weights - activations", () => {
    const fit = computeMemoryFit(input("llama-3.1-8b", "h100-sxm"));
    const left = 0.92 * 79.25 * bytesPerGib - 16_059_990_016 - 3e9;
    expect(fit).toMatchObject({ fits: true, usableBytes: 79.25 * bytesPerGib, utilization: 0.92 });
    expect(fit.kvBytes).toBeCloseTo(left, 0);
    expect(fit.kvCapacityTokens).toBe(Math.floor(left / 131_072));
    expect(fit.kvBlocks).toBe(Math.floor(fit.kvCapacityTokens / 16));
  });

  it("gives SGLang mem_fraction_static x HBM - weights, the fraction by its own rule", () => {
    const fit = computeMemoryFit(input("llama-3.1-8b", "h100-sxm", { backend: "sglang" }));
    const mib = 79.25 * 1024;
    const reserved = 512 + 1.5 * 8192 + 2 * 256 + 1024 / 8;
    const fraction = Math.round(((mib - reserved) / mib) * 1000) / 1000;
    expect(fit.utilization).toBe(fraction);
    expect(fraction).toBe(0.834);
    expect(fit.kvBytes).toBeCloseTo(fraction * 79.25 * bytesPerGib - 16_059_990_016, 0);
    expect(fit.activationBytes).toBe(0);
    const engine = engineSchema.parse({ memFractionStatic: 0.7, freeMemoryFraction: 0.5 });
    const stated = computeMemoryFit(
      input("llama-3.1-8b", "h100-sxm", { backend: "sglang", engine }),
    );
    expect(stated.kvBytes).toBeCloseTo(0.7 * 79.25 * bytesPerGib - 16_059_990_016, 0);
    const tensorRt = computeMemoryFit(
      input("llama-3.1-8b", "h100-sxm", { backend: "trtllm", engine }),
    );
    expect(tensorRt.kvBytes).toBeCloseTo(0.5 * (79.25 * bytesPerGib - 16_059_990_016 - 3e9), 0);
  });

  it("gives NIM the rule of the engine that it picks, and says which", () => {
    const fitOf = (backend: MemoryFitInput["backend"], profile?: string) =>
      computeMemoryFit(input("llama-3.1-8b", "h100-sxm", { backend, profile }));
    expect(fitOf("nim").kvBytes).toBe(fitOf("trtllm").kvBytes);
    expect(fitOf("nim").notes[0]).toContain("NIM is taken as TensorRT-LLM");
    expect(fitOf("nim", "3g.40gb").kvBytes).toBe(fitOf("vllm", "3g.40gb").kvBytes);
    expect(fitOf("nim", "3g.40gb").notes[0]).toContain("NIM is taken as vLLM on a MIG instance");
  });

  it.each([
    [19.62, 8192, 1, (20_090.88 - 512 - 12_288 - 32 - 128) / 20_090.88],
    [39.5, 4096, 8, (40_448 - 512 - 6144 - 320 - 1024) / 40_448],
    [79.25, 2048, 1, (81_152 - 10_240) / 81_152],
    [139.75, 8192, 8, (143_104 - 512 - 12_288 - 1024 - 1024) / 143_104],
    [178.5, 16_384, 1, (182_784 - 512 - 24_576 - 1024 - 128) / 182_784],
  ])(
    "SGLang's fraction for %d GiB, chunks of %d and %d GPUs is that of its source",
    (gib, chunk, tensorParallel, wanted) => {
      const found = sglangMemFraction(gib * bytesPerGib, chunk, tensorParallel);
      expect(found).toBe(Math.round(wanted * 1000) / 1000);
    },
  );

  it("gives TensorRT-LLM 0.9 x (HBM - weights - activations), whatever the utilization", () => {
    const fit = computeMemoryFit(input("llama-3.1-8b", "h100-sxm", { backend: "trtllm" }));
    expect(fit.utilization).toBe(0.9);
    expect(fit.kvBytes).toBeCloseTo(0.9 * (79.25 * bytesPerGib - 16_059_990_016 - 3e9), 0);
  });

  it("shows its arithmetic in lines that add up", () => {
    const { lines, kvBytesPerTokenPerGpu } = computeMemoryFit(input("qwen3-32b", "h100-sxm"));
    const bytes = Object.fromEntries(lines.map((line) => [line.label, line.bytes]));
    const left = 0.92 * bytes["usable memory"] - bytes.weights - bytes.activations;
    expect(bytes["left for the KV cache"]).toBeCloseTo(left, 0);
    expect(bytes["KV cache per token"]).toBe(kvBytesPerTokenPerGpu);
  });

  it("takes the capacity that the engine states in place of the computed one", () => {
    const engine = engineSchema.parse({ kvCapacityTokens: 1000 });
    const fit = computeMemoryFit(input("llama-3.1-70b", "h100-sxm", { engine }));
    expect(fit).toMatchObject({ fits: true, kvCapacityTokens: 1000, kvBlocks: 62 });
  });

  it("limits a request to what the blocks hold", () => {
    const fit = computeMemoryFit(input("llama-3.1-70b", "h100-sxm", { tensorParallel: 2 }));
    expect(fit).toMatchObject({ fits: true, maxContextTokens: 16 * fit.kvBlocks });
    expect(fit.maxContextTokens).toBeLessThan(131_072);
  });

  it("halves the bytes of a token with an fp8 KV cache", () => {
    const full = computeMemoryFit(input("llama-3.1-8b", "h100-sxm"));
    const half = computeMemoryFit(input("llama-3.1-8b", "h100-sxm", { kvPrecision: "fp8" }));
    expect(half.kvBytesPerTokenPerGpu * 2).toBe(full.kvBytesPerTokenPerGpu);
  });

  it("notes that fp8 on a GPU without fp8 units saves memory only", () => {
    const onA100 = computeMemoryFit(input("llama-3.1-8b", "a100-sxm-80gb", { precision: "fp8" }));
    expect(onA100.fits).toBe(true);
    expect(onA100.notes.join()).toContain("no fp8 matrix units");
    expect(computeMemoryFit(input("llama-3.1-8b", "h100-sxm", { precision: "fp8" })).notes).toEqual(
      [],
    );
  });

  it("never has more capacity with more weights, less memory or larger tokens", () => {
    const anyInput = fc.record({
      gpu: fc.constantFrom(...gpus),
      model: fc.constantFrom(...models),
      backend: fc.constantFrom(...backends),
      tensorParallel: fc.constantFrom(1, 2, 4, 8),
    });
    fc.assert(
      fc.property(anyInput, (some) => {
        const capacity = (changes: Partial<MemoryFitInput>) => {
          const base = input("llama-3.1-8b", "h100-sxm");
          return computeMemoryFit({ ...base, ...some, ...changes }).kvCapacityTokens;
        };
        const plain = capacity({});
        expect(capacity({ precision: "fp8" })).toBeGreaterThanOrEqual(plain);
        expect(capacity({ kvPrecision: "fp8" })).toBeGreaterThanOrEqual(plain);
        const smaller = { ...some.gpu, memoryGib: some.gpu.memoryGib - 1 };
        expect(capacity({ gpu: smaller })).toBeLessThanOrEqual(plain);
      }),
    );
  });
});

describe("a model that does not fit is refused with the numbers", () => {
  it.each([
    ["llama-3.1-70b", {}, "61.30 GiB too much"],
    ["llama-3.1-70b", { tensorParallel: 16 }, "beyond one node: a node of h100-sxm has 8 GPUs"],
    ["qwen2.5-7b", { tensorParallel: 8 }, "28 / 8 = 3.50"],
    ["llama-3.2-1b", { profile: "3g.40gb", tensorParallel: 2 }, "not possible on MIG"],
    ["llama-3.1-8b", { tensorParallel: 0 }, "is not a number of GPUs"],
  ] as const)("%s with %j", (model, changes, why) => {
    const fit = computeMemoryFit(input(model, "h100-sxm", changes));
    expect(fit.fits).toBe(false);
    expect(fit.reason).toContain(why);
  });

  it("and so is a context longer than the KV cache, with the length that would do", () => {
    const engine = engineSchema.parse({ maxModelLen: 65_536 });
    const fit = computeMemoryFit(input("llama-3.1-70b", "h100-sxm", { tensorParallel: 2, engine }));
    expect(fit.fits).toBe(false);
    expect(fit.reason).toContain("28,880 tokens");
  });

  it("and an unknown MIG profile names those there are", () => {
    const asked = input("llama-3.1-8b", "h100-sxm", { profile: "5g.50gb" });
    expect(() => computeMemoryFit(asked)).toThrow(InputError);
    expect(() => computeMemoryFit(asked)).toThrow("3g.40gb");
  });
});

describe("MIG slices of an H100", () => {
  it.each([
    ["llama-3.1-8b", "bf16", "1g.10gb", false],
    ["llama-3.1-8b", "fp8", "1g.10gb", false],
    ["llama-3.1-8b", "bf16", "1g.20gb", true],
    ["llama-3.1-8b", "bf16", "3g.40gb", true],
    ["qwen3-32b", "bf16", "3g.40gb", false],
    ["qwen3-32b", "fp8", "3g.40gb", true],
    ["llama-3.1-70b", "fp8", "7g.80gb", true],
  ] as const)("%s at %s on %s fits: %s", (model, precision, profile, fits) => {
    expect(computeMemoryFit(input(model, "h100-sxm", { precision, profile })).fits).toBe(fits);
  });

  it("let a 70B and a 7B model share the GPU nowhere but on an H100 NVL, with 4-bit weights", () => {
    const pairs = (gpu: string, tried: readonly Precision[] = precisions) => {
      const names = findGpu({ gpus }, gpu).migProfiles.map((each) => each.name);
      const layouts = listMigLayouts(findGpu({ gpus }, gpu), names);
      const fitsOn = (model: string, profile: string) =>
        tried.some((precision) => {
          const engine = engineSchema.parse({ gpuMemoryUtilization: 1 });
          const asked = input(model, gpu, { profile, precision, kvPrecision: "fp8", engine });
          return computeMemoryFit(asked).fits;
        });
      return layouts.filter(
        (layout) =>
          layout.length > 1 &&
          layout.some((one, index) => {
            const others = layout.filter((_, other) => other !== index);
            return (
              fitsOn("llama-3.1-70b", one) && others.some((other) => fitsOn("mistral-7b", other))
            );
          }),
      );
    };
    for (const gpu of ["h100-sxm", "h100-pcie"]) expect(pairs(gpu)).toEqual([]);
    expect(pairs("h100-nvl", ["bf16", "fp8"])).toEqual([]);
    expect(pairs("h100-nvl", ["int4"])).toContainEqual(["3g.47gb", "4g.47gb"]);
    const bytes = weightBytes(findModel({ models }, "llama-3.1-70b"), "fp8");
    expect(bytes / 1e9).toBeCloseTo(72.65, 1);
    expect(bytes).toBeGreaterThan(39.5 * bytesPerGib);
  });
});
