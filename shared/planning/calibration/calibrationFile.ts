/** The calibration file: host terms fitted to one's own benchmarks, with the points, the errors and where they come from. */
import { canonicalJson } from "../../schema/canonicalJson.ts";
import { backendSchema, coefficientSetSchema, precisionSchema } from "../../schema/catalog.ts";
import { idSchema, provenanceSchema } from "../../schema/common.ts";
import { ProblemsError } from "../../schema/findings.ts";
import { readJson } from "../../schema/jsonText.ts";
import { describeIssues } from "../../schema/schemaProblems.ts";
import { z } from "../../schema/zod.ts";
import { InputError } from "../../units/errors.ts";

/** The version that this Crossover writes and reads. */
export const calibrationVersion = 1;
/** The largest calibration file, bytes. */
export const maxCalibrationBytes = 16e6;

const positive = z.number().gt(0);
const count = z.number().int().min(1);
const percent = z.number().min(0).nullable();

/** Median absolute errors over the points, percent; null where no point has the figure. */
const errorsSchema = z.looseObject({
  tpotPct: percent,
  ttftPct: percent,
  outputTokensPerSPct: percent,
});
export type CalibrationErrors = z.infer<typeof errorsSchema>;

/** Means over the requests of a point. */
const figuresSchema = z.looseObject({
  tpotMs: positive,
  ttftMs: positive.optional(),
  outputTokensPerS: positive.optional(),
});
export type PointFigures = z.infer<typeof figuresSchema>;

const pointSchema = z.looseObject({
  file: z.string(),
  place: z.string(),
  tool: z.string(),
  toolVersion: z.string().optional(),
  promptTokens: positive,
  outputTokens: positive,
  concurrency: count.optional(),
  rateRps: positive.optional(),
  loadBasis: z.enum(["stated", "given", "estimated"]),
  requests: z.number().min(0).optional(),
  measured: figuresSchema,
  before: figuresSchema,
  after: figuresSchema,
  notes: z.array(z.string()),
});

/** A saved calibration. `error.leftOutTpotPct` is the TPOT error of points by terms fitted without them. */
export const calibrationSchema = z.looseObject({
  format: z.literal("crossover-calibration"),
  version: z.literal(calibrationVersion),
  name: z.string().min(1).max(200),
  model: idSchema,
  backend: backendSchema,
  precision: precisionSchema,
  kvPrecision: precisionSchema,
  gpu: idSchema,
  migProfile: z.string().optional(),
  tensorParallel: count,
  coefficientSet: idSchema.describe("the set whose kernel terms the host terms belong to"),
  host: coefficientSetSchema.shape.host,
  fitted: z.array(z.string()).describe("the terms that were fitted; the others are the set's own"),
  reasons: z.array(z.string()),
  error: z.looseObject({
    before: errorsSchema,
    after: errorsSchema,
    leftOutTpotPct: percent.optional(),
  }),
  points: z.array(pointSchema).min(1),
  provenance: z.array(provenanceSchema).min(1),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** Reads a calibration file's text. Throws InputError where it is none or of a newer version, ProblemsError with every wrong field. */
export function parseCalibration(text: string, fileName: string): Calibration {
  const document = readJson(text, fileName);
  const isObject = typeof document === "object" && document !== null && !Array.isArray(document);
  if (!isObject || document.format !== "crossover-calibration") {
    throw new InputError(
      `${fileName}: not a calibration. Wanted an object with "format": "crossover-calibration", as crossover calibrate --out writes it.`,
      { field: "format" },
    );
  }
  if (typeof document.version === "number" && document.version > calibrationVersion) {
    throw new InputError(
      `${fileName} is version ${document.version}; this Crossover reads ${calibrationVersion}. Use a newer Crossover.`,
      { field: "version" },
    );
  }
  const parsed = calibrationSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new ProblemsError(fileName, describeIssues(parsed.error.issues, document));
}

/** The canonical text of a calibration. */
export function serialiseCalibration(calibration: Calibration): string {
  return canonicalJson(calibration);
}
