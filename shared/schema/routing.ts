/** API providers and the ordered routing rules of a scenario. */
import { rateCardSchema } from "./catalog.ts";
import {
  distributionSchema,
  hoursSchema,
  idSchema,
  provenanceSchema,
  rangeSchema,
} from "./common.ts";
import { z } from "./zod.ts";

const positive = z.number().gt(0);
const nonNegative = z.number().min(0);
const count = z.number().int().min(1);
const share = z.number().min(0).max(1);

export const retrySchema = z.looseObject({
  maxAttempts: count.max(20).default(5).describe("tries in all, the first one included"),
  baseS: positive.default(1).describe("first back-off, doubled each time"),
  maxS: positive.default(60),
  jitter: share.default(0.5).describe("share of the back-off drawn uniformly"),
  onLimit: z
    .enum(["retry", "failover"])
    .default("retry")
    .describe("what a 429 does: back off, or go on to the next rule at once"),
  thenFailover: z
    .boolean()
    .default(true)
    .describe("after the last attempt: the next rule (true) or rejected (false)"),
});
export type RetryPolicy = z.infer<typeof retrySchema>;

export const providerSchema = z.looseObject({
  id: idSchema,
  name: z.string(),
  model: idSchema.describe("a name of the provider's model; classes refer to it"),
  api: z.enum(["realTime", "batch"]).default("realTime"),
  price: rateCardSchema,
  latency: z
    .looseObject({
      ttftMedianS: nonNegative.default(0.5),
      ttftSigma: nonNegative.max(3).default(0.4),
      ttftPerPromptTokenS: nonNegative.default(0),
      outputTokensPerS: positive.default(70),
      outputSigma: nonNegative.max(3).default(0.25),
      provenance: z.array(provenanceSchema).optional(),
    })
    .prefault({}),
  limits: z
    .looseObject({
      requestsPerMinute: positive.optional(),
      tokensPerMinute: positive.optional(),
      inputTokensPerMinute: positive.optional(),
      outputTokensPerMinute: positive.optional(),
      concurrency: count.optional(),
      burstS: positive.default(60).describe("seconds of the limit that its token bucket holds"),
    })
    .prefault({}),
  errorRate: share.default(0),
  retry: retrySchema.prefault({}),
  batch: z
    .looseObject({
      windowS: positive.default(86_400),
      completionS: distributionSchema.default({ kind: "lognormal", mean: 7200, sigma: 0.8 }),
    })
    .prefault({}),
  promptCache: z
    .union([
      z.looseObject({ share: share.describe("stated share of prompt tokens billed as cached") }),
      z.looseObject({
        ttlS: positive.default(300),
        minTokens: z.number().int().min(0).default(1024),
      }),
    ])
    .default({ share: 0 }),
  tokenizerFactor: positive
    .default(1)
    .describe("provider tokens per trace token: in its limits, latencies and bill"),
  maxContextTokens: count
    .optional()
    .describe(
      "provider tokens of prompt and output together that a request may have; a longer one goes on to the next rule",
    ),
  production: z.boolean().default(true),
  provenance: z.array(provenanceSchema).optional(),
});
export type Provider = z.infer<typeof providerSchema>;

export const ruleSchema = z.looseObject({
  id: idSchema,
  match: z
    .looseObject({
      classes: z.array(idSchema).optional(),
      tiers: z.array(z.enum(["realTime", "nearLine", "batch"])).optional(),
      models: z.array(idSchema).optional(),
      tenants: z.array(z.string()).optional(),
      promptTokens: rangeSchema.optional(),
      outputTokens: rangeSchema
        .optional()
        .describe("expected output: the class's mean, known to a gateway"),
      hours: hoursSchema.optional(),
    })
    .default({}),
  share: share.optional().describe("only this seeded share of the matching requests"),
  to: z.union([
    z.looseObject({ pool: idSchema }),
    z.looseObject({ provider: idSchema }),
    z.looseObject({ reject: z.literal(true) }),
  ]),
  guards: z
    .looseObject({
      maxEstimatedWaitS: nonNegative.optional(),
      maxWaiting: z.number().int().min(0).optional().describe("waiting requests per replica"),
      maxKvUsage: share.optional(),
      maxRunningShare: share.optional().describe("running requests over maxNumSeqs"),
      monthlyBudgetUsd: nonNegative.optional(),
      withinProviderLimits: z.boolean().optional(),
    })
    .default({}),
  hold: z
    .looseObject({
      window: hoursSchema.optional(),
      whenRunningBelow: share
        .optional()
        .describe("release while running requests are below this share of maxNumSeqs"),
      releaseBeforeDeadlineS: nonNegative.default(1800),
    })
    .optional(),
  spillAfterS: positive
    .optional()
    .describe("a request not yet admitted after this wait goes on to the next rule"),
});
export type Rule = z.infer<typeof ruleSchema>;
