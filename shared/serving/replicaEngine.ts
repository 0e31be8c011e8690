/** What the fleet knows of a replica: two engines implement it, the skipping one and the plain one that is its oracle. */
import type { IterationTimes } from "./executionTime/iterationTimes.ts";

/** Limits and rules of one replica, resolved from the scenario. */
export interface ReplicaConfig {
  readonly times: IterationTimes;
  readonly maxNumSeqs: number;
  readonly maxNumBatchedTokens: number;
  readonly blockTokens: number;
  readonly capacityBlocks: number;
  readonly isReserving: boolean;
  readonly watermarkBlocks: number;
  readonly hasPrefixCache: boolean;
  /** Prompt and output together never exceed this. */
  readonly maxModelLen: number;
  /** An embedding model: takes requests without output tokens only, and keeps nothing of them. */
  readonly isPrefillOnly: boolean;
  /** Priority level of each class, 0 first. */
  readonly levelOfClass: Uint8Array;
  readonly levelCount: number;
  /** Output tokens that a gateway expects of each class. */
  readonly expectedOutput: Float64Array;
  /** Fitted range of the time model; iterations beyond are counted as extrapolated. A batch of -1 puts all of them beyond. */
  readonly fittedPrefillTokens: number;
  readonly fittedMeanContext: number;
  readonly fittedBatch: number;
  /** From asking for one more replica until it serves. */
  readonly coldStartNs: number;
}

/** Events at equal times run in this order: timers, arrivals, then replica boundaries, so that what comes at a boundary can join its iteration. */
export interface ReplicaEngine {
  /** When its current iteration (or stretch of iterations) ends; Infinity when idle. */
  nextNs: number;
  /** Requests that the last complete() finished, finishedCount of them, in order of admission. */
  readonly finishedRequests: Int32Array;
  finishedCount: number;
  /** Requests in the queue, preempted ones included. */
  readonly waitingCount: number;
  /** Admitted requests. */
  readonly runningCount: number;
  /** Prompt and expected output tokens of all requests sent here and not ended. */
  readonly outstandingTokens: number;
  readonly preemptions: number;
  readonly peakBlocks: number;
  readonly capacityBlocks: number;
  /** Prompt tokens looked up in the prefix cache and found there, over all admissions. */
  readonly prefixQueryTokens: number;
  readonly prefixHitTokens: number;
  /** A request joins the queue. */
  enqueue(request: number, nowNs: number): void;
  /** A waiting request leaves the queue. */
  withdraw(request: number, nowNs: number): void;
  /** A running request without a first token is dropped at the end of the current iteration. */
  abort(request: number): void;
  /** Ends the iterations that are over at nextNs; returns the number of finished requests. */
  complete(nowNs: number): number;
  /** Forms the next batch at nowNs and sets nextNs. */
  begin(nowNs: number): void;
  /** Brings what is booked and produced up to the end of a run that stops with work in flight. */
  settle(endNs: number): void;
  /** The replica ends at nowNs: what ended before is booked, memory and cache are gone, and its requests go to the end of `left`, the running ones in order of admission, then the waiting ones in theirs. It can be used again as a new one. */
  stop(nowNs: number, left: number[]): void;
  /** Share of blocks in use at a moment not after nextNs. */
  kvUsageAt(nowNs: number): number;
  /** Time that one more request would wait, from the queue's length and the recent pace of finishing, nanoseconds. */
  estimatedWaitNs(): number;
}
