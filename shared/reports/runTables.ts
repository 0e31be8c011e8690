/** The tables of a run's report. */

import type { RunReport } from "../planning/runReport.ts";
import type { LatencyFigures, LatencyReport } from "../serving/metrics/requestOutcomes.ts";
import { enoughSamples } from "../stats/quantiles.ts";
import {
  formatCount,
  formatGiven,
  formatNumber,
  formatPercent,
  formatPercentNumber,
  formatTokens,
  formatUsdCents,
  noValue,
} from "./formatters.ts";
import { fewTargetSamplesNote } from "./percentiles.ts";
import { figureColumn, type Table, textColumn } from "./table.ts";

/** Percentiles of a latency, with the share of samples below each. */
const shownPercentiles = [
  ["p50", 0.5],
  ["p90", 0.9],
  ["p95", 0.95],
  ["p99", 0.99],
] as const;

const latencyNames = [
  ["ttftMs", "TTFT"],
  ["tpotMs", "TPOT"],
  ["e2eMs", "end to end"],
  ["queueMs", "queue"],
] as const;

/** Above this many milliseconds a table of latencies is in seconds. */
const longestInMs = 100_000;

/** A column of a table, and the cell of a row in it. */
interface CellColumn<Row> {
  readonly title: string;
  readonly isText?: boolean;
  cell(row: Row): string;
}

function tableOf<Row>(columns: readonly CellColumn<Row>[], rows: readonly Row[]): Table {
  return {
    columns: columns.map(({ title, isText }) => (isText ? textColumn(title) : figureColumn(title))),
    rows: rows.map((row) => columns.map((column) => column.cell(row))),
  };
}

function orNone(value: number | null, format: (value: number) => string): string {
  return value === null ? noValue : format(value);
}

/** Percentiles of all requests and, with more than one class, of each. Too few samples stand in parentheses: see hasShakyPercentile. */
export function latencyTable({ latency }: RunReport): Table {
  const rows = latencyRows(latency);
  const unit = latencyUnit(rows.map(({ figures }) => figures));
  const text = (ms: number): string => formatNumber(ms / unit.ms);
  return tableOf<LatencyRow>(
    [
      { title: "class", isText: true, cell: (row) => row.group },
      { title: `latency (${unit.name})`, isText: true, cell: (row) => row.name },
      ...shownPercentiles.map(([name, p]) => ({
        title: name,
        cell: ({ figures }: LatencyRow) => percentileCell(figures, figures[name], p, text),
      })),
      { title: "mean", cell: ({ figures }) => orNone(figures.mean, text) },
      { title: "samples", cell: ({ figures }) => formatCount(figures.n) },
    ],
    rows,
  );
}

interface LatencyRow {
  readonly group: string;
  readonly name: string;
  readonly figures: LatencyFigures;
}

function latencyRows({ all, classes }: RunReport["latency"]): LatencyRow[] {
  const names = Object.keys(classes);
  const groups: [string, LatencyReport][] = [["all", all]];
  if (names.length > 1) for (const name of names) groups.push([name, classes[name]]);
  return groups.flatMap(([group, stats]) =>
    latencyNames.map(([key, name]) => ({ group, name, figures: stats[key] })),
  );
}

function latencyUnit(figures: readonly LatencyFigures[]): { name: string; ms: number } {
  const longest = Math.max(...figures.map(({ p99 }) => p99 ?? 0));
  return longest > longestInMs ? { name: "s", ms: 1000 } : { name: "ms", ms: 1 };
}

function percentileCell(
  { n }: LatencyFigures,
  value: number | null,
  p: number,
  text: (ms: number) => string,
): string {
  if (value === null) return noValue;
  return enoughSamples(n, p) ? text(value) : `(${text(value)})`;
}

/** Whether the latency table shows a percentile that fewer than ten samples lie beyond. */
export function hasShakyPercentile({ latency }: RunReport): boolean {
  return latencyRows(latency).some(({ figures: { n } }) => n > 0 && !enoughSamples(n, 0.99));
}

/** Targets of the classes against what was measured; in parentheses where too few samples lie beyond the percentile. */
export function targetTable({ targets, latency }: RunReport): Table {
  const metrics = { ttft: "TTFT", tpot: "TPOT", e2e: "end to end" };
  return tableOf(
    [
      { title: "class", isText: true, cell: (row) => row.class },
      {
        title: "target",
        isText: true,
        cell: ({ metric, percentile }) =>
          metric === "deadline"
            ? "deadline"
            : `${metrics[metric]} p${formatGiven(percentile * 100)}`,
      },
      { title: "wanted (ms)", cell: (row) => orNone(row.targetMs, formatGiven) },
      {
        title: "measured (ms)",
        cell: (row) => {
          const figure = orNone(row.actualMs, formatNumber);
          return fewTargetSamplesNote({ latency }, row) === undefined ? figure : `(${figure})`;
        },
      },
      { title: "met", isText: true, cell: (row) => metText(row.isMet) },
    ],
    targets,
  );
}

