/** One case of the virtual benchmark: what is served on what, and how the clients of a benchmark tool load it. */
import type { Backend } from "../../catalog/memoryRules.ts";
import type { KvPrecision, Precision } from "../../catalog/modelMath.ts";
import type { CoefficientSet, Gpu, Model } from "../../schema/catalog.ts";
import type { EngineLimits } from "../../schema/fleet.ts";

/** How the clients begin. */
export const startKinds = ["burst", "staggered", "open"] as const;

/** burst: all at t = 0, as benchmark tools do; staggered: spread over one mean latency; open: Poisson arrivals at rateRps; batch: every prompt queued at t = 0. */
export type StartKind = (typeof startKinds)[number] | "batch";

/** Requests per client that benchmark tools send by default. */
export const promptsPerClient = 10;
/** Spread of the lengths, as a share of the mean to either side. */
export const usualJitter = 0.1;
/** The most prompts of one case. */
export const maxPrompts = 2_000_000;

/** The load of one case. Lengths are means in tokens, drawn uniformly within 1 - jitter .. 1 + jitter of them. */
export interface BenchmarkLoad {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Clients; each has one request in flight. Not used by open and batch starts. */
  readonly concurrency: number;
  readonly prompts: number;
  readonly start: StartKind;
  /** Arrivals per second of an open start. */
  readonly rateRps?: number;
  /** 0 .. 0.9. */
  readonly jitter: number;
  readonly seed: number;
}

/** What serves it: one replica. */
export interface BenchmarkTarget {
  readonly model: Model;
  readonly gpu: Gpu;
  readonly profile?: string;
  readonly backend: Backend;
  readonly precision: Precision;
  readonly kvPrecision: KvPrecision;
  readonly tensorParallel: number;
  /** What differs from usualEngine(backend). */
  readonly engine?: Partial<EngineLimits>;
  /** Host terms in place of the coefficient set's own. */
  readonly host?: Partial<CoefficientSet["host"]>;
}

/** A case. */
export interface BenchmarkCase {
  readonly target: BenchmarkTarget;
  readonly load: BenchmarkLoad;
}

/** Engine limits that the backends use on an 80 GB GPU when nobody sets them: vLLM and SGLang 1,024 sequences, TensorRT-LLM 2,048 and memory reserved at admission; 8,192 batched tokens. Random prompts share no prefix. */
export function usualEngine(backend: Backend): Partial<EngineLimits> {
  const isTensorRt = backend === "trtllm";
  return {
    maxNumSeqs: isTensorRt ? 2048 : 1024,
    maxNumBatchedTokens: 8192,
    admission: isTensorRt ? "reserve" : "allocateAsYouGo",
    prefixCaching: false,
  };
}
