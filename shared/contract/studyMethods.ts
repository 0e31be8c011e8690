/** Methods about studies: questions that take many runs, kept with their answers; the claim ledger and the fidelity card. */
import { fidelityCardSchema } from "../schema/fidelityCard.ts";
import { projectionPlanSchema } from "../schema/projectionPlan.ts";
import { searchSpaceSchema } from "../schema/searchSpace.ts";
import { axisSchema, designSchema, uncertainInputSchema } from "../schema/study.ts";
import { z } from "../schema/zod.ts";
import { documentSchema, idParam, jobParam, method, mib, timeMs } from "./common.ts";
import { scenarioRefSchema } from "./scenarioRef.ts";

const count = z.number().int().min(1);
const strategies = z.array(z.string().min(1).max(200)).min(1).max(200).optional();

const breakEvenFields = {
  /** Tokens a month; default from an eighth of the lesser to twice the greater of the traffic's own month and the analytic crossing. */
  from: z.number().gt(0).optional(),
  to: z.number().gt(0).optional(),
  /** Volumes, evenly spaced in their logarithm; default 20. */
  points: count.max(500).optional(),
  /** Default 5. */
  replications: count.max(100).optional(),
  /** Ids as the result lists them, or "api", "own", "hybrid"; default all. */
  strategies,
  maxGpus: count.max(100_000).optional(),
};

/**
 * What is asked, by kind. The result is what the command of that name prints with --json:
 * - breakeven: BreakEvenStudy with `sentence` (the verdict); gate: its `gate`, `verdict`, `crossings`, `measured`, `sentence`.
 * - compare: Comparison over two to eight scenarios.
 * - optimize: OptimizeResult, with `scenarios`: the document of each alternative, ready to open.
 * - uncertainty: UncertaintyResult; with one scenario its strategies are the options, with several the scenarios as they are.
 * - project: Projection; `plan` stands in place of the scenario's own.
 * - chargeback: ChargebackReport with engineVersion, hash, warnings.
 * - sweep: StudyResult (studies/studyResult.ts).
 */
export const studySpecSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("breakeven"), ...breakEvenFields }),
  z.strictObject({ kind: z.literal("gate"), ...breakEvenFields }),
  z.strictObject({
    kind: z.literal("compare"),
    /** Position of the baseline among the scenarios; its seed is everyone's. */
    baseline: z.number().int().min(0).max(7).default(0),
    replications: count.max(1000).default(5),
  }),
  z.strictObject({
    kind: z.literal("optimize"),
    /** What is searched, as in a search-space file; what is left out has its default. */
    space: searchSpaceSchema.omit({ format: true, version: true }).partial().default({}),
    /** Also the usual thresholds of the rules to the pool, where the space names none. */
    tryRouting: z.boolean().default(false),
    top: count.max(100).default(5),
    replications: count.max(100).default(3),
  }),
  z.strictObject({
    kind: z.literal("uncertainty"),
    uncertain: z.array(uncertainInputSchema).min(1).max(64),
    strategies,
    samples: count.min(2).max(10_000).default(100),
    replications: count.max(100).default(1),
    /** Whether the number of GPUs is searched at every sample. */
    fleet: z.enum(["chosen", "given"]).default("chosen"),
    maxGpus: count.max(4096).optional(),
    /** The two options whose difference the tornado shows; default own GPUs minus the cheapest API. */
    difference: z.tuple([z.string(), z.string()]).optional(),
  }),
  z.strictObject({
    kind: z.literal("project"),
    plan: projectionPlanSchema.optional(),
    strategies,
    replications: count.max(1000).optional(),
    maxGpus: count.max(65_536).optional(),
    /** Simulate so many volumes and bracket the months between; default every month's own. */
    grid: z.number().int().min(2).max(60).optional(),
  }),
  z.strictObject({
    kind: z.literal("chargeback"),
    by: z.enum(["class", "tenant", "namespace", "model", "pool"]).default("class"),
    idle: z.enum(["proportional", "even", "separate"]).default("proportional"),
    fixed: z.enum(["cost", "tokens", "even"]).default("cost"),
    /** Namespace of each tenant, beside the scenario's own. */
    namespaces: z.record(z.string().min(1), z.string().min(1).max(253)).default({}),
  }),
  z.strictObject({
    kind: z.literal("sweep"),
    axes: z.array(axisSchema).min(1).max(64),
    design: designSchema.default({ kind: "grid" }),
    replications: count.max(10_000).default(1),
    commonRandomNumbers: z.boolean().default(true),
    /** Figures by name; default the usual ones. */
    outputs: z.array(z.string().min(1)).min(1).max(500).optional(),
  }),
]);
export type StudySpec = z.infer<typeof studySpecSchema>;
export type StudyKind = StudySpec["kind"];

