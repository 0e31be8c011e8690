/** Figures in a sentence: three significant digits, groups of three, the unit that keeps them short. The same on every host. */

/** Significant digits of an estimate. */
const digits = 3;

/** What stands where nothing was measured. */
export const noValue = "-";

/** 1234567 as "1,234,567"; the number is rounded to a whole one. */
export function groupDigits(value: number): string {
  const whole = String(Math.abs(Math.round(value)));
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return value < 0 && whole !== "0" ? `-${grouped}` : grouped;
}

/** A number to three significant digits without an exponent: "0.00123", "4.67", "214", "12,300". Noughts after the point are kept. */
export function formatNumber(value: number): string {
  return toDigits(value, digits);
}

function toDigits(value: number, significant: number): string {
  if (!Number.isFinite(value)) return noValue;
  const rounded = Number(value.toPrecision(significant));
  if (rounded === 0) return "0";
  const decimals = Math.min(20, significant - 1 - decimalExponent(Math.abs(rounded)));
  if (decimals <= 0) return groupDigits(rounded);
  const [whole, fraction] = rounded.toFixed(decimals).split(".");
  const sign = rounded < 0 && Number(whole) === 0 ? "-" : "";
  return `${sign}${groupDigits(Number(whole))}.${fraction}`;
}

/** An amount as an estimate: "$0.00123", "$4.67", "$2,340", "$1.23 M", "$6.00 T". */
export function formatUsd(usd: number): string {
  return `${usd < 0 ? "-" : ""}$${inUnits(Math.abs(usd), amountUnits)}`;
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

/** A duration and the one it is held against, to as many digits as tell them apart, three at least. */
export function formatMsApart(ms: number, limitMs: number): readonly [string, string] {
  for (let significant = digits; significant < 15; significant++) {
    const text = (each: number): string => inUnits(each, durationUnits, significant);
    const texts = [text(ms), text(limitMs)] as const;
    if (texts[0] !== texts[1]) return texts;
  }
  return [formatMs(ms), formatMs(limitMs)];
}

/** As formatMs, from seconds. */
export function formatSeconds(seconds: number): string {
  return formatMs(seconds * 1000);
}

function inUnits(value: number, units: Units, significant = digits): string {
  if (!Number.isFinite(value)) return noValue;
  const fits = ({ size, below }: Units[number]): boolean =>
    Math.abs(Number((value / size).toPrecision(digits))) < below;
  const unit = units.find(fits) ?? units[units.length - 1];
  return `${toDigits(value / unit.size, significant)}${unit.name}`;
}

/** e with 10^e <= size < 10^(e + 1). */
function decimalExponent(size: number): number {
  return Number(size.toExponential().split("e")[1]);
}
