/** Figures as people read them: three significant digits for estimates, groups of three, a unit that keeps them short. */
import { formatNumber, groupDigits, noValue } from "../units/figureText.ts";

export {
  formatMs,
  formatNumber,
  formatSeconds,
  formatTokens,
  formatUsd,
  noValue,
} from "../units/figureText.ts";

/** A count to the last one: "19,366". */
export function formatCount(value: number): string {
  return groupDigits(value);
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
