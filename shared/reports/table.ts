/** Tables of formatted cells, for a terminal and as Markdown. */
import { plainText } from "./formatters.ts";
import { lengthOf, wrapText } from "./wrapText.ts";

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

/** The most characters in a line of a text table. */
export const maxTableWidth = 160;
const narrowestColumn = 12;
const gap = 2;

/**
 * Lines with aligned columns, two spaces apart, under a header and a rule; no blanks at line ends. A table wider than
 * `maxTableWidth` has its widest columns of text broken over several lines; figures are never broken.
 */
export function formatTextTable({ columns, rows }: Table): string[] {
  const cells = [columns.map((column) => column.title), ...rows].map((row) => row.map(plainText));
  const natural = columns.map((_, at) => Math.max(...cells.map((row) => lengthOf(row[at]))));
  const widths = narrowed(natural, columns);
  const lines = cells.map((row) => rowLines(row, widths, columns));
  const rule = widths.map((width) => "-".repeat(width)).join(" ".repeat(gap));
  return [...lines[0], rule, ...lines.slice(1).flat()];
}

/** The widths, with the widest columns of text made narrower until the table fits or none can give way. */
function narrowed(natural: readonly number[], columns: readonly Column[]): number[] {
  const widths = [...natural];
  const isText = (at: number): boolean => columns[at].align === "left";
  let excess = widths.reduce((sum, width) => sum + width + gap, -gap) - maxTableWidth;
  for (; excess > 0; excess--) {
    let widest = -1;
    for (let at = 0; at < widths.length; at++) {
      if (isText(at) && widths[at] > (widths[widest] ?? narrowestColumn)) widest = at;
    }
    if (widest < 0) break;
    widths[widest]--;
  }
  return widths;
}

function rowLines(
  row: readonly string[],
  widths: readonly number[],
  columns: readonly Column[],
): string[] {
  const parts = row.map((cell, at) => wrapText(cell, widths[at], "", true));
  const height = Math.max(...parts.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    parts
      .map((lines, at) => padded(lines[line] ?? "", widths[at], columns[at].align))
      .join(" ".repeat(gap))
      .trimEnd(),
  );
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
