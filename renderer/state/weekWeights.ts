/** The weights of the 168 hours of a week, Monday 00:00 first: drawn by hand, kept between 0 and 1. */
import type { ScenarioInput } from "../../shared/schema/scenario.ts";

type Source = ScenarioInput["traffic"]["sources"][number];
/** Arrivals of a source that is made up. */
export type Arrivals = Extract<Source, { kind: "synthetic" }>["arrivals"];
type Weekly = Extract<Arrivals, { process: "weekly" }>;

/** Hours of a week. */
export const weekHours = 168;

/** Names of days, as the week begins. */
export const dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** "Tue 14:00". */
export function hourName(hour: number): string {
  return `${dayNames[Math.floor(hour / 24)]} ${String(hour % 24).padStart(2, "0")}:00`;
}

/** Kept short in files: three decimals are more than a hand can draw. */
function rounded(weight: number): number {
  return Number(Math.min(1, Math.max(0, weight)).toFixed(3));
}

/** All hours' weights of a weekly process, the greatest being 1. */
export function weightsOf({ hourWeights, dayWeights }: Weekly): number[] {
  const all = Array.from(
    { length: weekHours },
    (_, i) => (dayWeights[Math.floor(i / 24)] ?? 0) * (hourWeights[i % hourWeights.length] ?? 0),
  );
  const most = Math.max(...all);
  return most > 0 ? all.map((weight) => rounded(weight / most)) : all.fill(0);
}

/** The same hours every day where the days agree, else all 168. */
export function withWeights(arrivals: Weekly, weights: readonly number[]): Weekly {
  const day = weights.slice(0, 24);
  const isDaily = weights.every((weight, i) => weight === day[i % 24]);
  return {
    ...arrivals,
    hourWeights: isDaily ? day : [...weights],
    dayWeights: new Array<number>(7).fill(1),
  };
}

/** One stroke: from an hour at a weight to another, the hours between in a straight line, so that a quick hand leaves no gap. */
export function stroke(
  weights: readonly number[],
  from: { readonly hour: number; readonly weight: number },
  to: { readonly hour: number; readonly weight: number },
): number[] {
  const drawn = [...weights];
  const steps = Math.max(1, Math.abs(to.hour - from.hour));
  for (let i = 0; i <= steps; i++) {
    const part = i / steps;
    const hour = Math.round(from.hour + (to.hour - from.hour) * part);
    if (hour >= 0 && hour < weekHours) {
      drawn[hour] = rounded(from.weight + (to.weight - from.weight) * part);
    }
  }
  return drawn;
}

/** The hours of one day on other days. */
export function copyDay(weights: readonly number[], day: number, to: readonly number[]): number[] {
  return weights.map((weight, i) =>
    to.includes(Math.floor(i / 24)) ? weights[day * 24 + (i % 24)] : weight,
  );
}

/** Shapes to begin a drawing from. */
export const weekShapes = [
  { id: "office", name: "Office hours" },
  { id: "evening", name: "Evenings and weekends" },
  { id: "night", name: "Nights" },
  { id: "even", name: "The same at all hours" },
] as const;
export type WeekShape = (typeof weekShapes)[number]["id"];

function shapeAt(shape: WeekShape, day: number, hour: number): number {
  const isWeekend = day >= 5;
  switch (shape) {
    case "office":
      return isWeekend ? 0.1 : hour >= 9 && hour < 18 ? 1 : hour >= 7 && hour < 21 ? 0.4 : 0.08;
    case "evening":
      return hour >= 18 && hour < 23 ? 1 : isWeekend && hour >= 10 ? 0.8 : hour >= 8 ? 0.35 : 0.1;
    case "night":
      return hour >= 22 || hour < 6 ? 1 : 0.05;
    case "even":
      return 1;
  }
}

export function shapeWeights(shape: WeekShape): number[] {
  return Array.from({ length: weekHours }, (_, i) => shapeAt(shape, Math.floor(i / 24), i % 24));
}

/** What a weekly drawing says: its mean rate, the busiest hour and how far above the mean it lies. */
export function weekSentence(
  weights: readonly number[],
  meanRps: number,
  number: (value: number) => string,
): string {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum === 0) return "No hour has any requests: draw at least one.";
  const most = Math.max(...weights);
  const times = (most * weekHours) / sum;
  const hour = weights.indexOf(most);
  return `${number(meanRps)} requests a second on average; ${hourName(hour)} has ${number(meanRps * times)}, ${number(times)} times as many.`;
}
