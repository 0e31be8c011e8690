/** A workload: the requests of one run as columns, the only form in which the engine sees traffic. */
import type { PrefixChains } from "../schema/traceColumns.ts";

/** n users of whom each sends its next request when the last one is done. */
export interface ClosedLoop {
  /** Requests firstRequest .. firstRequest + requestCount - 1 are issued in this order. */
  readonly firstRequest: number;
  readonly requestCount: number;
  /** When each client sends its first request, nanoseconds, ascending; one entry per client. */
  readonly clientStartNs: Float64Array;
  /** Pause before request firstRequest + i is sent, counted from the end of its client's last one; whole nanoseconds. */
  readonly thinkNs: Float64Array;
}

/** Requests of one run. Open requests (0 .. openCount - 1) stand in arrival order; closed-loop ones follow. */
export interface Workload {
  readonly count: number;
  readonly openCount: number;
  /** Whole nanoseconds from the start of the run; NaN for closed-loop requests, whose arrival the run decides. */
  readonly arrivalNs: Float64Array;
  readonly promptTokens: Int32Array;
  /** 0 for a request that failed at its source: it prefills and yields nothing. */
  readonly outputTokens: Int32Array;
  /** Index into the scenario's traffic.classes. */
  readonly classIndex: Uint8Array;
  /** Index into `models` (the names that the traffic carries); undefined where no source names models. */
  readonly modelIndex?: Uint16Array;
  readonly models: readonly string[];
  readonly tenantIndex?: Int32Array;
  readonly tenants: readonly string[];
  /** Prompt tokens that the source says were cached at its provider; used for billing where given. */
  readonly cachedTokens?: Int32Array;
  readonly prefix?: PrefixChains;
  readonly closedLoops: readonly ClosedLoop[];
  /** Span of the open arrivals or the stated duration, whole nanoseconds; 0 when only closed loops exist. */
  readonly spanNs: number;
  /** What was assumed or changed on the way, one sentence each. */
  readonly notes: readonly string[];
}
