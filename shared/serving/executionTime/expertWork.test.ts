import fc from "fast-check";
import { describe, expect, it } from "vitest";
import coefficientsFile from "../../../data/catalog/coefficients.json";
import gpusFile from "../../../data/catalog/gpus.json";
import modelsFile from "../../../data/catalog/models.json";
import { catalogFileSchemas, findGpu, findModel } from "../../catalog/catalog.ts";
import {
  activeLinearParameters,
  denseParameters,
  expertParameters,
  type Precision,
} from "../../catalog/modelMath.ts";
import { touchedExperts } from "./expertWork.ts";
import { fittedParts, IterationTimes, ticksPerNs } from "./iterationTimes.ts";
import { acceleratorOf, modelShape } from "./iterationWork.ts";
import { kernelTerms } from "./kernelTerms.ts";

const sets = catalogFileSchemas.coefficients.parse(coefficientsFile).entries;
const gpus = catalogFileSchemas.gpus.parse(gpusFile).entries;
const models = catalogFileSchemas.models.parse(modelsFile).entries;
const model = (id: string) => findModel({ models }, id);
const vllm = (precision: string) =>
  sets.find((set) => set.backend === "vllm" && set.precision === precision)!;

/** Kernel terms of decodes without context, seconds. */
function decodeTerms(id: string, batch: number, precision: Precision = "bf16", gpuId = "h100-sxm") {
  const gpu = acceleratorOf(findGpu({ gpus }, gpuId), 1);
  const work = {
    prefillTokens: 0,
    decodeSequences: batch,
    contextTokens: 0,
    attentionPairs: 0,
    headRows: batch,
  };
  const set = vllm(precision === "fp8" ? "fp8" : "bf16");
  return kernelTerms(work, modelShape(model(id), precision, "bf16"), gpu, set.kernel, 1);
}

/** Kernel time of the matrices for decodes alone, seconds. */
const decodeGemm = (...args: Parameters<typeof decodeTerms>) => decodeTerms(...args).gemm;

describe("distinct experts that a batch touches", () => {
  it("are those of one token for one token, and all of them in the limit", () => {
    expect(touchedExperts(1, 128, 8)).toBeCloseTo(8, 10);
    expect(touchedExperts(10_000, 128, 8)).toBeCloseTo(128, 10);
    expect(touchedExperts(0, 128, 8)).toBe(0);
    expect(touchedExperts(3, 4, 4)).toBe(4);
  });

  it("are those counted by enumeration: two tokens that each take 1 of 3 touch 5/3", () => {
    expect(touchedExperts(2, 3, 1)).toBeCloseTo(5 / 3, 12);
  });

  it("are what drawing experts gives on average", () => {
    let state = 1;
    const uniform = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    let touched = 0;
    const rounds = 4000;
    for (let round = 0; round < rounds; round++) {
      const seen = new Set<number>();
      for (let token = 0; token < 12; token++) {
        const own = new Set<number>();
        while (own.size < 4) own.add(Math.floor(uniform() * 32));
        for (const each of own) seen.add(each);
      }
      touched += seen.size;
    }
    expect(touched / rounds / touchedExperts(12, 32, 4)).toBeCloseTo(1, 2);
  });

  it("grow with every token, by less and less", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 256 }),
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 2000 }),
        (count, taken, tokens) => {
          const active = Math.min(count, taken);
          const at = (more: number) => touchedExperts(tokens + more, count, active);
          expect(at(1)).toBeGreaterThanOrEqual(at(0));
          expect(at(2) - at(1)).toBeLessThanOrEqual(at(1) - at(0) + 1e-9);
        },
      ),
    );
  });
});

describe("the weights of a mixture of experts", () => {
  const gpu = findGpu({ gpus }, "h100-sxm");
  const streamS = (parameters: number, bytes: number) =>
    (parameters * bytes) / gpu.bandwidthBytesPerS;

  it("cost one token the streaming of its active experts, not of all", () => {
    const qwen = model("qwen3-30b-a3b");
    const active = activeLinearParameters(qwen);
    const time = decodeGemm("qwen3-30b-a3b", 1);
    expect(time).toBeGreaterThan(streamS(active, 2));
    expect(time).toBeLessThan(1.3 * streamS(active, 2));
  });

  it("are all streamed for a large batch, whose arithmetic stays that of the active ones", () => {
    const qwen = model("qwen3-30b-a3b");
    const all = denseParameters(qwen) + 128 * expertParameters(qwen);
    expect(decodeGemm("qwen3-30b-a3b", 256)).toBeGreaterThan(0.99 * streamS(all, 2));
    const tokens = 200_000;
    const work = {
      prefillTokens: tokens,
      decodeSequences: 0,
      contextTokens: 0,
      attentionPairs: 0,
      headRows: 0,
    };
    const shape = modelShape(qwen, "bf16", "bf16");
    const time = kernelTerms(work, shape, acceleratorOf(gpu, 1), vllm("bf16").kernel, 1).gemm;
    const flops = (2 * activeLinearParameters(qwen) * tokens) / gpu.f16Flops;
    expect(time / flops).toBeGreaterThan(1);
    expect(time / flops).toBeLessThan(1.8);
  });

  it("never fall in time with more tokens", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("mixtral-8x7b", "qwen3-30b-a3b", "deepseek-v3", "gpt-oss-120b"),
        fc.integer({ min: 1, max: 4000 }),
        (id, batch) => {
          expect(decodeGemm(id, batch + 1)).toBeGreaterThanOrEqual(decodeGemm(id, batch));
        },
      ),
    );
  });

  it("in the p-norm form grow alike from active to all experts", () => {
    const set = sets.find((each) => each.kernel.form !== "knots")!;
    const shape = modelShape(model("mixtral-8x7b"), "bf16", "bf16");
    const at = (decodeSequences: number) =>
      kernelTerms(
        {
          prefillTokens: 0,
          decodeSequences,
          contextTokens: 0,
          attentionPairs: 0,
          headRows: 0,
        },
        shape,
        acceleratorOf(gpu, 1),
        set.kernel,
        1,
      ).gemm;
    expect(at(64) / at(1)).toBeGreaterThan(3);
    expect(at(64) / at(1)).toBeLessThan(4.5);
  });

  it("leave decode iterations affine in context for a fixed batch, in whole ticks", () => {
    const parts = fittedParts({
      gpu,
      model: model("deepseek-v3"),
      precision: "fp8",
      kvPrecision: "bf16",
      tensorParallel: 8,
      coefficients: vllm("fp8"),
    });
    const times = new IterationTimes(parts, 256, 8192);
    expect(Number.isInteger(times.contextTicks)).toBe(true);
    expect(times.decodeTicks(64)).toBe(times.mixedTicks(0, 64, 0, 0));
    expect(Number.isInteger(times.decodeTicks(64))).toBe(true);
  });
});

