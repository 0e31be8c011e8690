/** The scenario file, version 1: everything a run needs, self-contained but for the trace's rows. */
import { coefficientSetSchema, gpuSchema, licenceSchema, modelSchema } from "./catalog.ts";
import { clockSchema, idSchema, provenanceSchema } from "./common.ts";
import { partitionSchema, poolSchema } from "./fleet.ts";
import { projectionPlanSchema } from "./projectionPlan.ts";
import { providerSchema, ruleSchema } from "./routing.ts";
import { trafficSchema } from "./traffic.ts";
import { z } from "./zod.ts";

/** The scenario format this engine writes and the newest it reads. */
export const scenarioVersion = 1;

const positive = z.number().gt(0);

export const runSettingsSchema = z.looseObject({
  horizonS: positive
    .optional()
    .describe("billed and reported time; default the span of the traffic"),
  drain: z
    .boolean()
    .default(true)
    .describe("go on after the horizon until every request has ended"),
  warmup: z
    .discriminatedUnion("kind", [
      z.looseObject({ kind: z.literal("none") }),
      z.looseObject({ kind: z.literal("seconds"), seconds: positive }),
      z.looseObject({ kind: z.literal("mser5") }),
    ])
    .default({ kind: "none" }),
  windowS: positive.optional().describe("width of a time-series window"),
});
export type RunSettings = z.infer<typeof runSettingsSchema>;

const fixedCostSchema = z.looseObject({
  id: idSchema,
  label: z.string(),
  usdPerMonth: z.number(),
  provenance: z.array(provenanceSchema).optional(),
});

export const scenarioSchema = z.looseObject({
  format: z.literal("crossover-scenario"),
  version: z.literal(scenarioVersion),
  name: z.string().min(1).max(200),
  notes: z.string().optional(),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
  clock: clockSchema.prefault({}),
  monthHours: z.number().min(1).max(744).default(730),
  run: runSettingsSchema.prefault({}),
  gpus: z.array(gpuSchema).default([]),
  models: z.array(modelSchema).default([]),
  coefficients: z.array(coefficientSetSchema).default([]),
  licences: z.array(licenceSchema).default([]),
  traffic: trafficSchema,
  partitions: z.array(partitionSchema).max(256).default([]),
  pools: z.array(poolSchema).max(256).default([]),
  providers: z.array(providerSchema).max(64).default([]),
  rules: z.array(ruleSchema).min(1).max(256),
  fixedCosts: z.array(fixedCostSchema).default([]),
  namespaces: z
    .record(z.string().min(1), z.string().min(1).max(253))
    .optional()
    .describe("Kubernetes namespace of each tenant of the traffic, for chargeback"),
  projection: projectionPlanSchema.optional().describe("the months ahead (crossover project)"),
});
/** A checked scenario with every default filled in. */
export type Scenario = z.infer<typeof scenarioSchema>;
/** A scenario as a person writes it. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
