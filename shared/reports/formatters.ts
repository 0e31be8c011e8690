/** Figures as people read them: three significant digits for estimates, groups of three, a unit that keeps them short. */
import { groupDigits } from "../catalog/arithmeticText.ts";

/** Significant digits of an estimate. */
const digits = 3;

/** What stands where nothing was measured. */
export const noValue = "-";

/** A number to three significant digits without an exponent: "0.00123", "4.67", "214", "12,300". Noughts after the point are kept. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return noValue;
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size >= 100) return groupDigits(rounded);
  if (rounded === 0) return "0";
  const decimals = Math.min(20, digits - 1 - decimalExponent(size));
  return rounded.toFixed(decimals);
}

/** A count to the last one: "19,366". */
export function formatCount(value: number): string {
  return groupDigits(value);
}

/** An amount as an estimate: "$0.00123", "$4.67", "$2,340", "$1.23 M", "$6.00 T". */
export function formatUsd(usd: number): string {
  return `${usd < 0 ? "-" : ""}$${inUnits(Math.abs(usd), amountUnits)}`;
}

/** An amount of a bill, to the cent, without the dollar sign: "2,338.70"; below ten cents to three significant digits. */
export function formatUsdCents(usd: number): string {
  const size = Math.abs(usd);
  if (size > 0 && size < 0.1) return formatNumber(usd);
  const [whole, cents] = size.toFixed(2).split(".");
  return `${usd < 0 ? "-" : ""}${groupDigits(Number(whole))}.${cents}`;
}

/** A given price or limit, as given: at least `decimals` places, up to nine significant digits: "2.69", "0.125", "4,500.00". */
export function formatGiven(value: number, decimals = 0): string {
  const exact = Number(value.toPrecision(9));
  const places = Math.max(decimals, (String(exact).split(".")[1] ?? "").length);
  if (Math.abs(exact) < 1e-6) return exact === 0 ? exact.toFixed(decimals) : String(exact);
  const [whole, fraction] = Math.abs(exact).toFixed(places).split(".");
  const sign = exact < 0 ? "-" : "";
  return `${sign}${groupDigits(Number(whole))}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** A ladder of units: each is used up to `below` of it, in three digits. */
type Units = readonly { readonly name: string; readonly size: number; readonly below: number }[];

const largeUnits: Units = [
  { name: " M", size: 1e6, below: 1000 },
  { name: " B", size: 1e9, below: 1000 },
  { name: " T", size: 1e12, below: Infinity },
];

const tokenUnits: Units = [
  { name: "", size: 1, below: 1000 },
  { name: " k", size: 1e3, below: 1000 },
  ...largeUnits,
];

const amountUnits: Units = [{ name: "", size: 1, below: 1e6 }, ...largeUnits];

const durationUnits: Units = [
  { name: " ms", size: 1, below: 1000 },
  { name: " s", size: 1e3, below: 120 },
  { name: " min", size: 60e3, below: 120 },
  { name: " h", size: 3600e3, below: 72 },
  { name: " days", size: 86_400e3, below: Infinity },
];

/** Tokens with k, M, B or T (10^3, 10^6, 10^9, 10^12): "950", "12.3 k", "501 M", "1.20 B". */
export function formatTokens(tokens: number): string {
  return tokens === Math.round(tokens) && Math.abs(tokens) < 1000
    ? String(tokens)
    : inUnits(tokens, tokenUnits);
}

/** A duration in the unit that suits it: "0.420 ms", "312 ms", "1.23 s", "12.0 min", "24.0 h". */
export function formatMs(ms: number): string {
  return inUnits(ms, durationUnits);
}

/** As formatMs, from seconds. */
export function formatSeconds(seconds: number): string {
  return formatMs(seconds * 1000);
}

/** A share of 1 in percent: "41.2 %". What is not quite none or all does not round to it: "<0.1 %", ">99.9 %". */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return noValue;
  return `${formatPercentNumber(share)} %`;
}

/** As formatPercent, for a column whose header has the unit. */
export function formatPercentNumber(share: number): string {
  const percent = share * 100;
  if (percent === 0 || percent === 100) return String(percent);
  if (percent > 0 && percent < 0.1) return "<0.1";
  if (percent < 100 && percent > 99.9) return ">99.9";
  return percent >= 99.5 && percent < 100 ? percent.toFixed(1) : formatNumber(percent);
}

/** Text of a file made safe for a terminal and a line: control and invisible format characters become spaces. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}

function inUnits(value: number, units: Units): string {
  if (!Number.isFinite(value)) return noValue;
  const fits = ({ size, below }: Units[number]): boolean =>
    Math.abs(Number((value / size).toPrecision(digits))) < below;
  const unit = units.find(fits) ?? units[units.length - 1];
  return `${formatNumber(value / unit.size)}${unit.name}`;
}

/** e with 10^e <= size < 10^(e + 1). */
function decimalExponent(size: number): number {
  return Number(size.toExponential().split("e")[1]);
}
