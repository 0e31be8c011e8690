/** A worker for tests: small jobs that answer, fail, wait, hang or kill their thread. */
import { parentPort } from "node:worker_threads";
import type { JobContext } from "../../shared/planning/jobs/job.ts";
import { JobCancelled } from "../../shared/planning/jobs/job.ts";
import type { RunReach } from "../../shared/planning/runReach.ts";
import { InputError } from "../../shared/units/errors.ts";
import { serveJobs } from "./serveJobs.ts";

const cell = new Int32Array(new SharedArrayBuffer(4));
const sleep = (ms: number): void => void Atomics.wait(cell, 0, 0, ms);
let served = 0;

serveJobs({
  /** Waits, then answers. */
  wait: ({ ms, answer }: { ms: number; answer: unknown }) => {
    sleep(ms);
    return answer;
  },
  /** Waits until it is cancelled. */
  untilCancelled: (_: unknown, context: JobContext) => {
    context.onProgress(0.5);
    while (!context.isCancelled()) sleep(5);
    throw new JobCancelled();
  },
  /** Tells how far a run has come, then waits until it is cancelled. */
  reach: ({ reach }: { reach: RunReach }, context: JobContext) => {
    context.onProgress(0, reach);
    while (!context.isCancelled()) sleep(5);
    throw new JobCancelled();
  },
  /** Never looks whether it is cancelled. */
  hang: () => {
    for (;;) sleep(1000);
  },
  fail: ({ ms, message }: { ms: number; message: string }) => {
    sleep(ms);
    throw new InputError(message, { field: "input", hint: "mend it" });
  },
  /** Fails where `message` is given, else answers. */
  maybeFail: ({ ms, message }: { ms: number; message?: string }) => {
    sleep(ms);
    if (message !== undefined) throw new RangeError(message);
    return "fine";
  },
  /** Gives no answer and ends its thread by an error. */
  die: () => {
    parentPort?.close();
    setImmediate(() => {
      throw new Error("boom");
    });
  },
  /** How many jobs this thread has served. */
  count: () => ++served,
  /** Sum of the arrivals of a trace, and whether its memory is shared. */
  trace: ({ id }: { id: string }, { traces }: JobContext) => {
    const trace = traces.get(id);
    const sum = trace?.arrivalNs.reduce((total, each) => total + each, 0) ?? null;
    return [sum, trace?.arrivalNs.buffer instanceof SharedArrayBuffer];
  },
});
