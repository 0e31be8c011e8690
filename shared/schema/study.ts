/** The study file, version 1: a scenario, the inputs that are varied, how points are chosen, and which figures are wanted. */
import { InputError } from "../units/errors.ts";
import { type Finding, ProblemsError } from "./findings.ts";
import { readJson } from "./jsonText.ts";
import { scenarioSchema } from "./scenario.ts";
import { describeIssues } from "./schemaProblems.ts";
import { listUnknownFields } from "./unknownFields.ts";
import { z } from "./zod.ts";

/** The study format this engine writes and the newest it reads. */
export const studyVersion = 1;

const count = z.number().int().min(1);
const path = z
  .string()
  .min(1)
  .max(400)
  .describe(
    'an input of the scenario, elements of lists by their id: "pools.own.replicas", "providers.gpt-4.1.price.inputUsdPerMTok"; "traffic.volume" stands for all sources',
  );

export const axisRangeSchema = z.looseObject({
  from: z.number(),
  to: z.number(),
  step: z.number().gt(0).optional(),
  count: count.max(100_000).optional().describe("values evenly spread from `from` to `to`"),
  scale: z.enum(["linear", "log"]).default("linear"),
});
export type AxisRange = z.infer<typeof axisRangeSchema>;

const axisInputSchema = z.looseObject({
  path: z.union([path, z.array(path).min(1).max(32)]).describe("several paths get the same value"),
  values: z.array(z.json()).min(1).max(100_000).optional(),
  range: axisRangeSchema.optional(),
});
export type AxisInput = z.infer<typeof axisInputSchema>;

export const axisSchema = z.looseObject({
  name: z.string().min(1).max(200).optional(),
  inputs: z
    .array(axisInputSchema)
    .min(1)
    .max(32)
    .describe("inputs that move together: all have as many values"),
});
export type Axis = z.infer<typeof axisSchema>;

export const designSchema = z.discriminatedUnion("kind", [
  z
    .looseObject({ kind: z.literal("grid") })
    .describe("every combination; the last axis runs fastest"),
  z.looseObject({ kind: z.literal("list") }).describe("point k takes value k of every axis"),
  z.looseObject({
    kind: z.literal("latinHypercube"),
    points: count.max(100_000),
    seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  }),
]);
export type Design = z.infer<typeof designSchema>;

/** A distribution of an uncertain input; its values are those of the input, in its own unit. */
export const uncertainDistributionSchema = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("uniform"), min: z.number(), max: z.number() }),
  z.looseObject({
    kind: z.literal("triangular"),
    min: z.number(),
    mode: z.number(),
    max: z.number(),
  }),
  z.looseObject({
    kind: z.literal("normal"),
    mean: z.number(),
    sd: z.number().gt(0),
    min: z.number().optional().describe("cut off below"),
    max: z.number().optional().describe("cut off above"),
  }),
  z.looseObject({
    kind: z.literal("lognormal"),
    median: z.number().gt(0),
    sigma: z.number().gt(0).max(5).describe("standard deviation of the logarithm"),
  }),
  z.looseObject({
    kind: z.literal("discrete"),
    values: z.array(z.json()).min(1).max(10_000),
    weights: z.array(z.number().min(0)).min(1).max(10_000).optional(),
  }),
]);
export type UncertainDistribution = z.infer<typeof uncertainDistributionSchema>;

export const uncertainInputSchema = z.looseObject({
  name: z.string().min(1).max(200).optional(),
  path: z.union([path, z.array(path).min(1).max(32)]).describe("several paths get the same value"),
  distribution: uncertainDistributionSchema,
  provenance: z.string().max(2000).optional().describe("why this range"),
});
export type UncertainInput = z.infer<typeof uncertainInputSchema>;

export const studySchema = z.looseObject({
  format: z.literal("crossover-study"),
  version: z.literal(studyVersion),
  name: z.string().min(1).max(200),
  notes: z.string().optional(),
  scenario: z
    .union([z.string().min(1), scenarioSchema])
    .describe("a scenario, or the name of a scenario file beside the study"),
  axes: z.array(axisSchema).max(64).default([]),
  design: designSchema.default({ kind: "grid" }),
  replications: count.max(10_000).default(1),
  commonRandomNumbers: z
    .boolean()
    .default(true)
    .describe("all points draw the same random numbers, so that they differ by their inputs only"),
  outputs: z
    .array(z.string().min(1))
    .min(1)
    .max(500)
    .optional()
    .describe('figures by name, e.g. "monthUsd", "ttftMs.p95", "pools.own.busyFraction"'),
  uncertain: z
    .array(uncertainInputSchema)
    .max(64)
    .default([])
    .describe("inputs that are not known exactly, for crossover uncertainty"),
});
/** A checked study with every default filled in. */
export type Study = z.infer<typeof studySchema>;

/** A study file and what reading it brought up. */
export interface ParsedStudy {
  readonly study: Study;
  readonly unknownFields: readonly string[];
  readonly warnings: readonly Finding[];
}

/** The "format" of a JSON file; undefined where it has none or is no object. Throws InputError for text that is not JSON. */
export function formatOf(text: string, fileName: string): string | undefined {
  const document = readJson(text, fileName);
  if (typeof document !== "object" || document === null || Array.isArray(document))
    return undefined;
  return typeof document.format === "string" ? document.format : undefined;
}

/** Reads a study file's text. Throws InputError for what is no study of a known version, ProblemsError with every field that does not fit. */
export function parseStudy(text: string, fileName: string): ParsedStudy {
  const document = readJson(text, fileName);
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new InputError(
      `${fileName} is no study: wanted an object with "format": "crossover-study".`,
    );
  }
  if (typeof document.version === "number" && document.version > studyVersion) {
    throw new InputError(
      `${fileName} is version ${document.version}; this Crossover reads studies up to ${studyVersion}. Open it with a newer Crossover.`,
      { field: "version" },
    );
  }
  const result = studySchema.safeParse(document);
  if (!result.success) {
    throw new ProblemsError(fileName, describeIssues(result.error.issues, document));
  }
  const unknownFields = listUnknownFields(studySchema, document);
  const warnings = unknownFields.map((field) => ({
    field: field.split(" ")[0],
    message: `unknown field ${field}; it is kept and has no effect`,
  }));
  return { study: result.data, unknownFields, warnings };
}
