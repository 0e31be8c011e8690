/** Schema pieces shared by catalog and scenario: identifiers, provenance, ranges, distributions, clock times. */
import { z } from "./zod.ts";

export const idSchema = z
  .string()
  .min(1)
  .max(80)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._+-]*$/,
    "an id of letters, digits, '.', '_', '+', '-', that begins with a letter or digit",
  );

/** How a figure came to be known. */
export const basisSchema = z.enum(["measured", "datasheet", "list price", "estimated", "fitted"]);

/** Where a figure comes from; every number in data/ and every price in a scenario carries one. */
export const provenanceSchema = z.looseObject({
  source: z.string().min(1),
  retrievedOn: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/, "a date like 2026-11-23"),
  basis: basisSchema,
  note: z.string().optional(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

const nonNegative = z.number().min(0);
const positive = z.number().gt(0);

/** An inclusive range; a missing end is open. */
export const rangeSchema = z.looseObject({
  min: nonNegative.optional(),
  max: nonNegative.optional(),
});
export type Range = z.infer<typeof rangeSchema>;

/** "HH:MM", 00:00 to 24:00, local time of the scenario's clock. */
export const timeOfDaySchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day like "22:30"');

export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
export const weekdaySchema = z.enum(weekdays);
export type Weekday = z.infer<typeof weekdaySchema>;

/** A daily interval; from > to wraps past midnight and belongs to the day on which it starts. No days means every day. */
export const hoursSchema = z.looseObject({
  from: timeOfDaySchema,
  to: timeOfDaySchema,
  days: z.array(weekdaySchema).min(1).optional(),
});
export type Hours = z.infer<typeof hoursSchema>;

/** A distribution of a non-negative quantity; drawn by inversion, one uniform a draw. */
export const distributionSchema = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("constant"), value: nonNegative }),
  z.looseObject({ kind: z.literal("uniform"), min: nonNegative, max: nonNegative }),
  z.looseObject({ kind: z.literal("exponential"), mean: positive }),
  z.looseObject({
    kind: z.literal("lognormal"),
    mean: positive.describe("arithmetic mean"),
    sigma: nonNegative.max(5).describe("standard deviation of the logarithm"),
  }),
  z.looseObject({ kind: z.literal("gamma"), mean: positive, cv: positive.max(20) }),
  z.looseObject({
    kind: z.literal("geometric"),
    mean: z.number().min(1).describe("support 1, 2, 3, ..."),
  }),
  z.looseObject({
    kind: z.literal("histogram"),
    values: z.array(nonNegative).min(1).max(200_000),
    probabilities: z.array(nonNegative).min(1).max(200_000),
  }),
]);
export type Distribution = z.infer<typeof distributionSchema>;

/** The local calendar at which simulated time 0 stands. */
export const clockSchema = z.looseObject({
  startWeekday: weekdaySchema.default("monday"),
  startTime: timeOfDaySchema.default("00:00"),
  utcOffsetMinutes: z.number().int().min(-840).max(840).default(0),
});
export type Clock = z.infer<typeof clockSchema>;
