/** The entry of the thread that runs one study, or the claim ledger, and ends: the orchestration is off the thread that serves the page, the runs are on threads of their own. */
import { parentPort, workerData } from "node:worker_threads";
import { ClaimRun } from "../../shared/planning/claims/checkClaims.ts";
import { JobCancelled } from "../../shared/planning/jobs/job.ts";
import { loadCatalog } from "../services/catalogFiles.ts";
import { runStudyTask } from "../services/studyKinds/runStudyTask.ts";
import type { StudyHost } from "../services/studyKinds/studyTask.ts";
import { carryError } from "../workers/carriedError.ts";
import { loadClaimInputs, shownLedger } from "./claimInputs.ts";
import { type ClosableRunner, createJobRunner } from "./jobRunner.ts";
import { type StudyMessage, type StudyThreadData, studyFlags } from "./studyMessages.ts";

const { work, flags, workers, cache } = workerData as StudyThreadData;
const cells = new Int32Array(flags);
const runners: ClosableRunner[] = [];

function tell(message: StudyMessage): void {
  parentPort!.postMessage(message);
}

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const host: StudyHost = {
  runnerOver(traces) {
    const runner = createJobRunner({ traces, workers, cache });
    runners.push(runner);
    return runner;
  },
  isCancelled: () => Atomics.load(cells, studyFlags.cancel) === 1,
  onProgress: (share) => tell({ kind: "progress", share }),
  now: () => Date.now(),
  pause,
};

/** Experiments one by one, so that progress is told between them. */
async function runClaims(only: readonly string[] | undefined): Promise<object> {
  const run = new ClaimRun(await loadClaimInputs(undefined), only);
  for (const [index] of run.experiments.entries()) {
    if (host.isCancelled()) throw new JobCancelled();
    run.runNext();
    host.onProgress((index + 1) / run.experiments.length);
    await pause();
  }
  return shownLedger(run.finish());
}

async function answer(): Promise<StudyMessage> {
  try {
    const result =
      work.kind === "study"
        ? await runStudyTask(work.task, host, () => loadCatalog())
        : await runClaims(work.only);
    return { kind: "done", json: JSON.stringify(result) };
  } catch (error) {
    return { kind: "failed", error: carryError(error) };
  } finally {
    await Promise.all(runners.map((runner) => runner.close()));
  }
}

void answer().then(tell);
