/** One line of JSON, with whole numbers above 2^53 kept exact. */
import type { FieldProblem } from "./rejects.ts";

/** A JSON object as parsed; its values are checked where they are used. */
export type JsonRecord = { readonly [key: string]: unknown };

const longDigits = /\d{16}/;
const longInteger = /([:[,]\s*)(-?\d{16,})(?=\s*[,\]}])/g;

/** The object on a line, or what is wrong with it. Whole numbers of 16 digits and more come as strings. */
export function parseJsonLine(text: string): JsonRecord | FieldProblem {
  const value = parseExactly(text);
  if (value === undefined) return problemOf(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as JsonRecord;
  }
  return { reason: "malformedJson", wanted: "one JSON object on the line" };
}

/** Whether parseJsonLine found a problem. */
export function isProblem(value: JsonRecord | FieldProblem): value is FieldProblem {
  return typeof value.reason === "string" && typeof value.wanted === "string";
}

function parseExactly(text: string): unknown {
  if (longDigits.test(text)) {
    // Inside a string this quoting can break the line; the line as it stands is then the right reading.
    const quoted = parse(text.replace(longInteger, '$1"$2"'));
    if (quoted !== undefined) return quoted;
  }
  return parse(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(text: string): FieldProblem {
  if (/[:[,]\s*-?(?:NaN|Infinity)\s*[,\]}]/.test(text)) {
    return { reason: "nan", wanted: "finite numbers; JSON has no NaN or Infinity" };
  }
  return { reason: "malformedJson", wanted: "one complete JSON object on the line" };
}

/** The value at a path: the key itself where the object has it, else step by step along its dots; undefined where nothing is. */
export function valueAt(record: JsonRecord, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path];
  let value: unknown = record;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as JsonRecord)[key];
  }
  return value;
}

/** Paths to the plain values and the lists of names of an object, nested at most four deep. */
export function leafPaths(record: JsonRecord, prefix = "", depth = 4): string[] {
  return Object.entries(record).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    if (typeof value !== "object" || value === null) return [path];
    if (Array.isArray(value)) return value.every((each) => typeof each === "string") ? [path] : [];
    if (depth <= 1) return [];
    return leafPaths(value as JsonRecord, `${path}.`, depth - 1);
  });
}
