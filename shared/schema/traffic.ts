/** Traffic of a scenario: sources of requests and the classes they are carved into. */
import { distributionSchema, hoursSchema, idSchema, rangeSchema } from "./common.ts";
import { z } from "./zod.ts";

const positive = z.number().gt(0);
const nonNegative = z.number().min(0);
const count = z.number().int().min(1);
const maxRequests = 20_000_000;

/** Column names of an unknown CSV or JSONL file, by meaning; what is left out is guessed by name, "" reads none for a meaning that is not needed. */
export const columnMappingSchema = z.looseObject({
  arrival: z.string(),
  promptTokens: z.string(),
  outputTokens: z.string(),
  cachedTokens: z.string().optional(),
  model: z.string().optional(),
  tenant: z.string().optional(),
  tag: z.string().optional(),
  requests: z
    .string()
    .optional()
    .describe("column of counts: each row sums up so many requests, spread evenly over its window"),
  windowEnd: z.string().optional().describe("when the window of such a row ends"),
  timeUnit: z.enum(["auto", "s", "ms", "us", "ns", "iso"]).default("auto"),
  utcOffsetMinutes: z
    .number()
    .int()
    .min(-840)
    .max(840)
    .optional()
    .describe("zone of dates and times that name none, minutes east of UTC; UTC where not given"),
  cachedTokensAre: z
    .enum(["partOfPrompt", "besidePrompt"])
    .optional()
    .describe("whether prompt tokens count the cached ones (as OpenAI's do) or not (Anthropic's)"),
});
export type ColumnMapping = z.infer<typeof columnMappingSchema>;

/** What is done to a trace before it is replayed. */
export const transformsSchema = z.looseObject({
  volume: positive
    .max(1000)
    .default(1)
    .describe("request volume factor: thinning below 1, superposition above; the shape is kept"),
  timeScale: z
    .number()
    .min(1e-6)
    .max(1e6)
    .default(1)
    .describe("2 plays the trace in twice the time"),
  promptFactor: positive.max(10_000).default(1),
  outputFactor: positive.max(10_000).default(1),
  spreadWithinTickS: nonNegative
    .default(0)
    .describe("uniform jitter for tick-quantised arrivals, seconds"),
  repeat: count.max(10_000).default(1).describe("play the trace's window this many times"),
});
export type Transforms = z.infer<typeof transformsSchema>;

const lengthsSchema = z.union([
  z.looseObject({ prompt: distributionSchema, output: distributionSchema }),
  z.looseObject({
    fromTrace: idSchema.describe("id of a trace source; lengths are drawn jointly from its rows"),
  }),
]);
export type Lengths = z.infer<typeof lengthsSchema>;

/** Rows kept inside the scenario file; columns of equal length. */
export const inlineRowsSchema = z.looseObject({
  arrivalS: z.array(nonNegative).min(1),
  promptTokens: z.array(z.number().int().min(0)).min(1),
  outputTokens: z.array(z.number().int().min(0)).min(1),
  model: z.array(z.string()).optional(),
  tenant: z.array(z.string()).optional(),
  tag: z.array(z.string()).optional(),
});

export const traceSourceSchema = z.looseObject({
  id: idSchema,
  kind: z.literal("trace"),
  file: z.string().optional().describe("file name beside the scenario file; --trace overrides it"),
  format: z.string().default("auto"),
  mapping: columnMappingSchema.optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe("of the trace file's bytes; a different file is refused"),
  rows: inlineRowsSchema.optional(),
  failedRequests: z.enum(["include", "exclude"]).default("include"),
  transforms: transformsSchema.prefault({}),
});
export type TraceSource = z.infer<typeof traceSourceSchema>;

