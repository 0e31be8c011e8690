/** What passes between a pool of workers and its threads. */
import type { Finding } from "../../shared/schema/findings.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";

/** Cells of the shared flags of one thread: written on one side, read on the other, without a message. */
export const flagCells = {
  /** 1 asks the job under way to end. */
  cancel: 0,
  /** Share of the job that is done, in billionths. */
  progress: 1,
  /** 1 once the cells below are written. */
  hasReach: 2,
  /** How far the run of the job has come: whole tenths of seconds, requests, tenths of milliseconds, billionths; -1 for null. */
  simulatedDs: 3,
  horizonDs: 4,
  arrived: 5,
  requests: 6,
  ttftMeanTenthMs: 7,
  spilledShare: 8,
  count: 9,
} as const;

/** The whole of a job in the progress cell. */
export const wholeProgress = 1e9;

/** What a thread is given when it starts. */
export interface ThreadSetup {
  /** flagCells.count 32-bit cells. */
  readonly flags: SharedArrayBuffer;
}

/** To a thread. Traces come once per set and lie in shared memory. */
export type ToThread =
  | {
      readonly kind: "traces";
      readonly set: number;
      readonly traces: ReadonlyMap<string, TraceColumns>;
    }
  | { readonly kind: "forget"; readonly set: number }
  | { readonly kind: "job"; readonly set: number; readonly name: string; readonly input: unknown };

/** An error as data: what a copy between threads would lose of it. */
export interface CarriedError {
  readonly name: string;
  readonly message: string;
  readonly field?: string;
  readonly hint?: string;
  /** All problems of a file, where it has a list of them, and what the file is called. */
  readonly file?: { readonly name: string; readonly problems: readonly Finding[] };
  readonly stack?: string;
}

/** From a thread, one for each job. */
export type FromThread =
  | { readonly kind: "done"; readonly output: unknown }
  | { readonly kind: "failed"; readonly error: CarriedError };
