/** How far a run is, in words: its own time, requests a second, what is left, its first figures. */
import type { RunReach } from "../../../shared/planning/runReach.ts";
import {
  formatCount,
  formatMs,
  formatNumber,
  formatPercent,
  formatSeconds,
} from "../../../shared/reports/formatters.ts";

/** What core tells of a run under way. */
export interface RunUnderWay {
  /** 0..1. */
  readonly share: number;
  readonly etaS: number | undefined;
  readonly reach: RunReach | undefined;
}

/** Of the run's time, as far as its horizon: what drains after it counts no more. */
function timePart({ simulatedS, horizonS }: RunReach): string {
  if (horizonS === null) return `${formatSeconds(simulatedS)} simulated`;
  const passed = formatSeconds(Math.min(simulatedS, horizonS));
  return `${passed} of ${formatSeconds(horizonS)} simulated`;
}

/** The parts of a progress line; `elapsedS` is how long the run has taken so far. */
export function runProgress({ share, etaS, reach }: RunUnderWay, elapsedS: number): string[] {
  if (reach === undefined) return ["the requests are made ready"];
  const { arrived, simulatedS, horizonS } = reach;
  const left = etaS === undefined ? [] : [`${formatSeconds(etaS)} left`];
  const rate =
    arrived > 0 && elapsedS > 0 ? [`${formatNumber(arrived / elapsedS)} requests/s`] : [];
  if (horizonS !== null && simulatedS > horizonS) {
    return [timePart(reach), "the last requests are ending", ...left];
  }
  return [formatPercent(share), timePart(reach), ...rate, ...left];
}

/** The figures so far, in a sentence; undefined while there are none. */
export function firstFigures(reach: RunReach): string | undefined {
  const { arrived, requests, ttftMeanMs, spilledShare } = reach;
  if (ttftMeanMs === null) return undefined;
  const spilled =
    spilledShare === null || spilledShare === 0
      ? "none spilled over"
      : `${formatPercent(spilledShare)} spilled over`;
  const seen = `${formatCount(arrived)} of ${formatCount(requests)} requests so far`;
  return `${seen}: first token after ${formatMs(ttftMeanMs)} on average, ${spilled}.`;
}
