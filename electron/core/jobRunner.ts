/** Wires worker threads and earlier results into one runner of jobs. */
import type { JobRunner } from "../../shared/planning/jobs/jobs.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";
import { InputError } from "../../shared/units/errors.ts";
import { cacheFolder, ResultFolder } from "../files/resultStore.ts";
import { type CacheCounts, CachedRunner, type ResultStore } from "../services/cachedRunner.ts";
import { engineFingerprint } from "../workers/engineFingerprint.ts";
import { WorkerPool } from "../workers/workerPool.ts";

/** How jobs are to be run. */
export interface JobRunnerOptions {
  /** Rows of trace sources by source id. */
  readonly traces: ReadonlyMap<string, TraceColumns>;
  /** Threads at most; default as many as the machine runs at once. */
  readonly workers?: number;
  /** Folder of earlier results; null for none; default this user's cache folder. */
  readonly cache?: string | null;
  /** Told of what does not stop the work: a default cache folder that cannot be used, damaged results. */
  readonly onWarning?: (text: string) => void;
}

/** A runner that is closed when no more work comes. */
export interface ClosableRunner extends JobRunner {
  readonly workers: number;
  /** Results that were found, or equal to another's, and results that were run, so far. */
  readonly counts: CacheCounts;
  /** Stops the threads and keeps the folder of results to its size. */
  close(): Promise<void>;
}

/** Threads start when there is work that no earlier result answers. Throws InputError for a named cache folder that cannot be used. */
export function createJobRunner(options: JobRunnerOptions): ClosableRunner {
  const { traces, workers, onWarning } = options;
  const pool = new WorkerPool({ workers });
  const folder = openFolder(options);
  const store = folder === undefined ? nothingKept : forgiving(folder, onWarning);
  const fingerprint = folder === undefined ? () => "" : engineFingerprint;
  const cached = new CachedRunner(pool.runner(traces), store, fingerprint, traces);
  return {
    workers: pool.workers,
    get counts() {
      return cached.counts;
    },
    run: (name, inputs, watcher) => cached.run(name, inputs, watcher),
    close: async () => {
      await pool.close();
      folder?.keepToSize();
      const damaged = folder?.damaged ?? 0;
      if (damaged > 0) {
        onWarning?.(`${damaged} earlier results were damaged; they were removed and run again`);
      }
    },
  };
}

const nothingKept: ResultStore = { get: () => undefined, put: () => undefined };

/** A result that cannot be kept stops no work: it is told once, and no more are kept. */
function forgiving(folder: ResultFolder, onWarning: JobRunnerOptions["onWarning"]): ResultStore {
  let isKeeping = true;
  return {
    get: (key) => folder.get(key),
    put: (key, text) => {
      if (!isKeeping) return;
      try {
        folder.put(key, text);
      } catch (error) {
        isKeeping = false;
        const why = error instanceof Error ? error.message : String(error);
        onWarning?.(`results are not kept for the next time: ${why}`);
      }
    },
  };
}

function openFolder({ cache, onWarning }: JobRunnerOptions): ResultFolder | undefined {
  if (cache === null) return undefined;
  if (cache !== undefined) return new ResultFolder(cache);
  try {
    return new ResultFolder(cacheFolder());
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    onWarning?.(`${error.message} Nothing is kept this time.`);
    return undefined;
  }
}
