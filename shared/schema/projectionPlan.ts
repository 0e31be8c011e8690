/** The plan of a projection: months ahead, growth, prices over time, commitments, purchase. */
import { idSchema, provenanceSchema } from "./common.ts";
import { z } from "./zod.ts";

const nonNegative = z.number().min(0);
const positive = z.number().gt(0);
const share = z.number().min(0).max(1);
const yearMonth = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month like "2027-01"');

/** The most months of a plan: five years. */
export const maxPlanMonths = 60;

/** How a price moves: by a rate, and by steps that replace what the rate made of it. */
const pricePathSchema = z.looseObject({
  perYear: z
    .number()
    .gt(-1)
    .max(10)
    .default(0)
    .describe("share by which the price changes in a year, spread evenly; -0.2 is 20 % cheaper"),
  steps: z
    .array(
      z.looseObject({
        from: z
          .union([z.number().int().min(1).max(maxPlanMonths), yearMonth])
          .describe('the plan\'s month (1 is the first), or a date like "2027-01"'),
        factor: nonNegative.describe("times the scenario's price, from then on; the rate goes on"),
      }),
    )
    .max(maxPlanMonths)
    .default([]),
  provenance: z.array(provenanceSchema).optional(),
});
export type PricePath = z.infer<typeof pricePathSchema>;

const growthSchema = z.discriminatedUnion("kind", [
  z.looseObject({
    kind: z.literal("compound"),
    perMonth: z.number().gt(-1).max(10).describe("share by which each month exceeds the last"),
  }),
  z.looseObject({
    kind: z.literal("table"),
    monthTokens: z
      .array(positive)
      .min(1)
      .max(maxPlanMonths)
      .describe("prompt and output tokens of each month; the last one stays"),
  }),
]);

/** GPU hours promised to a provider for a term, at a discount. */
const commitmentSchema = z.looseObject({
  id: idSchema,
  label: z.string().optional(),
  termMonths: z.number().int().min(1).max(maxPlanMonths),
  discount: share.describe("off the rent of the month in which it is signed, for the whole term"),
  upfrontShare: share.default(0).describe("of the term's price, paid when it is signed"),
  gpus: z
    .union([z.literal("least"), z.number().int().min(1).max(65_536)])
    .default("least")
    .describe("least: the whole ones that every month of the term holds on average; or a number"),
  renew: z.boolean().default(true).describe("signed again when a term ends"),
  provenance: z.array(provenanceSchema).min(1),
});
export type Commitment = z.infer<typeof commitmentSchema>;

/** Servers that are bought. */
const purchaseSchema = z.looseObject({
  usdPerServer: positive.describe("with GPUs"),
  gpusPerServer: z.number().int().min(1).max(72).default(8).describe("bought whole"),
  networkUsdPerServer: nonNegative.default(0).describe("switches, cables, storage, racks"),
  installUsdPerServer: nonNegative.default(0),
  lifeMonths: z.number().int().min(1).max(120).describe("then replaced where still needed"),
  residualShare: share
    .default(0)
    .describe("of the server's and network's price, at the end of its life"),
  interestPerYear: nonNegative
    .max(1)
    .default(0)
    .describe("of the loan in the amortized cost: equal monthly payments; 0: straight line"),
  kwPerServer: nonNegative.describe("drawn at full load, without cooling"),
  idlePowerShare: share.default(1).describe("of that, drawn while idle"),
  pue: z.number().min(1).max(5).describe("power usage effectiveness of the site"),
  usdPerKwh: nonNegative,
  colocationUsdPerKwMonth: nonNegative.default(0).describe("for each kW at full load"),
  maintenanceSharePerYear: nonNegative
    .max(1)
    .default(0)
    .describe("of what the servers owned have cost"),
  staffUsdPerMonth: nonNegative.default(0).describe("while any server is owned"),
  staffUsdPerServerMonth: nonNegative.default(0),
  provenance: z.array(provenanceSchema).min(1),
});
export type Purchase = z.infer<typeof purchaseSchema>;

/** A plan as a file of its own (--plan) or as `projection` of a scenario. */
export const projectionPlanSchema = z.looseObject({
  months: z.number().int().min(1).max(maxPlanMonths).default(36),
  start: yearMonth.optional().describe("the calendar month of month 1; needed for dated steps"),
  firstMonthTokens: positive
    .optional()
    .describe("prompt and output tokens of month 1; default what the scenario's traffic makes"),
  growth: growthSchema.default({ kind: "compound", perMonth: 0 }),
  prices: z
    .looseObject({
      gpu: pricePathSchema.prefault({}).describe("rent of GPUs"),
      api: pricePathSchema.prefault({}).describe("every price of every provider"),
      licence: pricePathSchema.prefault({}),
      hardware: pricePathSchema.prefault({}).describe("servers that are bought"),
      power: pricePathSchema.prefault({}).describe("of a kWh, and of colocation"),
    })
    .prefault({}),
  discountPerYear: nonNegative.max(1).default(0.08).describe("of later money, for present values"),
  commitments: z.array(commitmentSchema).max(8).default([]),
  purchase: purchaseSchema.optional(),
});
export type ProjectionPlan = z.infer<typeof projectionPlanSchema>;
