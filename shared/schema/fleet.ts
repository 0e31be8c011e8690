/** Own GPUs of a scenario: pools of replicas, GPUs cut into MIG instances, engine limits, schedules. */
import {
  coefficientSetSchema,
  kvPrecisionSchema,
  precisionSchema,
  serverSchema,
} from "./catalog.ts";
import { hoursSchema, idSchema, provenanceSchema } from "./common.ts";
import { z } from "./zod.ts";

const nonNegative = z.number().min(0);
const count = z.number().int().min(1);

/** Limits of the serving engine, named as in vLLM. */
export const engineSchema = z.looseObject({
  maxNumSeqs: count.max(4096).default(256),
  maxNumBatchedTokens: count.max(131_072).default(8192),
  blockTokens: count.max(512).default(16),
  admission: z
    .enum(["allocateAsYouGo", "reserve"])
    .default("allocateAsYouGo")
    .describe("vLLM: preempt by recompute; reserve: TensorRT-LLM GUARANTEED_NO_EVICT"),
  gpuMemoryUtilization: z.number().gt(0).max(1).default(0.92),
  activationBytes: nonNegative.default(3e9),
  memFractionStatic: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe("SGLang: weights and KV cache over GPU memory; default by SGLang's own rule"),
  freeMemoryFraction: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe("TensorRT-LLM: KV cache over the memory that is free; default 0.9"),
  prefixCaching: z.boolean().default(true),
  kvWatermark: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe("share of blocks kept free at admission"),
  maxModelLen: count.optional().describe("prompt + output; default the model's context"),
  kvCapacityTokens: count.optional().describe("overrides the capacity computed from memory"),
});
export type EngineLimits = z.infer<typeof engineSchema>;

export const scheduleSchema = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("always") }),
  z.looseObject({ kind: z.literal("hours"), hours: z.array(hoursSchema).min(1).max(50) }),
]);
export type Schedule = z.infer<typeof scheduleSchema>;

/** What an hour of a GPU costs, copied from an offer. */
export const gpuPriceSchema = z.looseObject({
  usdPerGpuHour: nonNegative,
  provenance: z.array(provenanceSchema).min(1),
});

/** Execution time of one pool: a coefficient set by id, or a plain linear cost for textbook models. */
const executionTimeSchema = z.discriminatedUnion("kind", [
  z.looseObject({
    kind: z.literal("fitted"),
    set: idSchema.optional().describe("default: by backend and precision"),
    host: coefficientSetSchema.shape.host.partial().optional().describe("overrides"),
    provenance: z.array(provenanceSchema).optional().describe("where the overrides come from"),
  }),
  z.looseObject({
    kind: z.literal("linear"),
    iterationUs: nonNegative,
    perSequenceUs: nonNegative.default(0),
    perContextTokenNs: nonNegative.default(0),
    perPrefillTokenUs: nonNegative.default(0),
  }),
]);
export type ExecutionTimeChoice = z.infer<typeof executionTimeSchema>;

export const balancers = [
  "roundRobin",
  "leastOutstandingTokens",
  "powerOfTwoChoices",
  "prefixAffinity",
] as const;

/** Signals by which an autoscaler judges how many replicas are wanted. */
export const scalingSignals = ["runningShare", "waitingPerReplica", "requestsPerReplica"] as const;

/** Replicas come and go with the load. The pool's `replicas` is the most it may have. */
export const autoscalerSchema = z.looseObject({
  signal: z
    .enum(scalingSignals)
    .default("runningShare")
    .describe(
      "runningShare: running requests over maxNumSeqs; waitingPerReplica: waiting requests, never fewer replicas than the running ones fill; requestsPerReplica: running and waiting ones",
    ),
  target: z
    .number()
    .gt(0)
    .describe("wanted are the signal's sum over the replicas / target, rounded up"),
  min: z.number().int().min(0).max(4096).default(1).describe("0: scale to zero"),
  initial: z
    .number()
    .int()
    .min(0)
    .max(4096)
    .optional()
    .describe("serving at time 0, without a cold start; default min"),
  evaluationIntervalS: z.number().min(0.1).default(15).describe("as Kubernetes does by default"),
  scaleDownDelayS: nonNegative
    .default(300)
    .describe("a replica goes when none of the evaluations in this time wanted it"),
  provisionS: nonNegative.describe("from the request for GPUs to a machine that is ready"),
  imagePullS: nonNegative.describe("to pull and start the container"),
  weightLoadS: nonNegative.optional().describe("to load the weights; else from loadBytesPerS"),
  loadBytesPerS: z
    .number()
    .gt(0)
    .optional()
    .describe("bandwidth at which a replica's weights load, when weightLoadS is not given"),
  provenance: z.array(provenanceSchema).optional().describe("where the times come from"),
});
export type Autoscaler = z.infer<typeof autoscalerSchema>;

