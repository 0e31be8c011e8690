/** Methods about the catalog that ships with the program: what editors offer, and what fits where. */
import { catalogSchema } from "../catalog/catalog.ts";
import { backends, kvPrecisionSchema, precisionSchema, serverSchema } from "../schema/catalog.ts";
import { idSchema } from "../schema/common.ts";
import { engineSchema } from "../schema/fleet.ts";
import { z } from "../schema/zod.ts";
import { documentSchema, method, mib } from "./common.ts";

const maxDocumentBytes = 64 * mib;
const count = z.number().int();

/** Entries are looked for in the document first, then in the catalog: a scenario may have GPUs and models of its own. */
const beside = { document: documentSchema.optional() };

const modelChoice = {
  model: idSchema,
  precision: precisionSchema.default("bf16"),
  kvPrecision: kvPrecisionSchema.default("bf16"),
  /** nim: the engine that NIM picks there. */
  backend: serverSchema.default("vllm"),
  /** Limits of the engine as a pool has them; what is left out has the engine's default. */
  engine: engineSchema.partial().default({}),
};

/** One step of the arithmetic, per GPU of a replica. */
export const fitLineSchema = z.strictObject({
  label: z.string(),
  bytes: z.number(),
  formula: z.string(),
});

/** Whether a model fits a place, with the arithmetic. Bytes are per GPU of the replica, tokens per replica. */
export const fitResultSchema = z.strictObject({
  model: z.string(),
  gpu: z.string(),
  /** MIG profile; absent for whole GPUs. */
  profile: z.string().optional(),
  backend: serverSchema,
  precision: precisionSchema,
  kvPrecision: kvPrecisionSchema,
  tensorParallel: count,
  fits: z.boolean(),
  /** Why it does not fit, with the numbers; absent when it fits. */
  reason: z.string().optional(),
  usableBytes: z.number(),
  weightBytesPerGpu: z.number(),
  activationBytes: z.number(),
  utilization: z.number(),
  kvBytes: z.number(),
  kvBytesPerTokenPerGpu: z.number(),
  kvCapacityTokens: z.number(),
  kvBlocks: z.number(),
  /** Longest prompt + output of one request. */
  maxContextTokens: z.number(),
  lines: z.array(fitLineSchema),
  notes: z.array(z.string()),
  /** Requests of so many tokens that the KV cache holds at once. */
  requestsAtOnce: z.array(z.strictObject({ contextTokens: count, requests: count })),
});
export type FitResult = z.infer<typeof fitResultSchema>;

const placedInstance = z.strictObject({
  profile: z.string(),
  /** First memory slice, 0 to 7. */
  start: count.min(0).max(7),
});

/** A profile and where it may be put beside the instances that stand there. */
const boardProfile = z.strictObject({
  profile: z.string(),
  memorySlices: count,
  computeSlices: count,
  smCount: count,
  memoryGib: z.number(),
  maxInstances: count,
  placed: count,
  starts: z.array(
    z.strictObject({
      start: count,
      isLegal: z.boolean(),
      blockedSlices: z.array(count),
      reason: z.string().optional(),
    }),
  ),
  /** Whether it would have room if the instances there were moved; `reason` says why not. */
  fitsAfterMoves: z.boolean(),
  reason: z.string().optional(),
});

const fullLayout = z.strictObject({
  layout: z.array(z.string()),
  starts: z.array(count),
  memorySlicesUnused: count,
  smUnused: count,
});

const migSolution = fullLayout.extend({
  /** One for each demand, in their order; `instance` is a position in `layout`. */
  assignments: z.array(
    z.strictObject({
      demand: count,
      instance: count,
      profile: z.string(),
      start: count,
      kvCapacityTokens: z.number(),
      maxContextTokens: z.number(),
    }),
  ),
  tightestKvTokens: z.number(),
  spareInstances: z.array(z.string()),
});

const migShortfall = z.strictObject({
  reason: z.string(),
  /** The smallest profile that each demand fits alone; null where it fits none. */
  needs: z.array(z.strictObject({ demand: count, profile: z.string().nullable() })),
  /** The demand that needs the most, and its arithmetic. */
  tightest: count,
  arithmetic: fitResultSchema,
});

export const migResultSchema = z.strictObject({
  gpu: z.string(),
  memorySlices: count,
  /** For each memory slice the position in `placed` of the instance that has it, null where it is free. */
  owners: z.array(count.nullable()),
  /** What is wrong with `placed`; empty when it is legal. */
  problems: z.array(z.string()),
  memorySlicesFree: count,
  smFree: count,
  profiles: z.array(boardProfile),
  /** Every layout to which nothing can be added. */
  layouts: z.array(fullLayout),
  /** Null where no models were asked for. */
  answer: z
    .strictObject({ solutions: z.array(migSolution), shortfall: migShortfall.nullable() })
    .nullable(),
});
export type MigResult = z.infer<typeof migResultSchema>;

export const catalogMethods = {
  /**
   * The whole catalog (about 150 kB): GPUs with their MIG profiles, models, GPU offers (a price of a GPU hour), licence modes,
   * API providers with rate cards and limits, coefficient sets. Every entry has `provenance`: source, date, basis.
   */
  "catalog.get": method(z.strictObject({}), catalogSchema),
  /**
   * Whether a model fits a GPU (or a MIG profile of it): `fit` as `crossover fit --json` has it, and `wouldFit`, placements
   * nearby that do when it does not. A model or GPU that is not known answers badInput with the nearest names.
   */
  "catalog.fit": method(
    z.strictObject({
      ...modelChoice,
      gpu: idSchema,
      /** A MIG profile; then tensorParallel is 1. */
      profile: z.string().optional(),
      tensorParallel: count.min(1).max(16).default(1),
      ...beside,
    }),
    z.strictObject({ fit: fitResultSchema, wouldFit: z.array(fitResultSchema) }),
    maxDocumentBytes,
  ),
  /**
   * A GPU that is cut by hand: for each profile the starts that are legal beside `placed` and what blocks the others; every full
   * layout; and, for `models`, the layouts that hold them all at once, best first (25 at most), or why none does.
   */
  "catalog.mig": method(
    z.strictObject({
      gpu: idSchema,
      placed: z.array(placedInstance).max(8).default([]),
      models: z
        .array(
          z.strictObject({
            ...modelChoice,
            backend: z.enum(backends).default("vllm"),
            /** Prompt + output of the longest request that must fit. */
            minContextTokens: count.min(1).optional(),
          }),
        )
        .max(8)
        .default([]),
      ...beside,
    }),
    migResultSchema,
    maxDocumentBytes,
  ),
  /**
   * The document with copies of the catalog entries named here, and of all that its pools, partitions and rules name, coefficients of
   * their engines included (as `crossover fill`); the rest stays as it is, half-done parts too. `added` says what was
   * copied: "gpus h200-sxm". Call it after an edit that names a new GPU, model, provider, licence or backend.
   */
  "catalog.addToScenario": method(
    z.strictObject({
      document: documentSchema,
      gpus: z.array(idSchema).default([]),
      models: z.array(idSchema).default([]),
      providers: z.array(idSchema).default([]),
      licences: z.array(idSchema).default([]),
    }),
    z.strictObject({ document: documentSchema, added: z.array(z.string()) }),
    maxDocumentBytes,
  ),
};
