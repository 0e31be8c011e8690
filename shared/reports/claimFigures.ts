/** Figures and cases of the claim ledger as people read them. */

import type { CheckResult } from "../planning/claims/ledger.ts";
import { groupDigits } from "../units/figureText.ts";
import { formatMs, formatNumber, formatPercent, formatSeconds, noValue } from "./formatters.ts";

const shownCases = 12;
const shownPerGroup = 6;

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

/** The unit of a formula that gives 1 where a case agrees with a rule and 0 where not. */
const agreement = "agreement";

/** What was found: least and most, or one value where they are the same; of cases that agree with a rule, how many do. */
export function formatFound({ found, unit, cases }: CheckResult): string {
  if (found === null) return "no case";
  if (unit === agreement) {
    return `${cases.filter((each) => each.meets).length} of ${cases.length} cases`;
  }
  const low = formatBare(found.min, unit);
  const high = formatBare(found.max, unit);
  return (low === high ? high : `${low} to ${high}`) + suffixOf(unit);
}

/** Difference with its share of the published figure: "+$13.70 (+0.7 %)"; "within" inside a range. */
export function formatDifference({ difference, published, unit }: CheckResult): string {
  if (difference === null || unit === agreement) return noValue;
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
    rest.every((each) => each === "") ? first : `${first} (${restText(rest)})`,
  );
  const list = capped(texts, shownCases);
  return isShared ? `${list}, each ${last}` : list;
}

/** What follows a bare value. */
function suffixOf(unit: string): string {
  if (unit.startsWith("USD")) return unit.slice("USD".length);
  return ["share", "x", "ms", "s"].includes(unit) ? "" : ` ${unit}`;
}

function restText(rest: readonly string[]): string {
  return rest.length > shownPerGroup ? `${rest.length} cases` : rest.join("; ");
}

function capped(texts: readonly string[], most: number): string {
  const left = texts.length - most;
  const shown = texts.slice(0, most).join("; ");
  return left > 0 ? `${shown}; and ${left} more` : shown;
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