const arrivalsSchema = z.discriminatedUnion("process", [
  z.looseObject({ process: z.literal("poisson"), rateRps: positive }),
  z.looseObject({ process: z.literal("gamma"), rateRps: positive, cv: positive.max(50) }),
  z.looseObject({
    process: z.literal("curve"),
    windowS: positive,
    ratesRps: z.array(nonNegative).min(1).max(200_000),
    cv: positive.max(50).default(1),
  }),
  z.looseObject({
    process: z.literal("weekly"),
    meanRps: positive,
    hourWeights: z
      .union([z.array(nonNegative).length(24), z.array(nonNegative).length(168)])
      .describe("24 of every day, or 168 of the week from Monday 00:00"),
    dayWeights: z.array(nonNegative).length(7).describe("Monday first; factors of its hours"),
    cv: positive.max(50).default(1),
  }),
]);
export type Arrivals = z.infer<typeof arrivalsSchema>;

export const syntheticSourceSchema = z.looseObject({
  id: idSchema,
  kind: z.literal("synthetic"),
  arrivals: arrivalsSchema,
  lengths: lengthsSchema,
  durationS: positive.optional(),
  requests: count.max(maxRequests).optional(),
  model: z.string().optional(),
  tenant: z.string().optional(),
});
export type SyntheticSource = z.infer<typeof syntheticSourceSchema>;

export const closedLoopSourceSchema = z.looseObject({
  id: idSchema,
  kind: z.literal("closedLoop"),
  clients: count.max(100_000),
  requests: count.max(maxRequests),
  thinkTimeS: distributionSchema.default({ kind: "constant", value: 0 }),
  staggerS: nonNegative.default(0).describe("clients start evenly spread over this many seconds"),
  lengths: lengthsSchema,
  model: z.string().optional(),
  tenant: z.string().optional(),
});
export type ClosedLoopSource = z.infer<typeof closedLoopSourceSchema>;

export const sourceSchema = z.discriminatedUnion("kind", [
  traceSourceSchema,
  syntheticSourceSchema,
  closedLoopSourceSchema,
]);
export type Source = z.infer<typeof sourceSchema>;

const targetSchema = z.looseObject({
  percentile: z.number().gt(0).lt(1).default(0.95),
  ms: positive,
});

export const classSchema = z.looseObject({
  id: idSchema,
  tier: z.enum(["realTime", "nearLine", "batch"]).default("realTime"),
  priority: z.number().int().min(0).max(100).default(0).describe("lower is served first"),
  models: z
    .array(idSchema)
    .default([])
    .describe("acceptable models; empty means any model of the scenario"),
  match: z
    .looseObject({
      sources: z.array(idSchema).optional(),
      models: z.array(z.string()).optional(),
      tenants: z.array(z.string()).optional(),
      tags: z
        .array(z.string())
        .optional()
        .describe("of a trace's rows; a row with several tags matches when one of them is listed"),
      promptTokens: rangeSchema.optional(),
      outputTokens: rangeSchema.optional(),
    })
    .default({}),
  share: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("takes this share of the rows that match and that earlier classes left"),
  targets: z
    .looseObject({
      ttft: targetSchema.optional(),
      tpot: targetSchema.optional(),
      e2e: targetSchema.optional(),
    })
    .default({}),
  deadline: z
    .union([
      z.looseObject({ withinS: positive }),
      z.looseObject({
        by: hoursSchema.shape.from.describe("the next such local time"),
        noticeS: nonNegative
          .max(86_400)
          .default(60)
          .describe("a request that arrives this close to the time is due the next day"),
      }),
    ])
    .optional(),
  sharedPrefix: z
    .looseObject({ tokens: count, reuseProbability: z.number().min(0).max(1).default(1) })
    .optional(),
  abandonAfterS: positive
    .optional()
    .describe("a request with no first token by then is aborted by its client"),
});
export type TrafficClass = z.infer<typeof classSchema>;

export const trafficSchema = z.looseObject({
  sources: z.array(sourceSchema).min(1).max(32),
  classes: z.array(classSchema).min(1).max(64),
});
export type Traffic = z.infer<typeof trafficSchema>;
