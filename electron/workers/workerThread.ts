/** One worker thread as the pool sees it: started when it is first needed, and again after it was stopped or has died. */
import { Worker } from "node:worker_threads";
import { JobCancelled } from "../../shared/planning/jobs/job.ts";
import type { RunReach } from "../../shared/planning/runReach.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";
import { reviveError } from "./carriedError.ts";
import { type FromThread, flagCells, type ToThread, wholeProgress } from "./messages.ts";
import { readReach } from "./reachCells.ts";

/** Traces that jobs name by source id, as a thread is given them once. */
export interface TraceSet {
  readonly id: number;
  readonly traces: ReadonlyMap<string, TraceColumns>;
}

/** A job for a thread. */
export interface ThreadJob {
  readonly name: string;
  readonly input: unknown;
  readonly set: TraceSet;
  /** Which job it is, in words, for the message when its thread dies: 'job 3 of 12 ("point")'. */
  readonly label: string;
}

interface Pending {
  readonly label: string;
  resolve(output: unknown): void;
  reject(error: Error): void;
}

/** A thread with at most one job at a time. */
export class WorkerThread {
  private readonly entry: URL;
  private readonly graceMs: number;
  private worker: Worker | undefined;
  private flags: Int32Array = new Int32Array(0);
  private readonly knownSets = new Set<number>();
  private pending: Pending | undefined;
  private lastError: Error | undefined;
  private graceTimer: NodeJS.Timeout | undefined;

  /** `graceMs`: how long a cancelled job may go on before its thread is stopped. */
  constructor(entry: URL, graceMs: number) {
    this.entry = entry;
    this.graceMs = graceMs;
  }

  /** Share of the job under way, 0..1. */
  get progress(): number {
    if (this.pending === undefined || this.worker === undefined) return 0;
    return Atomics.load(this.flags, flagCells.progress) / wholeProgress;
  }

  /** How far the run of the job under way has come; undefined for other jobs and before its first step. */
  get reach(): RunReach | undefined {
    if (this.pending === undefined || this.worker === undefined) return undefined;
    return readReach(this.flags);
  }

  /** Does a job; rejects with its error, with JobCancelled after cancel(), or with what ended the thread. */
  run(job: ThreadJob): Promise<unknown> {
    const worker = this.worker ?? this.start();
    Atomics.store(this.flags, flagCells.cancel, 0);
    Atomics.store(this.flags, flagCells.progress, 0);
    Atomics.store(this.flags, flagCells.hasReach, 0);
    return new Promise((resolve, reject) => {
      this.pending = { label: job.label, resolve, reject };
      try {
        this.give(worker, job);
      } catch (error) {
        this.end()?.reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Asks the job under way to end; a thread that does not within the grace time is stopped. */
  cancel(): void {
    if (this.pending === undefined || this.graceTimer !== undefined) return;
    Atomics.store(this.flags, flagCells.cancel, 1);
    this.graceTimer = setTimeout(() => {
      this.end()?.reject(new JobCancelled());
      void this.stop();
    }, this.graceMs);
  }

  /** Lets go of a set of traces. */
  forget(set: number): void {
    if (this.knownSets.delete(set)) this.post({ kind: "forget", set });
  }

  /** Stops the thread; a job under way rejects with JobCancelled. */
  async stop(): Promise<void> {
    const worker = this.worker;
    this.worker = undefined;
    this.knownSets.clear();
    this.end()?.reject(new JobCancelled());
    await worker?.terminate();
  }

  private start(): Worker {
    const flags = new SharedArrayBuffer(4 * flagCells.count);
    const worker = new Worker(this.entry, { workerData: { flags } });
    // What waits for a job keeps the process; a thread without one does not.
    worker.unref();
    worker.on("message", (message: FromThread) => this.take(worker, message));
    worker.on("error", (error: Error) => {
      if (worker === this.worker) this.lastError = error;
    });
    worker.on("exit", (code) => this.die(worker, code));
    this.worker = worker;
    this.flags = new Int32Array(flags);
    this.lastError = undefined;
    return worker;
  }

  private give(worker: Worker, { name, input, set }: ThreadJob): void {
    if (!this.knownSets.has(set.id)) {
      worker.postMessage({ kind: "traces", set: set.id, traces: set.traces } satisfies ToThread);
      this.knownSets.add(set.id);
    }
    worker.postMessage({ kind: "job", set: set.id, name, input } satisfies ToThread);
  }

  private post(message: ToThread): void {
    this.worker?.postMessage(message);
  }

  private take(worker: Worker, message: FromThread): void {
    if (worker !== this.worker) return;
    const pending = this.end();
    if (message.kind === "done") pending?.resolve(message.output);
    else pending?.reject(reviveError(message.error));
  }

  /** A thread that ended by itself: out of memory, or an error outside a job. */
  private die(worker: Worker, code: number): void {
    if (worker !== this.worker) return;
    this.worker = undefined;
    this.knownSets.clear();
    const pending = this.end();
    const why = this.lastError?.message ?? `exit code ${code}`;
    pending?.reject(new Error(`The worker thread that ran ${pending.label} ended: ${why}`));
  }

  private end(): Pending | undefined {
    const { pending } = this;
    this.pending = undefined;
    clearTimeout(this.graceTimer);
    this.graceTimer = undefined;
    return pending;
  }
}
