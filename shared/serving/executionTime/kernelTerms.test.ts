import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import gpusFile from "../../../data/catalog/gpus.json";
import modelsFile from "../../../data/catalog/models.json";
import { catalogFileSchemas } from "../../catalog/catalog.ts";
import pnormFile from "./fixtures/pnormSets.json";
import { acceleratorOf, modelShape } from "./iterationWork.ts";
import { kernelTerms } from "./kernelTerms.ts";

const sets = catalogFileSchemas.coefficients.parse({ version: 1, ...pnormFile }).entries;
const models = catalogFileSchemas.models.parse(modelsFile).entries;
const gpus = catalogFileSchemas.gpus.parse(gpusFile).entries;
const h100 = gpus.find((each) => each.id === "h100-sxm")!;

const [header, ...lines] = readFileSync(
  new URL("../fixtures/executionTimeVectors.csv", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => line.split(","));

/** One row of the vectors by column name. */
const vectors = lines.map((cells) => {
  const number = (name: string): number => Number(cells[header.indexOf(name)]);
  const text = (name: string): string => cells[header.indexOf(name)];
  const name = `${text("coeffs")} ${text("model")} tp ${text("tp")}: P ${text("P")}, B ${text("B")}`;
  return { name, number, text };
});

function computed(vector: (typeof vectors)[number]) {
  const { number, text } = vector;
  const set = sets.find((each) => each.id === text("coeffs").replace("|", "-"))!;
  const model = models.find((each) => each.id === text("model").toLowerCase())!;
  const precision = number("wbytes") === 1 ? "fp8" : "bf16";
  const kvPrecision = number("kvbytes") === 1 ? "fp8" : "bf16";
  const work = {
    prefillTokens: number("P"),
    decodeSequences: number("B"),
    contextTokens: number("K"),
    attentionPairs: number("A"),
    headRows: number("nseq"),
  };
  const shape = modelShape(model, precision, kvPrecision);
  const tensorParallel = number("tp");
  const gpu = acceleratorOf(h100, tensorParallel);
  return kernelTerms(work, shape, gpu, set.kernel, tensorParallel);
}

describe("the terms of the iteration-time model", () => {
  test("35 vectors are given, over four sets of coefficients and three models", () => {
    expect(vectors).toHaveLength(35);
    expect(new Set(vectors.map((each) => each.text("coeffs"))).size).toBe(4);
    expect(new Set(vectors.map((each) => each.text("model"))).size).toBe(3);
  });

  test.each(vectors)("$name agrees term by term to 4 digits after the point, in ms", (vector) => {
    const terms = computed(vector);
    const wanted = {
      gemm: vector.number("ms_gemm"),
      head: vector.number("ms_head"),
      kv: vector.number("ms_kv"),
      attention: vector.number("ms_attn_p"),
      elementwise: vector.number("ms_elem"),
      allReduce: vector.number("ms_ar"),
      layers: vector.number("ms_ovh"),
    };
    for (const [name, ms] of Object.entries(wanted)) {
      const own = terms[name as keyof typeof terms] * 1e3;
      expect(Math.abs(own - ms), `${name}: ${own}, wanted ${ms}`).toBeLessThan(0.000_051);
    }
    const total = Object.values(terms).reduce((sum, each) => sum + each, 0) * 1e3;
    expect(Math.abs(total - vector.number("time_ms"))).toBeLessThan(0.000_051);
  });
});

describe("the parts of a GPU", () => {
  const profile = {
    name: "3g.40gb",
    memoryGib: 39.5,
    smCount: 60,
    computeSlices: 3,
    memorySlices: 4,
    maxInstances: 2,
  };
  const cut = { ...h100, migProfiles: [profile] } as typeof h100;

  test("a MIG instance has flops by its SMs and bandwidth by its memory slices", () => {
    const slice = acceleratorOf(cut, 1, "3g.40gb");
    expect(slice.f16Flops / h100.f16Flops).toBeCloseTo(60 / 132, 12);
    expect(slice.f8Flops / h100.f8Flops!).toBeCloseTo(60 / 132, 12);
    expect(slice.bandwidthBytesPerS / h100.bandwidthBytesPerS).toBe(0.5);
  });

  test("a GPU without fp8 computes fp8 weights at its 16-bit rate", () => {
    const a100 = gpus.find((each) => each.id === "a100-sxm-80gb")!;
    expect(acceleratorOf(a100, 1).f8Flops).toBe(a100.f16Flops);
  });

  test("a bridge of two GPUs does not carry four: they talk over PCIe", () => {
    const nvl = gpus.find((each) => each.id === "h100-nvl")!;
    expect(acceleratorOf(nvl, 2).linkBytesPerS).toBe(nvl.interconnect.bytesPerSPerDirection);
    expect(acceleratorOf(nvl, 4).linkBytesPerS).toBe(nvl.interconnect.pcieBytesPerSPerDirection);
  });
});
