/** Latencies, targets and attainment of a run taken apart. */
import type { RunReport } from "../planning/runReport.ts";
import type { LatencyFigures, LatencyReport } from "../serving/metrics/requestOutcomes.ts";
import { enoughSamples } from "../stats/quantiles.ts";
import { type Explanation, figurePath } from "./explanation.ts";

/** Latencies by name. */
export const metricTexts = {
  ttftMs: { title: "Time to first token", formula: "first output token - arrival" },
  tpotMs: {
    title: "Time per output token",
    formula: "(last output token - first output token) / (output tokens - 1)",
  },
  e2eMs: { title: "End-to-end latency", formula: "last output token - arrival" },
  queueMs: { title: "Queue time", formula: "admission - arrival" },
} as const;

/** Statistics of a latency. */
export const statistics = { mean: "mean", p50: "p50", p90: "p90", p95: "p95", p99: "p99" } as const;

/** One statistic of a latency. */
export function explainLatency(
  report: RunReport,
  path: readonly string[],
): Explanation | undefined {
  const [whose, ...rest] = path;
  const id = whose === "all" ? undefined : rest.shift();
  const [metric, statistic] = rest;
  const found = latencyOf(report, whose, id);
  const isKnown =
    Object.hasOwn(metricTexts, metric ?? "") && Object.hasOwn(statistics, statistic ?? "");
  if (found === undefined || !isKnown) return undefined;
  const figures: LatencyFigures = found[metric as keyof LatencyReport];
  const { title, formula } = metricTexts[metric as keyof typeof metricTexts];
  const of = id === undefined ? "all requests" : id;
  return {
    figure: figurePath("latency", ...path),
    title: `${title}, ${statistic} of ${of}`,
    formula: `${statistic} over the answered requests of: ${formula}`,
    value: figures[statistic as keyof typeof statistics],
    unit: "ms",
    terms: [{ label: "samples", value: figures.n, unit: "requests" }],
    notes: [...sampleNotes(figures, statistic), ...warmupNote(report)],
  };
}

function latencyOf({ latency }: RunReport, whose: string, id: string | undefined) {
  if (whose === "all") return latency.all;
  if (id === undefined) return undefined;
  return whose === "class"
    ? latency.classes[id]
    : whose === "destination"
      ? latency.destinations[id]
      : undefined;
}

function sampleNotes({ n, meanHalfWidth95 }: LatencyFigures, statistic: string): string[] {
  if (statistic === "mean") {
    return meanHalfWidth95 === null
      ? ["Too few samples for an interval of the mean."]
      : [
          `The mean is known to +-${meanHalfWidth95.toPrecision(3)} ms (95 % interval from batch means).`,
        ];
  }
  const p = Number(statistic.slice(1)) / 100;
  if (enoughSamples(n, p)) return [`${n} samples: enough for this percentile.`];
  return [
    `${n} samples leave fewer than 10 beyond ${statistic}: the figure is near the largest value and says little.`,
  ];
}

/** What was left out as warm-up; none where nothing was. */
export function warmupNote({ warmupS }: RunReport): string[] {
  return warmupS > 0 ? [`The first ${warmupS} s are left out as warm-up.`] : [];
}

/** A target against what the run gave. */
export function explainTarget(
  report: RunReport,
  [id, metric]: readonly string[],
): Explanation | undefined {
  const row = report.targets.find((each) => each.class === id && each.metric === metric);
  if (row === undefined) return undefined;
  const name = metric === "e2e" ? "end-to-end latency" : metric.toUpperCase();
  const isDeadline = metric === "deadline";
  return {
    figure: figurePath("target", id, metric),
    title: isDeadline ? `Deadline of ${id}` : `${name} of ${id} against its target`,
    formula: isDeadline
      ? "every request of the class has ended by its deadline"
      : `p${row.percentile * 100} of the answered requests of the class is at most the target`,
    value: row.actualMs,
    unit: "ms",
    terms: [
      ...(row.targetMs === null ? [] : [{ label: "target", value: row.targetMs, unit: "ms" }]),
      { label: "percentile", value: row.percentile, unit: "share" },
    ],
    notes: [
      row.isMet === null
        ? "Nothing was answered that could be measured."
        : row.isMet
          ? "Met."
          : "Missed.",
      ...warmupNote(report),
    ],
  };
}

/** The share of requests that kept their targets. */
export function explainSlo(report: RunReport, [id]: readonly string[]): Explanation | undefined {
  const { sloAttainment } = report;
  const value = id === "all" ? sloAttainment.all : sloAttainment.classes[id];
  if (value === undefined) return undefined;
  const rows = report.targets.filter((row) => id === "all" || row.class === id);
  return {
    figure: figurePath("slo", id),
    title:
      id === "all"
        ? "Requests that kept all their targets"
        : `Requests of ${id} that kept all their targets`,
    formula: "ended requests that met every target of their class / ended requests",
    value,
    unit: "share",
    terms: rows.map((row) => ({
      label: `${row.class}, ${row.metric}`,
      value: row.targetMs,
      unit: "ms",
      figure: figurePath("target", row.class, row.metric),
    })),
    notes: [
      "Rejected and aborted requests miss, and so do those under way at the end that have missed one already.",
      ...warmupNote(report),
    ],
  };
}
