/** A table as text that spreadsheets paste into cells. */
import type { Table } from "../../shared/reports/table.ts";

/** What a spreadsheet would run as a formula; signs before a figure ("-$1,240", "+4 %") are left. */
const formula = /^([=@]|[+-](?![\s$.\d]|$))/;

/** Tabs between cells, a line feed after each row; tabs and line ends within cells become spaces, formulas become text. */
export function tableTsv({ columns, rows }: Table): string {
  const cell = (text: string): string => {
    const plain = text.replace(/[\t\r\n]+/g, " ");
    return formula.test(plain) ? `'${plain}` : plain;
  };
  const line = (cells: readonly string[]): string => `${cells.map(cell).join("\t")}\n`;
  return line(columns.map(({ title }) => title)) + rows.map(line).join("");
}
