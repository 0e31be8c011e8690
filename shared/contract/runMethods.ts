/** Methods about runs: one simulation of a scenario, kept with its inputs' hash. */
import { z } from "../schema/zod.ts";
import { documentSchema, idParam, jobParam, method, mib, timeMs } from "./common.ts";
import { runSummarySchema } from "./scenarioMethods.ts";

/** The report of a run as `crossover run --json` prints it (planning/runReport.ts). */
const reportSchema = z.record(z.string(), z.unknown());

export const runEntrySchema = z.strictObject({
  id: idParam,
  scenarioId: idParam.nullable(),
  inputHash: z.string(),
  engine: z.string(),
  seed: z.number().int(),
  replications: z.number().int(),
  startedMs: timeMs,
  wallMs: z.number(),
  summary: runSummarySchema,
  runHash: z.string(),
});
export type RunEntry = z.infer<typeof runEntrySchema>;

export const runMethods = {
  /**
   * Simulates a document and keeps the run. `scenarioId` says whose run it is. A run of the same inputs is given back at once
   * (isCached) unless `isFresh`. With `isKept` false nothing enters the library and `run` is null: for answers to each edit.
   */
  "run.start": method(
    z.strictObject({
      job: jobParam,
      document: documentSchema,
      scenarioId: idParam.optional(),
      replications: z.number().int().min(1).max(1000).default(1),
      isFresh: z.boolean().default(false),
      isKept: z.boolean().default(true),
    }),
    z.strictObject({
      run: runEntrySchema.nullable(),
      report: reportSchema,
      isCached: z.boolean(),
    }),
    64 * mib,
  ),
  /**
   * A first answer to an edit of a long scenario, within 300 ms: the report of the traffic's first part, to be shown as settling until
   * run.start, called beside it, has the whole. `report` is null where the whole answers as fast. Nothing is kept.
   */
  "run.quick": method(
    z.strictObject({ job: jobParam, document: documentSchema }),
    z.strictObject({
      report: reportSchema.nullable(),
      /** Share of the traffic's time that the report is of, 0..1. */
      share: z.number().min(0).max(1),
    }),
    64 * mib,
  ),
  "run.get": method(
    z.strictObject({ id: idParam }),
    z.strictObject({ run: runEntrySchema, report: reportSchema }),
  ),
  /** Newest first. */
  "run.list": method(
    z.strictObject({ scenarioId: idParam, limit: z.number().int().min(1).max(1000).default(100) }),
    z.strictObject({ runs: z.array(runEntrySchema) }),
  ),
  "run.delete": method(z.strictObject({ id: idParam }), z.strictObject({})),
};
