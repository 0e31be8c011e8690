/** The search space of an optimization, as a file or as options of the command line say it: what may be varied of one pool and its rules. */

import { InputError } from "../units/errors.ts";
import { hoursSchema, idSchema, provenanceSchema } from "./common.ts";
import { ProblemsError } from "./findings.ts";
import { readJson } from "./jsonText.ts";
import { describeIssues } from "./schemaProblems.ts";
import { listUnknownFields } from "./unknownFields.ts";
import { z } from "./zod.ts";

/** The version that this Crossover writes and reads. */
export const searchSpaceVersion = 1;
/** The largest search-space file, characters. */
export const maxSearchSpaceCharacters = 1_000_000;
/** The most GPUs that a search may give one pool. */
export const mostGpus = 4096;

const count = z.number().int().min(1);
const names = z.array(z.string().min(1)).min(1).max(64);

/** A schedule by name: one of the three that are known ("always", "working-hours", "night"), or hours of one's own. */
const namedScheduleSchema = z.union([
  z.string().min(1),
  z.looseObject({ name: z.string().min(1).max(40), hours: z.array(hoursSchema).min(1).max(50) }),
]);

/** What an hour of a GPU costs, in place of the catalog's cheapest offer. */
const ownPriceSchema = z.looseObject({
  gpu: idSchema,
  usdPerGpuHour: z.number().min(0),
  provenance: z.array(provenanceSchema).min(1),
});

/** Thresholds of the rules that send to the pool, tried beside the scenario's own; null stands for none. */
const routingSpaceSchema = z.looseObject({
  maxWaiting: z.array(z.number().int().min(0).nullable()).min(1).max(64).optional(),
  spillAfterS: z.array(z.number().gt(0).nullable()).min(1).max(64).optional(),
  poolShare: z
    .array(z.number().gt(0).max(1))
    .min(1)
    .max(64)
    .optional()
    .describe(
      "share of what the rules match that they may take; the rest goes to the rules after them",
    ),
});
export type RoutingSpace = z.infer<typeof routingSpaceSchema>;

/** What is searched. Names are ids of the scenario or the catalog; a list that is missing has a default, told in the result. */
export const searchSpaceSchema = z.looseObject({
  format: z.literal("crossover-search-space"),
  version: z.literal(searchSpaceVersion),
  pool: idSchema.optional().describe("the pool that is varied; default: the only one"),
  gpus: names.optional().describe("default: the pool's own and every GPU that has a price"),
  minGpus: z
    .number()
    .int()
    .min(0)
    .max(mostGpus)
    .default(0)
    .describe("0 includes no own GPUs at all, where the policy can do without"),
  maxGpus: count
    .max(mostGpus)
    .optional()
    .describe("default: 16, or as many as the pool has now where those are more"),
  tensorParallel: z
    .array(count)
    .min(1)
    .max(16)
    .optional()
    .describe("GPUs of a replica; default: 1, 2, 4, 8 and the pool's own"),
  precisions: names.optional().describe("of the weights; default: all that are known"),
  kvPrecisions: names.optional().describe("default: the pool's own"),
  backends: names.optional().describe("default: all that have coefficients"),
  maxNumSeqs: z
    .array(count.max(4096))
    .min(1)
    .max(64)
    .optional()
    .describe("default: the pool's own"),
  mig: z.boolean().default(false).describe("also GPUs cut into MIG instances"),
  routing: routingSpaceSchema.optional(),
  schedules: z.array(namedScheduleSchema).min(1).max(16).optional(),
  licences: names.optional().describe("default: the pool's own"),
  prices: z.array(ownPriceSchema).max(64).default([]),
});
export type SearchSpaceFile = z.infer<typeof searchSpaceSchema>;

/** Thresholds that are tried beside the scenario's own where rules are to be searched too and the space names none. */
export const usualRouting: RoutingSpace = {
  maxWaiting: [0, 2, 8, 32],
  spillAfterS: [1, 4, 16],
  poolShare: [0.75, 0.5],
};

/** The space that the defaults make. */
export function defaultSearchSpace(): SearchSpaceFile {
  return searchSpaceSchema.parse({
    format: "crossover-search-space",
    version: searchSpaceVersion,
  });
}

/** Reads a search-space file's text. A field that is not known is refused: it would search something else than was meant. Throws InputError and ProblemsError. */
export function parseSearchSpace(text: string, fileName: string): SearchSpaceFile {
  const document = readJson(text, fileName);
  const isObject = typeof document === "object" && document !== null && !Array.isArray(document);
  if (!isObject || document.format !== "crossover-search-space") {
    throw new InputError(
      `${fileName}: not a search space. Wanted an object with "format": "crossover-search-space" and "version": ${searchSpaceVersion}.`,
      { field: "format" },
    );
  }
  if (typeof document.version === "number" && document.version > searchSpaceVersion) {
    throw new InputError(
      `${fileName} is version ${document.version}; this Crossover reads ${searchSpaceVersion}. Use a newer Crossover.`,
      { field: "version" },
    );
  }
  const parsed = searchSpaceSchema.safeParse(document);
  if (!parsed.success) {
    throw new ProblemsError(fileName, describeIssues(parsed.error.issues, document));
  }
  const unknown = listUnknownFields(searchSpaceSchema, document);
  if (unknown.length > 0) {
    throw new InputError(
      `${fileName}: unknown field ${unknown.join(", ")}. Correct or remove it: a search space has no room for what is not searched.`,
      { field: unknown[0].split(" ")[0] },
    );
  }
  return parsed.data;
}
