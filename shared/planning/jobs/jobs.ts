/** Every job by name: what a worker can be asked to do. A file that a job needs does not import this one; whoever hands out jobs does. */
import {
  type BreakEvenPoint,
  type BreakEvenPointInput,
  runBreakEvenPoint,
} from "../breakEven/breakEvenPoint.ts";
import {
  type BreakEvenSetup,
  type BreakEvenSetupInput,
  runBreakEvenSetup,
} from "../breakEven/breakEvenSetup.ts";
import { type ComparedRun, type ComparedRunInput, runCompared } from "../comparison/comparedRun.ts";
import { runTrial, type TrialInput, type TrialOutcome } from "../optimizer/trial.ts";
import { type QuickInput, type QuickReport, runQuickReport } from "../points/quickReport.ts";
import { type RequestColumns, runRequestColumns } from "../points/requestColumns.ts";
import type { RunFigures } from "../points/runFigures.ts";
import { type RunFlow, runFlowJob } from "../points/runFlow.ts";
import { type PointInput, runPoint } from "../points/runPoint.ts";
import { type ReportedRun, runReport } from "../points/runReportJob.ts";
import { runStudyPoint, type StudyRun } from "../studies/studyRun.ts";
import {
  type OptionPoint,
  type OptionPointInput,
  runOptionPoint,
} from "../uncertainty/optionPoint.ts";
import type { Job, JobWatcher } from "./job.ts";

/** Inputs and outputs of the jobs by name. */
export interface JobTypes {
  readonly point: { readonly input: PointInput; readonly output: RunFigures };
  readonly report: { readonly input: PointInput; readonly output: ReportedRun };
  readonly quickReport: { readonly input: QuickInput; readonly output: QuickReport };
  /** Columns in shared memory: not JSON, and not to be kept by a cache of results. */
  readonly requestColumns: { readonly input: PointInput; readonly output: RequestColumns };
  readonly flow: { readonly input: PointInput; readonly output: RunFlow };
  readonly breakEvenSetup: {
    readonly input: BreakEvenSetupInput;
    readonly output: BreakEvenSetup;
  };
  readonly breakEvenPoint: {
    readonly input: BreakEvenPointInput;
    readonly output: BreakEvenPoint;
  };
  readonly compared: { readonly input: ComparedRunInput; readonly output: ComparedRun };
  readonly studyPoint: { readonly input: PointInput; readonly output: StudyRun };
  readonly optionPoint: { readonly input: OptionPointInput; readonly output: OptionPoint };
  readonly trial: { readonly input: TrialInput; readonly output: TrialOutcome };
}

export type JobName = keyof JobTypes;
export type JobInput<Name extends JobName> = JobTypes[Name]["input"];
export type JobOutput<Name extends JobName> = JobTypes[Name]["output"];

/** The jobs. A new kind of study work is added here and in JobTypes, and nowhere else. */
export const jobs: { readonly [Name in JobName]: Job<JobInput<Name>, JobOutput<Name>> } = {
  point: (input, context) => runPoint(input, context),
  report: runReport,
  quickReport: runQuickReport,
  requestColumns: runRequestColumns,
  flow: runFlowJob,
  breakEvenSetup: runBreakEvenSetup,
  breakEvenPoint: runBreakEvenPoint,
  compared: runCompared,
  studyPoint: runStudyPoint,
  optionPoint: runOptionPoint,
  trial: runTrial,
};

/** Runs jobs, on as many cores as its host gives it; a cache may stand before it. */
export interface JobRunner {
  /** Results in the order of the inputs, whatever the number of workers. Throws JobCancelled, or the first error of a job (lowest index). */
  run<Name extends JobName>(
    name: Name,
    inputs: readonly JobInput<Name>[],
    watcher?: JobWatcher<JobOutput<Name>>,
  ): Promise<JobOutput<Name>[]>;
}
