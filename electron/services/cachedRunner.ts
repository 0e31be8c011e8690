/** A runner that asks a store of earlier results first, so that only what is new or has changed is run. */
import { createHash } from "node:crypto";
import type { JobWatcher } from "../../shared/planning/jobs/job.ts";
import type { JobInput, JobName, JobOutput, JobRunner } from "../../shared/planning/jobs/jobs.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";
import { digestTrace, ValueDigests } from "./jobKeys.ts";

/** Where results are kept: text by key (64 hex digits). What it gives back is what was put there, whole, or nothing. */
export interface ResultStore {
  get(key: string): string | undefined;
  put(key: string, text: string): void;
}

/** How many jobs were answered from the store or by an equal job, and how many were run. */
export interface CacheCounts {
  readonly found: number;
  readonly run: number;
}

/** The same results as the runner inside: the key of a result covers job, input, traces and the code that runs it. */
export class CachedRunner implements JobRunner {
  private readonly inner: JobRunner;
  private readonly store: ResultStore;
  private readonly base: () => string;
  private readonly digests = new ValueDigests();
  private baseText: string | undefined;
  private found = 0;
  private ran = 0;

  /** `fingerprint` names the code behind the results (workers/engineFingerprint.ts); it is asked when it is first needed. */
  constructor(
    inner: JobRunner,
    store: ResultStore,
    fingerprint: () => string,
    traces: ReadonlyMap<string, TraceColumns>,
  ) {
    this.inner = inner;
    this.store = store;
    this.base = () => {
      const named = [...traces].map(([id, trace]) => [id, digestTrace(trace)]);
      return JSON.stringify([fingerprint(), named.sort(([a], [b]) => (a < b ? -1 : 1))]);
    };
  }

  /** What came from the store so far. */
  get counts(): CacheCounts {
    return { found: this.found, run: this.ran };
  }

  async run<Name extends JobName>(
    name: Name,
    inputs: readonly JobInput<Name>[],
    watcher: JobWatcher<JobOutput<Name>> = {},
  ): Promise<JobOutput<Name>[]> {
    const work = new CachedCall<Name>(
      inputs.map((input) => this.keyOf(name, input)),
      watcher,
    );
    const wanted = work.takeFound((key) => this.store.get(key));
    this.found += inputs.length - wanted.length;
    if (wanted.length > 0) {
      await this.inner.run(
        name,
        wanted.map((index) => inputs[index]),
        {
          isCancelled: () => watcher.isCancelled?.() ?? false,
          onProgress: (part) => work.showProgress(part),
          onResult: (place, output) => {
            this.ran++;
            const text = JSON.stringify(output);
            this.store.put(work.keys[wanted[place]], text);
            work.takeRun(wanted[place], text);
          },
        },
      );
    }
    work.showProgress(1);
    return work.outputs;
  }

  /** The key of one job. */
  keyOf<Name extends JobName>(name: Name, input: JobInput<Name>): string {
    this.baseText ??= this.base();
    const text = `${this.baseText}\n${name}\n${this.digests.digest(input)}`;
    return createHash("sha256").update(text).digest("hex");
  }
}

/** One call: which of its jobs are known, which are to be run, and which of those are equal. */
class CachedCall<Name extends JobName> {
  readonly keys: readonly string[];
  readonly outputs: JobOutput<Name>[];
  private readonly watcher: JobWatcher<JobOutput<Name>>;
  /** Jobs to be run by their key: the first is run, the others have its result. */
  private readonly waiting = new Map<string, number[]>();
  private wanted = 0;

  constructor(keys: readonly string[], watcher: JobWatcher<JobOutput<Name>>) {
    this.keys = keys;
    this.outputs = new Array(keys.length);
    this.watcher = watcher;
  }

  /** Takes what `get` knows and answers with the indexes of the jobs to be run, in order. */
  takeFound(get: (key: string) => string | undefined): number[] {
    const wanted: number[] = [];
    this.keys.forEach((key, index) => {
      const equal = this.waiting.get(key);
      if (equal !== undefined) {
        equal.push(index);
        return;
      }
      const text = get(key);
      if (text !== undefined) {
        this.take(index, text, true);
        return;
      }
      this.waiting.set(key, [index]);
      wanted.push(index);
    });
    this.wanted = [...this.waiting.values()].reduce((sum, equal) => sum + equal.length, 0);
    return wanted;
  }

  /** Takes the result of a job that was run, for all that are equal to it. */
  takeRun(index: number, text: string): void {
    for (const equal of this.waiting.get(this.keys[index]) ?? []) {
      this.take(equal, text, equal !== index);
    }
  }

  /** `part`: share of the jobs to be run, 0..1. */
  showProgress(part: number): void {
    const { length } = this.keys;
    this.watcher.onProgress?.(length === 0 ? 1 : 1 - (this.wanted * (1 - part)) / length);
  }

  /** Every result comes out of its text, so that it is the same whether it was run or found. */
  private take(index: number, text: string, isCached: boolean): void {
    this.outputs[index] = JSON.parse(text) as JobOutput<Name>;
    this.watcher.onResult?.(index, this.outputs[index], isCached);
  }
}
