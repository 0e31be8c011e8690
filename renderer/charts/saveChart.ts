/** A chart as a file: picture, drawing, or its figures. */
import { formatCsv } from "../../shared/reports/csv.ts";
import type { Table } from "../../shared/reports/table.ts";
import { saveFile } from "../components/CsvButton.tsx";
import { fileNameOf } from "../state/passOn.ts";
import { type ChartPicture, chartPng, chartSvg } from "./chartImage.ts";

/** Forms in which a chart is saved. */
export type SaveForm = "png" | "svg" | "csv";

async function fileOf(
  form: SaveForm,
  table: Table,
  picture: ChartPicture | undefined,
): Promise<Blob> {
  if (form === "csv" || picture === undefined) {
    const header = table.columns.map(({ title }) => title);
    return new Blob([formatCsv(header, table.rows)], { type: "text/csv;charset=utf-8" });
  }
  if (form === "png") return chartPng(picture);
  return new Blob([chartSvg(picture)], { type: "image/svg+xml" });
}

/** Gives the person the file; in words what it is called. Throws where no picture can be made. */
export async function saveChart(
  form: SaveForm,
  title: string,
  table: Table,
  picture: ChartPicture | undefined,
): Promise<string> {
  const name = fileNameOf(title, form);
  saveFile(await fileOf(form, table, picture), name);
  return `${name} is handed over for saving.`;
}