function metText(isMet: boolean | null): string {
  if (isMet === null) return noValue;
  return isMet ? "yes" : "NO";
}

/** Pools: utilization three ways, memory, what they served. */
export function poolTable({ pools }: RunReport): Table {
  const percent = (value: number | null): string => orNone(value, formatPercentNumber);
  return tableOf(
    [
      { title: "pool", isText: true, cell: (pool) => pool.name },
      { title: "runs", isText: true, cell: ({ model, gpu }) => `${model} on ${gpu}` },
      { title: "replicas", cell: (pool) => formatCount(pool.replicas) },
      { title: "busy (%)", cell: (pool) => percent(pool.busyFraction) },
      { title: "compute (%)", cell: (pool) => percent(pool.computeFraction) },
      { title: "bandwidth (%)", cell: (pool) => percent(pool.bandwidthFraction) },
      { title: "KV mean (%)", cell: (pool) => percent(pool.kvUsageMean) },
      { title: "max (%)", cell: (pool) => percent(pool.kvUsageMax) },
      { title: "preempted", cell: (pool) => formatCount(pool.preemptions) },
      { title: "prefix hits (%)", cell: (pool) => percent(pool.prefixHitTokenFraction) },
    ],
    pools,
  );
}

/** Capacity over time of the pools whose replicas come, go and fail; without rows where there are none. */
export function capacityTable({ pools }: RunReport): Table {
  const rows = pools.flatMap(({ name, capacity }) =>
    capacity === undefined ? [] : [{ name, ...capacity }],
  );
  return tableOf(
    [
      { title: "pool", isText: true, cell: (row) => row.name },
      { title: "replicas, mean", cell: (row) => formatNumber(row.provisionedMean) },
      { title: "peak", cell: (row) => formatCount(row.provisionedPeak) },
      { title: "replica-hours", cell: (row) => formatNumber(row.provisionedReplicaHours) },
      { title: "up, mean", cell: (row) => formatNumber(row.upMean) },
      { title: "below wanted (%)", cell: (row) => formatPercentNumber(row.belowWantedShare) },
      { title: "scaled up", cell: (row) => formatCount(row.scaleUps) },
      { title: "down", cell: (row) => formatCount(row.scaleDowns) },
      { title: "cold starts", cell: (row) => formatCount(row.coldStarts) },
      { title: "failures", cell: (row) => formatCount(row.failures) },
      {
        title: "requests hit",
        cell: (row) => formatCount(row.hitRunning + row.hitWaiting),
      },
      { title: "output tokens lost", cell: (row) => formatCount(row.lostOutputTokens) },
    ],
    rows,
  );
}

/** What changes of MIG layouts took; without rows where no layout changes. */
export function partitionTable({ partitions = [] }: RunReport): Table {
  return tableOf(
    [
      { title: "partition", isText: true, cell: (row) => row.name },
      {
        title: "hours by layout",
        isText: true,
        cell: ({ layouts }) =>
          layouts.map((each) => `${each.layout}: ${formatNumber(each.stoodH)}`).join("; "),
      },
      { title: "changes", cell: (row) => formatCount(row.changes) },
      { title: "drain (s)", cell: (row) => formatNumber(row.drainS) },
      { title: "no instance (s)", cell: (row) => formatNumber(row.noInstanceS) },
      { title: "longest out (s)", cell: (row) => formatNumber(row.longestOutS) },
      { title: "out of service (%)", cell: (row) => formatPercentNumber(row.outOfServiceShare) },
      { title: "GPU-hours of it", cell: (row) => formatNumber(row.outGpuHours) },
    ],
    partitions,
  );
}

