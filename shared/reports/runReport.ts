/** The result of a run as a program reads it: exactly the JSON of `crossover run --json`. Null stands where nothing was measured. */
import type { CostReport } from "../cost/costReport.ts";

/** Percentiles (nearest rank), mean and number of samples of one latency, milliseconds. */
export interface LatencyQuantiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly mean: number | null;
  readonly n: number;
}

/** Latencies of a group of requests: arrival to first token, time per output token after it, arrival to end, arrival to admission. */
export interface LatencyStats {
  readonly ttftMs: LatencyQuantiles;
  readonly tpotMs: LatencyQuantiles;
  readonly e2eMs: LatencyQuantiles;
  readonly queueMs: LatencyQuantiles;
}

/** Counts over all arrivals, warm-up included: arrived = finished + rejected + aborted + unfinished. */
export interface RequestCounts {
  readonly arrived: number;
  readonly finished: number;
  /** Of finished: cut at the model's longest context. */
  readonly lengthCapped: number;
  readonly rejected: number;
  readonly aborted: number;
  readonly unfinished: number;
  /** Sent to a provider because an earlier rule could not take them, wherever they ended. */
  readonly spilled: number;
  readonly failedOver: number;
  /** Of rejected: no rule took them. */
  readonly unroutable: number;
  /** By pool or provider id. */
  readonly byDestination: Readonly<Record<string, number>>;
}

/** One pool. Fractions are 0..1 over its provisioned time. */
export interface PoolReport {
  readonly name: string;
  readonly replicas: number;
  readonly gpu: string;
  readonly model: string;
  readonly busyFraction: number;
  readonly computeFraction: number;
  readonly bandwidthFraction: number;
  readonly kvUsageMean: number;
  readonly kvUsageMax: number;
  readonly preemptions: number;
  readonly prefixHitTokenFraction: number;
  /** Share of iterations outside the range to which the time model was fitted. */
  readonly extrapolatedShare: number;
  /** Per replica. */
  readonly kvCapacityTokens: number;
  readonly finished: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** One provider. Tokens are the trace's, before the tokenizer factor; inputTokens holds those that were not cached. */
export interface ProviderReport {
  readonly name: string;
  readonly requests: number;
  readonly attempts: number;
  readonly limited429: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** Time series: columns of equal length by name, such as "startS", "arrived", "finished" or "pool.chat.busyFraction". */
export interface RunSeries {
  readonly windowS: number;
  readonly windows: Readonly<Record<string, readonly (number | null)[]>>;
}

/** The mean of a metric over replications and the half-width of its 95 % confidence interval. */
export interface ReplicatedMetric {
  readonly mean: number;
  readonly halfWidth95: number;
  readonly n: number;
}

/** One run. The hash, and every comparison by bytes, leaves out wallS. */
export interface RunReport {
  readonly engineVersion: string;
  readonly hash: string;
  readonly scenario: { readonly name: string; readonly seed: number; readonly replication: number };
  readonly requests: RequestCounts;
  readonly tokens: { readonly prompt: number; readonly cached: number; readonly output: number };
  readonly latency: {
    readonly all: LatencyStats;
    readonly classes: Readonly<Record<string, LatencyStats>>;
  };
  /** Share of requests that met all targets, 0..1; null without targets. */
  readonly sloAttainment: {
    readonly all: number | null;
    readonly classes: Readonly<Record<string, number | null>>;
  };
  /** Requests per second that met all targets. */
  readonly goodputRps: number;
  readonly pools: readonly PoolReport[];
  readonly providers: readonly ProviderReport[];
  readonly cost: CostReport;
  readonly series: RunSeries;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly simulatedS: number;
  readonly wallS: number;
  readonly replications?: {
    readonly count: number;
    readonly metrics: Readonly<Record<string, ReplicatedMetric>>;
  };
}