/** Replicas fail and are repaired. What a failed replica computed and cached is lost. */
export const failuresSchema = z.looseObject({
  mtbfS: z.number().gt(0).describe("mean time in service between failures, exponential"),
  per: z.enum(["gpu", "replica"]).default("gpu").describe("what the mean time is of"),
  repairS: z.number().gt(0).describe("mean time from a failure until the replica serves again"),
  repair: z.enum(["exponential", "constant"]).default("exponential"),
  onFailure: z
    .enum(["reroute", "requeue"])
    .default("reroute")
    .describe(
      "reroute: requests go through the rules again and start anew; requeue: another replica of the pool prefills prompt and output so far again",
    ),
  spares: z
    .number()
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe("replicas kept beyond those wanted (1 is N+1): they serve as the others, are billed"),
  billRepair: z
    .boolean()
    .default(true)
    .describe("whether a failed replica is billed until repaired"),
  provenance: z.array(provenanceSchema).optional().describe("where the times come from"),
});
export type Failures = z.infer<typeof failuresSchema>;

export const poolSchema = z.looseObject({
  id: idSchema,
  gpu: idSchema,
  model: idSchema,
  backend: serverSchema.describe(
    "nim: the engine whose profile NIM picks, TensorRT-LLM on whole GPUs and vLLM on MIG instances",
  ),
  precision: precisionSchema.default("bf16"),
  kvPrecision: kvPrecisionSchema.default("bf16"),
  tensorParallel: z
    .union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal(16)])
    .default(1),
  replicas: count.max(4096).describe("with an autoscaler the most there may be"),
  partition: z
    .looseObject({ id: idSchema, profile: z.string() })
    .optional()
    .describe("runs on MIG instances of this partition instead of whole GPUs"),
  engine: engineSchema.prefault({}),
  balancer: z.enum(balancers).default("leastOutstandingTokens"),
  schedule: scheduleSchema.default({ kind: "always" }),
  autoscaler: autoscalerSchema.optional(),
  failures: failuresSchema.optional(),
  price: gpuPriceSchema.optional().describe("absent for a pool on a partition"),
  licence: idSchema.optional(),
  production: z.boolean().default(true),
  executionTime: executionTimeSchema.default({ kind: "fitted" }),
});
export type Pool = z.infer<typeof poolSchema>;

/** Further layouts of a partition, each at its hours; outside of them the partition's own layout stands. */
export const reconfigurationSchema = z.looseObject({
  layouts: z
    .array(
      z.looseObject({
        layout: z.array(z.string()).min(1).max(8),
        hours: z.array(hoursSchema).min(1).max(50),
      }),
    )
    .min(1)
    .max(8)
    .describe("where hours overlap the first one stands"),
  changeS: nonNegative.describe("to clear the instances and create the new ones, once drained"),
  startS: nonNegative.describe("until engines on the new instances serve: weights load"),
  provenance: z.array(provenanceSchema).min(1).describe("where the two times come from"),
});
export type Reconfiguration = z.infer<typeof reconfigurationSchema>;

/** Physical GPUs cut into MIG instances, all with the same layout. */
export const partitionSchema = z.looseObject({
  id: idSchema,
  gpu: idSchema,
  gpus: count.max(4096),
  layout: z.array(z.string()).min(1).max(8).describe('profiles, e.g. ["3g.40gb", "3g.40gb"]'),
  price: gpuPriceSchema,
  licence: idSchema.optional(),
  schedule: scheduleSchema.default({ kind: "always" }),
  reconfiguration: reconfigurationSchema
    .optional()
    .describe(
      "layouts by the hour: all GPUs drain, change and start together, billed throughout; pools are open while a layout has their profile",
    ),
  neighbourSlowdown: z
    .number()
    .min(1)
    .max(10)
    .optional()
    .describe(
      "factor on kernel times of instances that share a GPU with others; default 1: SMs, L2 and memory slices are an instance's own",
    ),
});
export type Partition = z.infer<typeof partitionSchema>;

/** All layouts of a partition: its own first, then those at their hours. */
export function partitionLayouts({ layout, reconfiguration }: Partition): (readonly string[])[] {
  return [layout, ...(reconfiguration?.layouts ?? []).map((each) => each.layout)];
}

/** Instances of a profile on each GPU, the fewest in any layout that has some; 0 where none has. */
export function instancesPerGpu(partition: Partition, profile: string): number {
  const counts = partitionLayouts(partition)
    .map((layout) => layout.filter((each) => each === profile).length)
    .filter((count) => count > 0);
  return counts.length === 0 ? 0 : Math.min(...counts);
}

/** Replicas for which a pool needs room: those it may have, and its spares. */
export function mostReplicas(pool: Pick<Pool, "replicas" | "failures">): number {
  return pool.replicas + (pool.failures?.spares ?? 0);
}
