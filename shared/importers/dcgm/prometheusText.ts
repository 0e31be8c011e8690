/** The Prometheus text format, as an exporter answers a scrape: NAME{label="value",...} VALUE [milliseconds]. */
import type { GpuSampleReject } from "../../schema/gpuSamples.ts";
import { type MetricPoint, prometheusNumber } from "./metricPoint.ts";

const namePattern = /[A-Za-z_:][A-Za-z0-9_:]*/y;
const labelPattern = /\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,?)/y;

/** Points of the metrics that are wanted; comments and other metrics are passed over, lines that cannot be read are rejected with their number. */
export function readPrometheusText(
  text: string,
  isWanted: (name: string) => boolean,
): { readonly points: MetricPoint[]; readonly rejects: GpuSampleReject[] } {
  const points: MetricPoint[] = [];
  const rejects: GpuSampleReject[] = [];
  text.split("\n").forEach((raw, index) => {
    const line = (index === 0 ? raw.replace(/^\ufeff/, "") : raw).trim();
    if (line === "" || line.startsWith("#")) return;
    const point = readLine(line, isWanted);
    if (typeof point === "string") rejects.push({ place: `line ${index + 1}`, reason: point });
    else if (point !== undefined) points.push(point);
  });
  return { points, rejects };
}

/** The point of a line, undefined for another metric, or what is wrong with it. */
function readLine(
  line: string,
  isWanted: (name: string) => boolean,
): MetricPoint | string | undefined {
  namePattern.lastIndex = 0;
  const name = namePattern.exec(line)?.[0];
  if (name === undefined) return "no metric name at its beginning";
  if (!isWanted(name)) return undefined;
  const labels: Record<string, string> = {};
  let at = name.length;
  if (line[at] === "{") {
    at = readLabels(line, at + 1, labels);
    if (at < 0) return 'labels that do not end, or are not NAME="VALUE"';
  }
  const [valueText = "", timeText, ...rest] = line.slice(at).trim().split(/\s+/);
  const value = prometheusNumber(valueText);
  if (value === undefined || rest.length > 0) return `a value of "${line.slice(at).trim()}"`;
  const timeMs = timeText === undefined ? undefined : prometheusNumber(timeText);
  if (timeText !== undefined && !Number.isFinite(timeMs ?? Number.NaN)) {
    return `a time of "${timeText}"`;
  }
  return { name, labels, value, timeS: timeMs === undefined ? undefined : timeMs / 1000 };
}

/** Reads labels up to the closing brace; the position behind it, or -1. */
function readLabels(line: string, from: number, labels: Record<string, string>): number {
  let at = from;
  while (line[at] !== "}") {
    labelPattern.lastIndex = at;
    const found = labelPattern.exec(line);
    if (found === null) return -1;
    labels[found[1]] = found[2].replace(/\\(.)/g, (_, each) => (each === "n" ? "\n" : each));
    at = labelPattern.lastIndex;
    while (line[at] === " ") at++;
    if (found[3] === "" && line[at] !== "}") return -1;
  }
  return at + 1;
}
