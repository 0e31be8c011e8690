/** A table of cases: strict CSV (RFC 4180) whose records are kept as they stand, so that columns can be added behind them. */
import { InputError } from "../../units/errors.ts";
import { nearestNames } from "../../units/nearestNames.ts";

/** One record: its text without the line's end, and its cells. */
export interface CaseRow {
  /** Line on which it begins, the header being 1. */
  readonly line: number;
  readonly text: string;
  readonly cells: readonly string[];
}

/** A table; `columns` is its header. */
export interface CaseTable {
  readonly headerText: string;
  readonly columns: readonly string[];
  readonly rows: readonly CaseRow[];
}

/** Reads a CSV text. `required` columns must be there; errors call the file `what`. Throws InputError for an empty file, a quote that does not end, or missing columns. */
export function readCaseTable(
  text: string,
  required: readonly string[],
  what = "file of cases",
): CaseTable {
  const [header, ...rows] = readRecords(text);
  if (header === undefined) {
    throw new InputError(
      `The ${what} is empty. Wanted a CSV with the columns ${required.join(", ")}.`,
    );
  }
  const missing = required.filter((name) => !header.cells.includes(name));
  if (missing.length > 0) throw missingColumns(missing, header.cells, what);
  return { headerText: header.text, columns: header.cells, rows };
}

/** Reads cells of a row by column name; "" for a column that the table does not have, or a cell that the row does not. */
export class CaseReader {
  private readonly indexOf: ReadonlyMap<string, number>;

  constructor(columns: readonly string[]) {
    this.indexOf = new Map(columns.map((name, index) => [name, index]));
  }

  has(column: string): boolean {
    return this.indexOf.has(column);
  }

  text(row: CaseRow, column: string): string {
    const index = this.indexOf.get(column);
    return index === undefined ? "" : (row.cells[index] ?? "").trim();
  }

  /** A number, undefined for an empty cell. Throws InputError for anything else. */
  number(row: CaseRow, column: string): number | undefined {
    const text = this.text(row, column);
    if (text === "") return undefined;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    throw new InputError(`${column} is "${text}". Wanted a number.`, { field: column });
  }

  /** A measured figure: a cell that is no number costs the comparison, not the row. */
  measured(row: CaseRow, column: string): { readonly value?: number; readonly note?: string } {
    try {
      return { value: this.number(row, column) };
    } catch (error) {
      if (error instanceof InputError) return { note: `not compared: ${error.message}` };
      throw error;
    }
  }

  /** A mean number of tokens, rounded to a whole one from 1 on ("1024.7" is 1025). Throws InputError, also for an empty cell. */
  tokens(row: CaseRow, column: string): number {
    const value = this.number(row, column);
    if (value !== undefined && value >= 1) return Math.round(value);
    const found = value === undefined ? "empty" : this.text(row, column);
    throw new InputError(`${column} is ${found}. Wanted a number of tokens from 1 on.`, {
      field: column,
    });
  }

  /** A whole number from 1 on ("2.0" is 2). Throws InputError, also for an empty cell. */
  count(row: CaseRow, column: string): number {
    const value = this.number(row, column);
    if (value !== undefined && Number.isInteger(value) && value >= 1) return value;
    const found = value === undefined ? "empty" : this.text(row, column);
    throw new InputError(`${column} is ${found}. Wanted a whole number from 1 on.`, {
      field: column,
    });
  }
}

/** The table with cells added behind each record; the records themselves as they were read, lines ended by LF. */
export function formatCaseTable(
  table: CaseTable,
  added: readonly string[],
  cellsOf: (index: number) => readonly string[],
): string {
  const lines = [[table.headerText, ...added].join(",")];
  table.rows.forEach((row, index) => {
    lines.push([row.text, ...cellsOf(index).map(quoted)].join(","));
  });
  return `${lines.join("\n")}\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function missingColumns(
  missing: readonly string[],
  found: readonly string[],
  what: string,
): InputError {
  const near = missing.flatMap((name) => {
    const [nearest] = nearestNames(name, found);
    return nearest === undefined ? [] : [`${name}: perhaps "${nearest}"`];
  });
  return new InputError(
    `The ${what} lacks the column${missing.length > 1 ? "s" : ""} ${missing.join(", ")}. Found: ${found.join(", ")}. Add ${missing.length > 1 ? "them" : "it"}, in any order.`,
    { hint: near.length > 0 ? near.join("; ") : undefined },
  );
}

function readRecords(text: string): CaseRow[] {
  const rows: CaseRow[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const end = recordEnd(text, at, line);
    const record = text.slice(at, text[end - 1] === "\r" ? end - 1 : end);
    if (record !== "") rows.push({ line, text: record, cells: splitCells(record) });
    line += record.split("\n").length;
    at = end + 1;
  }
  return rows;
}

/** Where the line feed behind a record stands, those in quotes being skipped; the end of the text for the last one. */
function recordEnd(text: string, start: number, line: number): number {
  let quotes = 0;
  for (let at = start; ; ) {
    const feed = text.indexOf("\n", at);
    const end = feed < 0 ? text.length : feed;
    quotes += countQuotes(text.slice(at, end));
    if (quotes % 2 === 0) return end;
    if (feed < 0) {
      throw new InputError(
        `A quote in the record that begins on line ${line} of the file of cases does not end. Close it.`,
      );
    }
    at = end + 1;
  }
}

function countQuotes(text: string): number {
  return text.includes('"') ? text.split('"').length - 1 : 0;
}

function splitCells(record: string): string[] {
  if (!record.includes('"')) return record.split(",");
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i < record.length; i++) {
    const character = record[i];
    if (character === '"') {
      if (isQuoted && record[i + 1] === '"') cell += record[i++];
      else isQuoted = !isQuoted;
    } else if (character === "," && !isQuoted) {
      cells.push(cell);
      cell = "";
    } else cell += character;
  }
  cells.push(cell);
  return cells;
}
