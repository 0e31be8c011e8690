import { describe, expect, test } from "vitest";
import {
  distributionText,
  endsOf,
  parseDistribution,
  parseUncertain,
  quantileOf,
} from "./distributions.ts";

const at = (text: string, u: number) => quantileOf(parseDistribution(text, "p"), u);

describe("distributions of uncertain inputs", () => {
  test.each([
    ["uniform(2,4)", 0.25, 2.5],
    ["2..4", 0.75, 3.5],
    // F(x) = (x - 0)^2 / (4 * 1) up to the peak at 1, 1 - (4 - x)^2 / (4 * 3) beyond.
    ["triangular(0,1,4)", 0.25, 1],
    ["triangular(0,1,4)", 0.0625, 0.5],
    ["triangular(0,1,4)", 0.75, 4 - Math.sqrt(3)],
    ["triangular(1,1,2)", 0.75, 1.5],
    ["normal(10,2)", 0.5, 10],
    ["normal(10,2)", 0.975, 13.919928],
    // Cut at the mean: half a normal, whose median is the 75 % quantile of the whole.
    ["normal(10,2,10,)", 0.5, 11.34898],
    ["lognormal(3,0.5)", 0.5, 3],
    ["lognormal(3,0.5)", 0.8413447461, 4.946164],
    ["discrete(1,2,3)", 0.5, 2],
    ["discrete(1:1,2:3)", 0.25, 1],
    ["discrete(1:1,2:3)", 0.26, 2],
    ["discrete(vllm:0,trtllm:1)", 0.001, "trtllm"],
  ])("%s has %f below %j", (text, u, value) => {
    const found = at(text, u);
    if (typeof value === "number") expect(found).toBeCloseTo(value, 5);
    else expect(found).toBe(value);
  });

  test.each([
    ["uniform(2,4)", { low: 2, high: 4 }],
    ["triangular(1,2,3)", { low: 1, high: 3 }],
    ["discrete(3,1,2)", { low: 1, high: 3 }],
    ["discrete(a,b)", undefined],
    ["normal(0,1,-1,2)", { low: -1, high: 2 }],
  ])("%s ends at %j", (text, ends) => {
    expect(endsOf(parseDistribution(text, "p"))).toEqual(ends);
  });

  test("without ends of their own end at 5 and 95 %", () => {
    const { low, high } = endsOf(parseDistribution("normal(0,1)", "p")) ?? { low: 0, high: 0 };
    expect([low, high]).toEqual([expect.closeTo(-1.644854, 5), expect.closeTo(1.644854, 5)]);
  });

  test.each([
    "uniform(4,2)",
    "uniform(2,2)",
    "uniform(1)",
    "triangular(1,5,3)",
    "triangular(1,2)",
    "normal(1,0)",
    "normal(1,1,3,2)",
    "lognormal(0,1)",
    "lognormal(1,-1)",
    "discrete()",
    "discrete(a:1,b)",
    "discrete(a:0,b:0)",
    "gamma(1,2)",
    "constructor(1,2)",
    "5",
    "",
  ])("%j is refused with the path", (text) => {
    expect(() => parseDistribution(text, "some.path")).toThrow(/some\.path/);
  });

  test("read back what they say", () => {
    for (const text of [
      "uniform(1, 2)",
      "triangular(1, 2, 3)",
      "normal(1, 2)",
      "normal(1, 2, , 5)",
      "lognormal(1, 2)",
      "discrete(a, 2, true)",
      "discrete(a:1, b:2)",
    ]) {
      expect(distributionText(parseDistribution(text, "p"))).toBe(text);
    }
  });

  test("come with one path or several", () => {
    expect(parseUncertain("a.b=uniform(1,2)").path).toBe("a.b");
    expect(parseUncertain("a;b=1..2").path).toEqual(["a", "b"]);
    expect(() => parseUncertain("uniform(1,2)")).toThrow(/wanted PATH=DISTRIBUTION/);
  });
});
