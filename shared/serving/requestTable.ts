/** State of every request of a run as columns; at most 60 bytes a request above the workload. */
import type { Workload } from "../workload/workload.ts";

/** States of a request. Codes from `finished` on are ends; each request ends once. */
export const requestState = {
  notArrived: 0,
  /** Held for a window, for idle capacity or for its deadline. */
  held: 1,
  /** In a replica's queue. */
  waiting: 2,
  /** Admitted by a replica. */
  running: 3,
  /** Waiting out a provider's back-off. */
  backingOff: 4,
  /** Sent to a provider whose answer lies in the future. */
  inFlight: 5,
  /** Produced all its output tokens. */
  finished: 6,
  /** Produced output up to the model's or the engine's length limit. */
  lengthCapped: 7,
  /** Given up by its client. */
  aborted: 8,
  rejected: 9,
} as const;

/** Columns of run state, indexed by request. */
export class RequestTable {
  readonly count: number;
  readonly workload: Workload;
  /** Own copy only where closed loops decide arrivals. */
  readonly arrivalNs: Float64Array;
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  readonly classIndex: Uint8Array;
  /** First admission by a replica or sending to a provider; NaN before. */
  readonly admittedNs: Float64Array;
  /** When the client has its first token; NaN before. */
  readonly firstTokenNs: Float64Array;
  /** When the request ended, whatever its end; NaN before. */
  readonly finishNs: Float64Array;
  readonly state: Uint8Array;
  /** Index into the run's destinations (pools, then providers); -1 for none yet. */
  readonly destination: Int16Array;
  /** The routing rule that placed the request last. */
  readonly rule: Uint8Array;
  /** Output tokens produced. */
  readonly generated: Int32Array;
  /** Prompt tokens served from a prefix cache or billed as cached. */
  readonly cachedTokens: Int32Array;
  /** 1 when a guard, a wait or a deadline sent it on to a paid API. */
  readonly spilled: Uint8Array;
  /** Leading chain blocks on which the request holds a reference (own replicas). */
  readonly heldNodes: Int32Array;
  /** Blocks of its prompt that belong to prefix-cache nodes rather than to the request alone. */
  readonly sharedBlocks: Int32Array;
  /** Order of admission within its replica. */
  readonly admission: Int32Array;
  /** Provider attempts so far. */
  readonly attempts: Uint8Array;

  constructor(workload: Workload) {
    const n = workload.count;
    this.count = n;
    this.workload = workload;
    this.arrivalNs =
      workload.closedLoops.length > 0 ? Float64Array.from(workload.arrivalNs) : workload.arrivalNs;
    this.promptTokens = workload.promptTokens;
    this.outputTokens = workload.outputTokens;
    this.classIndex = workload.classIndex;
    this.admittedNs = new Float64Array(n).fill(NaN);
    this.firstTokenNs = new Float64Array(n).fill(NaN);
    this.finishNs = new Float64Array(n).fill(NaN);
    this.state = new Uint8Array(n);
    this.destination = new Int16Array(n).fill(-1);
    this.rule = new Uint8Array(n);
    this.generated = new Int32Array(n);
    this.cachedTokens = new Int32Array(n);
    this.spilled = new Uint8Array(n);
    this.heldNodes = new Int32Array(workload.prefix === undefined ? 0 : n);
    this.sharedBlocks = new Int32Array(workload.prefix === undefined ? 0 : n);
    this.admission = new Int32Array(n);
    this.attempts = new Uint8Array(n);
  }
}
