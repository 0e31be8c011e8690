/** AIPerf's profile_export.jsonl: a line for each request; all of a file make one point. */
import { exactQuantiles } from "../../stats/quantiles.ts";
import { mean as meanOf } from "../../stats/summary.ts";
import { InputError } from "../../units/errors.ts";
import { nsPerMs, nsPerS } from "../../units/units.ts";
import type { RawPoint } from "./buildPoint.ts";
import type { MeasuredLatency } from "./measuredPoint.ts";
import { msFactor } from "./nvidiaPerf.ts";
import type { ResultFields } from "./resultFields.ts";

/** What is kept of one request. */
export interface RequestRecord {
  readonly startNs: number;
  readonly endNs: number;
  readonly promptTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly ttftMs: number | undefined;
  readonly tpotMs: number | undefined;
}

/** One line; undefined for a request of the warm-up. Throws InputError for a request that failed or lacks its times. */
export function readRequestRecord(line: ResultFields): RequestRecord | undefined {
  if (line.text("metadata.benchmark_phase") === "warmup") return undefined;
  const error = line.at("error");
  if (error !== undefined) {
    throw new InputError(
      `error: the request failed (${JSON.stringify(error).slice(0, 80)}); it is left out.`,
      { field: "error" },
    );
  }
  if (line.at("metadata.was_cancelled") === true) {
    throw new InputError("metadata.was_cancelled: the request was cancelled; it is left out.", {
      field: "metadata.was_cancelled",
    });
  }
  return {
    startNs: needed(line, "metadata.request_start_ns"),
    endNs: needed(line, "metadata.request_end_ns"),
    promptTokens: line.number("metrics.input_sequence_length.value"),
    outputTokens: line.number("metrics.output_sequence_length.value"),
    ttftMs: time(line, "time_to_first_token"),
    tpotMs: time(line, "inter_token_latency"),
  };
}

function needed(line: ResultFields, path: string): number {
  const value = line.number(path);
  if (value !== undefined) return value;
  throw new InputError(`${path}: found nothing, wanted nanoseconds. The request is left out.`, {
    field: path,
  });
}

function time(line: ResultFields, name: string): number | undefined {
  const metric = `metrics.${name}`;
  const value = line.number(`${metric}.value`);
  return value === undefined ? undefined : value * msFactor(metric, line.text(`${metric}.unit`));
}

/** The point of all requests of a file; `records` has at least one. */
export function summarizeRecords(records: readonly RequestRecord[]): RawPoint {
  let startNs = Infinity;
  let endNs = 0;
  for (const record of records) {
    startNs = Math.min(startNs, record.startNs);
    endNs = Math.max(endNs, record.endNs);
  }
  const durationS = (endNs - startNs) / nsPerS;
  const outputTokens = mean(records, ({ outputTokens: tokens }) => tokens);
  const requestsPerS = durationS > 0 ? records.length / durationS : undefined;
  return {
    tool: "aiperf",
    promptTokens: mean(records, ({ promptTokens }) => promptTokens),
    outputTokens,
    requests: records.length,
    ttftMs: latency(records, ({ ttftMs }) => ttftMs),
    tpotMs: latency(records, ({ tpotMs }) => tpotMs),
    e2eMs: mean(records, (each) => (each.endNs - each.startNs) / nsPerMs),
    requestsPerS,
    fields: {
      promptTokens: "metrics.input_sequence_length",
      outputTokens: "metrics.output_sequence_length",
      tpotMs: "metrics.inter_token_latency",
    },
  };
}

type Reader = (record: RequestRecord) => number | undefined;

function valuesOf(records: readonly RequestRecord[], read: Reader): number[] {
  return records.map(read).filter((value) => value !== undefined);
}

function mean(records: readonly RequestRecord[], read: Reader): number | undefined {
  return meanOf(valuesOf(records, read));
}

function latency(records: readonly RequestRecord[], read: Reader): MeasuredLatency | undefined {
  const average = mean(records, read);
  if (average === undefined) return undefined;
  const [p50, p99] = exactQuantiles(Float64Array.from(valuesOf(records, read)), [0.5, 0.99]);
  return { mean: average, p50, p99 };
}
