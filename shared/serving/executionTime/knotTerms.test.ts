import fc from "fast-check";
import { describe, expect, test } from "vitest";
import coefficientsFile from "../../../data/catalog/coefficients.json";
import gpusFile from "../../../data/catalog/gpus.json";
import modelsFile from "../../../data/catalog/models.json";
import { catalogFileSchemas } from "../../catalog/catalog.ts";
import { coefficientSetSchema, type KnotsKernel } from "../../schema/catalog.ts";
import { fittedParts, IterationTimes, ticksPerNs } from "./iterationTimes.ts";
import { acceleratorOf, type IterationWork, modelShape, peakFlops } from "./iterationWork.ts";
import { kernelTerms, kernelTime } from "./kernelTerms.ts";
import { type KnotInput, knotAllReduceTime, knotGemmTime, rampAt } from "./knotTerms.ts";
import { workOfStep } from "./stepWork.ts";

const sets = catalogFileSchemas.coefficients
  .parse(coefficientsFile)
  .entries.filter((each) => each.kernel.form === "knots");
const gpus = catalogFileSchemas.gpus.parse(gpusFile).entries;
const models = catalogFileSchemas.models.parse(modelsFile).entries;
const plainHost = { gpuScale: 1, oIterUs: 0, oSeqUs: 0, oTpUs: 0, oReqMs: 0 };

const anySet = fc.constantFrom(...sets);
const anyGpu = fc.constantFrom(...gpus);
const anyModel = fc.constantFrom(...models);
const anyTensorParallel = fc.constantFrom(1, 2, 4, 8);
const anyStep = fc.record({
  prefillTokens: fc.integer({ min: 0, max: 32_768 }),
  decodeSequences: fc.integer({ min: 1, max: 512 }),
  contextTokens: fc.integer({ min: 1, max: 32_768 }),
});

interface Case {
  readonly set: (typeof sets)[number];
  readonly gpu: (typeof gpus)[number];
  readonly model: (typeof models)[number];
  readonly tensorParallel: number;
}
const anyCase: fc.Arbitrary<Case> = fc.record({
  set: anySet,
  gpu: anyGpu,
  model: anyModel,
  tensorParallel: anyTensorParallel,
});

function termsOf(each: Case, work: IterationWork) {
  const { set, gpu, model, tensorParallel } = each;
  const shape = modelShape(model, set.precision, set.kvPrecision);
  const accelerator = acceleratorOf(gpu, tensorParallel);
  return kernelTerms(work, shape, accelerator, set.kernel, tensorParallel);
}

function knotInput(each: Case): KnotInput {
  const { set, gpu, model, tensorParallel } = each;
  return {
    shape: modelShape(model, set.precision, set.kvPrecision),
    gpu: acceleratorOf(gpu, tensorParallel),
    kernel: set.kernel as KnotsKernel,
    tensorParallel,
  };
}

