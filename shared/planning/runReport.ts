/** What a run yields, exactly as `crossover run --json` prints it. Shares are 0..1; null stands where there is no sample. */
import type { CostReport } from "../cost/costReport.ts";
import type { PoolUsage } from "../serving/metrics/poolUsage.ts";
import type { LatencyReport } from "../serving/metrics/requestOutcomes.ts";

/** Requests by their end. arrived = finished + rejected + aborted + unfinished. */
export interface RequestCounts {
  readonly arrived: number;
  /** Answered, length-capped ones included. */
  readonly finished: number;
  readonly lengthCapped: number;
  readonly rejected: number;
  readonly aborted: number;
  readonly unfinished: number;
  /** Where the unfinished ones stand. */
  readonly unfinishedBy: {
    readonly held: number;
    readonly waiting: number;
    readonly running: number;
    readonly backingOff: number;
    readonly inFlight: number;
  };
  /** An attribute, not an end: sent on to a paid API because a guard, a wait or a deadline said so. */
  readonly spilled: number;
  /** Left a provider for the next rule after a 429 or an error. */
  readonly failedOver: number;
  /** Rejected because no rule took them. */
  readonly unroutable: number;
  /** Finished and unfinished in service, by pool or provider. */
  readonly byDestination: Readonly<Record<string, number>>;
  readonly byClass: Readonly<Record<string, ClassCounts>>;
}

