/** Rows of a trace that were not taken: what they are, and the log of them. */
import { InputError } from "../units/errors.ts";

/** Why a row was not taken. */
export type RejectReason =
  | "wrongColumnCount"
  | "missingValue"
  | "notANumber"
  | "nan"
  | "negative"
  | "notWhole"
  | "tooLarge"
  | "unreadableTime"
  | "notUtf8"
  | "malformedJson"
  | "missingKey"
  | "malformedQuote"
  | "unclosedQuote"
  | "cachedAbovePrompt";

/** A row that was not taken, with what a person needs to find and mend it. */
export interface RejectedRow {
  /** Line of the file, counted from 1, header included; the first line of a record that spans several. */
  readonly line: number;
  readonly reason: RejectReason;
  /** Column or key; undefined where the whole row is meant. */
  readonly field: string | undefined;
  /** What stood there, cut to 80 characters. */
  readonly found: string;
  readonly wanted: string;
}

/** What is wrong with one field's text; the caller adds line, field and the text. */
export interface FieldProblem {
  readonly reason: RejectReason;
  readonly wanted: string;
}

/** Counts and keeps of rejected rows. */
export interface RejectSummary {
  readonly count: number;
  readonly byReason: Readonly<Record<string, number>>;
  /** The first of them, in file order. */
  readonly rows: readonly RejectedRow[];
}

/** All rows of a trace were rejected, so nothing of it can be used. */
export class AllRowsRejectedError extends InputError {
  constructor(fileName: string, { count, rows }: RejectSummary) {
    const first = rows.length === 0 ? "" : ` The first: ${describeReject(rows[0])}.`;
    const found = count === 1 ? "the only row was" : `all ${count} rows were`;
    super(`${fileName}: ${found} rejected.${first}`, { field: "rows" });
    this.name = "AllRowsRejectedError";
  }
}

/** A rejected row in words: where it stands, what was found and what was wanted. */
export function describeReject({ line, field, found, wanted }: RejectedRow): string {
  const place = field === undefined ? "" : ` in ${field}`;
  return `line ${line}${place}: found ${JSON.stringify(found)}, wanted ${wanted}`;
}

const foundLength = 80;

/** `text` cut to what a message can carry. */
export function cutText(text: string): string {
  return text.length <= foundLength ? text : `${text.slice(0, foundLength - 3)}...`;
}

/** The beginning of `bytes` as text for a message, whatever they hold; bytes outside ASCII show as "?". */
export function bytesForMessage(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, foundLength + 1);
  const text = Array.from(shown, (byte) => (byte < 128 ? String.fromCharCode(byte) : "?")).join("");
  return cutText(text.trimEnd());
}

/** Counts every rejected row, keeps the first `maxKept`, and hands each one to `onReject`. */
export class RejectLog {
  count = 0;
  private readonly byReason = new Map<RejectReason, number>();
  private readonly kept: RejectedRow[] = [];
  private readonly maxKept: number;
  private readonly onReject: ((row: RejectedRow) => void) | undefined;

  constructor(maxKept: number, onReject?: (row: RejectedRow) => void) {
    this.maxKept = maxKept;
    this.onReject = onReject;
  }

  /** Records one rejected row; `field` is empty where the whole row is meant. */
  add(line: number, field: string, found: string, problem: FieldProblem): void {
    this.count += 1;
    this.byReason.set(problem.reason, (this.byReason.get(problem.reason) ?? 0) + 1);
    if (this.kept.length >= this.maxKept && this.onReject === undefined) return;
    const { reason, wanted } = problem;
    const place = field === "" ? undefined : field;
    const row: RejectedRow = { line, reason, field: place, found: cutText(found), wanted };
    if (this.kept.length < this.maxKept) this.kept.push(row);
    this.onReject?.(row);
  }

  /** The counts and the rows kept. */
  summary(): RejectSummary {
    const sorted = [...this.byReason].sort(([a], [b]) => (a < b ? -1 : 1));
    return { count: this.count, byReason: Object.fromEntries(sorted), rows: this.kept };
  }
}
