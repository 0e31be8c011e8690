/** Short sentences of the answer: how it moved, what binds it. */
import type { PoolReport, RunReport, TargetReport } from "../../../shared/planning/runReport.ts";
import {
  formatCount,
  formatMs,
  formatNumber,
  formatPercent,
} from "../../../shared/reports/formatters.ts";

/** How a figure moved: "-$1,240, -18.0 %"; undefined where it did not, or where a side has none. */
export function changeText(
  before: number | null,
  now: number | null,
  format: (value: number) => string,
): string | undefined {
  if (before === null || now === null || before === now) return undefined;
  const size = Math.abs(now - before);
  const sign = now < before ? "-" : "+";
  if (format(before) === format(now) && size < Math.abs(now) / 1e4) return undefined;
  const share = before === 0 ? "" : `, ${sign}${formatPercent(size / Math.abs(before))}`;
  return `${sign}${format(size)}${share}`;
}

/** Less than this of a hundred is no change to speak of. */
const leastPoints = 0.01;

/** How a share moved: "-1.20 points"; undefined where it did not to speak of, or where a side has none. */
export function pointsText(before: number | null, now: number | null): string | undefined {
  if (before === null || now === null) return undefined;
  const points = Math.abs(now - before) * 100;
  if (points < leastPoints) return undefined;
  return `${now < before ? "-" : "+"}${formatNumber(points)} points`;
}

const metricNames = { ttft: "TTFT", tpot: "TPOT", e2e: "end to end", deadline: "deadline" };

/** Measured over wanted; the greatest is the target with the least room. */
function tension({ actualMs, targetMs }: TargetReport): number {
  return actualMs === null || targetMs === null ? -1 : actualMs / targetMs;
}

function targetSentence(targets: readonly TargetReport[]): string | undefined {
  const [tightest] = [...targets].sort((a, b) => tension(b) - tension(a));
  if (tightest === undefined || tension(tightest) < 0) return undefined;
  const name = `${metricNames[tightest.metric]} of ${tightest.class}`;
  const { actualMs, targetMs } = tightest;
  const used = `${formatMs(actualMs ?? 0)} of ${formatMs(targetMs ?? 0)}`;
  return tension(tightest) > 1
    ? `The ${name} misses its target by most: ${used}.`
    : `The ${name} has the least room: ${used}, ${formatPercent(1 - tension(tightest))} to spare.`;
}

function poolSentence({
  name,
  busyFraction,
  computeFraction,
  bandwidthFraction,
  kvUsageMax,
}: PoolReport): string {
  const kinds: [string, number][] = [
    ["arithmetic", computeFraction ?? 0],
    ["memory bandwidth", bandwidthFraction ?? 0],
  ];
  const [scarcest] = kinds.sort((a, b) => b[1] - a[1]);
  const busy = formatPercent(busyFraction ?? 0);
  const memory = kvUsageMax >= 0.9 ? `; its KV cache fills to ${formatPercent(kvUsageMax)}` : "";
  if ((busyFraction ?? 0) < 0.5)
    return `${name} is idle ${formatPercent(1 - (busyFraction ?? 0))} of the time${memory}.`;
  return `${name} is busy ${busy}, mostly with ${scarcest[0]} (${formatPercent(scarcest[1])} of its peak)${memory}.`;
}

/** What binds a scenario: the target with the least room, each pool's scarcest resource, limits of providers. */
export function whatBinds({ targets, pools, providers }: RunReport): string[] {
  const target = targetSentence(targets);
  const limits = providers
    .filter(({ limited429 }) => limited429 > 0)
    .map(
      ({ name, limited429, attempts }) =>
        `${name} answers ${formatPercent(limited429 / Math.max(1, attempts))} of attempts with 429: its limits are reached.`,
    );
  const contexts = providers
    .filter(({ tooLong = 0 }) => tooLong > 0)
    .map(
      ({ name, tooLong = 0 }) =>
        `${formatCount(tooLong)} ${tooLong === 1 ? "request was" : "requests were"} too long for the context of ${name} and went on to the next rule.`,
    );
  return [
    ...(target === undefined ? [] : [target]),
    ...pools.map(poolSentence),
    ...limits,
    ...contexts,
  ];
}
