/**
 * Work that studies hand out: pure functions from plain data to plain data, run in worker threads by the host, or in place.
 * A job's input and output are JSON (numbers, strings, null, arrays, plain objects); traces are named by source id and lie
 * with the runner, so that they cross no boundary per job. The same input gives the same output on any worker, in any order.
 */
import type { TraceColumns } from "../../schema/traceColumns.ts";
import type { RunReach } from "../runReach.ts";

/** What a job is given besides its input. */
export interface JobContext {
  /** Rows of the scenario's trace sources by source id. */
  readonly traces: ReadonlyMap<string, TraceColumns>;
  /** True when the host wants the job to end; asked several times a second at least. */
  isCancelled(): boolean;
  /** Tells how much of the job is done, 0..1, and of a single run how far it has come. */
  onProgress(share: number, reach?: RunReach): void;
}

/** A job: throws JobCancelled when the context says so, InputError for input that cannot be used. */
export type Job<In, Out> = (input: In, context: JobContext) => Out;

/** Thrown by a job, and by a runner, that was asked to end. */
export class JobCancelled extends Error {
  constructor() {
    super("the work was cancelled");
    this.name = "JobCancelled";
  }
}

/** What a runner tells whoever asked for the work. */
export interface JobWatcher<Out> {
  /** Asked several times a second; true ends the work within a second. */
  isCancelled?(): boolean;
  /** Jobs done and under way: a sum of shares over the number of jobs, 0..1; and how far the run has come that a single job is of. */
  onProgress?(share: number, reach?: RunReach): void;
  /** A result as it comes, in no certain order; `isCached` when no run was needed. */
  onResult?(index: number, output: Out, isCached: boolean): void;
}
