/** Schemas of catalog entries: GPUs with their MIG profiles, models, execution-time coefficients, licence modes, rate cards, GPU offers. A scenario carries copies of those it uses. */
import { idSchema, provenanceSchema } from "./common.ts";
import { z } from "./zod.ts";

const positive = z.number().gt(0);
const nonNegative = z.number().min(0);
const count = z.number().int().min(1);

/** A MIG profile of one GPU type: its size in memory slices (of 8) and the memory slices at which it may start. */
export const migProfileSchema = z.looseObject({
  name: z.string().regex(/^\d+g\.\d+gb(\+me)?$/, 'a profile like "3g.40gb"'),
  memorySlices: count.max(8),
  computeSlices: count.max(7),
  memoryGib: positive,
  smCount: count,
  maxInstances: count.max(7),
  starts: z.array(z.number().int().min(0).max(7)).min(1),
});
export type MigProfile = z.infer<typeof migProfileSchema>;

export const gpuSchema = z.looseObject({
  id: idSchema,
  name: z.string(),
  bandwidthBytesPerS: positive.describe("HBM bandwidth"),
  f16Flops: positive.describe("dense bf16/fp16 tensor flop/s"),
  f8Flops: positive.optional().describe("dense fp8 tensor flop/s; absent where the GPU has none"),
  memoryGib: positive.describe("usable HBM in GiB as nvidia-smi reports the whole-GPU profile"),
  smCount: count,
  interconnect: z.looseObject({
    kind: z.enum(["nvlink", "nvlinkBridge", "pcie"]),
    bytesPerSPerDirection: positive,
    maxGpus: count.describe("GPUs joined by this link; beyond it PCIe is used"),
    pcieBytesPerSPerDirection: positive,
    gpusPerNode: count,
  }),
  migProfiles: z.array(migProfileSchema),
  provenance: z.array(provenanceSchema).min(1),
});
export type Gpu = z.infer<typeof gpuSchema>;

export const modelSchema = z.looseObject({
  id: idSchema,
  name: z.string(),
  layers: count,
  hidden: count,
  heads: count,
  kvHeads: count,
  headDim: count,
  intermediate: count,
  vocab: count,
  tiedEmbeddings: z.boolean().default(false),
  maxContextTokens: count,
  provenance: z.array(provenanceSchema).min(1),
});
export type Model = z.infer<typeof modelSchema>;

export const precisions = ["bf16", "fp8"] as const;
export const backends = ["vllm", "sglang", "trtllm"] as const;
export const precisionSchema = z.enum(precisions);
export const backendSchema = z.enum(backends);

/** Kernel and host coefficients of the iteration-time model for one backend and precision (serving/executionTime). */
export const coefficientSetSchema = z.looseObject({
  id: idSchema,
  backend: z.string(),
  precision: precisionSchema,
  kvPrecision: precisionSchema,
  servesKvPrecisions: z
    .array(precisionSchema)
    .optional()
    .describe("KV precisions that this set stands for; default its own"),
  kernel: z.looseObject({
    mbuW: positive,
    mfu: positive,
    mfuHi: positive,
    t0Tokens: positive,
    p: positive,
    mbuKv: positive,
    mfuAttn: positive,
    cElem: nonNegative,
    ar2Us: nonNegative,
    ar4Us: nonNegative,
    ar8Us: nonNegative,
    arBw: positive,
    oLayerUs: nonNegative,
  }),
  host: z.looseObject({
    gpuScale: positive,
    oIterUs: nonNegative,
    oSeqUs: nonNegative,
    oTpUs: nonNegative,
    oReqMs: nonNegative,
  }),
  fitted: z.looseObject({
    gpus: z.array(z.string()),
    maxPrefillTokens: count,
    maxMeanContextTokens: count,
    maxBatch: count,
  }),
  statedError: z.string(),
  provenance: z.array(provenanceSchema).min(1),
});
export type CoefficientSet = z.infer<typeof coefficientSetSchema>;

/** How a licence is charged and what it allows. Always per physical GPU, whatever its MIG slices. */
export const licenceSchema = z.looseObject({
  id: idSchema,
  name: z.string(),
  usdPerGpuYear: nonNegative.default(0),
  usdPerGpuHour: nonNegative.default(0),
  production: z.boolean(),
  maxGpus: count.optional(),
  evaluationDays: count.optional(),
  provenance: z.array(provenanceSchema).min(1),
});
export type Licence = z.infer<typeof licenceSchema>;

/** Prices of one API model, USD per million tokens. */
export const rateCardSchema = z.looseObject({
  inputUsdPerMTok: nonNegative,
  outputUsdPerMTok: nonNegative,
  cachedInputUsdPerMTok: nonNegative.optional(),
  cacheWriteUsdPerMTok: nonNegative.optional(),
  batchDiscount: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("0.5 means half price over the batch API"),
  contextTiers: z
    .array(
      z.looseObject({
        abovePromptTokens: count,
        inputUsdPerMTok: nonNegative,
        outputUsdPerMTok: nonNegative,
        cachedInputUsdPerMTok: nonNegative.optional(),
      }),
    )
    .optional(),
  provenance: z.array(provenanceSchema).min(1),
});
export type RateCard = z.infer<typeof rateCardSchema>;

/** A price for an hour of one whole GPU. */
export const gpuOfferSchema = z.looseObject({
  id: idSchema,
  gpu: idSchema,
  name: z.string(),
  usdPerGpuHour: nonNegative,
  provenance: z.array(provenanceSchema).min(1),
});
export type GpuOffer = z.infer<typeof gpuOfferSchema>;
