/** Rows that each sum up the requests of a window, as usage exports of API providers do: taken apart again into single requests, all totals kept. */
import {
  Instant,
  maxTokens,
  type NumericTimeUnit,
  parseIsoTime,
  parseNumericTime,
} from "./fieldText.ts";
import type { FieldProblem } from "./rejects.ts";
import type { RowGate } from "./rowGate.ts";

/** Most requests that one row may stand for. */
const maxRequestsInRow = 10_000_000;

/** Meanings that a summed row is read by, besides its time and its names. */
export type SummedMeaning =
  | "requests"
  | "windowEnd"
  | "promptTokens"
  | "outputTokens"
  | "cachedTokens";

/** One row, field by field. */
export interface SummedFields {
  /** The field's text; empty where there is none. */
  text(meaning: SummedMeaning): string;
  /** Rejects the row for what is wrong with a field. */
  reject(meaning: SummedMeaning, problem: FieldProblem): void;
}

/** What was taken apart so far. */
export class SummedRows {
  rows = 0;
  requests = 0;
  emptyWindows = 0;

  /** What to know about it, one sentence each. */
  notes(): string[] {
    if (this.emptyWindows === 0) return [];
    const windows = this.emptyWindows === 1 ? "1 row says" : `${this.emptyWindows} rows say`;
    return [`${windows} that there were no requests in the window.`];
  }

  /** What may make figures wrong, one sentence each. */
  warnings(): string[] {
    if (this.rows === 0) return [];
    const rows = this.rows === 1 ? "1 row sums up" : `${this.rows} rows sum up`;
    return [
      `${rows} ${this.requests} requests. They were spread evenly over the window of their row, all of a row with the same tokens: totals are kept, bursts within windows and the spread of lengths are not, so waiting times come out too short.`,
    ];
  }
}

const wholePattern = /^\d+(?:\.0*)?$/;

/** A whole number of at least 0 and at most `most`, or what is wrong with the text. */
function parseTotal(text: string, most: number, what: string): number | FieldProblem {
  const wanted = `a whole number of ${what} from 0 to ${most}`;
  const trimmed = text.trim();
  if (trimmed === "") return { reason: "missingValue", wanted };
  if (/^-\d/.test(trimmed)) return { reason: "negative", wanted };
  if (!wholePattern.test(trimmed)) return { reason: "notANumber", wanted };
  const value = Number(trimmed);
  return value > most ? { reason: "tooLarge", wanted } : value;
}

function readTotal(fields: SummedFields, meaning: SummedMeaning, most: number): number {
  const what = meaning === "requests" ? "requests" : "tokens";
  const value = parseTotal(fields.text(meaning), most, what);
  if (typeof value === "number") return value;
  fields.reject(meaning, value);
  return -1;
}

/** Reads the end of the window; returns its width in nanoseconds, or -1 when the row was rejected. */
function readWidth(fields: SummedFields, time: "iso" | NumericTimeUnit, start: Instant): number {
  const end = new Instant();
  const text = fields.text("windowEnd");
  const problem = time === "iso" ? parseIsoTime(text, end) : parseNumericTime(text, time, end);
  const widthNs = (end.timeS - start.timeS) * 1e9 + (end.timeNs - start.timeNs);
  if (problem === undefined && widthNs > 0) return widthNs;
  fields.reject("windowEnd", {
    reason: text.trim() === "" ? "missingValue" : "unreadableTime",
    wanted:
      "the time at which the row's window ends, after its beginning: the row sums up several requests",
  });
  return -1;
}

/** Part i of a total that is divided into n whole parts as equal as can be; the parts add up to it. */
function partOf(total: number, n: number, i: number): number {
  const base = Math.floor(total / n);
  const rest = total - base * n;
  return base + Math.floor(((i + 1) * rest) / n) - Math.floor((i * rest) / n);
}

/** Whether the row says that nothing came in its window: no requests, and no tokens either. */
function isEmptyWindow(fields: SummedFields): boolean {
  const isNone = (meaning: SummedMeaning): boolean =>
    /^\s*(?:0+(?:\.0*)?)?\s*$/.test(fields.text(meaning));
  return isNone("requests") && isNone("promptTokens") && isNone("outputTokens");
}

/** The requests of a row, or undefined when it was rejected. */
interface SummedTokens {
  readonly requests: number;
  /** Cached ones included. */
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** -1 where the row does not say. */
  readonly cachedTokens: number;
}

function readTokens(fields: SummedFields, isCachedBeside: boolean): SummedTokens | undefined {
  const requests = readTotal(fields, "requests", maxRequestsInRow);
  if (requests < 0) return undefined;
  if (requests === 0) {
    fields.reject("requests", {
      reason: "notANumber",
      wanted: "at least 1 request, for the row has tokens",
    });
    return undefined;
  }
  const most = maxTokens * requests;
  const counted = readTotal(fields, "promptTokens", most);
  if (counted < 0) return undefined;
  const outputTokens = readTotal(fields, "outputTokens", most);
  if (outputTokens < 0) return undefined;
  const isStated = fields.text("cachedTokens").trim() !== "";
  const cachedTokens = isStated ? readTotal(fields, "cachedTokens", most) : -1;
  if (isStated && cachedTokens < 0) return undefined;
  const promptTokens = isCachedBeside ? counted + Math.max(0, cachedTokens) : counted;
  if (cachedTokens <= promptTokens && promptTokens <= most) {
    return { requests, promptTokens, outputTokens, cachedTokens };
  }
  fields.reject("cachedTokens", {
    reason: "cachedAbovePrompt",
    wanted: `at most the row's ${counted} prompt tokens, of which cached ones are a part`,
  });
  return undefined;
}

/** How the rows of a file are read. */
export interface SummedReading {
  readonly time: "iso" | NumericTimeUnit;
  readonly isCachedBeside: boolean;
}

/** Takes a summed row apart, whose window begins at `start`, or rejects it. `names` are the indices of its model, tenant and tag, -1 for none. */
export function addSummedRow(
  fields: SummedFields,
  reading: SummedReading,
  start: Instant,
  outlet: { readonly gate: RowGate; readonly summed: SummedRows },
  names: readonly [model: number, tenant: number, tag: number],
): void {
  const { gate, summed } = outlet;
  if (isEmptyWindow(fields)) {
    summed.emptyWindows += 1;
    return;
  }
  const tokens = readTokens(fields, reading.isCachedBeside);
  if (tokens === undefined) return;
  const { requests: n, promptTokens, outputTokens, cachedTokens } = tokens;
  const widthNs = n === 1 ? 0 : readWidth(fields, reading.time, start);
  if (widthNs < 0) return;
  if (n > 1) {
    summed.rows += 1;
    summed.requests += n;
  }
  for (let i = 0; i < n; i += 1) {
    const atNs = start.timeNs + Math.floor((widthNs / (2 * n)) * (2 * i + (n === 1 ? 0 : 1)));
    const atS = Math.floor(atNs / 1e9);
    gate.addRow(
      start.timeS + atS,
      atNs - atS * 1e9,
      start.hasZone,
      partOf(promptTokens, n, i),
      partOf(outputTokens, n, i),
      cachedTokens < 0 ? -1 : Math.min(partOf(cachedTokens, n, i), partOf(promptTokens, n, i)),
      0,
      ...names,
    );
  }
}
