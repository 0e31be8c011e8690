/** One run of a study as a job: its named figures, or why this point cannot be run. */
import { InputError } from "../../units/errors.ts";
import type { JobContext } from "../jobs/job.ts";
import { type PointInput, runPoint } from "../points/runPoint.ts";
import { sharedWorkloads } from "../points/sharedWorkloads.ts";
import { type NamedFigures, nameFigures } from "./figureNames.ts";

/** What a run of a study gave. */
export type StudyRun =
  | { readonly figures: NamedFigures; readonly fingerprint: string }
  | { readonly problem: string };

/** Runs one point once. A point that fails for its inputs (a fleet that never catches up) is a result: the other points stand. */
export function runStudyPoint(input: PointInput, context: JobContext): StudyRun {
  try {
    const run = runPoint(input, context, sharedWorkloads(context.traces));
    return { figures: nameFigures(run), fingerprint: run.fingerprint };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { problem: error.message };
  }
}
