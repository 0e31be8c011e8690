import { describe, expect, test } from "vitest";
import coefficientsFile from "../../data/catalog/coefficients.json";
import gpusFile from "../../data/catalog/gpus.json";
import modelsFile from "../../data/catalog/models.json";
import {
  type Accelerator,
  acceleratorOf,
  kernelTerms,
  kernelTime,
  modelShape,
} from "../serving/executionTime/kernelTerms.ts";
import { catalogFileSchemas, findGpu, findModel } from "./catalog.ts";

const gpus = catalogFileSchemas.gpus.parse(gpusFile).entries;
const models = catalogFileSchemas.models.parse(modelsFile).entries;
const sets = catalogFileSchemas.coefficients.parse(coefficientsFile).entries;
const h100 = findGpu({ gpus }, "h100-sxm");
const plain = h100.migProfiles.filter((each) => !each.name.endsWith("+me"));

/** Terms of one decode iteration of Llama 3.1 8B: `decodeSequences` of 2,048 tokens each. */
function decode(set: (typeof sets)[number], decodeSequences: number, gpu: Accelerator) {
  const model = findModel({ models }, "llama-3.1-8b");
  const work = {
    prefillTokens: 0,
    decodeSequences,
    contextTokens: decodeSequences * 2048,
    attentionPairs: 0,
    headRows: decodeSequences,
  };
  return kernelTerms(work, modelShape(model, set.precision, set.kvPrecision), gpu, set.kernel, 1);
}

const whole = acceleratorOf(h100, 1);
const instances = plain.map((profile) => ({
  profile,
  instance: acceleratorOf(h100, 1, profile.name),
}));

/** A GPU so fast that only what does not shrink remains. */
const endless: Accelerator = {
  ...whole,
  bandwidthBytesPerS: whole.bandwidthBytesPerS * 1e12,
  f16Flops: whole.f16Flops * 1e12,
  f8Flops: whole.f8Flops * 1e12,
};

describe.each(sets)("a MIG instance beside the whole GPU, by the coefficients of $id", (set) => {
  test("reads its KV cache in proportion to its memory slices", () => {
    const perSequence = (gpu: Accelerator) => decode(set, 9, gpu).kv - decode(set, 8, gpu).kv;
    for (const { profile, instance } of instances) {
      const ratio = perSequence(instance) / perSequence(whole);
      expect(ratio).toBeCloseTo(8 / profile.memorySlices, 9);
    }
  });

  test("takes for what is launched per layer what the whole GPU takes", () => {
    for (const { instance } of instances) {
      expect(decode(set, 8, instance).layers).toBe(decode(set, 8, whole).layers);
    }
  });

  test("decodes, those launches aside, slower by its share of bandwidth, and by that of SMs at most", () => {
    const overheadS = kernelTime(decode(set, 8, endless));
    const workS = (gpu: Accelerator) => kernelTime(decode(set, 8, gpu)) - overheadS;
    for (const { profile, instance } of instances) {
      const ratio = workS(instance) / workS(whole);
      expect(ratio).toBeGreaterThan(8 / profile.memorySlices - 1e-6);
      expect(ratio).toBeLessThan(h100.smCount / profile.smCount + 1e-6);
    }
  });
});
