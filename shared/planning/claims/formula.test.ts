import { describe, expect, it } from "vitest";
import { InputError } from "../../units/errors.ts";
import { readFormula } from "./formula.ts";

const numbers: Record<string, number> = { a: 2, b: 3, gpuHour: 2.69 };
const value = (text: string) => readFormula(text).evaluate((name) => numbers[name]);

describe("formulas of the claim ledger", () => {
  it.each([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["10 - 4 - 3", 3],
    ["24 / 4 / 2", 3],
    ["-a * -(b - 1)", 4],
    ["2.5e3 / 1e-1", 25_000],
    ["max(a, b, 1) - min(a, b)", 1],
    ["ceil(a / b) + round(2.6)", 4],
    ["blended(3, 15, 1, 2)", 11],
    ["gpuMonth(gpuHour, 730)", 1963.7],
    ["gpuMonth(gpuHour, 730, 4500)", 2338.7],
    ["breakEven(2200, blended(3, 15, 1, 2))", 200e6],
  ])("computes %s as %d", (text, expected) => {
    expect(value(text)).toBeCloseTo(expected, 9);
  });

  it("lists the names that it needs, each once and without functions", () => {
    expect(readFormula("a * max(b, a) + gpuHour").names).toEqual(["a", "b", "gpuHour"]);
  });

  it.each([
    ["1 +", "wanted a number or a name"],
    ["(1 + 2", 'wanted ")"'],
    ["1 2", "wanted an operator or the end"],
    ["a $ b", "where a number, a name or one of"],
    ["blended(1, 2)", "not 2 arguments"],
    ["blendd(1, 2, 3, 4)", "Nearest: blended"],
    ["constructor(1)", 'no function "constructor"'],
    ["", "wanted a number or a name"],
  ])("refuses %j and says what is wanted", (text, message) => {
    expect(() => readFormula(text)).toThrow(InputError);
    expect(() => readFormula(text)).toThrow(message);
  });
});