/** Where requests went: pools and providers, with the tokens they served. */
export function destinationTable(report: RunReport): Table {
  const { pools, providers, requests } = report;
  const rows = [
    ...pools.map((pool) => ({ ...pool, cachedTokens: null })),
    ...providers.map((provider) => ({ ...provider, promptTokens: provider.inputTokens })),
  ];
  const all = Object.values(requests.byDestination).reduce((sum, count) => sum + count, 0);
  const count = (name: string): number => requests.byDestination[name] ?? 0;
  return tableOf(
    [
      { title: "served by", isText: true, cell: (row) => row.name },
      { title: "requests", cell: (row) => formatCount(count(row.name)) },
      {
        title: "share (%)",
        cell: (row) => formatPercentNumber(all > 0 ? count(row.name) / all : 0),
      },
      { title: "prompt tokens", cell: (row) => formatTokens(row.promptTokens) },
      { title: "billed as cached", cell: (row) => orNone(row.cachedTokens, formatTokens) },
      { title: "output tokens", cell: (row) => formatTokens(row.outputTokens) },
    ],
    rows,
  );
}

/** Providers' refusals and errors. */
export function providerTable({ providers }: RunReport): Table {
  const hasContext = providers.some(({ tooLong }) => tooLong !== undefined);
  return tableOf<RunReport["providers"][number]>(
    [
      { title: "provider", isText: true, cell: (row) => row.name },
      { title: "attempts", cell: (row) => formatCount(row.attempts) },
      { title: "answered 429", cell: (row) => formatCount(row.limited429) },
      { title: "errors", cell: (row) => formatCount(row.errors) },
      ...(hasContext
        ? [
            {
              title: "too long",
              cell: (row: RunReport["providers"][number]) =>
                orNone(row.tooLong ?? null, formatCount),
            },
          ]
        : []),
    ],
    providers,
  );
}

/** The bill, to the cent, with its total. */
export function costTable({ cost }: RunReport): Table {
  const money = (title: string, at: "horizonUsd" | "monthUsd") => ({
    title,
    cell: (line: RunReport["cost"]["lines"][number]) => formatUsdCents(line[at]),
  });
  const table = tableOf(
    [
      { title: "for", isText: true, cell: (line) => line.subject },
      { title: "line", isText: true, cell: (line) => line.label },
      { title: "quantity", cell: (line) => formatNumber(line.quantity) },
      { title: "unit", isText: true, cell: (line) => line.unit },
      { title: "price (USD)", cell: (line) => formatGiven(line.priceUsd, 2) },
      money("horizon (USD)", "horizonUsd"),
      money("month (USD)", "monthUsd"),
    ],
    cost.lines,
  );
  const sums = [cost.horizonUsd, cost.monthUsd].map(formatUsdCents);
  const idle = [cost.idleUsd, cost.idleMonthUsd].map(formatUsdCents);
  return {
    columns: table.columns,
    rows: [
      ...table.rows,
      ["total", "", "", "", "", ...sums],
      ["of it idle", "", "", "", "", ...idle],
    ],
  };
}

const figureNames: Readonly<Record<string, string>> = {
  "ttftMs.mean": "TTFT mean (ms)",
  "ttftMs.p50": "TTFT p50 (ms)",
  "ttftMs.p95": "TTFT p95 (ms)",
  "ttftMs.p99": "TTFT p99 (ms)",
  "tpotMs.mean": "TPOT mean (ms)",
  "tpotMs.p95": "TPOT p95 (ms)",
  "e2eMs.mean": "end to end mean (ms)",
  "e2eMs.p95": "end to end p95 (ms)",
  "queueMs.mean": "queue mean (ms)",
  sloAttainment: "within all targets (share)",
  goodputRps: "goodput (requests/s)",
  spilledShare: "spilled over (share)",
  monthUsd: "month (USD)",
  usdPerMTokReservation: "per M tokens (USD)",
  usdPerMTokUsage: "per M tokens without idle hours (USD)",
};

/** A replicated figure in words, with its unit. */
function figureName(name: string): string {
  const [kind, pool] = name.split(/\.(.*)/s);
  return kind === "busyFraction" ? `${pool} busy (share)` : (figureNames[name] ?? name);
}

/** Figures over replications with their 95 % intervals. */
export function replicationTable(replications: NonNullable<RunReport["replications"]>): Table {
  return tableOf(
    [
      { title: "figure", isText: true, cell: ([name]) => figureName(name) },
      { title: "mean", cell: ([, { mean }]) => formatNumber(mean) },
      { title: "+- (95 %)", cell: ([, each]) => orNone(each.halfWidth95, formatNumber) },
      {
        title: "of mean",
        cell: ([, { mean, halfWidth95 }]) =>
          halfWidth95 === null || mean === 0
            ? noValue
            : formatPercent(halfWidth95 / Math.abs(mean)),
      },
      { title: "runs", cell: ([, { n }]) => formatCount(n) },
    ],
    Object.entries(replications.figures),
  );
}
