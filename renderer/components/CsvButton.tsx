/** Any table as a CSV file. */
import { Button } from "react-aria-components";
import { type CsvValue, formatCsv } from "../../shared/reports/csv.ts";

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

/** Characters that a file's name cannot have on some system become spaces. */
export function fileNameOf(name: string, ending: string): string {
  const plain = [...name]
    .map((each) => (/[\\/:*?"<>|]/.test(each) || each < " " ? " " : each))
    .join("")
    .replace(/\s+/g, " ")
    .trim();
  return `${(plain === "" ? "table" : plain).slice(0, 120)}.${ending}`;
}

/** Gives the person a file: the browser's download, or the desktop's dialog that answers it. */
export function saveText(text: string, fileName: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function CsvButton({ name, table }: CsvButtonProps) {
  const save = (): void => {
    const { header, rows } = table();
    saveText(formatCsv(header, rows), fileNameOf(name, "csv"), "text/csv;charset=utf-8");
  };
  return (
    <Button className="button small quiet" aria-label={`Save ${name} as CSV`} onPress={save}>
      CSV
    </Button>
  );
}
