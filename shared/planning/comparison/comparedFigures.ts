/** The figures of a run by which scenarios are compared: one list, flat, each with its unit. */
import type { LatencyFigures, LatencyReport } from "../../serving/metrics/requestOutcomes.ts";
import type { PoolReport, RunReport } from "../runReport.ts";

/** Groups of figures in the order in which they are shown. */
export const figureGroups = [
  "cost",
  "cost lines",
  "service",
  "targets",
  "latency",
  "latency by class",
  "utilization",
  "requests",
  "served by",
] as const;
export type FigureGroup = (typeof figureGroups)[number];

/** Units of figures; "share" is 0..1. */
export type FigureUnit =
  | "USD/month"
  | "USD/M tokens"
  | "ms"
  | "share"
  | "requests/s"
  | "requests"
  | "tokens"
  | "count";

/** One figure of one run. */
export interface ComparedFigure {
  /** Unique in a run, e.g. "latency.all.ttftMs.p95". The same figure of another scenario has the same id. */
  readonly id: string;
  readonly group: FigureGroup;
  /** For people. */
  readonly label: string;
  readonly unit: FigureUnit;
  /** Null where the run has no sample. */
  readonly value: number | null;
  /** What the figure is in a scenario that does not have it: a bill without a line costs 0 there; a pool that is not there has no utilization. */
  readonly absent: 0 | null;
  /** For a percentile: p, 0..1, and the samples behind it. */
  readonly percentile?: number;
  readonly samples?: number;
}

/** All figures of a report, group by group. */
export function comparedFigures(report: RunReport): ComparedFigure[] {
  return [
    ...costFigures(report),
    ...lineFigures(report),
    ...serviceFigures(report),
    ...targetFigures(report),
    ...latencyFigures("latency", "all", "", report.latency.all),
    ...Object.entries(report.latency.classes).flatMap(([id, latency]) =>
      latencyFigures("latency by class", `classes.${id}`, `${id}: `, latency),
    ),
    ...report.pools.flatMap(poolFigures),
    ...requestFigures(report),
    ...destinationFigures(report),
  ];
}

function figure(
  group: FigureGroup,
  id: string,
  label: string,
  unit: FigureUnit,
  value: number | null,
  absent: 0 | null = null,
): ComparedFigure {
  return { id, group, label, unit, value, absent };
}

function costFigures({ cost }: RunReport): ComparedFigure[] {
  const { monthUsd, idleMonthUsd, usdPerMTokReservation, usdPerMTokUsage } = cost;
  const perMTok = "USD/M tokens";
  return [
    figure("cost", "cost.monthUsd", "total", "USD/month", monthUsd),
    figure("cost", "cost.idleMonthUsd", "of it idle", "USD/month", idleMonthUsd),
    figure(
      "cost",
      "cost.usdPerMTokReservation",
      "per M tokens, idle included",
      perMTok,
      usdPerMTokReservation,
    ),
    figure("cost", "cost.usdPerMTokUsage", "per M tokens, without idle", perMTok, usdPerMTokUsage),
  ];
}

function lineFigures({ cost }: RunReport): ComparedFigure[] {
  return cost.lines.map(({ id, subject, label, monthUsd }) =>
    figure("cost lines", `cost.lines.${id}`, `${subject}: ${label}`, "USD/month", monthUsd, 0),
  );
}

function serviceFigures({ sloAttainment, goodputRps, requests }: RunReport): ComparedFigure[] {
  const classes = Object.entries(sloAttainment.classes);
  const spilled = requests.spilled / Math.max(1, requests.arrived);
  return [
    figure(
      "service",
      "sloAttainment.all",
      "requests within all targets",
      "share",
      sloAttainment.all,
    ),
    ...classes.map(([id, value]) =>
      figure("service", `sloAttainment.classes.${id}`, `${id}: within all targets`, "share", value),
    ),
    figure("service", "goodputRps", "goodput", "requests/s", goodputRps),
    figure("service", "spilledShare", "spilled to a provider", "share", spilled),
  ];
}

function targetFigures({ targets, latency }: RunReport): ComparedFigure[] {
  const labels = { ttft: "TTFT", tpot: "TPOT", e2e: "end to end" };
  return targets.flatMap((target) => {
    const { metric, percentile } = target;
    if (metric === "deadline") return [];
    const name = `p${Number((percentile * 100).toPrecision(9))}`;
    return {
      ...figure(
        "targets",
        `targets.${target.class}.${metric}.${name}`,
        `${target.class}: ${labels[metric]} ${name}`,
        "ms",
        target.actualMs,
      ),
      percentile,
      samples: latency.classes[target.class][`${metric}Ms`].n,
    };
  });
}

const latencyNames = [
  ["ttftMs", "TTFT"],
  ["tpotMs", "TPOT"],
  ["e2eMs", "end to end"],
  ["queueMs", "queue"],
] as const;

const percentiles = [
  ["p50", 0.5],
  ["p90", 0.9],
  ["p95", 0.95],
  ["p99", 0.99],
] as const;

function latencyFigures(
  group: FigureGroup,
  path: string,
  prefix: string,
  latency: LatencyReport,
): ComparedFigure[] {
  return latencyNames.flatMap(([key, name]) => {
    const own: LatencyFigures = latency[key];
    const at = (part: string, value: number | null): ComparedFigure =>
      figure(group, `latency.${path}.${key}.${part}`, `${prefix}${name} ${part}`, "ms", value);
    return [
      ...percentiles.map(([part, percentile]) => ({
        ...at(part, own[part]),
        percentile,
        samples: own.n,
      })),
      at("mean", own.mean),
    ];
  });
}

function poolFigures(pool: PoolReport): ComparedFigure[] {
  const share = (field: string, label: string, value: number | null): ComparedFigure =>
    figure("utilization", `pools.${pool.name}.${field}`, `${pool.name}: ${label}`, "share", value);
  return [
    share("busyFraction", "busy", pool.busyFraction),
    share("computeFraction", "compute", pool.computeFraction),
    share("bandwidthFraction", "bandwidth", pool.bandwidthFraction),
    share("kvUsageMean", "KV usage, mean", pool.kvUsageMean),
    share("kvUsageMax", "KV usage, most", pool.kvUsageMax),
    share("prefixHitTokenFraction", "prefix hits", pool.prefixHitTokenFraction),
    figure(
      "utilization",
      `pools.${pool.name}.preemptions`,
      `${pool.name}: preemptions`,
      "count",
      pool.preemptions,
    ),
  ];
}

function requestFigures({ requests, tokens }: RunReport): ComparedFigure[] {
  const { arrived, finished, rejected, aborted, unfinished } = requests;
  const counts = Object.entries({ arrived, finished, rejected, aborted, unfinished });
  return [
    ...counts.map(([name, count]) =>
      figure("requests", `requests.${name}`, `requests ${name}`, "requests", count),
    ),
    figure("requests", "tokens.prompt", "prompt tokens", "tokens", tokens.prompt),
    figure("requests", "tokens.output", "output tokens", "tokens", tokens.output),
  ];
}

function destinationFigures({ requests }: RunReport): ComparedFigure[] {
  const all = Object.entries(requests.byDestination);
  const served = all.reduce((sum, [, count]) => sum + count, 0);
  return all.map(([id, count]) => {
    const share = served > 0 ? count / served : 0;
    return figure("served by", `byDestination.${id}`, `served by ${id}`, "share", share, 0);
  });
}
