/** Runs jobs one after the other in the calling thread: for tests, and for hosts without workers. */
import type { TraceColumns } from "../../schema/traceColumns.ts";
import { JobCancelled, type JobWatcher } from "./job.ts";
import { type JobInput, type JobName, type JobOutput, type JobRunner, jobs } from "./jobs.ts";

/** A runner over the given traces (by source id). */
export class InlineRunner implements JobRunner {
  private readonly traces: ReadonlyMap<string, TraceColumns>;

  constructor(traces: ReadonlyMap<string, TraceColumns>) {
    this.traces = traces;
  }

  async run<Name extends JobName>(
    name: Name,
    inputs: readonly JobInput<Name>[],
    watcher: JobWatcher<JobOutput<Name>> = {},
  ): Promise<JobOutput<Name>[]> {
    const isCancelled = (): boolean => watcher.isCancelled?.() ?? false;
    const outputs: JobOutput<Name>[] = [];
    for (let i = 0; i < inputs.length; i++) {
      if (isCancelled()) throw new JobCancelled();
      const onProgress = (share: number): void => watcher.onProgress?.((i + share) / inputs.length);
      const output = jobs[name](inputs[i], { traces: this.traces, isCancelled, onProgress });
      watcher.onResult?.(i, output, false);
      outputs.push(output);
      onProgress(1);
    }
    return outputs;
  }
}
