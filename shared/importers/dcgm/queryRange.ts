/** Prometheus' answer to query_range (or query): series of values over time, as JSON. */
import type { GpuSampleReject } from "../../schema/gpuSamples.ts";
import { type JsonValue, readJson } from "../../schema/jsonText.ts";
import { InputError } from "../../units/errors.ts";
import { type Labels, type MetricPoint, prometheusNumber } from "./metricPoint.ts";

type JsonObject = { readonly [key: string]: JsonValue };

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Points of the metrics that are wanted. Throws InputError for a text that is no such answer; a series or value that cannot be read is rejected. */
export function readQueryRange(
  text: string,
  fileName: string,
  isWanted: (name: string) => boolean,
): { readonly points: MetricPoint[]; readonly rejects: GpuSampleReject[] } {
  const document = readJson(text.replace(/^\ufeff/, ""), fileName);
  const data = isObject(document) ? document.data : undefined;
  const result = isObject(data) ? data.result : undefined;
  if (!isObject(document) || document.status !== "success" || !Array.isArray(result)) {
    throw new InputError(
      `${fileName} is no answer of Prometheus. Wanted {"status": "success", "data": {"resultType": "matrix", "result": [...]}}, as /api/v1/query_range gives it.`,
      { field: "data.result" },
    );
  }
  const points: MetricPoint[] = [];
  const rejects: GpuSampleReject[] = [];
  result.forEach((series, index) => {
    const place = `series ${index + 1}`;
    const reject = (reason: string): void => {
      rejects.push({ place, reason });
    };
    readSeries(series, isWanted, points, reject);
  });
  return { points, rejects };
}

function readSeries(
  series: JsonValue,
  isWanted: (name: string) => boolean,
  points: MetricPoint[],
  reject: (reason: string) => void,
): void {
  const metric = isObject(series) ? series.metric : undefined;
  if (!isObject(series) || !isObject(metric)) {
    reject("no metric with its labels");
    return;
  }
  const labels: Record<string, string> = {};
  for (const [key, value] of Object.entries(metric)) {
    if (typeof value === "string") labels[key] = value;
  }
  const name = labels.__name__ ?? "";
  if (name === "") reject("no __name__: keep the metric's name in the query");
  else if (isWanted(name)) readValues(series, name, labels, points, reject);
}

function readValues(
  series: JsonObject,
  name: string,
  labels: Labels,
  points: MetricPoint[],
  reject: (reason: string) => void,
): void {
  const values = series.values ?? (series.value === undefined ? undefined : [series.value]);
  if (!Array.isArray(values)) {
    reject(`${name} has no values`);
    return;
  }
  for (const pair of values) {
    const [timeS, valueText] = Array.isArray(pair) ? pair : [];
    const value = typeof valueText === "string" ? prometheusNumber(valueText) : undefined;
    if (typeof timeS === "number" && value !== undefined) {
      points.push({ name, labels, value, timeS });
    } else reject(`${name} has the value ${JSON.stringify(pair).slice(0, 60)}`);
  }
}
