/** Figures and cases of the claim ledger as people read them. */
import { groupDigits } from "../catalog/arithmeticText.ts";
import type { CheckResult } from "../planning/claims/ledger.ts";
import { formatMs, formatNumber, formatPercent, formatSeconds, noValue } from "./formatters.ts";

const shownCases = 12;

/** A value in its unit: "$1,963.70/month", "99.1 %", "3.89x", "213 M tokens/month". Amounts to the cent, below ten cents to three digits. */
export function formatFigure(value: number, unit: string): string {
  return formatBare(value, unit) + suffixOf(unit);
}

/** The same without what a column's title says. */
export function formatBare(value: number, unit: string): string {
  if (unit.startsWith("USD")) return amount(value);
  if (unit === "share") return formatPercent(value);
  if (unit === "x") return `${formatNumber(value)}x`;
  if (unit === "ms") return formatMs(value);
  if (unit === "s") return formatSeconds(value);
  return plainNumber(value);
}

/** The title of a column of bare values: with the unit, where the values do not show it. */
export function titleWithUnit(title: string, unit: string): string {
  const suffix = suffixOf(unit).trim();
  if (suffix === "" || title.includes(suffix)) return title;
  return `${title}, ${unit.startsWith("USD") ? `$${suffix}` : suffix}`;
}

/** Least and most: one value where they are the same. */
export function formatSpan(span: CheckResult["found"], unit: string): string {
  if (span === null) return "no case";
  const low = formatBare(span.min, unit);
  const high = formatBare(span.max, unit);
  return (low === high ? high : `${low} to ${high}`) + suffixOf(unit);
}

/** Difference with its share of the published figure: "+$13.70 (+0.7 %)"; "within" inside a range. */
export function formatDifference({ difference, published, unit }: CheckResult): string {
  if (difference === null) return noValue;
  const { value, share } = difference;
  if (value === 0) return published.value === undefined ? "within" : "none";
  const sign = value < 0 ? "-" : "+";
  const size = sign + formatBare(Math.abs(value), unit);
  if (share === null) return size;
  const percent = formatPercent(Math.abs(share));
  return `${size} (${percent.startsWith("<") ? "" : sign}${percent})`;
}

/** Labels "model, engine, ratio" in short: those of one first part together, a last part that all share said once. */
export function caseList(labels: readonly string[]): string {
  const parts = labels.map((label) => label.split(", "));
  const last = parts[0]?.at(-1);
  const isShared =
    labels.length > 1 && parts.every((each) => each.length > 1 && each.at(-1) === last);
  const groups = new Map<string, string[]>();
  for (const each of parts) {
    const [first, ...rest] = isShared ? each.slice(0, -1) : each;
    groups.set(first, [...(groups.get(first) ?? []), rest.join(", ")]);
  }
  const texts = [...groups].map(([first, rest]) =>
    rest.every((each) => each === "") ? first : `${first} (${rest.join("; ")})`,
  );
  const left = texts.length - shownCases;
  const shown = texts.slice(0, shownCases).join("; ");
  const list = left > 0 ? `${shown}; and ${left} more` : shown;
  return isShared ? `${list}, each ${last}` : list;
}

/** What follows a bare value. */
function suffixOf(unit: string): string {
  if (unit.startsWith("USD")) return unit.slice("USD".length);
  return ["share", "x", "ms", "s"].includes(unit) ? "" : ` ${unit}`;
}

function amount(usd: number): string {
  const size = Math.abs(usd);
  const sign = usd < 0 ? "-" : "";
  if (size > 0 && size < 0.1) return `${sign}$${formatNumber(size)}`;
  const [whole, cents] = size.toFixed(2).split(".");
  const grouped = groupDigits(Number(whole));
  return cents === "00" ? `${sign}$${grouped}` : `${sign}$${grouped}.${cents}`;
}

function plainNumber(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000
    ? groupDigits(value)
    : formatNumber(value);
}