/** A kept study. */
export const studyEntrySchema = z.strictObject({
  id: idParam,
  /** The scenario of the library that it belongs to; null for one of documents that were never saved. */
  scenarioId: idParam.nullable(),
  kind: z.string(),
  name: z.string(),
  inputHash: z.string(),
  engine: z.string(),
  startedMs: timeMs,
  wallMs: z.number(),
  /** The answer in one sentence; null where there is none. */
  headline: z.string().nullable(),
});
export type StudyEntry = z.infer<typeof studyEntrySchema>;

const resultSchema = z.record(z.string(), z.unknown());

export const studyMethods = {
  /**
   * Runs a study on threads of its own, so that live answers do not wait for it, and keeps its answer. One of the same inputs is
   * given back at once (isCached) unless `isFresh`; runs that earlier studies had are not run again. Tells progress; cancel it by
   * `job`, and what was run is kept for the next time. `scenarios`: one, but for compare (two to eight) and uncertainty (one to
   * eight). `scenarioId` says whose study it is; default the first scenario given by id.
   */
  "study.start": method(
    z.strictObject({
      job: jobParam,
      study: studySpecSchema,
      scenarios: z.array(scenarioRefSchema).min(1).max(8),
      scenarioId: idParam.optional(),
      name: z.string().min(1).max(200).optional(),
      isFresh: z.boolean().default(false),
    }),
    z.strictObject({ study: studyEntrySchema, result: resultSchema, isCached: z.boolean() }),
    64 * mib,
  ),
  /** Newest first. */
  "study.list": method(
    z.strictObject({ scenarioId: idParam }),
    z.strictObject({ studies: z.array(studyEntrySchema) }),
  ),
  /** With `document`, says whether the study is of that document, its traces as they are now, and this program; null where that is not known: no document given, a study of several, one kept by an earlier version. */
  "study.get": method(
    z.strictObject({ id: idParam, document: documentSchema.optional() }),
    z.strictObject({
      study: studyEntrySchema,
      result: resultSchema,
      isCurrent: z.boolean().nullable(),
    }),
    64 * mib,
  ),
  "study.delete": method(z.strictObject({ id: idParam }), z.strictObject({})),
  /**
   * The ledger of published claims (ClaimLedger, planning/claims/ledger.ts), all or those named: about half a minute of one core the
   * first time, then kept.
   */
  "claims.run": method(
    z.strictObject({
      job: jobParam,
      only: z.array(z.string().min(1).max(200)).min(1).max(500).optional(),
      isFresh: z.boolean().default(false),
    }),
    z.strictObject({ ledger: resultSchema, isCached: z.boolean() }),
  ),
  /** How far predictions are off what was measured, group by group; isWithinBar in the order of the groups, null where no bar is set. */
  "fidelity.card": method(
    z.strictObject({}),
    z.strictObject({
      card: fidelityCardSchema,
      isWithinBar: z.strictObject({
        iterationTimes: z.array(z.boolean().nullable()),
        serving: z.array(z.boolean().nullable()),
      }),
    }),
  ),
};
