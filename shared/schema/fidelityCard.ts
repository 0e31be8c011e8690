/** The fidelity card: how far predictions are off, group by group, as the scripts that fit the model found it. */
import { z } from "./zod.ts";

/** Median and 90th percentile of absolute relative errors, percent. */
const errorPairSchema = z.looseObject({ medianPct: z.number().min(0), p90Pct: z.number().min(0) });
export type ErrorPair = z.infer<typeof errorPairSchema>;

const rowsSchema = z.looseObject({
  file: z.string(),
  sha256: z.string(),
  readOn: z.string(),
  source: z.string(),
});

const heldBack = {
  fitted: errorPairSchema,
  crossValidated: errorPairSchema.describe("five folds of whole blocks held back"),
  modelLeftOut: errorPairSchema,
  gpusLeftOut: errorPairSchema,
  prefillLeftOut: errorPairSchema.describe("a number of prefill tokens, with others on both sides"),
  decodesLeftOut: errorPairSchema.describe("a number of decodes, with others on both sides"),
};

const iterationSetSchema = z.looseObject({
  id: z.string(),
  parameters: z.number(),
  rows: z.number(),
  ...heldBack,
});

const iterationGroupSchema = z.looseObject({
  set: z.string(),
  model: z.string(),
  rows: z.number(),
  ...heldBack,
  pnormForm: errorPairSchema.describe("the earlier form of the model"),
  bar: errorPairSchema,
});
export type IterationGroup = z.infer<typeof iterationGroupSchema>;

const servingGroupSchema = z.looseObject({
  figure: z.enum(["tpot", "ttft", "throughput"]),
  kind: z.string(),
  backend: z.string(),
  model: z.string(),
  precision: z.string(),
  rows: z.number(),
  fitted: errorPairSchema,
  crossValidated: errorPairSchema.nullable().describe("null where nothing was fitted to the rows"),
  bar: errorPairSchema.nullable().describe("the error to reach; null where none is set"),
  estimator: errorPairSchema.nullable().describe("NVIDIA aiconfigurator on the same points"),
});
export type ServingGroup = z.infer<typeof servingGroupSchema>;

export const fidelityCardSchema = z.looseObject({
  version: z.literal(2),
  iterationTimes: z.looseObject({
    about: z.string(),
    rows: rowsSchema,
    fittedRange: z.looseObject({
      prefillTokens: z.number(),
      meanContextTokens: z.number(),
      batch: z.number(),
      gpus: z.array(z.string()),
    }),
    sets: z.array(iterationSetSchema),
    groups: z.array(iterationGroupSchema),
  }),
  serving: z.looseObject({
    about: z.string(),
    rows: rowsSchema,
    groups: z.array(servingGroupSchema),
  }),
});
export type FidelityCard = z.infer<typeof fidelityCardSchema>;

/** Whether errors are within a bar. */
export function isWithin({ medianPct, p90Pct }: ErrorPair, bar: ErrorPair): boolean {
  return medianPct <= bar.medianPct && p90Pct <= bar.p90Pct;
}