describe("number formats of weights", () => {
  const streamRatio = (precision: Precision) =>
    decodeGemm("llama-3.1-8b", 1, precision) / decodeGemm("llama-3.1-8b", 1);

  it("of four bits stream a little over a quarter of bf16's bytes", () => {
    expect(streamRatio("int4")).toBeCloseTo(0.26, 2);
    expect(streamRatio("nvfp4")).toBeCloseTo(0.281, 2);
    expect(streamRatio("mxfp4")).toBeCloseTo(0.266, 2);
  });

  it("compute at bf16 with int4, so that large batches gain nothing in flops", () => {
    const large = decodeGemm("llama-3.1-8b", 8192, "int4") / decodeGemm("llama-3.1-8b", 8192);
    expect(large).toBeGreaterThan(0.85);
    expect(large).toBeLessThanOrEqual(1.05);
  });

  it("compute faster with nvfp4 only where the GPU has 4-bit units", () => {
    const ratio = (gpuId: string) =>
      decodeGemm("llama-3.1-8b", 20_000, "nvfp4", gpuId) /
      decodeGemm("llama-3.1-8b", 20_000, "bf16", gpuId);
    expect(ratio("h100-sxm")).toBeGreaterThan(0.9);
    expect(ratio("b200-sxm")).toBeLessThan(0.4);
  });

  it("leave gpt-oss's attention at bf16 with mxfp4", () => {
    const shape = modelShape(model("gpt-oss-20b"), "mxfp4", "bf16");
    expect(shape.dense).toMatchObject({ elementBytes: 2, unit: "f16" });
    expect(shape.experts).toMatchObject({ elementBytes: 0.53125, unit: "f16" });
  });
});

describe("keys and values that are not two vectors per head", () => {
  const shapeOf = (id: string) => modelShape(model(id), "bf16", "bf16");

  it("of latent attention are 576 numbers a token and layer on every GPU", () => {
    expect(shapeOf("deepseek-v3").kvElements(1)).toBe(61 * 576);
    expect(shapeOf("deepseek-v3").kvElements(8)).toBe(61 * 576);
  });

  it("of layers with a window are read up to it by each decode, and not by context", () => {
    const shape = shapeOf("gpt-oss-20b");
    expect(shape.kvElements(1)).toBe(12 * 2 * 8 * 64);
    expect(shape.localKvElements(1)).toBe(12 * 128 * 2 * 8 * 64);
    const one = decodeTerms("gpt-oss-20b", 2).kv - decodeTerms("gpt-oss-20b", 1).kv;
    expect(one).toBeGreaterThan((shape.localKvElements(1) * 2) / 3.35e12);
  });

  it("of a bidirectional encoder cost twice a causal model's attention", () => {
    const encoder = model("llama-3.2-nv-embedqa-1b-v2");
    const causal = modelShape({ ...encoder, attention: undefined }, "bf16", "bf16");
    expect(modelShape(encoder, "bf16", "bf16").attentionWidth).toBe(2 * causal.attentionWidth);
    expect(modelShape(encoder, "bf16", "bf16").headParameters).toBe(0);
  });
});

describe("DeepSeek on eight H200", () => {
  it("decodes one sequence in the tens of milliseconds at most, and in no less than its active weights take", () => {
    const parts = fittedParts({
      gpu: findGpu({ gpus }, "h200-sxm"),
      model: model("deepseek-r1"),
      precision: "fp8",
      kvPrecision: "bf16",
      tensorParallel: 8,
      coefficients: vllm("fp8"),
    });
    const ms = new IterationTimes(parts, 16, 8192).decodeTicks(1) / ticksPerNs / 1e6;
    const leastMs = (activeLinearParameters(model("deepseek-r1")) / 8 / 4.8e12) * 1000;
    expect(ms).toBeGreaterThan(leastMs);
    expect(ms).toBeLessThan(30);
  });
});
