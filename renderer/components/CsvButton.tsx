/** Any table as a CSV file. */
import { Button } from "react-aria-components";
import { type CsvValue, formatCsv } from "../../shared/reports/csv.ts";
import { fileNameOf } from "../state/passOn.ts";

/** What the file holds. */
export interface CsvTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly CsvValue[])[];
}

interface CsvButtonProps {
  /** The file's name without its ending, and what the button is of. */
  readonly name: string;
  table(): CsvTable;
}

/** Gives the person a file: the browser's download, or the desktop's dialog that answers it. */
export function saveFile(content: Blob, fileName: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function CsvButton({ name, table }: CsvButtonProps) {
  const save = (): void => {
    const { header, rows } = table();
    const content = new Blob([formatCsv(header, rows)], { type: "text/csv;charset=utf-8" });
    saveFile(content, fileNameOf(name, "csv"));
  };
  return (
    <Button className="button small quiet" aria-label={`Save ${name} as CSV`} onPress={save}>
      CSV
    </Button>
  );
}
