/** Rejected rows as CSV, safe to open in a spreadsheet. */
import { csvField } from "./canonicalCsv.ts";
import type { RejectedRow } from "./rejects.ts";

/** The header of the list of rejected rows. */
export const rejectCsvHeader = "line,reason,field,found,wanted\n";

/** One rejected row as a line. Text that a spreadsheet would run as a formula gets a leading apostrophe; plain numbers stay as they are. */
export function rejectCsvLine(row: RejectedRow): string {
  const fields = [row.reason, row.field ?? "", row.found, row.wanted].map((text) =>
    csvField(isFormula(text) ? `'${text}` : text),
  );
  return `${row.line},${fields.join(",")}\n`;
}

function isFormula(text: string): boolean {
  return /^[=+\-@\t\r\0]/.test(text) && !/^-?\d+(?:\.\d+)?$/.test(text);
}
