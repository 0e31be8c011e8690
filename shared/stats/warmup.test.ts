import { describe, expect, it } from "vitest";
import { createRandomStream } from "../sim/random.ts";
import { findWarmup } from "./warmup.ts";

/** The rule as its authors write it, by brute force. */
function bruteForce(values: readonly number[]): number {
  const n = Math.floor(values.length / 5);
  const means = Array.from({ length: n }, (_, b) => {
    return values.slice(5 * b, 5 * b + 5).reduce((sum, x) => sum + x, 0) / 5;
  });
  const errors = Array.from({ length: Math.floor(n / 2) + 1 }, (_, d) => {
    const rest = means.slice(d);
    const mean = rest.reduce((sum, x) => sum + x, 0) / rest.length;
    return rest.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / rest.length / rest.length;
  });
  return 5 * errors.indexOf(Math.min(...errors));
}

describe("findWarmup", () => {
  it("cuts a transient and leaves the steady part", () => {
    const stream = createRandomStream(1, "warmup");
    const values = Array.from({ length: 2000 }, (_, i) => {
      return 5 + 20 * Math.exp(-i / 60) + stream.nextUniform();
    });
    const { cutCount, isSteady } = findWarmup(values);
    expect(isSteady).toBe(true);
    expect(cutCount).toBeGreaterThan(120);
    expect(cutCount).toBeLessThan(500);
    expect(cutCount).toBe(bruteForce(values));
  });

  it("agrees with the definition on steady noise", () => {
    for (let seed = 0; seed < 20; seed++) {
      const stream = createRandomStream(seed, "steady");
      const values = Array.from({ length: 303 }, () => stream.nextUniform());
      expect(findWarmup(values).cutCount).toBe(bruteForce(values));
    }
  });

  it("says that a run that only grows is not steady", () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => i);
    expect(findWarmup(values).isSteady).toBe(false);
  });

  it("does not judge a handful of values", () => {
    expect(findWarmup([1, 2, 3])).toEqual({ cutCount: 0, isSteady: false });
  });

  it("cuts nothing from a constant run", () => {
    expect(findWarmup(new Float64Array(100).fill(4))).toEqual({ cutCount: 0, isSteady: true });
  });
});
