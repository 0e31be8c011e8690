import { InputError } from "../units/errors.ts";
import { splitFields } from "./csvRecord.ts";
import { cutText } from "./rejects.ts";

/** The most columns a file may have. */
export const maxColumns = 256;

/** The header of a delimited file. */
export interface CsvHeader {
  readonly delimiter: string;
  /** Column names without quotes and outer spaces. */
  readonly columns: readonly string[];
}

/** Reads a header line; the delimiter is the one of tab, semicolon, pipe and comma that splits it most. Throws InputError above 256 columns. */
export function readCsvHeader(line: string): CsvHeader {
  let best = ",";
  for (const delimiter of ["\t", ";", "|"]) {
    if (line.split(delimiter).length > line.split(best).length) best = delimiter;
  }
  const columns = splitFields(line, best).map((name) => name.trim());
  if (columns.length > maxColumns) {
    throw new InputError(
      `The header has ${columns.length} columns. Wanted at most ${maxColumns}; keep the columns that matter.`,
      { field: "header" },
    );
  }
  return { delimiter: best, columns };
}

/** Refuses a header in which a name that has a meaning stands twice: which of the two is meant cannot be told. */
export function refuseDoubledColumns(
  columns: readonly string[],
  meant: Iterable<string>,
  fileName: string,
): void {
  for (const name of meant) {
    const first = columns.indexOf(name);
    const second = columns.indexOf(name, first + 1);
    if (first < 0 || second < 0) continue;
    throw new InputError(
      `${fileName}: the column "${cutText(name)}" stands in the header twice, as columns ${first + 1} and ${second + 1}. Wanted one column of that name; rename or remove the other.`,
      { field: "header" },
    );
  }
}
