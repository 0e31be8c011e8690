/** Methods that pass results on: reports over runs, studies and scenarios, as files or as data for a print or present view. */
import { z } from "../schema/zod.ts";
import { fileTokenParam, idParam, method } from "./common.ts";

/** What a report tells, in the order in which it tells it. */
export const reportItemSchema = z.discriminatedUnion("kind", [
  /** A kept run: verdict, three numbers, bill, targets, latency. */
  z.strictObject({ kind: z.literal("run"), id: idParam }),
  /** A kept study: sentence, curve or tables. */
  z.strictObject({ kind: z.literal("study"), id: idParam }),
  /** The assumptions of a scenario: its parts in sentences, its prices with source and date. Without a version the newest, unsaved work before it. */
  z.strictObject({
    kind: z.literal("scenario"),
    id: idParam,
    version: z.number().int().min(1).optional(),
  }),
]);
export type ReportItem = z.infer<typeof reportItemSchema>;

const items = z.array(reportItemSchema).min(1).max(50);
const title = z.string().min(1).max(200).optional();

const texts = z.array(z.string()).readonly();

const curveSchema = z.strictObject({
  title: z.string(),
  xLabel: z.string(),
  yLabel: z.string(),
  series: z
    .array(
      z.strictObject({
        label: z.string(),
        kind: z.string(),
        points: z
          .array(z.strictObject({ x: z.number(), y: z.number(), isDoubtful: z.boolean() }))
          .readonly(),
      }),
    )
    .readonly(),
  mark: z.strictObject({ x: z.number(), label: z.string() }).nullable(),
});

const tableSchema = z.strictObject({
  columns: z
    .array(z.strictObject({ title: z.string(), align: z.enum(["left", "right"]) }))
    .readonly(),
  rows: z.array(texts).readonly(),
});

const sectionSchema = z.strictObject({
  title: z.string(),
  paragraphs: texts,
  curves: z.array(curveSchema).readonly(),
  tables: z.array(z.strictObject({ title: z.string(), table: tableSchema })).readonly(),
  lines: texts,
});

/** A report as data (reports/reportDocument.ts). */
export const reportDocumentSchema = z.strictObject({
  title: z.string(),
  sections: z.array(sectionSchema).readonly(),
  footer: texts,
});

export const reportMethods = {
  /** The report as data: for a print view, slides, or a look before it is written. */
  "report.build": method(z.strictObject({ items, title }), reportDocumentSchema),
  /**
   * Writes a report to a chosen place; the token is used up. html stands alone and prints well; json holds the results whole; csv
   * takes one item: figures of a run, rows of a study, prices of a scenario.
   */
  "report.export": method(
    z.strictObject({
      items,
      title,
      format: z.enum(["html", "markdown", "json", "csv"]),
      target: fileTokenParam,
    }),
    z.strictObject({ fileName: z.string(), bytes: z.number().int() }),
  ),
};
