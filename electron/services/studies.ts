/** Use case of a study: runs what is wanted of it and puts the results together. */
import { JobCancelled, type JobWatcher } from "../../shared/planning/jobs/job.ts";
import type { JobRunner } from "../../shared/planning/jobs/jobs.ts";
import { countRuns, type StudyPlan } from "../../shared/planning/studies/planStudy.ts";
import { type ShardPart, shardRuns } from "../../shared/planning/studies/shards.ts";
import type { StudyRun } from "../../shared/planning/studies/studyRun.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";
import { digestTrace } from "./jobKeys.ts";

/** What was run of a study. */
export interface StudyRuns {
  /** By number of the run (replication * points + point). */
  readonly results: ReadonlyMap<number, StudyRun>;
  /** Whether it was stopped before all that was wanted was run. */
  readonly isCancelled: boolean;
}

/** Runs a study, or one part of it. A cancel keeps what has come; other errors are thrown. */
export async function runStudy(
  plan: StudyPlan,
  part: ShardPart,
  runner: JobRunner,
  watcher: Pick<JobWatcher<StudyRun>, "isCancelled" | "onProgress">,
): Promise<StudyRuns> {
  const { points } = plan;
  const numbers = shardRuns(part, countRuns(plan));
  const inputs = numbers.map((number) => {
    const { scenario, seed } = points[number % points.length];
    return { scenario, seed, replication: Math.floor(number / points.length) };
  });
  const results = new Map<number, StudyRun>();
  const onResult = (place: number, run: StudyRun): void => {
    results.set(numbers[place], run);
  };
  try {
    await runner.run("studyPoint", inputs, { ...watcher, onResult });
    return { results, isCancelled: false };
  } catch (error) {
    if (!(error instanceof JobCancelled)) throw error;
    return { results, isCancelled: true };
  }
}

/** Hashes of traces by source id. */
export function hashTraces(traces: ReadonlyMap<string, TraceColumns>): Record<string, string> {
  return Object.fromEntries([...traces].map(([id, trace]) => [id, digestTrace(trace)]));
}
