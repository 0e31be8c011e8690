/** Arithmetic of money over time. Months are counted from 1; rates are shares a year. */
import { power } from "../../units/units.ts";

/** What a sum grows by in one month at a yearly rate: (1 + rate)^(1/12) - 1. */
export function monthlyRate(ratePerYear: number): number {
  return ratePerYear === 0 ? 0 : power(1 + ratePerYear, 1 / 12) - 1;
}

/** What 1 USD after `months` months is worth now: (1 + rate)^(-months/12). */
export function discountFactor(ratePerYear: number, months: number): number {
  return ratePerYear === 0 || months === 0 ? 1 : power(1 + ratePerYear, -months / 12);
}

/**
 * Equal payments at the end of each of `months` months that pay `priceUsd` off down to `residualUsd`, interest at a yearly rate on what is
 * still owed: (P - R v^n) r / (1 - v^n) with the monthly rate r and v = 1 / (1 + r); (P - R) / n without interest.
 */
export function monthlyPayment(
  priceUsd: number,
  residualUsd: number,
  months: number,
  interestPerYear: number,
): number {
  if (interestPerYear === 0) return (priceUsd - residualUsd) / months;
  const rate = monthlyRate(interestPerYear);
  const last = discountFactor(interestPerYear, months);
  return ((priceUsd - residualUsd * last) * rate) / (1 - last);
}

/** Value in the books after `ageMonths`: straight from the price to the residual at the end of the life. */
export function bookValue(
  priceUsd: number,
  residualUsd: number,
  lifeMonths: number,
  ageMonths: number,
): number {
  const age = Math.min(ageMonths, lifeMonths);
  return priceUsd - ((priceUsd - residualUsd) * age) / lifeMonths;
}

/** Money paid at the beginning and at the end of a month. */
export interface MonthCash {
  readonly beginUsd: number;
  readonly endUsd: number;
}

/** Present value at the beginning of month 1. */
export function presentValue(cash: readonly MonthCash[], ratePerYear: number): number {
  return cash.reduce(
    (sum, { beginUsd, endUsd }, i) =>
      sum + beginUsd * discountFactor(ratePerYear, i) + endUsd * discountFactor(ratePerYear, i + 1),
    0,
  );
}

/** Sums up to each month. */
export function cumulative(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}
