/** guidellm's benchmarks.json (schema 1 with `args`, 2 with `config`): one point for each benchmark. */
import type { RawPoint } from "./buildPoint.ts";
import type { MeasuredLatency } from "./measuredPoint.ts";
import type { ResultFields } from "./resultFields.ts";

const fields = {
  promptTokens: "metrics.prompt_token_count.successful.mean",
  outputTokens: "metrics.output_token_count.successful.mean",
  tpotMs: "metrics.inter_token_latency_ms.successful.mean",
};

/** One entry of `benchmarks`. TPOT is guidellm's inter-token latency: its time_per_output_token counts the first token. `whole` is the file. Throws InputError. */
export function readGuideLlm(benchmark: ResultFields, whole: ResultFields): RawPoint {
  const mean = (name: string) => benchmark.number(`metrics.${name}.successful.mean`);
  const e2eS = mean("request_latency");
  return {
    tool: "guidellm",
    model: modelName(benchmark, whole),
    promptTokens: mean("prompt_token_count"),
    outputTokens: mean("output_token_count"),
    ...readStrategy(benchmark, mean("request_concurrency")),
    requests: benchmark.firstNumber([
      "metrics.request_totals.successful",
      "metrics.requests_per_second.successful.count",
    ]),
    ttftMs: latency(benchmark, "time_to_first_token_ms"),
    tpotMs: latency(benchmark, "inter_token_latency_ms"),
    e2eMs: e2eS === undefined ? undefined : e2eS * 1000,
    outputTokensPerS: mean("output_tokens_per_second"),
    requestsPerS: mean("requests_per_second"),
    fields,
  };
}

function latency(benchmark: ResultFields, name: string): MeasuredLatency | undefined {
  const path = `metrics.${name}.successful`;
  const mean = benchmark.number(`${path}.mean`);
  if (mean === undefined) return undefined;
  return {
    mean,
    p50: benchmark.firstNumber([`${path}.percentiles.p50`, `${path}.median`]),
    p99: benchmark.number(`${path}.percentiles.p99`),
  };
}

function modelName(benchmark: ResultFields, whole: ResultFields): string | undefined {
  const own = benchmark.text("config.backend.model") ?? whole.text("config.model");
  return own ?? whole.text("args.model") ?? whole.text("args.backend_kwargs.model");
}

/** The load of a strategy: synchronous, concurrent (streams), throughput (all it is allowed), constant, poisson or async (rate). */
function readStrategy(benchmark: ResultFields, meanInFlight: number | undefined) {
  const type = benchmark.text("config.strategy.type_") ?? benchmark.text("args.strategy.type_");
  const at = benchmark.text("config.strategy.type_") ? "config.strategy" : "args.strategy";
  if (type === "synchronous") return { concurrency: 1 };
  if (type === "concurrent") return { concurrency: benchmark.number(`${at}.streams`) };
  const limit = benchmark.number(`${at}.max_concurrency`);
  if (type === "throughput") {
    const notes = ["throughput strategy: as many clients as were in flight on average"];
    return limit === undefined ? { concurrency: meanInFlight, notes } : { concurrency: limit };
  }
  const rateRps = benchmark.number(`${at}.rate`);
  if (rateRps === undefined || type === "poisson") return { rateRps, concurrency: limit };
  const notes = ["arrivals at even distances are replayed as Poisson arrivals of the same rate"];
  return { rateRps, concurrency: limit, notes };
}
