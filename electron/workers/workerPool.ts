/** Runs jobs on worker threads: a free thread takes the next job, results come in the order of the inputs. */
import { availableParallelism, cpus } from "node:os";
import type { JobWatcher } from "../../shared/planning/jobs/job.ts";
import type { JobInput, JobName, JobOutput, JobRunner } from "../../shared/planning/jobs/jobs.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";
import { PoolRun } from "./poolRun.ts";
import { shareTraces } from "./sharedTraces.ts";
import { WorkerThread } from "./workerThread.ts";

/** How a pool is set up. */
export interface WorkerPoolOptions {
  /** Threads at most; default as many as the machine runs at once. Threads start when there is work for them. */
  readonly workers?: number;
  /** File that the threads run; default the house's own. */
  readonly entry?: URL;
  /** How long a cancelled job may go on before its thread is stopped, milliseconds. */
  readonly graceMs?: number;
}

/** Beside the polling of a call this keeps a cancel within a second. */
const defaultGraceMs = 600;

/** Threads that this machine runs at once. Node before 18.14 does not say it and counts the processors. */
export function machineParallelism(): number {
  return typeof availableParallelism === "function" ? availableParallelism() : cpus().length;
}

/** The entry of the threads: a TypeScript file beside this one, or in the built program a bundle beside it. */
export function workerEntry(): URL {
  const isSource = import.meta.url.endsWith(".ts");
  const file = isSource ? "simulationWorker.ts" : "simulationWorker.cjs";
  return new URL(`./${file}`, import.meta.url);
}

/** A pool that is kept between calls; close it when it is no longer needed. */
export class WorkerPool {
  readonly workers: number;
  private readonly entry: URL;
  private readonly graceMs: number;
  private readonly threads: WorkerThread[] = [];
  private readonly busy = new Set<WorkerThread>();
  private runs: PoolRun[] = [];
  private sets = 0;

  constructor(options: WorkerPoolOptions = {}) {
    this.workers = options.workers ?? machineParallelism();
    this.entry = options.entry ?? workerEntry();
    this.graceMs = options.graceMs ?? defaultGraceMs;
  }

  /** A runner over the given traces (by source id); several may share the pool. */
  runner(traces: ReadonlyMap<string, TraceColumns>): PoolRunner {
    const set = { id: this.sets++, traces: shareTraces(traces) };
    return new PoolRunner(
      (name, inputs, watcher) => this.run(new PoolRun({ name, inputs, set, watcher })),
      () => {
        for (const thread of this.threads) thread.forget(set.id);
      },
    );
  }

  /** Stops all threads; calls under way throw JobCancelled. */
  async close(): Promise<void> {
    for (const run of this.runs) run.cancel();
    await Promise.all(this.threads.map((thread) => thread.stop()));
  }

  private async run(run: PoolRun): Promise<unknown[]> {
    this.runs.push(run);
    const free = this.threads.length - this.busy.size;
    const wanted = Math.min(this.workers - this.threads.length, run.waiting - free);
    for (let i = 0; i < wanted; i++) this.threads.push(new WorkerThread(this.entry, this.graceMs));
    for (const thread of this.threads) if (!this.busy.has(thread)) void this.drive(thread);
    try {
      return await run.result;
    } finally {
      this.runs = this.runs.filter((each) => each !== run);
    }
  }

  /** Gives a thread one job after the other while there are any, of the oldest call first. */
  private async drive(thread: WorkerThread): Promise<void> {
    this.busy.add(thread);
    for (;;) {
      const run = this.runs.find((each) => each.hasNext());
      if (run === undefined) break;
      await run.runNext(thread);
    }
    this.busy.delete(thread);
  }
}

type RunAny = (
  name: string,
  inputs: readonly unknown[],
  watcher: JobWatcher<unknown>,
) => Promise<unknown[]>;

/** Jobs over one set of traces. */
export class PoolRunner implements JobRunner {
  /** The same for jobs that are not among the house's own: what `entry` serves. */
  readonly runAny: RunAny;
  private readonly letGo: () => void;

  constructor(runAny: RunAny, letGo: () => void) {
    this.runAny = runAny;
    this.letGo = letGo;
  }

  async run<Name extends JobName>(
    name: Name,
    inputs: readonly JobInput<Name>[],
    watcher: JobWatcher<JobOutput<Name>> = {},
  ): Promise<JobOutput<Name>[]> {
    const { isCancelled, onProgress, onResult } = watcher;
    const outputs = await this.runAny(name, inputs, {
      isCancelled: isCancelled && (() => isCancelled.call(watcher)),
      onProgress: onProgress && ((share, reach) => onProgress.call(watcher, share, reach)),
      onResult:
        onResult &&
        ((index, output, isCached) =>
          onResult.call(watcher, index, output as JobOutput<Name>, isCached)),
    });
    return outputs as JobOutput<Name>[];
  }

  /** Lets the threads drop this runner's traces; run() hands them over again. */
  release(): void {
    this.letGo();
  }
}
