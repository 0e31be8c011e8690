/** One run of a scenario as a job that yields its whole report. */
import { JobCancelled, type JobContext } from "../jobs/job.ts";
import { replicatedValues } from "../replications.ts";
import type { RunReport } from "../runReport.ts";
import { ScenarioRun } from "../scenarioRun.ts";
import type { PointInput } from "./runPoint.ts";
import { sharedWorkloads } from "./sharedWorkloads.ts";

/** A report, and the values that replications are summarised by. Its wall time is 0: the caller measures it. */
export interface ReportedRun {
  readonly report: RunReport;
  readonly values: Record<string, number | null>;
}

const eventsPerStep = 100_000;

/** Runs to the end; an edit that leaves the traffic as it was faces the requests that were made before it. Throws JobCancelled, and InputError for traffic that cannot be made. */
export function runReport(input: PointInput, context: JobContext): ReportedRun {
  const { scenario, replication = 0 } = input;
  const seed = input.seed ?? scenario.seed;
  const { traces } = context;
  // Further replications would only push out the requests that the next edit faces again.
  const isKept = replication === 0;
  const workload = isKept
    ? sharedWorkloads(traces).get(scenario, seed, replication, traces)
    : undefined;
  const run = new ScenarioRun({ scenario, traces, seed, replication, workload });
  while (run.step(eventsPerStep)) {
    if (context.isCancelled()) throw new JobCancelled();
    const reach = run.reach();
    context.onProgress(reach.arrived / Math.max(1, reach.requests), reach);
  }
  const report = run.report(0);
  return { report, values: replicatedValues(report) };
}