/** Requests of one class by their end, and the tokens of those that were served. */
export interface ClassCounts {
  readonly arrived: number;
  readonly finished: number;
  readonly rejected: number;
  readonly aborted: number;
  readonly unfinished: number;
  readonly spilled: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** Capacity over time of a pool whose replicas come, go and fail, over the horizon. */
export interface CapacityReport {
  /** From request to release, cold starts and spares included: what is billed. */
  readonly provisionedReplicaHours: number;
  readonly provisionedMean: number;
  readonly provisionedPeak: number;
  /** Mean number of replicas serving. */
  readonly upMean: number;
  /** Mean number that the autoscaler, or the pool's size and hours, wanted; spares left out. */
  readonly wantedMean: number;
  /** Time with fewer replicas up than wanted: cold starts and failures. */
  readonly belowWantedS: number;
  readonly belowWantedShare: number;
  /** Time from asking for a replica until it serves. */
  readonly coldStartS: number;
  /** Decisions of the autoscaler. */
  readonly scaleUps: number;
  readonly scaleDowns: number;
  /** Replicas that were provisioned and loaded. */
  readonly coldStarts: number;
  readonly failures: number;
  /** Requests that ran, or waited, on a replica that failed; one request counts each time. */
  readonly hitRunning: number;
  readonly hitWaiting: number;
  /** Output tokens produced and lost with a failed replica. */
  readonly lostOutputTokens: number;
}

/** Mean number of replicas per window. */
export interface CapacitySeries {
  readonly provisioned: readonly number[];
  readonly up: readonly number[];
  readonly wanted: readonly number[];
}

export interface PoolReport extends PoolUsage {
  readonly name: string;
  /** All there may be, spares left out. */
  readonly replicas: number;
  /** Only with an autoscaler or failures. */
  readonly capacity?: CapacityReport;
  readonly gpu: string;
  readonly model: string;
  /** KV usage at its peak, over capacity. */
  readonly kvUsageMax: number;
  readonly kvCapacityTokens: number;
  readonly preemptions: number;
  /** Prompt tokens found in the prefix cache over prompt tokens looked up; null without lookups. */
  readonly prefixHitTokenFraction: number | null;
  readonly finished: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** A partition whose layout changes. Times lie within the horizon. */
export interface PartitionReport {
  readonly name: string;
  readonly gpus: number;
  /** Hours in which each layout stood, drains included. */
  readonly layouts: readonly { readonly layout: string; readonly stoodH: number }[];
  /** Changes begun. */
  readonly changes: number;
  /** Requests end and no new ones are taken; then instances are cleared, created and started, and nothing runs. */
  readonly drainS: number;
  readonly noInstanceS: number;
  /** Both: time in which the partition took no request. */
  readonly outOfServiceS: number;
  readonly outOfServiceShare: number;
  /** The longest single one. */
  readonly longestOutS: number;
  /** GPU-hours of it, which are billed as all others. */
  readonly outGpuHours: number;
}

export interface ProviderReport {
  readonly name: string;
  /** Requests answered or in flight. */
  readonly requests: number;
  readonly attempts: number;
  readonly limited429: number;
  readonly errors: number;
  /** How often a request was too long for the context and went on to the next rule; only where the provider has a limit. */
  readonly tooLong?: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

/** One target of one class against what the run gave. */
export interface TargetReport {
  readonly class: string;
  readonly metric: "ttft" | "tpot" | "e2e" | "deadline";
  readonly percentile: number;
  readonly targetMs: number | null;
  readonly actualMs: number | null;
  readonly isMet: boolean | null;
}

/** Windows of equal width from time 0; columns of one number per window. */
export interface SeriesReport {
  readonly windowS: number;
  readonly windows: number;
  readonly arrived: readonly number[];
  readonly finished: readonly number[];
  readonly spilled: readonly number[];
  readonly outputTokens: readonly number[];
  /** By class: counts, and latencies of the requests that finished in the window; null without any. */
  readonly classes: Readonly<
    Record<
      string,
      {
        readonly arrived: readonly number[];
        readonly finished: readonly number[];
        readonly ttftP50Ms: readonly (number | null)[];
        readonly ttftP95Ms: readonly (number | null)[];
        readonly e2eP95Ms: readonly (number | null)[];
      }
    >
  >;
  /** By provider: requests sent in the window, their tokens, and attempts answered 429 in it. */
  readonly providers: Readonly<
    Record<
      string,
      {
        readonly requests: readonly number[];
        readonly inputTokens: readonly number[];
        readonly outputTokens: readonly number[];
        readonly limited429: readonly number[];
      }
    >
  >;
  readonly pools: Readonly<
    Record<
      string,
      {
        readonly busyFraction: readonly number[];
        readonly computeFraction: readonly number[];
        readonly bandwidthFraction: readonly number[];
        readonly kvUsage: readonly number[];
        /** Mean number of requests waiting and running; waiting counts a request from its arrival, held or queued elsewhere before. */
        readonly waiting: readonly number[];
        readonly running: readonly number[];
        /** Only with an autoscaler or failures. */
        readonly capacity?: CapacitySeries;
      }
    >
  >;
}

/** A figure over replications: mean and half-width of its 95 % t interval. */
export interface ReplicatedFigure {
  readonly mean: number;
  /** Null with fewer than two samples. */
  readonly halfWidth95: number | null;
  readonly n: number;
  /** Runs that would bring the interval to 5 % of the mean, judged by these; null where that cannot be said. */
  readonly runsFor5Percent: number | null;
}

export interface RunReport {
  readonly engineVersion: string;
  /** SHA-256 of every figure here and of each request's outcome; texts, wall time and replications are left out. */
  readonly hash: string;
  readonly scenario: { readonly name: string; readonly seed: number; readonly replication: number };
  readonly horizonS: number;
  readonly warmupS: number;
  readonly requests: RequestCounts;
  readonly tokens: { readonly prompt: number; readonly cached: number; readonly output: number };
  readonly latency: {
    readonly all: LatencyReport;
    readonly classes: Readonly<Record<string, LatencyReport>>;
    /** By pool and provider. */
    readonly destinations: Readonly<Record<string, LatencyReport>>;
  };
  readonly sloAttainment: {
    readonly all: number | null;
    readonly classes: Readonly<Record<string, number | null>>;
  };
  readonly targets: readonly TargetReport[];
  /** Requests a second that were answered within the horizon and met all targets of their class. */
  readonly goodputRps: number;
  readonly pools: readonly PoolReport[];
  /** Those whose layout changes; absent where none does. */
  readonly partitions?: readonly PartitionReport[];
  readonly providers: readonly ProviderReport[];
  readonly cost: CostReport;
  readonly series: SeriesReport;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** When the last event ran, seconds. */
  readonly simulatedS: number;
  readonly eventCount: number;
  /** Not part of the hash. */
  readonly wallS: number;
  readonly replications?: {
    readonly count: number;
    readonly figures: Readonly<Record<string, ReplicatedFigure>>;
  };
}
