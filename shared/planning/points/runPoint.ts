/** One run of a scenario as a job: only its figures leave. */
import { canonicalJson } from "../../schema/canonicalJson.ts";
import type { Scenario } from "../../schema/scenario.ts";
import type { TraceColumns } from "../../schema/traceColumns.ts";
import { buildWorkload } from "../../workload/buildWorkload.ts";
import type { Workload } from "../../workload/workload.ts";
import { JobCancelled, type JobContext } from "../jobs/job.ts";
import { ScenarioRun } from "../scenarioRun.ts";
import type { BilledFigures, OutcomeFigures, RunFigures } from "./runFigures.ts";

/** A scenario to run once. It is sound (checkScenario.ts); its trace sources are among the traces of the context. */
export interface PointInput {
  readonly scenario: Scenario;
  /** Default: the scenario's own. */
  readonly seed?: number;
  readonly replication?: number;
}

const eventsPerStep = 100_000;

/** Runs to the end. Throws JobCancelled, and InputError for traffic that cannot be made. */
export function runPoint(
  input: PointInput,
  context: JobContext,
  workloads = new WorkloadCache(0),
): RunFigures {
  return endedRun(input, context, workloads).figures();
}

/** The same run with what a search looks at only. */
export function runOutcome(
  input: PointInput,
  context: JobContext,
  workloads: WorkloadSource = new WorkloadCache(0),
): OutcomeFigures {
  return endedRun(input, context, workloads).outcome();
}

/** As runOutcome, with the facts of the bill. */
export function runBilled(
  input: PointInput,
  context: JobContext,
  workloads: WorkloadSource,
): BilledFigures {
  return endedRun(input, context, workloads).billed();
}

function endedRun(input: PointInput, context: JobContext, workloads: WorkloadSource): ScenarioRun {
  const { scenario, replication = 0 } = input;
  const seed = input.seed ?? scenario.seed;
  const { traces } = context;
  const workload = workloads.get(scenario, seed, replication, traces);
  const run = new ScenarioRun({ scenario, traces, seed, replication, workload });
  while (run.step(eventsPerStep)) {
    if (context.isCancelled()) throw new JobCancelled();
    context.onProgress(run.progress().share);
  }
  return run;
}

/** Where a run gets its requests from. */
export interface WorkloadSource {
  /** The workload of a scenario's traffic for a seed and a replication. */
  get(
    scenario: Scenario,
    seed: number,
    replication: number,
    traces: ReadonlyMap<string, TraceColumns>,
  ): Workload;
}

/** Workloads of more requests are not kept: several threads may each have some. */
const mostKept = 5_000_000;

/** Workloads made last, so that strategies and fleets that face the same requests share them. Closed loops are made anew. */
export class WorkloadCache implements WorkloadSource {
  private readonly capacity: number;
  private readonly known = new Map<string, Workload>();

  /** Keeps up to `capacity` workloads, the oldest go first; 0 keeps none. */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** The workload of a scenario's traffic for a seed and a replication. */
  get(
    scenario: Scenario,
    seed: number,
    replication: number,
    traces: ReadonlyMap<string, TraceColumns>,
  ): Workload {
    const { traffic, clock, run } = scenario;
    const make = () =>
      buildWorkload({ traffic, clock, traces, seed, replication, horizonS: run.horizonS });
    if (this.capacity === 0) return make();
    const horizonS = run.horizonS ?? null;
    const key = canonicalJson({ traffic, clock, horizonS, seed, replication });
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const workload = make();
    if (workload.closedLoops.length > 0 || workload.count > mostKept) return workload;
    for (const oldest of this.known.keys()) {
      if (this.known.size < this.capacity) break;
      this.known.delete(oldest);
    }
    this.known.set(key, workload);
    return workload;
  }
}
