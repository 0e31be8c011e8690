/** Figures of a comparison as cells and sentences. */
import type { ComparisonRow } from "../../../shared/planning/comparison/comparison.ts";
import { figureText, signedText } from "../../../shared/reports/comparisonText.ts";
import { formatMs, formatPercent, formatUsd, noValue } from "../../../shared/reports/formatters.ts";
import { signedPercent } from "../../../shared/reports/inputDiffText.ts";

/** A figure with its unit, as charts and sentences say it. */
export function withUnit(value: number, unit: ComparisonRow["unit"]): string {
  if (unit === "USD/month" || unit === "USD/M tokens") return formatUsd(value);
  if (unit === "ms") return formatMs(value);
  if (unit === "share") return formatPercent(value);
  return `${figureText(value, unit)} ${unit === "count" ? "" : unit}`.trim();
}

/** A difference with its sign and its unit, as an estimate. */
function signed(value: number, unit: ComparisonRow["unit"]): string {
  const isMoney = unit === "USD/month" || unit === "USD/M tokens";
  if (!isMoney && unit !== "ms") return signedText(value, unit);
  return `${value > 0 ? "+" : ""}${withUnit(value, unit)}`;
}

/** What differs: absolute, relative, and the interval; empty where nothing is known on both sides. */
export function differenceText(row: ComparisonRow, index: number): string {
  const difference = row.differences[index];
  if (difference === null || difference.absolute === null) return "";
  const { absolute, relative, interval } = difference;
  if (absolute === 0 && (interval === null || interval.halfWidth95 === 0)) return "the same";
  const unit = row.unit === "share" ? " points" : "";
  const relativeText = relative === null ? "" : ` (${signedPercent(relative)})`;
  return `${signed(absolute, row.unit)}${unit}${relativeText}`;
}

/** Whether the interval of a difference says more than the difference itself. */
export function hasInterval(row: ComparisonRow, index: number): boolean {
  const interval = row.differences[index]?.interval ?? null;
  return interval !== null && signed(interval.low, row.unit) !== signed(interval.high, row.unit);
}

/** The 95 % interval of a difference; a dash without one. */
export function intervalText(row: ComparisonRow, index: number): string {
  const interval = row.differences[index]?.interval ?? null;
  if (interval === null) return noValue;
  const sure = interval.excludesZero || interval.halfWidth95 === 0 ? "" : ", may be none";
  return `${signed(interval.low, row.unit)} to ${signed(interval.high, row.unit)}${sure}`;
}
