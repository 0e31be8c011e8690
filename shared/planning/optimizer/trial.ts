/** One candidate simulated: the job that the optimizer hands out. */
import type { Scenario } from "../../schema/scenario.ts";
import type { TraceColumns } from "../../schema/traceColumns.ts";
import { JobCancelled, type JobContext } from "../jobs/job.ts";
import { missedTargets, type RunFigures } from "../points/runFigures.ts";
import { WorkloadCache } from "../points/runPoint.ts";
import { ScenarioRun } from "../scenarioRun.ts";
import { type CertainMiss, MissWatch } from "./missWatch.ts";

/** A candidate to simulate. */
export interface TrialInput {
  readonly scenario: Scenario;
  readonly replication: number;
  /** Run to the end even when a target is missed for certain. */
  readonly isWhole?: boolean;
}

/** What a trial gave: figures of a whole run, or the miss that ended it. */
export interface TrialOutcome {
  readonly figures: RunFigures | null;
  readonly stoppedBy: CertainMiss | null;
  /** Why it does not meet its targets, one sentence each; none when it does. */
  readonly missed: readonly string[];
}

/** Looks at the requests of a run this many times, so that the looks cost little beside the run. */
const looks = 12;
const eventsPerRequest = 3;

/** The workloads of a set of traces stay with it: all candidates of a search face the same requests. */
const workloads = new WeakMap<ReadonlyMap<string, TraceColumns>, WorkloadCache>();
const workloadsKept = 4;

function cacheOf(traces: ReadonlyMap<string, TraceColumns>): WorkloadCache {
  const known = workloads.get(traces);
  if (known !== undefined) return known;
  const made = new WorkloadCache(workloadsKept);
  workloads.set(traces, made);
  return made;
}

/** Runs a candidate, no further than is needed to know that it misses a target. Throws JobCancelled. */
export function runTrial(input: TrialInput, context: JobContext): TrialOutcome {
  const { scenario, replication } = input;
  const { traces } = context;
  const { seed } = scenario;
  const workload = cacheOf(traces).get(scenario, seed, replication, traces);
  const run = new ScenarioRun({ scenario, traces, seed, replication, workload });
  const watch = input.isWhole ? undefined : new MissWatch(run);
  const eventsPerLook = Math.max(2000, Math.ceil((workload.count * eventsPerRequest) / looks));
  while (run.step(Math.min(eventsPerLook, 100_000))) {
    if (context.isCancelled()) throw new JobCancelled();
    context.onProgress(run.progress().share);
    const miss = watch?.check();
    if (miss !== undefined) {
      return { figures: null, stoppedBy: miss, missed: [certainMissText(miss)] };
    }
  }
  const figures = run.figures();
  return { figures, stoppedBy: null, missed: missedTargets(figures) };
}

/** "TTFT p95 of class "chat" cannot be met: 61 requests were over 2000 ms after 12 % of the traffic, 50 may be". */
export function certainMissText(miss: CertainMiss): string {
  const share = `${Number((miss.atShare * 100).toPrecision(2))} %`;
  if (miss.metric === "answer") {
    return `a request of class "${miss.class}" was not answered, after ${share} of the traffic`;
  }
  const name = miss.metric === "e2e" ? "end-to-end" : miss.metric.toUpperCase();
  const p = `p${Number((miss.percentile * 100).toPrecision(6))}`;
  return `${name} ${p} of class "${miss.class}" cannot be met: ${miss.over} requests were over ${miss.targetMs} ms after ${share} of the traffic, and ${miss.allowed} may be`;
}
