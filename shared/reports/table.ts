/** Tables of formatted cells, for a terminal and as Markdown. */
import { plainText } from "./formatters.ts";

/** A column: its title with the unit, and the side its cells stand at. */
export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** Cells are ready to read, one for each column. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** A column of text. */
export function textColumn(title: string): Column {
  return { title, align: "left" };
}

/** A column of figures. */
export function figureColumn(title: string): Column {
  return { title, align: "right" };
}

/** Lines with aligned columns, two spaces apart, under a header and a rule; no blanks at line ends. */
export function formatTextTable({ columns, rows }: Table): string[] {
  const cells = [columns.map((column) => column.title), ...rows].map((row) => row.map(plainText));
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => lengthOf(row[at]))));
  const lines = cells.map((row) =>
    row
      .map((cell, at) => padded(cell, widths[at], columns[at].align))
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [lines[0], rule, ...lines.slice(1)];
}

/** The same as a Markdown table; text in it cannot break out of its cell. */
export function formatMarkdownTable({ columns, rows }: Table): string {
  const sides = columns.map(({ align }) => (align === "right" ? "---:" : "---"));
  const titles = columns.map(({ title }) => markdownCell(title));
  const lines = [titles, sides, ...rows.map((row) => row.map(markdownCell))];
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function markdownCell(text: string): string {
  return plainText(text)
    .replace(/[\\|`*_[\]]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;");
}

function padded(cell: string, width: number, align: Column["align"]): string {
  const blanks = " ".repeat(width - lengthOf(cell));
  return align === "right" ? blanks + cell : cell + blanks;
}

function lengthOf(cell: string): number {
  return [...cell].length;
}
