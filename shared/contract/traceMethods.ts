/** Methods about traces: preview, import once, statistics. */
import { z } from "../schema/zod.ts";
import { fileTokenParam, idParam, jobParam, method, timeMs } from "./common.ts";

/** Columns by meaning, as `crossover import --map` takes them. */
const mappingParam = z.strictObject({
  arrival: z.string().optional(),
  promptTokens: z.string().optional(),
  outputTokens: z.string().optional(),
  cachedTokens: z.string().optional(),
  model: z.string().optional(),
  tenant: z.string().optional(),
  tag: z.string().optional(),
  requests: z
    .string()
    .optional()
    .describe("column of counts: each row sums up so many requests, spread evenly over its window"),
  windowEnd: z.string().optional().describe("when the window of such a row ends"),
  timeUnit: z.enum(["auto", "s", "ms", "us", "ns", "iso"]).optional(),
  /** Zone of clock times that name none. */
  utcOffsetMinutes: z.number().int().min(-840).max(840).optional(),
  /** Whether prompt tokens count the cached ones. */
  cachedTokensAre: z.enum(["partOfPrompt", "besidePrompt"]).optional(),
});
export type TraceMapping = z.infer<typeof mappingParam>;

const readOptions = {
  format: z.string().max(40).default("auto"),
  mapping: mappingParam.optional(),
};

const namedRows = z.strictObject({
  name: z.string(),
  rows: z.number().int(),
  promptTokens: z.number().optional(),
  outputTokens: z.number().optional(),
});
/** counts[i] requests have edges[i] or more and fewer than edges[i + 1] tokens. */
const lengthHistogram = z.strictObject({ edges: z.array(z.number()), counts: z.array(z.number()) });
export type LengthHistogram = z.infer<typeof lengthHistogram>;

/** Sums, spreads and shape of a trace's rows. */
export const traceSummarySchema = z.strictObject({
  format: z.string(),
  /** Column or key that each meaning was read from. */
  columns: z.record(z.string(), z.string()).optional(),
  rows: z.number().int(),
  rejected: z.number().int(),
  /** Rejected rows by reason. */
  rejectedBy: z.record(z.string(), z.number().int()),
  spanS: z.number(),
  promptTokens: z.number(),
  outputTokens: z.number(),
  cachedTokens: z.number().nullable(),
  /** Quantiles at 1, 5, 10, 25, 50, 75, 90, 95, 99 %. */
  promptQuantiles: z.array(z.number()),
  outputQuantiles: z.array(z.number()),
  /** Requests in windows of equal width from the first arrival. */
  rate: z.strictObject({ windowS: z.number(), counts: z.array(z.number()) }),
  /** Coefficient of variation of the gaps between arrivals; null for fewer than three rows. */
  gapCv: z.number().nullable(),
  models: z.array(namedRows),
  tenants: z.array(namedRows),
  /** By tag; a row with several counts at each. Absent in traces imported before tags were read. */
  tags: z.array(namedRows).optional(),
  hasPrefixes: z.boolean(),
  /** These stand in traces imported since they are measured; an older one is imported again to have them. */
  promptLengths: lengthHistogram.optional(),
  outputLengths: lengthHistogram.optional(),
  /** Share of prompt tokens that a prefix cache of so many blocks finds (null: endless); empty without prompt ids. */
  prefixReuse: z
    .array(z.strictObject({ capacityBlocks: z.number().nullable(), tokenShare: z.number() }))
    .optional(),
  /** First arrival, milliseconds since 1970; null where times count from the trace's own start. */
  startMs: z.number().nullable().optional(),
  notes: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type TraceSummary = z.infer<typeof traceSummarySchema>;

export const traceEntrySchema = z.strictObject({
  id: idParam,
  name: z.string(),
  sha256: z.string(),
  bytes: z.number().int(),
  importedMs: timeMs,
  /** How the file was read; a source that replays it says the same. */
  readAs: z.strictObject({ format: z.string(), mapping: mappingParam.optional() }),
  summary: traceSummarySchema,
});
export type TraceEntry = z.infer<typeof traceEntrySchema>;

const rejectedRow = z.strictObject({
  line: z.number().int(),
  reason: z.string(),
  text: z.string(),
});

/** The first rows of a file as it would be read. */
export const tracePreviewSchema = z.strictObject({
  fileName: z.string(),
  bytes: z.number().int(),
  /** Null where nothing could be read; `problem` says why. */
  format: z.string().nullable(),
  problem: z.string().nullable(),
  /** What the problem is about: "file" or "line N" for a file that no mapping makes a trace of, else a column, the header, the rows. */
  problemField: z.string().nullable(),
  /** Column or key that each meaning is read from. */
  columns: z.record(z.string(), z.string()),
  /** Column or key that each meaning would be read from by the names alone. */
  guessed: z.record(z.string(), z.string()),
  /** Names of all columns of the file, where it has a header or keys. */
  header: z.array(z.string()),
  /** The first values of each column of `header` as they stand in the file. */
  samples: z.array(z.array(z.string())),
  /** Whether this is the whole file; else its first part. */
  isWhole: z.boolean(),
  /** Rows of this part that can be read, and those that cannot, in all and by reason. */
  rowsRead: z.number().int(),
  rejectedCount: z.number().int(),
  rejectedBy: z.record(z.string(), z.number().int()),
  /** Whether the times are clock times that name no zone: utcOffsetMinutes then says which. */
  lacksZone: z.boolean(),
  rows: z.array(
    z.strictObject({
      arrivalS: z.number(),
      promptTokens: z.number().int(),
      outputTokens: z.number().int(),
      /** Prompt tokens that the source says came from a cache; null where it does not say. */
      cachedTokens: z.number().int().nullable(),
      model: z.string().nullable(),
      tenant: z.string().nullable(),
      tag: z.string().nullable(),
    }),
  ),
  rejected: z.array(rejectedRow),
  notes: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type TracePreview = z.infer<typeof tracePreviewSchema>;

export const traceMethods = {
  "trace.list": method(z.strictObject({}), z.strictObject({ traces: z.array(traceEntrySchema) })),
  "trace.get": method(z.strictObject({ id: idParam }), traceEntrySchema),
  /** Reads the first part of a chosen file; the token stays good. */
  "trace.preview": method(
    z.strictObject({ file: fileTokenParam, ...readOptions }),
    tracePreviewSchema,
  ),
  /** Reads a chosen file into columns; rejected rows are counted and the first ones named. Its token is used up. */
  "trace.import": method(
    z.strictObject({
      job: jobParam,
      file: fileTokenParam,
      name: z.string().min(1).max(200).optional(),
      ...readOptions,
    }),
    z.strictObject({ trace: traceEntrySchema, rejected: z.array(rejectedRow) }),
  ),
  "trace.rename": method(
    z.strictObject({ id: idParam, name: z.string().min(1).max(200) }),
    z.strictObject({}),
  ),
  "trace.delete": method(z.strictObject({ id: idParam }), z.strictObject({})),
};
