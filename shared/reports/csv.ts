/** CSV as RFC 4180 has it, safe to open in a spreadsheet. */

/** A value of a cell; null and undefined are empty. */
export type CsvValue = string | number | boolean | null | undefined;

const numeric = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const formulaStart = /^[=+\-@\t\r]/;

/** One cell. Text that a spreadsheet would run as a formula gets a leading apostrophe, unless it is a plain number; quotes where needed. */
export function csvCell(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  const isFormula = formulaStart.test(text) && !numeric.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A header and rows as text, each line ended by CR LF. */
export function formatCsv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  let text = csvLine(header);
  for (const row of rows) text += csvLine(row);
  return text;
}

function csvLine(cells: readonly CsvValue[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}
