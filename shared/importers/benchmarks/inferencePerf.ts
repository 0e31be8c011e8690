/** inference-perf's summary_ and stage_N_lifecycle_metrics.json: times in seconds. */
import type { RawPoint } from "./buildPoint.ts";
import type { MeasuredLatency } from "./measuredPoint.ts";
import type { ResultFields } from "./resultFields.ts";

/** The point of a report. TPOT is its time_per_output_token, (last - first token) / (n - 1) of each request, and where that is absent the mean gap. Throws InputError. */
export function readInferencePerf(report: ResultFields): RawPoint {
  const perRequest = latency(report, "time_per_output_token");
  const e2e = latency(report, "request_latency");
  return {
    tool: "inference-perf",
    promptTokens: report.number("successes.prompt_len.mean"),
    outputTokens: report.number("successes.output_len.mean"),
    concurrency: report.number("load_summary.concurrency"),
    rateRps: report.firstNumber(["load_summary.requested_rate", "load_summary.achieved_rate"]),
    requests: report.number("successes.count"),
    ttftMs: latency(report, "time_to_first_token"),
    tpotMs: perRequest ?? latency(report, "inter_token_latency"),
    e2eMs: e2e?.mean,
    outputTokensPerS: report.number("successes.throughput.output_tokens_per_sec"),
    requestsPerS: report.number("successes.throughput.requests_per_sec"),
    fields: {
      promptTokens: "successes.prompt_len.mean",
      outputTokens: "successes.output_len.mean",
      tpotMs: "successes.latency.inter_token_latency.mean",
    },
  };
}

function latency(report: ResultFields, name: string): MeasuredLatency | undefined {
  const path = `successes.latency.${name}`;
  const inMs = (key: string) => {
    const valueS = report.number(`${path}.${key}`);
    return valueS === undefined ? undefined : valueS * 1000;
  };
  const mean = inMs("mean");
  if (mean === undefined) return undefined;
  return { mean, p50: inMs("p50") ?? inMs("median"), p99: inMs("p99") };
}
