import { expect, test } from "vitest";
import { bookValue, discountFactor, monthlyPayment, monthlyRate, presentValue } from "./money.ts";

test("a loan without interest is paid in equal parts of what the residual leaves", () => {
  expect(monthlyPayment(300_000, 60_000, 48, 0)).toBe(5000);
});

test("equal payments at interest pay a loan off to its residual, month by month", () => {
  const rate = monthlyRate(0.07);
  const payment = monthlyPayment(300_000, 30_000, 48, 0.07);
  let owed = 300_000;
  for (let month = 0; month < 48; month++) owed = owed * (1 + rate) - payment;
  expect(owed).toBeCloseTo(30_000, 4);
});

test("the textbook annuity: 200,000 at 0.5 % a month over 360 months is 1,199.10 a month", () => {
  const yearly = 1.005 ** 12 - 1;
  expect(monthlyPayment(200_000, 0, 360, yearly)).toBeCloseTo(1199.1, 1);
});

test("payments discounted at the loan's own interest are worth its price", () => {
  const payment = monthlyPayment(100_000, 0, 36, 0.05);
  const cash = Array.from({ length: 36 }, () => ({ beginUsd: 0, endUsd: payment }));
  expect(presentValue(cash, 0.05)).toBeCloseTo(100_000, 5);
});

test("money at the beginning of month 1 counts in full, a year later at 1 / (1 + rate)", () => {
  const cash = Array.from({ length: 13 }, (_, i) => ({
    beginUsd: i % 12 === 0 ? 110 : 0,
    endUsd: 0,
  }));
  expect(presentValue(cash, 0.1)).toBeCloseTo(110 + 100, 9);
  expect(discountFactor(0.1, 24)).toBeCloseTo(1 / 1.21, 12);
});

test("book value goes straight from the price to the residual and stays there", () => {
  expect([0, 12, 48, 60].map((age) => bookValue(1000, 200, 48, age))).toEqual([
    1000, 800, 200, 200,
  ]);
});
