/** One run of a comparison: plain data in, plain data out, so that it can run on any worker. */
import type { Scenario } from "../../schema/scenario.ts";
import type { TraceColumns } from "../../schema/traceColumns.ts";
import { InputError } from "../../units/errors.ts";
import { JobCancelled, type JobContext } from "../jobs/job.ts";
import { ScenarioRun } from "../scenarioRun.ts";
import { type ComparedFigure, comparedFigures } from "./comparedFigures.ts";
import { printTraffic, type TrafficPrint } from "./trafficPrint.ts";

/** Which run. */
export interface ComparedRunInput {
  /** Checked by requireSound. */
  readonly scenario: Scenario;
  readonly seed: number;
  readonly replication: number;
  /** Names of the scenario's traces among those of the context, by source id: scenarios may give one id to different traces. */
  readonly traceNames: Readonly<Record<string, string>>;
  /** Put before the message of an InputError, so that it says which scenario cannot run. */
  readonly label: string;
}

/** What a comparison keeps of a run. */
export interface ComparedRun {
  /** The hash of the run's report. */
  readonly hash: string;
  readonly engineVersion: string;
  readonly monthHours: number;
  readonly horizonS: number;
  readonly warmupS: number;
  readonly traffic: TrafficPrint;
  readonly figures: readonly ComparedFigure[];
  /** Targets that were met, and those that could be judged. */
  readonly targets: { readonly met: number; readonly judged: number };
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

const eventsPerStep = 100_000;

/** A job: runs to the end. Throws JobCancelled, and InputError with the label. */
export function runCompared(input: ComparedRunInput, context: JobContext): ComparedRun {
  try {
    return runUnnamed(input, context);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { message, field, hint } = error;
    throw new InputError(`${input.label}: ${message}`, { field, hint });
  }
}

function runUnnamed(input: ComparedRunInput, context: JobContext): ComparedRun {
  const { scenario, seed, replication, traceNames } = input;
  const traces = new Map<string, TraceColumns>();
  for (const [source, name] of Object.entries(traceNames)) {
    const trace = context.traces.get(name);
    if (trace !== undefined) traces.set(source, trace);
  }
  const run = new ScenarioRun({ scenario, seed, replication, traces });
  while (run.step(eventsPerStep)) {
    if (context.isCancelled()) throw new JobCancelled();
    context.onProgress(run.progress().share);
  }
  return keptOf(run);
}

function keptOf(run: ScenarioRun): ComparedRun {
  const classIds = run.scenario.traffic.classes.map((each) => each.id);
  const traffic = printTraffic(run.workload, classIds);
  const report = run.report(0);
  const judged = report.targets.filter((each) => each.isMet !== null);
  return {
    hash: report.hash,
    engineVersion: report.engineVersion,
    monthHours: report.cost.monthHours,
    horizonS: report.horizonS,
    warmupS: report.warmupS,
    traffic,
    figures: comparedFigures(report),
    targets: { met: judged.filter((each) => each.isMet).length, judged: judged.length },
    notes: report.notes,
    warnings: report.warnings,
  };
}
