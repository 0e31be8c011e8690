/** Runs a study, or the claim ledger, on a thread of its own. */
import { Worker } from "node:worker_threads";
import { JobCancelled } from "../../shared/planning/jobs/job.ts";
import type { JobHandle } from "../services/jobDesk.ts";
import type { StudyRunner } from "../services/library/studies.ts";
import type { StudyTask } from "../services/studyKinds/studyTask.ts";
import { reviveError } from "../workers/carriedError.ts";
import { shareTraces } from "../workers/sharedTraces.ts";
import {
  type StudyMessage,
  type StudyThreadData,
  type StudyWork,
  studyFlags,
} from "./studyMessages.ts";
import { threadEntry } from "./threadEntry.ts";

const pollMs = 50;
/** How long cancelled work may go on before its thread is stopped: with the polling it ends within a second. */
const graceMs = 700;

/** Threads of studies; `cache` is the folder of earlier results. */
export class StudyThreads implements StudyRunner {
  private readonly workers: number | undefined;
  private readonly cache: string;
  private readonly running = new Set<Worker>();

  constructor(workers: number | undefined, cache: string) {
    this.workers = workers;
    this.cache = cache;
  }

  runStudy(task: StudyTask, handle: JobHandle): Promise<string> {
    const shared = new Map<object, ReturnType<typeof shareTraces>>();
    const scenarios = task.scenarios.map((each) => {
      const known = shared.get(each.traces) ?? shareTraces(each.traces);
      shared.set(each.traces, known);
      return { ...each, traces: known };
    });
    return this.run({ kind: "study", task: { ...task, scenarios } }, handle);
  }

  runClaims(only: readonly string[] | undefined, handle: JobHandle): Promise<string> {
    return this.run({ kind: "claims", only }, handle);
  }

  /** Stops whatever goes on. */
  async close(): Promise<void> {
    await Promise.all([...this.running].map((worker) => worker.terminate()));
  }

  private async run(work: StudyWork, handle: JobHandle): Promise<string> {
    const flags = new SharedArrayBuffer(4 * studyFlags.count);
    const data: StudyThreadData = { work, flags, workers: this.workers, cache: this.cache };
    const worker = new Worker(threadEntry("studyWorker"), { workerData: data });
    this.running.add(worker);
    const watch = watchCancel(worker, new Int32Array(flags), handle);
    try {
      return await lastMessage(worker, handle);
    } finally {
      clearInterval(watch);
      this.running.delete(worker);
      void worker.terminate();
    }
  }
}

/** Sets the flag when the handle says so, and stops a thread that goes on beyond the grace time. */
function watchCancel(worker: Worker, cells: Int32Array, handle: JobHandle): NodeJS.Timeout {
  let cancelledMs: number | undefined;
  return setInterval(() => {
    if (!handle.isCancelled()) return;
    cancelledMs ??= performance.now();
    Atomics.store(cells, studyFlags.cancel, 1);
    if (performance.now() - cancelledMs > graceMs) void worker.terminate();
  }, pollMs);
}

function lastMessage(worker: Worker, handle: JobHandle): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.on("message", (message: StudyMessage) => {
      if (message.kind === "progress") handle.progress(message.share, "simulating");
      else if (message.kind === "done") resolve(message.json);
      else reject(reviveError(message.error));
    });
    worker.once("error", reject);
    worker.once("exit", () =>
      reject(
        handle.isCancelled() ? new JobCancelled() : new Error("the thread of a study has ended"),
      ),
    );
  });
}
