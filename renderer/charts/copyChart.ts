/** Copying a chart into the clipboard. */
import type { Table } from "../../shared/reports/table.ts";
import { type ChartPicture, chartPng, chartSvg } from "./chartImage.ts";
import { tableTsv } from "./tableText.ts";

/** Forms in which a chart is copied. "both" is the picture together with the table as text: what is pasted into takes the one it knows. */
export type CopyForm = "png" | "svg" | "tsv" | "both";

/** Copies a chart; gives back in words what was copied. Throws where the clipboard refuses. */
export async function copyChart(
  form: CopyForm,
  table: Table,
  picture: ChartPicture | undefined,
): Promise<string> {
  const { clipboard } = navigator;
  if (form === "tsv" || picture === undefined) {
    await clipboard.writeText(tableTsv(table));
    return "The table is in the clipboard.";
  }
  if (form === "svg") {
    await clipboard.writeText(chartSvg(picture));
    return "The drawing is in the clipboard, as SVG text.";
  }
  const text = new Blob([tableTsv(table)], { type: "text/plain" });
  const item = { "image/png": chartPng(picture), ...(form === "both" && { "text/plain": text }) };
  await clipboard.write([new ClipboardItem(item)]);
  return form === "both"
    ? "The picture and its table are in the clipboard."
    : "The picture is in the clipboard.";
}
