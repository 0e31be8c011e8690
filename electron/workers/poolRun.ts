/** One call of a runner: its jobs handed out in order, their results and failures collected. */
import { JobCancelled, type JobWatcher } from "../../shared/planning/jobs/job.ts";
import type { RunReach } from "../../shared/planning/runReach.ts";
import type { TraceSet, WorkerThread } from "./workerThread.ts";

const pollMs = 50;

/** Jobs of one name over one set of traces. */
export interface PoolWork {
  readonly name: string;
  readonly inputs: readonly unknown[];
  readonly set: TraceSet;
  readonly watcher: JobWatcher<unknown>;
}

/** The state of one call: `result` settles when no job of it is under way any more. */
export class PoolRun {
  readonly result: Promise<unknown[]>;
  private readonly work: PoolWork;
  private readonly outputs: unknown[];
  private readonly active = new Map<number, WorkerThread>();
  private next = 0;
  private done = 0;
  private failure: { readonly index: number; readonly error: unknown } | undefined;
  private isCancelled = false;
  private shownShare = -1;
  private shownArrived = -1;
  private readonly timer: NodeJS.Timeout;
  private readonly resolve: (outputs: unknown[]) => void;
  private readonly reject: (error: unknown) => void;

  constructor(work: PoolWork) {
    this.work = work;
    this.outputs = new Array(work.inputs.length);
    const settle: [(outputs: unknown[]) => void, (error: unknown) => void][] = [];
    this.result = new Promise((resolve, reject) => settle.push([resolve, reject]));
    [[this.resolve, this.reject]] = settle;
    this.timer = setInterval(() => this.poll(), pollMs);
    this.settleIfOver();
  }

  /** Whether a job waits for a thread. */
  hasNext(): boolean {
    return !this.isCancelled && this.failure === undefined && this.next < this.work.inputs.length;
  }

  /** Jobs that no thread has taken yet. */
  get waiting(): number {
    return this.hasNext() ? this.work.inputs.length - this.next : 0;
  }

  /** Does the next job on a thread; resolves when it has ended, however it ended. */
  async runNext(thread: WorkerThread): Promise<void> {
    const index = this.next++;
    const { name, inputs, set, watcher } = this.work;
    this.active.set(index, thread);
    try {
      const label = `job ${index + 1} of ${inputs.length} ("${name}")`;
      const output = await thread.run({ name, input: inputs[index], set, label });
      this.outputs[index] = output;
      this.done++;
      watcher.onResult?.(index, output, false);
    } catch (error) {
      this.fail(index, error);
    }
    this.active.delete(index);
    this.settleIfOver();
  }

  /** Ends the jobs under way and hands out no more. */
  cancel(): void {
    if (this.isCancelled) return;
    this.isCancelled = true;
    for (const thread of this.active.values()) thread.cancel();
    this.settleIfOver();
  }

  private poll(): void {
    try {
      if (this.work.watcher.isCancelled?.()) this.cancel();
      this.showProgress();
    } catch (error) {
      this.fail(-1, error);
      this.settleIfOver();
    }
  }

  private showProgress(): void {
    let share = this.done;
    for (const thread of this.active.values()) share += thread.progress;
    share /= this.work.inputs.length;
    const reach = this.reach();
    const arrived = reach?.arrived ?? -1;
    if (share <= this.shownShare && arrived <= this.shownArrived) return;
    this.shownShare = Math.max(share, this.shownShare);
    this.shownArrived = arrived;
    this.work.watcher.onProgress?.(this.shownShare, reach);
  }

  /** Of a single job only: several runs have each their own time. */
  private reach(): RunReach | undefined {
    if (this.work.inputs.length > 1) return undefined;
    const [thread] = this.active.values();
    return thread?.reach;
  }

  /** The failure of the lowest index counts, however the threads raced: jobs before it go on, those after it end. */
  private fail(index: number, error: unknown): void {
    if (this.failure !== undefined && index > this.failure.index) return;
    this.failure = { index, error };
    for (const [other, thread] of this.active) if (other > index) thread.cancel();
  }

  private settleIfOver(): void {
    if (this.active.size > 0 || this.hasNext()) return;
    clearInterval(this.timer);
    if (this.isCancelled) this.reject(new JobCancelled());
    else if (this.failure !== undefined) this.reject(this.failure.error);
    else this.finish();
  }

  private finish(): void {
    try {
      if (this.work.inputs.length > 0) this.showProgress();
      this.resolve(this.outputs);
    } catch (error) {
      this.reject(error);
    }
  }
}
