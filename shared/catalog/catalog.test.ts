import { describe, expect, it } from "vitest";
import coefficientsFile from "../../data/catalog/coefficients.json";
import gpusFile from "../../data/catalog/gpus.json";
import { InputError } from "../units/errors.ts";
import { nearestNames } from "../units/nearestNames.ts";
import { catalogFileSchemas, findCoefficientSet, findGpu } from "./catalog.ts";

const sets = catalogFileSchemas.coefficients.parse(coefficientsFile).entries;
const gpus = catalogFileSchemas.gpus.parse(gpusFile).entries;

describe("finding a coefficient set", () => {
  it.each([
    ["vllm", "bf16", "bf16", "vllm-bf16"],
    ["vllm", "fp8", "bf16", "vllm-fp8"],
    ["vllm", "fp8", "fp8", "vllm-fp8"],
    ["sglang", "fp8", "bf16", "sglang-fp8"],
    ["trtllm", "fp8", "bf16", "trtllm-fp8"],
    ["trtllm", "fp8", "fp8", "trtllm-fp8kv"],
    ["vidur", "bf16", "bf16", "vidur-a100"],
  ])("for %s, %s weights and %s KV cache gives %s, exactly", (backend, precision, kv, id) => {
    const choice = findCoefficientSet(sets, backend, precision, kv);
    expect(choice.set.id).toBe(id);
    expect(choice.note).toBeUndefined();
  });

  it("takes the nearest where there is no exact one, and says so", () => {
    const choice = findCoefficientSet(sets, "vllm", "bf16", "fp8");
    expect(choice.set.id).toBe("vllm-bf16");
    expect(choice.note).toContain("those of vllm-bf16");
  });

  it("refuses a backend without any", () => {
    expect(() => findCoefficientSet(sets, "tgi", "bf16", "bf16")).toThrow("vllm, sglang, trtllm");
  });
});

describe("finding an entry", () => {
  it("gives it by its id", () => {
    expect(findGpu({ gpus }, "h100-sxm").f8Flops).toBe(1979e12);
  });

  it("names the nearest ones when there is none of that id", () => {
    expect(() => findGpu({ gpus }, "h100-smx")).toThrow(InputError);
    expect(() => findGpu({ gpus }, "h100-smx")).toThrow("Nearest: h100-sxm");
  });

  it("ranks names that contain what was asked for first, then by spelling", () => {
    const names = ["a100-sxm-80gb", "h100-sxm", "h200-sxm"];
    expect(nearestNames("H200", names)[0]).toBe("h200-sxm");
    expect(nearestNames("h10-sxm", names)[0]).toBe("h100-sxm");
    expect(nearestNames("x", [])).toEqual([]);
  });
});
