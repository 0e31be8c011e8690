/** Reading numbers and times from JSON values. */

import type { TimeFormat } from "./csvPlan.ts";
import {
  checkTokens,
  type Instant,
  parseIsoTime,
  parseNumericTime,
  parseTokens,
} from "./fieldText.ts";
import type { FieldProblem } from "./rejects.ts";

/** A value as text for a message. */
export function showValue(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
}

/** A token count out of a JSON value, or what is wrong with it. */
export function jsonTokens(value: unknown): number | FieldProblem {
  if (typeof value === "number") return checkTokens(value);
  if (typeof value === "string") return parseTokens(value);
  return absent(value, "a whole number of tokens from 0 to 2147483647");
}

/** Reads a time out of a JSON value into `out`. */
export function jsonTime(value: unknown, time: TimeFormat, out: Instant): FieldProblem | undefined {
  if (typeof value !== "number" && typeof value !== "string") return absent(value, "a time");
  const text = String(value);
  return time === "iso" ? parseIsoTime(text, out) : parseNumericTime(text, time, out);
}

function absent(value: unknown, wanted: string): FieldProblem {
  if (value === undefined) return { reason: "missingKey", wanted };
  return { reason: value === null ? "missingValue" : "notANumber", wanted };
}
