/** Values of explained figures as people read them. */
import {
  formatGiven,
  formatMs,
  formatNumber,
  formatPercent,
  formatTokens,
  noValue,
} from "../../../shared/reports/formatters.ts";

/** A value in its unit: shares in percent, amounts with a dollar sign and their cents, others with the unit behind. */
export function explainedValue(value: number | null, unit: string): string {
  if (value === null) return noValue;
  if (unit === "share") return formatPercent(value);
  if (unit === "ms") return formatMs(value);
  if (unit === "tokens") return `${formatTokens(value)} tokens`;
  if (unit.startsWith("USD")) return `${amount(value)}${unit.slice("USD".length)}`;
  if (unit === "") return formatNumber(value);
  const figure = Number.isInteger(value) ? formatGiven(value) : formatNumber(value);
  return `${figure} ${unit}`;
}

/** An amount to the cent, below a dollar to four digits. */
function amount(usd: number): string {
  const size = Math.abs(usd);
  const text =
    size >= 1 || size === 0
      ? formatGiven(Number(size.toFixed(2)), 2)
      : String(Number(size.toPrecision(4)));
  return `${usd < 0 ? "-" : ""}$${text}`;
}
