/** Figures over replications of one scenario, each with its confidence interval. */
import { meanInterval, runsForHalfWidth } from "../stats/confidence.ts";
import type { ReplicatedFigure, RunReport } from "./runReport.ts";

/** The figures that replications are summarised by, by name. */
export function replicatedValues(report: RunReport): Record<string, number | null> {
  const { all } = report.latency;
  const pools = report.pools.map((pool) => [`busyFraction.${pool.name}`, pool.busyFraction]);
  return {
    "ttftMs.mean": all.ttftMs.mean,
    "ttftMs.p50": all.ttftMs.p50,
    "ttftMs.p95": all.ttftMs.p95,
    "ttftMs.p99": all.ttftMs.p99,
    "tpotMs.mean": all.tpotMs.mean,
    "tpotMs.p95": all.tpotMs.p95,
    "e2eMs.mean": all.e2eMs.mean,
    "e2eMs.p95": all.e2eMs.p95,
    "queueMs.mean": all.queueMs.mean,
    sloAttainment: report.sloAttainment.all,
    goodputRps: report.goodputRps,
    spilledShare: report.requests.spilled / Math.max(1, report.requests.arrived),
    monthUsd: report.cost.monthUsd,
    usdPerMTokReservation: report.cost.usdPerMTokReservation,
    usdPerMTokUsage: report.cost.usdPerMTokUsage,
    ...Object.fromEntries(pools),
  };
}

/** Spreads below this share of the mean are the rounding of sums, not chance: a month's bill of hours alone is the same in every run. */
const roundingShare = 1e-12;

function withoutRounding(halfWidth: number, mean: number): number {
  return halfWidth < Math.abs(mean) * roundingShare ? 0 : halfWidth;
}

/** Mean and half-width of the 95 % t interval of each figure over the runs that have it. */
export function summariseReplications(
  runs: readonly Record<string, number | null>[],
): Record<string, ReplicatedFigure> {
  const figures: Record<string, ReplicatedFigure> = {};
  for (const name of Object.keys(runs[0] ?? {})) {
    const samples = runs.map((run) => run[name]).filter((value) => value !== null);
    if (samples.length === 0) continue;
    const interval = meanInterval(samples);
    const mean = interval?.mean ?? samples[0];
    figures[name] = {
      mean,
      halfWidth95: interval === undefined ? null : withoutRounding(interval.halfWidth, mean),
      n: samples.length,
      runsFor5Percent: runsForHalfWidth(samples, 0.05) ?? null,
    };
  }
  return figures;
}
