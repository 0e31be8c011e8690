/** `vllm bench serve --save-result` and sglang.bench_serving: flat documents that share their names. */
import { InputError } from "../../units/errors.ts";
import type { RawPoint } from "./buildPoint.ts";
import type { MeasuredLatency } from "./measuredPoint.ts";
import { type ResultFields, wrong } from "./resultFields.ts";

/** The point of a document. TPOT is its tpot, which leaves the first token out. Throws InputError. */
export function readBenchServe(
  result: ResultFields,
  tool: "vllm bench serve" | "sglang.bench_serving",
): RawPoint {
  const requests = result.number("completed");
  if (requests === 0) {
    throw new InputError("completed: found 0, wanted answered requests. Run the benchmark again.", {
      field: "completed",
    });
  }
  const each = (path: string) => {
    const total = result.number(path);
    return total === undefined || requests === undefined ? undefined : total / requests;
  };
  const rateRps = readRate(result);
  const limit = result.number("max_concurrency");
  return {
    tool,
    model: result.text("model_id") ?? result.text("model"),
    promptTokens: each("total_input_tokens"),
    outputTokens: each("total_output_tokens"),
    ...(limit === undefined && rateRps === undefined ? allAtOnce(result, requests) : {}),
    ...(limit === undefined ? {} : { concurrency: limit }),
    rateRps,
    requests,
    ttftMs: latency(result, "ttft"),
    tpotMs: latency(result, "tpot"),
    e2eMs: result.firstNumber(["mean_e2el_ms", "mean_e2e_latency_ms"]),
    outputTokensPerS: result.number("output_throughput"),
    requestsPerS: result.number("request_throughput"),
    fields: {
      promptTokens: "total_input_tokens",
      outputTokens: "total_output_tokens",
      tpotMs: "mean_tpot_ms",
    },
  };
}

function latency(result: ResultFields, name: string): MeasuredLatency | undefined {
  const mean = result.number(`mean_${name}_ms`);
  if (mean === undefined) return undefined;
  return {
    mean,
    p50: result.number(`median_${name}_ms`),
    p99: result.number(`p99_${name}_ms`),
  };
}

/** Requests per second; undefined for "inf" (also as Python writes it, read as null): all that the limit allows at once. */
function readRate(result: ResultFields): number | undefined {
  const rate = result.at("request_rate");
  if (rate === undefined || rate === "inf") return undefined;
  if (typeof rate === "number" && rate > 0) return rate;
  throw wrong("request_rate", rate, 'requests per second above 0, or "inf"');
}

/** Without a rate and a limit every prompt is sent at t = 0; a file that has no request_rate at all does not say. */
function allAtOnce(result: ResultFields, requests: number | undefined) {
  if (!Object.hasOwn(result.root, "request_rate")) return {};
  const notes = ["no rate and no limit: all requests were sent at once, taken as one client each"];
  return { concurrency: result.number("num_prompts") ?? requests, notes };
}
