/** What the commands over files of cases share: reading the file, writing it back with columns added, showing the rows that have no prediction. */
import { resolve } from "node:path";
import {
  type CaseTable,
  formatCaseTable,
  readCaseTable,
} from "../../../shared/planning/benchmark/caseTable.ts";
import type { ErrorSummary } from "../../../shared/planning/benchmark/errorGroups.ts";
import { atomicWriteFile } from "../../files/atomicWrite.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { type CommandIo, type ParsedArgs, UsageError } from "../command.ts";

/** The most bytes that a file of cases may have. */
const maxCaseBytes = 256e6;
/** Rows without a prediction that are listed one by one. */
const shownRows = 20;

/** A string option, undefined when it was not given. */
export function textOption(args: ParsedArgs, name: string): string | undefined {
  const value = args.values[name];
  return typeof value === "string" ? value : undefined;
}

/** Reads the file of --cases. Throws UsageError when --out names it too, InputError when it cannot be read. */
export async function readCases(
  args: ParsedArgs,
  path: string,
  required: readonly string[],
): Promise<CaseTable> {
  const out = textOption(args, "out");
  if (out !== undefined && resolve(out) === resolve(path)) {
    throw new UsageError(`--out names the file that is read, ${path}. Wanted another file`);
  }
  return readCaseTable(await readTextFile(path, maxCaseBytes), required);
}

/** Writes the file of --out, if one is asked for: the rows as they were read, with columns added. */
export function writeCases(
  args: ParsedArgs,
  table: CaseTable,
  added: readonly string[],
  cellsOf: (index: number) => readonly string[],
): void {
  const out = textOption(args, "out");
  if (out === undefined) return;
  const taken = added.filter((name) => table.columns.includes(name));
  const names = added.map((name) => (taken.includes(name) ? `${name}_2` : name));
  atomicWriteFile(out, formatCaseTable(table, names, cellsOf));
}

/** Lists rows that were not predicted on stderr, the first ones with their reasons. */
export function listUnpredicted(
  io: CommandIo,
  rows: readonly { readonly line: number; readonly note: string }[],
): void {
  for (const { line, note } of rows.slice(0, shownRows)) {
    io.stderr(`not predicted, line ${line}: ${note}\n`);
  }
  const more = rows.length - shownRows;
  if (more > 0) io.stderr(`... and ${more} more; --out FILE.csv says why in its column "note".\n`);
}

/** An error summary's figures as cells: rows, median, p90, bias. */
export function errorCells({ rows, medianPct, p90Pct, biasPct }: ErrorSummary): string[] {
  const sign = biasPct > 0 ? "+" : "";
  return [String(rows), medianPct.toFixed(1), p90Pct.toFixed(1), `${sign}${biasPct.toFixed(1)}`];
}

/** A summary as JSON has it. */
export function errorJson({ rows, medianPct, p90Pct, biasPct }: ErrorSummary) {
  return { rows, medianPct, p90Pct, biasPct };
}
