import fc from "fast-check";
import { describe, expect, test } from "vitest";
import coefficientsFile from "../../../data/catalog/coefficients.json";
import gpusFile from "../../../data/catalog/gpus.json";
import modelsFile from "../../../data/catalog/models.json";
import { catalogFileSchemas } from "../../catalog/catalog.ts";
import { Stretch } from "../scheduler/stretch.ts";
import {
  fittedParts,
  IterationTimes,
  linearParts,
  type TimeModelInput,
  ticksPerNs,
} from "./iterationTimes.ts";
import { acceleratorOf, modelShape } from "./iterationWork.ts";
import { kernelTerms, kernelTime } from "./kernelTerms.ts";

const sets = catalogFileSchemas.coefficients.parse(coefficientsFile).entries;
const gpu = catalogFileSchemas.gpus.parse(gpusFile).entries.find((each) => each.id === "h100-sxm")!;
const models = catalogFileSchemas.models.parse(modelsFile).entries;
const llama70 = models.find((each) => each.id === "llama-3.1-70b")!;
const ticksPerS = ticksPerNs * 1e9;

/** Llama-3.1-70B in fp8 with an fp8 KV cache on 8 GPUs: the smallest slope per context token there is. */
const finest: TimeModelInput = {
  gpu,
  model: llama70,
  precision: "fp8",
  kvPrecision: "fp8",
  tensorParallel: 8,
  coefficients: sets.find((each) => each.id === "trtllm-fp8kv")!,
};

/** An iteration in unrounded seconds, from the terms themselves. */
function exactS(input: TimeModelInput, prefill: number, decodes: number, context: number): number {
  const { kernel, host } = input.coefficients;
  const shape = modelShape(input.model, input.precision, input.kvPrecision);
  const finishing = prefill > 0 ? 1 : 0;
  const work = {
    prefillTokens: prefill,
    decodeSequences: decodes,
    contextTokens: context,
    attentionPairs: (prefill * prefill) / 2,
    headRows: decodes + finishing,
  };
  const tp = input.tensorParallel;
  const terms = kernelTerms(work, shape, acceleratorOf(input.gpu, tp), kernel, tp);
  const kernelS = kernelTime(terms);
  const hostUs = host.oIterUs + host.oSeqUs * (decodes + finishing) + host.oTpUs * Math.log2(tp);
  return host.gpuScale * kernelS + hostUs * 1e-6;
}

describe("times in integer ticks", () => {
  const times = new IterationTimes(fittedParts(finest), 256, 8192);
  const batches = [1, 2, 7, 16, 64, 128, 256];
  const contexts = [16, 100, 1024, 8192, 131_072];

  test("the slope per context token is a whole number of ticks", () => {
    expect(Number.isInteger(times.contextTicks)).toBe(true);
    expect(times.contextTicks / ticksPerNs).toBeGreaterThan(2);
  });

  test.each(batches)("rounding costs under 0.05 %% at TP 8 with fp8 KV for batch %d", (batch) => {
    for (const each of contexts) {
      for (const prefill of [0, 1, 512, 8192 - batch]) {
        const context = batch * each;
        const ticks =
          times.contextTicks * context +
          times.mixedTicks(prefill, batch, prefill > 0 ? 1 : 0, prefill * prefill);
        const wanted = exactS(finest, prefill, batch, context) * ticksPerS;
        expect(Math.abs(ticks / wanted - 1), `context ${each}, prefill ${prefill}`).toBeLessThan(
          0.0005,
        );
      }
    }
  });

  test("every set of the catalog keeps its rounding under 0.05 % at a batch of 256 and 8,192 tokens each", () => {
    for (const coefficients of sets.filter((each) => each.backend !== "vidur")) {
      for (const tensorParallel of [1, 2, 4, 8]) {
        const { precision, kvPrecision } = coefficients;
        const input = { ...finest, precision, kvPrecision, tensorParallel, coefficients };
        const own = new IterationTimes(fittedParts(input), 256, 8192);
        const context = 256 * 8192;
        const ticks = own.decodeTicks(256) + own.contextTicks * context;
        const wanted = exactS(input, 0, 256, context) * ticksPerS;
        expect(Math.abs(ticks / wanted - 1), `${coefficients.id} ${tensorParallel}`).toBeLessThan(
          0.0005,
        );
      }
    }
  });

  test("an iteration without prefill is the same asked either way, and asked twice", () => {
    for (const batch of batches) {
      const ticks = times.decodeTicks(batch);
      expect(ticks).toBe(times.mixedTicks(0, batch, 0, 0));
      expect(times.decodeTicks(batch)).toBe(ticks);
      expect(Number.isInteger(ticks)).toBe(true);
    }
  });

  test("a prompt that does not finish samples nothing and pays no head and no sampling", () => {
    const unfinished = times.mixedTicks(512, 0, 0, 512 * 512);
    const finishing = times.mixedTicks(512, 0, 1, 512 * 512);
    const { host } = finest.coefficients;
    expect(finishing - unfinished).toBeGreaterThan(host.oSeqUs * 1e3 * ticksPerNs);
  });

  test("no iteration is shorter than one tick", () => {
    const free = linearParts({
      kind: "linear",
      iterationUs: 0,
      perSequenceUs: 0,
      perContextTokenNs: 0,
      perPrefillTokenUs: 0,
    });
    expect(new IterationTimes(free, 4, 16).decodeTicks(1)).toBe(1);
  });

  test("a linear cost is iteration + sequences + context + prefill, to the tick", () => {
    const parts = linearParts({
      kind: "linear",
      iterationUs: 8000,
      perSequenceUs: 40,
      perContextTokenNs: 25,
      perPrefillTokenUs: 32,
    });
    const linear = new IterationTimes(parts, 64, 2048);
    expect(linear.contextTicks).toBe(25 * ticksPerNs);
    expect(linear.decodeTicks(10)).toBe((8_000_000 + 10 * 40_000) * ticksPerNs);
    const mixed = linear.mixedTicks(100, 10, 1, 100 * 100);
    expect(mixed).toBe((8_000_000 + 10 * 40_000 + 100 * 32_000) * ticksPerNs);
  });

  test("m iterations in one stretch end at the tick at which m single ones do", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 256 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 0, max: ticksPerNs - 1 }),
        (batch, context, count, remainder) => {
          const whole = new Stretch();
          whole.startNs = 5e9;
          whole.remainder = remainder;
          const slope = times.contextTicks * batch;
          whole.plan(count, times.decodeTicks(batch) + times.contextTicks * context, slope);
          const single = new Stretch();
          single.remainder = remainder;
          let nowNs = 5e9;
          for (let i = 0; i < count; i++) {
            single.startNs = nowNs;
            const own = context + batch * i;
            single.plan(1, times.decodeTicks(batch) + times.contextTicks * own, 0);
            nowNs = single.boundaryNs(1);
            single.finish();
            expect(whole.boundaryNs(i + 1)).toBe(nowNs);
          }
          whole.finish();
          expect(whole.remainder).toBe(single.remainder);
        },
      ),
      { numRuns: 200 },
    );
  });
});
