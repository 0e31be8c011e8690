/** One value of one metric, whatever file it came from. */

/** Labels as they stand, by name. */
export type Labels = Readonly<Record<string, string>>;

/** A value; NaN where the exporter says so. */
export interface MetricPoint {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
  /** Unix seconds; undefined in a scrape without times. */
  readonly timeS: number | undefined;
}

/** A number as Prometheus writes it, "NaN", "+Inf" and "-Inf" included; undefined for anything else. */
export function prometheusNumber(text: string): number | undefined {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
