/** A curve of rates, one for each window of equal width, drawn by hand, typed, or pasted from a spreadsheet. */
import { type Arrivals, shapeWeights, weekHours, weightsOf } from "./weekWeights.ts";

export type Curve = Extract<Arrivals, { process: "curve" }>;
type Weekly = Extract<Arrivals, { process: "weekly" }>;

/** Most windows of a curve, as the schema has it. */
export const mostWindows = 200_000;
/** Most windows that are listed as text to be typed in. */
export const listedWindows = 2000;

/** Kept short in files: six significant digits are more than anybody draws or measures. */
function rounded(rate: number): number {
  return Number(Math.max(0, rate).toPrecision(6));
}

/** The highest rate; 0 for a curve of nothing but zeros. */
export function peakOf(rates: readonly number[]): number {
  return rates.reduce((most, rate) => Math.max(most, rate), 0);
}

/** What the top of the drawing stands for: the first of 1, 1.5, 2, 3, 5, 7.5, 10 ... that leaves a fifth above the highest rate; 1 for no rate at all. */
export function topOf(rates: readonly number[]): number {
  const wanted = peakOf(rates) * 1.2;
  if (!(wanted > 0)) return 1;
  let decade = 1;
  while (decade * 10 < wanted) decade *= 10;
  while (decade > wanted) decade /= 10;
  const step = [1, 1.5, 2, 3, 5, 7.5, 10].find((each) => each * decade >= wanted) ?? 10;
  return Number((step * decade).toPrecision(6));
}

/** A stroke from one window to another, those between in a straight line; rates in requests a second. */
export function strokeRates(
  rates: readonly number[],
  from: { readonly at: number; readonly rate: number },
  to: { readonly at: number; readonly rate: number },
): number[] {
  const drawn = [...rates];
  const steps = Math.max(1, Math.abs(to.at - from.at));
  for (let i = 0; i <= steps; i++) {
    const part = i / steps;
    const at = Math.round(from.at + (to.at - from.at) * part);
    if (at >= 0 && at < drawn.length) drawn[at] = rounded(from.rate + (to.rate - from.rate) * part);
  }
  return drawn;
}

/** The curve with another number of windows: cut, or carried on from its beginning, as a longer run plays it. */
export function withCount(rates: readonly number[], count: number): number[] {
  const windows = Math.min(mostWindows, Math.max(1, Math.round(count)));
  return Array.from({ length: windows }, (_, i) => rates[i % rates.length] ?? 0);
}

/** Numbers as people paste them, or what is wrong with the first that is none. */
export type ParsedRates =
  | { readonly rates: readonly number[]; readonly problem?: undefined }
  | { readonly problem: string; readonly rates?: undefined };

function parseRate(text: string): number {
  // One comma and no point: the decimal comma of many languages.
  const plain = /^[^.,]*,[^.,]*$/.test(text) ? text.replace(",", ".") : text;
  return /^[+]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i.test(plain) ? Number(plain) : Number.NaN;
}

/** Rates out of text: parted by line ends, tabs, spaces or semicolons, or by commas where nothing else parts them. */
export function parseRates(text: string): ParsedRates {
  const trimmed = text.trim();
  if (trimmed === "") return { problem: "Found nothing. Wanted at least one rate." };
  const parted = /[\s;]/.test(trimmed) ? trimmed.split(/[\s;]+/) : trimmed.split(",");
  const tokens = parted.map((each) => each.replace(/,$/, "")).filter((each) => each !== "");
  if (tokens.length > mostWindows) {
    return { problem: `Found ${tokens.length} rates. Wanted at most ${mostWindows}.` };
  }
  const rates = tokens.map(parseRate);
  const bad = rates.findIndex((rate) => !Number.isFinite(rate));
  if (bad >= 0) {
    return {
      problem: `Rate ${bad + 1}: found “${tokens[bad].slice(0, 40)}”. Wanted requests a second, a number of at least 0.`,
    };
  }
  if (peakOf(rates) === 0) return { problem: "Found only zeros. Wanted at least one above 0." };
  return { rates };
}

/** The curve that a week says, hour by hour from the run's start, which is so many hours after Monday 00:00. */
export function curveOfWeek(weekly: Weekly, startHour: number): Curve {
  const weights = weightsOf(weekly);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const factor = sum > 0 ? (weekly.meanRps * weekHours) / sum : 0;
  const ratesRps = weights.map((_, i) => rounded(weights[(i + startHour) % weekHours] * factor));
  return { process: "curve", windowS: 3600, ratesRps, cv: weekly.cv ?? 1 };
}

/** The week that a curve of a day's or a week's hours says, with the same mean; another curve gives office hours. */
export function weekOfCurve(curve: Curve, startHour: number): Weekly {
  const { ratesRps, windowS } = curve;
  const mean = ratesRps.reduce((sum, rate) => sum + rate, 0) / Math.max(1, ratesRps.length);
  const isHourly = windowS === 3600 && (ratesRps.length === 24 || ratesRps.length === weekHours);
  const peak = peakOf(ratesRps);
  const hourWeights =
    isHourly && peak > 0
      ? ratesRps.map((_, i, { length }) =>
          rounded(ratesRps[(((i - startHour) % length) + length) % length] / peak),
        )
      : shapeWeights("office");
  return {
    ...{ process: "weekly", meanRps: rounded(mean) || 1, cv: curve.cv ?? 1, hourWeights },
    dayWeights: new Array<number>(7).fill(1),
  };
}

/** A stretch of time as people say it: "1 h", "15 min", "30 s". */
export function widthName(seconds: number): string {
  if (seconds >= 86_400 && seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** When a window begins, counted from the start of the run: "0:00", "26:30", "0:00:30" where windows are shorter than a minute. */
export function windowStart(at: number, windowS: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const total = Math.round(at * windowS);
  const clock = `${Math.floor(total / 3600)}:${two(Math.floor(total / 60) % 60)}`;
  return windowS % 60 === 0 ? clock : `${clock}:${two(total % 60)}`;
}

/** What a curve says: its mean, its peak and when, how long it is. */
export function curveSentence(
  { ratesRps, windowS }: Curve,
  number: (value: number) => string,
): string {
  const peak = peakOf(ratesRps);
  if (peak === 0) return "No window has any requests: draw at least one.";
  const mean = ratesRps.reduce((sum, rate) => sum + rate, 0) / ratesRps.length;
  const at = windowStart(ratesRps.indexOf(peak), windowS);
  return `${number(mean)} requests a second on average; the window from ${at} has ${number(peak)}, ${number(peak / mean)} times as many.`;
}
