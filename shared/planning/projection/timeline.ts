/** The months of a plan: their dates, volumes and price factors. */
import type { PricePath, ProjectionPlan } from "../../schema/projectionPlan.ts";
import { InputError } from "../../units/errors.ts";
import { power } from "../../units/units.ts";

/** Factors on the scenario's prices in one month. */
export interface PriceFactors {
  readonly gpu: number;
  readonly api: number;
  readonly licence: number;
  readonly hardware: number;
  readonly power: number;
}

/** One month of a plan. */
export interface PlanMonth {
  /** 1 is the first. */
  readonly month: number;
  /** "YYYY-MM"; undefined without a start. */
  readonly date: string | undefined;
  /** Prompt and output tokens. */
  readonly monthTokens: number;
  readonly prices: PriceFactors;
}

/** Months since year 0 of "YYYY-MM". */
function monthNumber(date: string): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

function dateOf(start: string, month: number): string {
  const number = monthNumber(start) + month - 1;
  return `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
}

/** The plan's month from which a step holds; at most 1 for one in the past. Throws InputError for a date without a start. */
function monthOfStep(from: number | string, start: string | undefined, name: string): number {
  if (typeof from === "number") return from;
  if (start !== undefined) return monthNumber(from) - monthNumber(start) + 1;
  throw new InputError(
    `A step of prices.${name} is dated ${from}, and the plan has no start. Give start, the calendar month of month 1, or the step's month as a number.`,
    { field: "start" },
  );
}

/** Factor of a price in a month: the last step by then, times (1 + perYear)^((month - 1)/12). */
export function priceFactor(
  path: PricePath,
  month: number,
  start: string | undefined,
  name: string,
): number {
  let factor = 1;
  let since = Number.NEGATIVE_INFINITY;
  for (const step of path.steps) {
    const from = monthOfStep(step.from, start, name);
    if (from > month || from < since) continue;
    since = from;
    factor = step.factor;
  }
  return path.perYear === 0 ? factor : factor * power(1 + path.perYear, (month - 1) / 12);
}

/** Tokens of a month: first * (1 + perMonth)^(month - 1), or the table's entry, the last one for months after it. */
export function volumeOf(plan: ProjectionPlan, ownMonthTokens: number, month: number): number {
  const { growth, firstMonthTokens = ownMonthTokens } = plan;
  if (growth.kind === "table") {
    return growth.monthTokens[Math.min(month, growth.monthTokens.length) - 1];
  }
  if (growth.perMonth === 0 || month === 1) return firstMonthTokens;
  return firstMonthTokens * power(1 + growth.perMonth, month - 1);
}

/** Every month of a plan. `ownMonthTokens` is what the scenario's traffic makes a month. Throws InputError for dated steps without a start. */
export function monthsOf(plan: ProjectionPlan, ownMonthTokens: number): PlanMonth[] {
  const { prices, start } = plan;
  return Array.from({ length: plan.months }, (_, i) => {
    const month = i + 1;
    const factor = (name: keyof PriceFactors): number =>
      priceFactor(prices[name], month, start, name);
    return {
      month,
      date: start === undefined ? undefined : dateOf(start, month),
      monthTokens: volumeOf(plan, ownMonthTokens, month),
      prices: {
        gpu: factor("gpu"),
        api: factor("api"),
        licence: factor("licence"),
        hardware: factor("hardware"),
        power: factor("power"),
      },
    };
  });
}
