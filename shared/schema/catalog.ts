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
  f4Flops: positive.optional().describe("dense fp4 tensor flop/s; absent where the GPU has none"),
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

/** Formats of weights: int4 is AWQ and GPTQ (4 bits, 16-bit activations), nvfp4 and mxfp4 are 4-bit floats with a scale per 16 or 32. */
export const precisions = ["bf16", "fp8", "int4", "nvfp4", "mxfp4"] as const;
/** Formats of keys and values. */
export const kvPrecisions = ["bf16", "fp8"] as const;
export const backends = ["vllm", "sglang", "trtllm"] as const;
/** What a pool may say: an engine, or NIM, which picks one for the GPU that it finds. */
export const servers = [...backends, "nim"] as const;
export const serverSchema = z.enum(servers);
export const precisionSchema = z.enum(precisions);
export const kvPrecisionSchema = z.enum(kvPrecisions);
export const backendSchema = z.enum(backends);

export const modelKinds = ["generator", "embedding"] as const;

/** Mixture of experts. All layers but `denseLayers` have routed experts, of which each token takes `active`, and `shared` ones that every token takes. */
export const expertsSchema = z.looseObject({
  count: count.min(2).describe("routed experts of a layer"),
  active: count.describe("routed experts that one token takes"),
  intermediate: count.describe("width of one routed expert"),
  shared: z.number().int().min(0).default(0).describe("experts that every token takes"),
  sharedIntermediate: count.optional().describe("width of one shared expert; default the routed"),
  denseLayers: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe("layers with a plain MLP in place of experts"),
});
export type Experts = z.infer<typeof expertsSchema>;

/** Latent attention (DeepSeek): keys and values of all heads compressed to one vector per token and layer. headDim is not used with it. */
export const latentAttentionSchema = z.looseObject({
  kvRank: count.describe("kv_lora_rank"),
  queryRank: count.optional().describe("q_lora_rank; absent where queries are not compressed"),
  nopeDim: count.describe("qk_nope_head_dim"),
  ropeDim: count.describe("qk_rope_head_dim"),
  valueDim: count.describe("v_head_dim"),
});
export type LatentAttention = z.infer<typeof latentAttentionSchema>;

export const modelSchema = z.looseObject({
  id: idSchema,
  name: z.string(),
  kind: z
    .enum(modelKinds)
    .optional()
    .describe("default generator; an embedding model reads prompts and yields no tokens"),
  layers: count,
  hidden: count,
  heads: count,
  kvHeads: count,
  headDim: count,
  intermediate: count,
  vocab: count,
  tiedEmbeddings: z.boolean().default(false),
  maxContextTokens: count,
  mlpMatrices: z
    .union([z.literal(2), z.literal(3)])
    .optional()
    .describe("matrices of an MLP: 3 with a gate (default), 2 without, as in BERT"),
  attention: z
    .enum(["causal", "bidirectional"])
    .optional()
    .describe("default causal; bidirectional: every token of a prompt sees all others, as in BERT"),
  localAttention: z
    .looseObject({ layers: count, tokens: count })
    .optional()
    .describe("layers whose tokens see only the last so many tokens"),
  latentAttention: latentAttentionSchema.optional(),
  experts: expertsSchema
    .refine((each) => each.active <= each.count, "active at most count")
    .optional(),
  publishedPrecision: precisionSchema
    .optional()
    .describe("format of the published weights; default bf16"),
  fp8Scaling: z
    .enum(["tensor", "block"])
    .optional()
    .describe("how the published fp8 checkpoint is scaled: per tensor (or channel), or per block"),
  provenance: z.array(provenanceSchema).min(1),
});
export type Model = z.infer<typeof modelSchema>;

/** Kernel coefficients of the analytic form: matrices as a p-norm of streaming and arithmetic. The form of a set that names none. */
const pnormKernelSchema = z.looseObject({
  form: z.literal("pnorm").optional(),
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
});
export type PnormKernel = z.infer<typeof pnormKernelSchema>;

