/** Words about percentiles that stand on too few samples. */
import type { RunReport, TargetReport } from "../planning/runReport.ts";
import { enoughSamples } from "../stats/quantiles.ts";
import { formatCount, formatGiven, formatNumber } from "./formatters.ts";

/** Why percentile p (0..1) of n samples is not to be trusted: fewer than ten lie beyond it. Undefined where it is. */
export function fewSamplesNote(n: number, p: number): string | undefined {
  if (enoughSamples(n, p)) return undefined;
  const beyond = formatNumber(n * (1 - p));
  return `p${formatGiven(p * 100)} of ${formatCount(n)} requests: ${beyond} lie beyond it, wanted 10. Lengthen the horizon to see it.`;
}

const targetMetrics = { ttft: "ttftMs", tpot: "tpotMs", e2e: "e2eMs" } as const;

/** The same for the percentile that a target is held against. Undefined for deadlines, which count every request, and without samples. */
export function fewTargetSamplesNote(
  { latency }: Pick<RunReport, "latency">,
  { class: id, metric, percentile }: TargetReport,
): string | undefined {
  if (metric === "deadline") return undefined;
  const n = latency.classes[id]?.[targetMetrics[metric]].n ?? 0;
  return n === 0 ? undefined : fewSamplesNote(n, percentile);
}
