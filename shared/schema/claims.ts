/** Schema of data/claims.json: published figures as data, with the formulas and experiments that reproduce or refute them. */
import { backendSchema, kvPrecisionSchema, precisionSchema } from "./catalog.ts";
import { idSchema, provenanceSchema } from "./common.ts";
import { z } from "./zod.ts";

const nameSchema = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]*$/, "a name of letters and digits that begins with a small letter");
const textSchema = z.string().min(1);
const count = z.number().int().min(1);
const sourceKey = textSchema.describe("a key of `sources`");
const formulaSchema = textSchema.describe(
  "+ - * / ( ), numbers, quantities by name, figures of the experiments, functions of planning/claims/formula.ts",
);

/** What a named quantity has besides its value. */
const described = { unit: textSchema, about: textSchema };

/** A number that formulas name: given with its source, read from the catalog, counted in a trace, or a formula over others. */
export const quantitySchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("given"),
    ...described,
    value: z.number(),
    source: sourceKey,
  }),
  z.strictObject({
    kind: z.literal("catalog"),
    ...described,
    list: z.enum(["gpus", "offers", "licences", "providers"]),
    entry: idSchema,
    field: textSchema.describe("path inside the entry, e.g. price.inputUsdPerMTok"),
  }),
  z.strictObject({
    kind: z.literal("trace"),
    ...described,
    trace: idSchema,
    figure: z.enum(["requests", "promptTokens", "outputTokens"]),
  }),
  z.strictObject({ kind: z.literal("formula"), ...described, formula: formulaSchema }),
]);
export type Quantity = z.infer<typeof quantitySchema>;

const ratioSchema = z.strictObject({
  label: textSchema,
  input: formulaSchema.describe("parts of input"),
  output: formulaSchema.describe("parts of output"),
});

/** What every experiment has. `shown` are the figures of its table. */
const experimentParts = {
  id: idSchema,
  about: textSchema,
  source: sourceKey.describe("of the numbers given here"),
  shown: z
    .array(z.strictObject({ figure: nameSchema, title: textSchema, unit: textSchema }))
    .min(1),
  most: count.optional().describe("rows of the text table, those of the highest first figure"),
};

/** API providers side by side: their prices as figures. */
const providersExperiment = z.strictObject({
  kind: z.literal("providers"),
  ...experimentParts,
  providers: z.array(idSchema).min(1),
});

/** Everything queued at t = 0 on one replica of tensor parallel 1: the most that one GPU does. */
const offlineBatchExperiment = z.strictObject({
  kind: z.literal("offlineBatch"),
  ...experimentParts,
  gpu: idSchema,
  models: z
    .union([z.literal("all"), z.array(idSchema).min(1)])
    .describe("all: every generator of the catalog"),
  backends: z.array(backendSchema).min(1),
  precisions: z.union([z.literal("all"), z.array(precisionSchema).min(1)]),
  tokensPerRequest: formulaSchema.describe("prompt + output, mean"),
  ratios: z.array(ratioSchema).min(1),
  prompts: count.max(100_000),
});

/** One value of an axis: what it sets in the scenario, by path. */
const optionSchema = z.strictObject({
  label: textSchema,
  set: z.record(textSchema, z.json()).describe('by path, e.g. {"pools.0.model": "llama-3.1-8b"}'),
  numbers: z
    .record(textSchema, formulaSchema)
    .optional()
    .describe("numbers to set, by path, each computed"),
});

/** A scenario, run once for each combination of the axes' options. */
const scenarioExperiment = z.strictObject({
  kind: z.literal("scenario"),
  ...experimentParts,
  scenario: z
    .record(z.string(), z.json())
    .describe("as in a scenario file; what it names is copied from the catalog"),
  numbers: z.record(textSchema, formulaSchema).optional(),
  offers: z.record(idSchema, idSchema).optional().describe("GPU offer by pool"),
  axes: z
    .array(z.strictObject({ name: textSchema, options: z.array(optionSchema).min(1) }))
    .default([]),
  figures: z.record(
    nameSchema,
    z.union([
      z.strictObject({ path: textSchema.describe("into the report of the run") }),
      z.strictObject({ warningsWith: textSchema.describe("counts warnings that contain it") }),
    ]),
  ),
  mayReject: z.boolean().default(false).describe("rejected requests are part of the answer"),
});

const precisionsSchema = z.union([z.literal("all"), z.array(precisionSchema).min(1)]);

/** Models that share one GPU, each on a MIG instance of its own, at every combination of precisions, backends and settings. */
const sharedGpuExperiment = z.strictObject({
  kind: z.literal("sharedGpu"),
  ...experimentParts,
  gpu: idSchema,
  models: z.array(z.strictObject({ model: idSchema, precisions: precisionsSchema })).min(2),
  backends: z.array(backendSchema).min(1),
  settings: z
    .array(
      z.strictObject({
        label: textSchema,
        kvPrecision: kvPrecisionSchema,
        gpuMemoryUtilization: z.number().gt(0).max(1).optional(),
        activationBytes: z.number().min(0).optional(),
      }),
    )
    .min(1),
  minContextTokens: count,
});