const knots = z
  .array(nonNegative)
  .min(2)
  .refine((list) => list.every((each, k) => k === 0 || each > list[k - 1]), "rising numbers");
const slopes = z.array(nonNegative).min(1);

/** Kernel coefficients of the form with knots (serving/executionTime/knotTerms.ts): factors over the time at the GPU's peak, and microseconds a layer. */
const knotsKernelSchema = z
  .looseObject({
    form: z.literal("knots"),
    ridgeTokens: positive.describe("ridge of the fitted GPU, to which the knots belong"),
    weightStream: positive.describe("over the time to read the weights at peak bandwidth"),
    gemmKnots: knots.describe("tokens"),
    gemmSlopes: slopes.describe("after each knot, over the time of a token at peak flops"),
    stepTokens: z.array(count).describe("tokens beyond which a kernel pads to its next size"),
    stepFactors: z.array(nonNegative).describe("of the step's tokens at peak flops"),
    proportionalFromTokens: count.describe("beyond it arithmetic grows in proportion"),
    contextRead: positive.describe("over the time to read keys and values at peak bandwidth"),
    decodeLayerUs: nonNegative,
    attentionPairs: nonNegative,
    attentionTokens: nonNegative,
    finishingLayerUs: nonNegative,
    elementwise: nonNegative,
    elementwiseDivided: nonNegative,
    layerUs: nonNegative,
    allReduceKnotsBytes: knots.describe("bytes of one message"),
    allReduce: z
      .array(z.looseObject({ tensorParallel: count.min(2), latencyUs: nonNegative, slopes }))
      .min(1),
  })
  .refine(
    (kernel) =>
      kernel.gemmSlopes.length === kernel.gemmKnots.length - 1 &&
      kernel.stepFactors.length === kernel.stepTokens.length &&
      kernel.allReduce.every(
        (each) => each.slopes.length === kernel.allReduceKnotsBytes.length - 1,
      ),
    "one slope after each knot but the last, and one factor for each step",
  );
export type KnotsKernel = z.infer<typeof knotsKernelSchema>;

/** How engines before a version differ from the set's own: planning/benchmark/earlierEngines.ts says how it is used. */
const earlierEngineSchema = z.looseObject({
  before: z.string().regex(/^\d+\.\d+$/, "a version such as 1.0"),
  contextFactor: positive.describe("as in host, with eight KV heads and more on a GPU"),
  contextSplit: nonNegative.describe(
    "added to it, as a share, for each time that 8 / (KV heads on a GPU) is above 1",
  ),
  bufferBytes: nonNegative.describe("activations and buffers of an engine, beside its logits"),
});
export type EarlierEngine = z.infer<typeof earlierEngineSchema>;

/** Kernel and host coefficients of the iteration-time model for one backend and precision (serving/executionTime). */
export const coefficientSetSchema = z.looseObject({
  id: idSchema,
  backend: z.string(),
  precision: precisionSchema,
  kvPrecision: kvPrecisionSchema,
  servesKvPrecisions: z
    .array(kvPrecisionSchema)
    .optional()
    .describe("KV precisions that this set stands for; default its own"),
  kernel: z.discriminatedUnion("form", [pnormKernelSchema, knotsKernelSchema]),
  host: z.looseObject({
    gpuScale: positive,
    oIterUs: nonNegative,
    oSeqUs: nonNegative,
    oTpUs: nonNegative,
    oReqMs: nonNegative,
    prefillShare: nonNegative
      .optional()
      .describe(
        "time that each prefill token costs beyond the kernels, as a share of its matrix flops at peak; default 0",
      ),
    blockPrefillShare: nonNegative
      .optional()
      .describe("the same on top for fp8 weights with one scale per block; default 0"),
    contextFactor: positive
      .optional()
      .describe("time of reading keys and values over that of the kernels; default 1"),
  }),
  earlierEngines: z
    .array(earlierEngineSchema)
    .optional()
    .describe("what engines before the fitted version did otherwise"),
  fitted: z.looseObject({
    gpus: z.array(z.string()),
    models: z.array(z.string()).optional().describe("ids; without them models are not compared"),
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
