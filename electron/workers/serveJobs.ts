/** The thread's side of the pool: takes one job at a time and answers each once. */
import { parentPort, workerData } from "node:worker_threads";
import type { JobContext } from "../../shared/planning/jobs/job.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";
import { InvariantError } from "../../shared/units/errors.ts";
import { carryError } from "./carriedError.ts";
import {
  type FromThread,
  flagCells,
  type ThreadSetup,
  type ToThread,
  wholeProgress,
} from "./messages.ts";
import { writeReach } from "./reachCells.ts";

/** Jobs by name; each takes what its name asks for. */
export type JobTable = Readonly<Record<string, (input: never, context: JobContext) => unknown>>;

/** Serves jobs to the thread that started this one, until it ends. */
export function serveJobs(jobs: JobTable): void {
  const port = parentPort;
  if (port === null) throw new InvariantError("this file runs in a worker thread only");
  const flags = new Int32Array((workerData as ThreadSetup).flags);
  const sets = new Map<number, ReadonlyMap<string, TraceColumns>>();
  const answer = (message: FromThread): void => port.postMessage(message);
  port.on("message", (message: ToThread) => {
    if (message.kind === "traces") sets.set(message.set, message.traces);
    else if (message.kind === "forget") sets.delete(message.set);
    else {
      try {
        const traces = sets.get(message.set) ?? new Map();
        const output = doJob(jobs, message.name, message.input, contextOf(flags, traces));
        answer({ kind: "done", output });
      } catch (error) {
        answer({ kind: "failed", error: carryError(error) });
      }
    }
  });
}

function doJob(jobs: JobTable, name: string, input: unknown, context: JobContext): unknown {
  const job = jobs[name];
  if (job === undefined) throw new InvariantError(`there is no job "${name}"`);
  return job(input as never, context);
}

function contextOf(flags: Int32Array, traces: ReadonlyMap<string, TraceColumns>): JobContext {
  return {
    traces,
    isCancelled: () => Atomics.load(flags, flagCells.cancel) === 1,
    onProgress: (share, reach) => {
      const done = Math.round(Math.min(1, Math.max(0, share)) * wholeProgress);
      Atomics.store(flags, flagCells.progress, done);
      if (reach !== undefined) writeReach(flags, reach);
    },
  };
}
