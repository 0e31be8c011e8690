import { expect, test } from "vitest";
import { InputError } from "../units/errors.ts";
import { blendedPrice, breakEvenTokens, costOfTokens, gpuMonthUsd } from "./closedForms.ts";

const sonnet46 = { inputUsdPerMTok: 3, outputUsdPerMTok: 15 };
const gpt41 = { inputUsdPerMTok: 2, outputUsdPerMTok: 8 };
const mistralLarge = { inputUsdPerMTok: 2, outputUsdPerMTok: 6 };
const cards = [sonnet46, gpt41, mistralLarge];
const oneToTwo = { input: 1, output: 2 };
const subscription = { usdPerGpuYear: 4500, usdPerGpuHour: 0 };

test("the usual blended prices of $11, $6 and $4.67 are those of one input token to two output tokens", () => {
  const blended = cards.map((card) => blendedPrice(card, oneToTwo));
  expect(blended[0]).toBe(11);
  expect(blended[1]).toBe(6);
  expect(blended[2]).toBeCloseTo(14 / 3, 12);
});

test("50 M tokens on GPT-4.1 at 1:2 cost $300, 1 B tokens $11,000, $6,000 and $4,667", () => {
  expect(costOfTokens(50e6, blendedPrice(gpt41, oneToTwo))).toBe(300);
  const billion = cards.map((card) => Math.round(costOfTokens(1e9, blendedPrice(card, oneToTwo))));
  expect(billion).toEqual([11_000, 6_000, 4_667]);
});

test("5 M tokens a day on Mistral Large are $23.33 a day and $700 a month", () => {
  const price = blendedPrice(mistralLarge, oneToTwo);
  expect(costOfTokens(5e6, price)).toBeCloseTo(23.33, 2);
  expect(costOfTokens(150e6, price)).toBeCloseTo(700, 9);
});

test("an H100 at $2.69 costs $1,963.70 in 730 h, and $2,338.70 with its licence", () => {
  expect(gpuMonthUsd(2.69, 730)).toBeCloseTo(1963.7, 9);
  expect(gpuMonthUsd(2.69, 730, subscription)).toBeCloseTo(2338.7, 9);
  expect(gpuMonthUsd(2.69, 725)).toBeCloseTo(1950.25, 9);
  expect(gpuMonthUsd(2.69, 730, { usdPerGpuYear: 0, usdPerGpuHour: 1 })).toBeCloseTo(2693.7, 9);
});

test("such a GPU breaks even at 213, 390 and 501 M tokens a month", () => {
  const monthUsd = gpuMonthUsd(2.69, 730, subscription);
  const millions = cards.map((card) =>
    Math.round(breakEvenTokens(monthUsd, blendedPrice(card, oneToTwo))! / 1e6),
  );
  expect(millions).toEqual([213, 390, 501]);
});

test("the conversation trace's 5.5 input tokens to 1 move the break-even up by 1.8 to 2.3 times", () => {
  const factors = cards.map(
    (card) => blendedPrice(card, oneToTwo) / blendedPrice(card, { input: 5.5, output: 1 }),
  );
  expect(Math.min(...factors)).toBeCloseTo(1.8, 1);
  expect(Math.max(...factors)).toBeCloseTo(2.3, 1);
});

test("a free API has no break-even, and a ratio without tokens is refused", () => {
  expect(breakEvenTokens(1000, 0)).toBeUndefined();
  expect(() => blendedPrice(gpt41, { input: 0, output: 0 })).toThrow(InputError);
  expect(() => blendedPrice(gpt41, { input: -1, output: 2 })).toThrow(/-1:2/);
});
