/** What the charts of a run say, each in one sentence. */
import type { CostReport } from "../../../shared/cost/costReport.ts";
import type { RunReport, SeriesReport } from "../../../shared/planning/runReport.ts";
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatUsd,
} from "../../../shared/reports/formatters.ts";
import { timeText, timeUnitOf } from "../../charts/ticks.ts";

/** Index and value of the greatest of a column; the first of equals. */
function peakOf(column: readonly number[]): { readonly at: number; readonly value: number } {
  return column.reduce((best, value, at) => (value > best.value ? { at, value } : best), {
    ...{ at: 0, value: -Infinity },
  });
}

/** The moment at which a window begins. */
function momentOf({ windowS, windows }: SeriesReport, at: number): string {
  return timeText(at * windowS, timeUnitOf(windowS * windows));
}

/** The largest line of the bill, and what idle hours cost of it. */
export function costSentence({ lines, monthUsd, idleMonthUsd }: CostReport): string {
  const [first] = [...lines].sort((a, b) => b.monthUsd - a.monthUsd);
  if (first === undefined || !(monthUsd > 0)) return "Nothing is billed.";
  const share = formatPercent(first.monthUsd / monthUsd);
  const idle =
    idleMonthUsd > 0
      ? ` Hours in which own GPUs stand idle cost ${formatUsd(idleMonthUsd)}, ${formatPercent(idleMonthUsd / monthUsd)}.`
      : "";
  return `${share} of ${formatUsd(monthUsd)} a month is ${first.label}.${idle}`;
}

/** How busy a pool is, on average and at its fullest. */
export function usageSentence({ series, pools }: RunReport, name: string): string {
  const pool = pools.find((each) => each.name === name);
  const peak = peakOf(series.pools[name].kvUsage);
  const busy = formatPercent(pool?.busyFraction ?? 0);
  return `${busy} busy; the KV cache is fullest at ${momentOf(series, peak.at)}, ${formatPercent(peak.value)} of it in use.`;
}

/** How long the queue gets, and when. */
export function queueSentence({ series }: RunReport, name: string): string {
  const { waiting, running } = series.pools[name];
  const peak = peakOf(waiting);
  const most = formatNumber(peakOf(running).value);
  if (!(peak.value > 0)) return `Nothing waits; at most ${most} requests run at once.`;
  return `The queue is longest at ${momentOf(series, peak.at)}, ${formatNumber(peak.value)} requests on average of the window; at most ${most} run at once.`;
}

/** What own GPUs did not take. */
export function spillSentence({ requests, series, providers }: RunReport): string {
  const limited = providers.reduce((sum, each) => sum + each.limited429, 0);
  const answers =
    limited > 0
      ? ` Providers answered 429 ${formatCount(limited)} times.`
      : " No provider answered 429.";
  if (requests.spilled === 0) return `No request spilled over to an API.${answers}`;
  const peak = peakOf(series.spilled);
  const share = formatPercent(requests.spilled / Math.max(1, requests.arrived));
  return `${formatCount(requests.spilled)} requests spilled over to an API, ${share} of all, most of them from ${momentOf(series, peak.at)} on.${answers}`;
}
