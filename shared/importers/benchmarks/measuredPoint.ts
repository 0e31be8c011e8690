/** What every benchmark tool's result becomes: one measured point of serving, in the units and words of this project. */

/** The tools whose results are read. */
export const benchmarkTools = [
  "guidellm",
  "aiperf",
  "genai-perf",
  "inference-perf",
  "vllm bench serve",
  "sglang.bench_serving",
] as const;
export type BenchmarkTool = (typeof benchmarkTools)[number];

/** A latency over the requests of a point, milliseconds; a percentile that the tool does not give is undefined. */
export interface MeasuredLatency {
  readonly mean: number;
  readonly p50?: number;
  readonly p99?: number;
}

/** How the load of a point is known: the file says it, the caller gave it, or Little's law tells it from throughput and latency. */
export type LoadBasis = "stated" | "given" | "estimated";

/** One measured point. Either `concurrency` (closed loop, whole) or `rateRps` (open loop) is defined, never both. */
export interface MeasuredPoint {
  readonly tool: BenchmarkTool;
  /** As the file names it. */
  readonly model: string | undefined;
  /** Means, tokens. */
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly concurrency?: number;
  readonly rateRps?: number;
  readonly loadBasis: LoadBasis;
  /** Answered requests. */
  readonly requests: number | undefined;
  readonly ttftMs: MeasuredLatency | undefined;
  /** (last - first token) / (n - 1): never a figure that counts the first token. */
  readonly tpotMs: MeasuredLatency;
  readonly outputTokensPerS: number | undefined;
  readonly requestsPerS: number | undefined;
  /** What was assumed, one sentence each. */
  readonly notes: readonly string[];
  readonly source: PointSource;
}

/** Where a point was read. */
export interface PointSource {
  readonly file: string;
  /** Within the file, e.g. "benchmarks[2]" or "line 3"; "" for the whole file. */
  readonly place: string;
  readonly toolVersion: string | undefined;
}

/** What a person says of a load where the tool does not. */
export interface AssumedLoad {
  readonly promptTokens?: number;
  readonly outputTokens?: number;
  readonly concurrency?: number;
  readonly rateRps?: number;
}

/** A row that is no point, with why. */
export interface PointProblem {
  readonly file: string;
  readonly place: string;
  readonly field: string | undefined;
  readonly message: string;
}

/** What a file of results holds. */
export interface BenchmarkImport {
  readonly tool: BenchmarkTool;
  readonly points: readonly MeasuredPoint[];
  readonly problems: readonly PointProblem[];
}