describe("the iteration-time model with knots", () => {
  test("has a set for each backend and precision", () => {
    expect(sets.map((each) => each.id)).toEqual([
      "vllm-bf16",
      "vllm-fp8",
      "sglang-bf16",
      "sglang-fp8",
      "trtllm-bf16",
      "trtllm-fp8",
      "trtllm-fp8kv",
    ]);
  });

  test("has no term below 0 and always takes time, on every GPU and model", () => {
    fc.assert(
      fc.property(anyCase, anyStep, (each, step) => {
        const terms = termsOf(each, workOfStep(step));
        for (const [name, term] of Object.entries(terms)) {
          expect(term, name).toBeGreaterThanOrEqual(0);
        }
        expect(kernelTime(terms)).toBeGreaterThan(0);
      }),
    );
  });

  test("never falls as prefill tokens, decodes or context grow", () => {
    fc.assert(
      fc.property(anyCase, anyStep, fc.integer({ min: 1, max: 500 }), (each, step, more) => {
        const base = workOfStep(step);
        const before = kernelTime(termsOf(each, base));
        const grown: IterationWork[] = [
          { ...base, prefillTokens: base.prefillTokens + more },
          { ...base, contextTokens: base.contextTokens + more },
          { ...base, attentionPairs: base.attentionPairs + more },
          { ...base, headRows: base.headRows + more },
          { ...base, decodeSequences: base.decodeSequences + more },
        ];
        for (const work of grown) {
          expect(kernelTime(termsOf(each, work))).toBeGreaterThanOrEqual(before * (1 - 1e-12));
        }
      }),
    );
  });

  test("streams no faster than memory and computes no faster than the peak", () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 1, max: 65_536 }), (each, tokens) => {
        fc.pre(each.set.precision === "bf16" || each.gpu.f8Flops !== undefined);
        const { shape, gpu, tensorParallel } = knotInput(each);
        const parameters = shape.dense.parameters / tensorParallel;
        const flops = peakFlops(shape.dense.unit, gpu);
        const prompt = { prefillTokens: tokens, decodeSequences: 0, contextTokens: tokens };
        const time = kernelTime(termsOf(each, workOfStep(prompt)));
        expect(time).toBeGreaterThan(
          (parameters * shape.dense.elementBytes) / gpu.bandwidthBytesPerS,
        );
        expect(time).toBeGreaterThan((2 * parameters * tokens) / flops);
      }),
    );
  });

  test("half the bandwidth and half the flops take twice the time for the matrices", () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 1, max: 20_000 }), (each, tokens) => {
        const input = knotInput(each);
        const { gpu } = input;
        const half = {
          ...gpu,
          bandwidthBytesPerS: gpu.bandwidthBytesPerS / 2,
          f16Flops: gpu.f16Flops / 2,
          f8Flops: gpu.f8Flops / 2,
        };
        const twice = knotGemmTime(tokens, { ...input, gpu: half });
        expect(twice / knotGemmTime(tokens, input)).toBeCloseTo(2, 9);
      }),
    );
  });

  test("matrices beyond the fitted range grow in proportion beside the streaming", () => {
    const each = { set: sets[0], gpu: gpus[0], model: models[0], tensorParallel: 1 };
    const input = knotInput(each);
    const at = (tokens: number): number => knotGemmTime(tokens, input);
    const stream = at(0);
    expect((at(33_792) - stream) / (at(8448) - stream)).toBeCloseTo(4, 9);
  });

  test("an all-reduce costs nothing on one GPU, and between two fitted numbers lies between them", () => {
    for (const set of sets) {
      const each = { set, gpu: gpus[0], model: models[0], tensorParallel: 1 };
      expect(knotAllReduceTime(1000, knotInput(each))).toBe(0);
      const on = (tensorParallel: number): number =>
        knotAllReduceTime(1000, { ...knotInput(each), tensorParallel });
      expect(on(3)).toBeGreaterThanOrEqual(Math.min(on(2), on(4)) * 0.7);
      expect(on(3)).toBeLessThanOrEqual(Math.max(on(2), on(4)) * 1.3);
      expect(on(16)).toBeGreaterThanOrEqual(on(8));
    }
  });

  test("what replicas ask is what the terms sum to, in ticks", () => {
    fc.assert(
      fc.property(
        anyCase,
        fc.integer({ min: 0, max: 4096 }),
        fc.integer({ min: 1, max: 256 }),
        fc.integer({ min: 0, max: 3 }),
        (each, prefillTokens, decodeSequences, finishing) => {
          const { set, tensorParallel, gpu, model } = each;
          const { precision, kvPrecision } = set;
          const coefficients = { ...set, host: plainHost };
          const parts = fittedParts({
            gpu,
            model,
            precision,
            kvPrecision,
            tensorParallel,
            coefficients,
          });
          const times = new IterationTimes(parts, 256, 8192);
          const finished = prefillTokens === 0 ? 0 : finishing;
          const pairs2 = prefillTokens * prefillTokens;
          const terms = termsOf(each, {
            prefillTokens,
            decodeSequences,
            contextTokens: 0,
            attentionPairs: pairs2 / 2,
            headRows: decodeSequences + finished,
          });
          const ticks = times.mixedTicks(prefillTokens, decodeSequences, finished, pairs2);
          const wanted = kernelTime(terms) * 1e9 * ticksPerNs;
          expect(Math.abs(ticks - wanted)).toBeLessThan(1 + wanted * 1e-12);
        },
      ),
    );
  });
});

describe("pieces of the form", () => {
  test("a ramp is 0 up to its first knot and goes on with its last slope", () => {
    const at = (x: number): number => rampAt(x, [10, 20, 40], [1, 3]);
    expect([5, 10, 15, 20, 30, 40, 50].map(at)).toEqual([0, 0, 5, 10, 40, 70, 100]);
  });

  test("a set whose slopes do not match its knots is refused, and one without a form is of the p-norm", () => {
    const set = structuredClone(sets[0]);
    const kernel = { ...(set.kernel as KnotsKernel), gemmSlopes: [1] };
    const read = coefficientSetSchema.safeParse({ ...set, kernel });
    expect(read.success).toBe(false);
    expect(read.error?.issues[0].message).toContain("one slope after each knot");
  });

  test("a step's prefill tokens are the average chunk of its prompts", () => {
    const chunk = workOfStep({ prefillTokens: 512, decodeSequences: 4, contextTokens: 2048 });
    expect(chunk.attentionPairs).toBe((512 * 2048) / 2);
    expect(chunk.finishingShare).toBe(0.25);
    const many = workOfStep({ prefillTokens: 512, decodeSequences: 0, contextTokens: 128 });
    expect(many.headRows).toBe(4);
    expect(many.finishingShare).toBe(1);
    expect(many.attentionPairs).toBe((4 * 128 * 128) / 2);
    const whole = { prefillTokens: 300, decodeSequences: 0, contextTokens: 0 };
    expect(workOfStep(whole)).toEqual(workOfStep({ ...whole, contextTokens: 300 }));
  });
});