/** Which volumes a fleet is asked for. */
const volumesSchema = z.discriminatedUnion("at", [
  z.strictObject({
    at: z.literal("monthTokens"),
    volumes: z.array(z.strictObject({ label: textSchema, tokens: formulaSchema })).min(1),
  }),
  z.strictObject({
    at: z.literal("shareOfMost"),
    shares: z
      .array(z.number().gt(0).max(1))
      .min(1)
      .describe("of the most that one replica serves within its targets"),
  }),
  z.strictObject({
    at: z.literal("busyFraction"),
    shares: z.array(z.number().gt(0).lt(1)).min(1).describe("of the time in which a batch runs"),
  }),
  z.strictObject({
    at: z.literal("breakEven"),
    providers: z.array(idSchema).min(1).describe("batch entries at their batch price"),
  }),
]);

/** Fleets of one model each under a trace's own shape, at a volume: the fewest replicas that keep the targets, each a run. */
const fleetExperiment = z.strictObject({
  kind: z.literal("fleet"),
  ...experimentParts,
  trace: idSchema,
  offer: idSchema,
  licence: idSchema,
  backend: backendSchema,
  models: z
    .array(
      z.strictObject({
        model: idSchema,
        precision: precisionSchema,
        tensorParallel: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]),
      }),
    )
    .min(1),
  ratios: z
    .array(ratioSchema)
    .min(1)
    .describe("of input to output; lengths keep their shape and their sum its mean"),
  tiers: z
    .array(
      z.strictObject({
        label: textSchema,
        toleratesBatching: z.boolean(),
        ttftMs: z.number().gt(0).optional().describe("target of p95"),
        tpotMs: z.number().gt(0).optional().describe("target of p95"),
      }),
    )
    .min(1),
  volumes: volumesSchema,
  maxReplicas: count.max(1024),
});

export const experimentSchema = z.discriminatedUnion("kind", [
  providersExperiment,
  offlineBatchExperiment,
  scenarioExperiment,
  sharedGpuExperiment,
  fleetExperiment,
]);
export type Experiment = z.infer<typeof experimentSchema>;
export type OfflineBatchExperiment = z.infer<typeof offlineBatchExperiment>;
export type ProvidersExperiment = z.infer<typeof providersExperiment>;
export type ScenarioExperiment = z.infer<typeof scenarioExperiment>;
export type FleetExperiment = z.infer<typeof fleetExperiment>;
export type SharedGpuExperiment = z.infer<typeof sharedGpuExperiment>;

/** A published value: a number, or a range with one end or two. */
const publishedSchema = z
  .strictObject({
    text: textSchema.describe("as published"),
    value: z.number().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .refine(
    ({ value, min, max }) => (value === undefined) !== (min === undefined && max === undefined),
    "a value, or a range with min, max or both",
  );
export type Published = z.infer<typeof publishedSchema>;

/** One published figure against what is found. */
export const checkSchema = z.strictObject({
  what: textSchema,
  unit: textSchema,
  published: publishedSchema,
  roundedTo: z
    .number()
    .gt(0)
    .describe("what the published figure is rounded to: half of it is the tolerance"),
  over: z
    .array(idSchema)
    .default([])
    .describe("experiments whose cases (their combinations) are each checked"),
  cases: z
    .array(textSchema)
    .min(1)
    .optional()
    .describe("parts of labels: cases that have one of them; default all"),
  needs: z
    .enum(["some", "every"])
    .default("some")
    .describe("some: cases that meet it are the assumption; every: one that does not refutes it"),
  found: formulaSchema,
  under: z
    .array(z.strictObject({ assumption: textSchema, found: formulaSchema }))
    .default([])
    .describe("tried in this order where the value found does not meet the published one"),
});
export type ClaimCheck = z.infer<typeof checkSchema>;

const claimParts = {
  id: idSchema,
  group: textSchema.describe("a key of `groups`"),
  title: textSchema,
  claim: textSchema.describe("in our own words"),
  source: sourceKey,
  note: textSchema
    .optional()
    .describe("why they differ or what goes with it; {name} stands for a quantity"),
};

export const claimSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("figure"),
    ...claimParts,
    needs: z
      .enum(["some", "every"])
      .default("every")
      .describe("whether the claim wants every check met, or is about some of them"),
    checks: z.array(checkSchema).min(1),
  }),
  z.strictObject({
    kind: z.literal("statement"),
    ...claimParts,
    note: textSchema.describe("why nothing is computed for it"),
  }),
]);
export type Claim = z.infer<typeof claimSchema>;

/** The whole file. */
export const claimsFileSchema = z.strictObject({
  version: z.literal(1),
  about: textSchema,
  sources: z.record(z.string(), provenanceSchema),
  groups: z.record(z.string(), textSchema).describe("titles, in the order of the ledger"),
  traces: z.array(
    z.strictObject({
      id: idSchema,
      file: textSchema.describe("inside the folder of claims.json"),
      format: z.string(),
      source: sourceKey,
    }),
  ),
  quantities: z.record(nameSchema, quantitySchema),
  experiments: z.array(experimentSchema),
  claims: z.array(claimSchema).min(1),
});
export type ClaimsFile = z.infer<typeof claimsFileSchema>;
