import fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatGiven,
  formatMs,
  formatNumber,
  formatPercent,
  formatTokens,
  formatUsd,
  formatUsdCents,
  plainText,
} from "./formatters.ts";

test("estimates have three significant digits and no exponent", () => {
  const values = [0, 0.00123456, 4.666, 9.996, 99.96, 213.6, 999.6, 12_345, -4.5, 1e-9];
  expect(values.map(formatNumber)).toEqual([
    "0",
    "0.00123",
    "4.67",
    "10.0",
    "100",
    "214",
    "1,000",
    "12,300",
    "-4.50",
    "0.00000000100",
  ]);
});

test("an estimate is within half of its third digit", () => {
  const value = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(value, (number) => {
      const shown = Number(formatNumber(number).replaceAll(",", ""));
      expect(Math.abs(shown - number)).toBeLessThanOrEqual(0.005001 * number);
    }),
  );
});

test("amounts of money are estimates in a sentence and cents in a bill", () => {
  expect([0.00123, 4.667, 2338.7, 999_600, 1.23e6, -12, 4.5e9, 6e12].map(formatUsd)).toEqual([
    "$0.00123",
    "$4.67",
    "$2,340",
    "$1.00 M",
    "$1.23 M",
    "-$12.0",
    "$4.50 B",
    "$6.00 T",
  ]);
  expect([2338.7, 0, 0.0127, 1234567.891, -375].map(formatUsdCents)).toEqual([
    "2,338.70",
    "0.00",
    "0.0127",
    "1,234,567.89",
    "-375.00",
  ]);
});

test("what a person gave is shown as given", () => {
  expect([2.69, 0.125, 4500, 0.1 * 3, 1e-7].map((value) => formatGiven(value, 2))).toEqual([
    "2.69",
    "0.125",
    "4,500.00",
    "0.30",
    "1e-7",
  ]);
  expect([1234, 0, 99.9].map((value) => formatGiven(value))).toEqual(["1,234", "0", "99.9"]);
});

test("tokens and durations take the unit that keeps them short, also where rounding lifts them", () => {
  expect([950, 999.6, 12_345, 501e6, 1.2e9, 3e12].map(formatTokens)).toEqual([
    "950",
    "1.00 k",
    "12.3 k",
    "501 M",
    "1.20 B",
    "3.00 T",
  ]);
  expect([0.42, 312, 999.7, 119_000, 719e3, 86_400e3, 1e10].map(formatMs)).toEqual([
    "0.420 ms",
    "312 ms",
    "1.00 s",
    "119 s",
    "12.0 min",
    "24.0 h",
    "116 days",
  ]);
});

test("a share that is not quite all or none does not round to it", () => {
  expect([0, 0.0001, 0.412, 0.9973, 0.99995, 1, Number.NaN].map(formatPercent)).toEqual([
    "0 %",
    "<0.1 %",
    "41.2 %",
    "99.7 %",
    ">99.9 %",
    "100 %",
    "-",
  ]);
});

test("text of a file cannot carry control characters or turn the line around", () => {
  expect(plainText("a\u001b[2Jb\r\nc\u202ed")).toBe("a [2Jb c d");
});
