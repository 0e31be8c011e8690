/** Summaries of AIPerf (profile_export_aiperf.json) and its forerunner genai-perf: the same metric names, each {unit, avg, p50 ...}. */
import { InputError } from "../../units/errors.ts";
import type { RawPoint } from "./buildPoint.ts";
import type { MeasuredLatency } from "./measuredPoint.ts";
import type { ResultFields } from "./resultFields.ts";

/** Milliseconds in the units of time that the tools write. */
const msPerUnit: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  sec: 1000,
  seconds: 1000,
};

/** Milliseconds in a metric's unit; a metric without one is in milliseconds. Throws InputError for a unit that is none of time. */
export function msFactor(metric: string, unit: string | undefined): number {
  if (unit === undefined) return 1;
  if (Object.hasOwn(msPerUnit, unit)) return msPerUnit[unit];
  throw new InputError(
    `${metric}.unit: found "${unit.slice(0, 40)}", wanted a unit of time: ${Object.keys(msPerUnit).join(", ")}.`,
    { field: `${metric}.unit` },
  );
}

const concurrencyPaths = [
  "input_config.loadgen.concurrency",
  "input_config.concurrency",
  "input_config.perf_analyzer.stimulus.concurrency",
];
const ratePaths = [
  "input_config.loadgen.request_rate",
  "input_config.request_rate",
  "input_config.perf_analyzer.stimulus.request_rate",
];

/** The point of a summary. TPOT is the tools' inter-token latency, (request latency - TTFT) / (n - 1). Throws InputError. */
export function readNvidiaPerf(summary: ResultFields, tool: "aiperf" | "genai-perf"): RawPoint {
  const model =
    summary.firstText("input_config.endpoint.model_names") ??
    summary.firstText("input_config.model_names");
  return {
    tool,
    model,
    promptTokens: summary.number("input_sequence_length.avg"),
    outputTokens: summary.number("output_sequence_length.avg"),
    concurrency: summary.firstNumber(concurrencyPaths),
    rateRps: summary.firstNumber(ratePaths),
    requests: summary.number("request_count.avg"),
    ttftMs: latency(summary, "time_to_first_token"),
    tpotMs: latency(summary, "inter_token_latency"),
    e2eMs: latency(summary, "request_latency")?.mean,
    outputTokensPerS: summary.number("output_token_throughput.avg"),
    requestsPerS: summary.number("request_throughput.avg"),
    fields: {
      promptTokens: "input_sequence_length.avg",
      outputTokens: "output_sequence_length.avg",
      tpotMs: "inter_token_latency.avg",
    },
  };
}

function latency(summary: ResultFields, metric: string): MeasuredLatency | undefined {
  const mean = summary.number(`${metric}.avg`);
  if (mean === undefined) return undefined;
  const factor = msFactor(metric, summary.text(`${metric}.unit`));
  const scaled = (value: number | undefined) => (value === undefined ? value : value * factor);
  return {
    mean: mean * factor,
    p50: scaled(summary.number(`${metric}.p50`)),
    p99: scaled(summary.number(`${metric}.p99`)),
  };
}
