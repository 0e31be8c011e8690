/** Errors of predictions, summed up by group: how many rows, median and 90th percentile. */

/** Groups with fewer rows say nothing. */
export const leastRowsOfGroup = 5;

/** One compared figure. */
export interface ErrorSample {
  /** Names of the group, outermost first. */
  readonly group: readonly string[];
  /** (predicted - measured) / measured, percent. */
  readonly errorPct: number;
}

/** Errors of one group, percent. */
export interface ErrorSummary {
  readonly group: readonly string[];
  readonly rows: number;
  readonly medianPct: number;
  readonly p90Pct: number;
  /** Median of the signed errors: above 0 where predictions are too high. */
  readonly biasPct: number;
}

/** Relative error in percent, undefined without a measured value above 0. */
export function errorPct(
  predicted: number | null | undefined,
  measured: number | undefined,
): number | undefined {
  if (predicted === null || predicted === undefined) return undefined;
  if (measured === undefined || measured <= 0) return undefined;
  return (100 * (predicted - measured)) / measured;
}

/** Median as the mean of the two middle values, p90 by linear interpolation between order statistics (the usual definition of numeric packages); groups of at least `leastRows` in order of their names, and every group of all rows, of a kind or altogether. */
export function summarizeErrors(
  samples: Iterable<ErrorSample>,
  leastRows = leastRowsOfGroup,
): ErrorSummary[] {
  const groups = new Map<string, ErrorSample[]>();
  for (const sample of samples) {
    const key = sample.group.join("\u0000");
    const list = groups.get(key);
    if (list) list.push(sample);
    else groups.set(key, [sample]);
  }
  return [...groups]
    .filter(([, list]) => list.length >= leastRows || isWhole(list[0].group))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, list]) => summarize(list));
}

function isWhole(group: readonly string[]): boolean {
  return group.filter((each) => each !== "all").length <= 1 && group.includes("all");
}

function summarize(samples: readonly ErrorSample[]): ErrorSummary {
  const signed = Float64Array.from(samples, (each) => each.errorPct).sort();
  const absolute = signed.map(Math.abs).sort();
  return {
    group: samples[0].group,
    rows: samples.length,
    medianPct: interpolated(absolute, 0.5),
    p90Pct: interpolated(absolute, 0.9),
    biasPct: interpolated(signed, 0.5),
  };
}

/** Quantile of sorted values at (n - 1) p, linear between neighbours. */
function interpolated(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * p;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}
