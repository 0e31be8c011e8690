/** Reading numbers and times from text, exactly and with a reason when it fails. The byte scanner's rows are checked against this. */
import type { FieldProblem } from "./rejects.ts";

/** The largest token count that is taken: 2^31 - 1. */
export const maxTokens = 2147483647;

/** Powers of ten between a unit of time and the second. */
export const unitPowers = { s: 0, ms: -3, us: -6, ns: -9 } as const;
/** A unit in which a plain number counts time. */
export type NumericTimeUnit = keyof typeof unitPowers;

/** A time read: whole seconds, nanoseconds, and whether the text named its zone. */
export class Instant {
  timeS = 0;
  timeNs = 0;
  hasZone = false;
}

const wantedTokens = "a whole number of tokens from 0 to 2147483647";
const tokenProblems = {
  missing: { reason: "missingValue", wanted: wantedTokens },
  notANumber: { reason: "notANumber", wanted: wantedTokens },
  nan: { reason: "nan", wanted: wantedTokens },
  negative: { reason: "negative", wanted: wantedTokens },
  notWhole: { reason: "notWhole", wanted: wantedTokens },
  tooLarge: { reason: "tooLarge", wanted: wantedTokens },
} as const satisfies Record<string, FieldProblem>;

const decimalPattern = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** A token count, or what is wrong with the text. Whole numbers in any notation ("374", "374.0", "3.74e2") are taken. */
export function parseTokens(text: string): number | FieldProblem {
  const trimmed = text.trim();
  if (trimmed === "") return tokenProblems.missing;
  if (/^[+-]?nan$/i.test(trimmed)) return tokenProblems.nan;
  if (!decimalPattern.test(trimmed)) return tokenProblems.notANumber;
  return checkTokens(Number(trimmed));
}

/** `value` as a token count, or what is wrong with it. */
export function checkTokens(value: number): number | FieldProblem {
  if (Number.isNaN(value)) return tokenProblems.nan;
  if (value < 0) return tokenProblems.negative;
  if (value > maxTokens) return tokenProblems.tooLarge;
  if (!Number.isInteger(value)) return tokenProblems.notWhole;
  return value + 0;
}

const datePattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)? ?(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/;
const wantedIso: FieldProblem = {
  reason: "unreadableTime",
  wanted: "a date and time such as 2023-11-16 18:17:03.9799600, with or without a zone",
};

/** Reads an ISO date and time (space or T, 0-9 fractional digits and more cut off, optional zone) into `out`; no zone counts as UTC. */
export function parseIsoTime(text: string, out: Instant): FieldProblem | undefined {
  const match = datePattern.exec(text.trim());
  if (match === null) return wantedIso;
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (!isCalendarTime(year, month, day, hour, minute, second)) return wantedIso;
  const offsetMinutes = zoneMinutes(match[8]);
  if (offsetMinutes === undefined) return wantedIso;
  const clockS = (hour * 60 + minute - offsetMinutes) * 60 + second;
  out.timeS = epochDays(year, month, day) * 86_400 + clockS;
  out.timeNs = Number(`${match[7] ?? ""}000000000`.slice(0, 9));
  out.hasZone = match[8] !== undefined;
  return undefined;
}

/** Whether the parts name a time of the Gregorian calendar; second 60 is taken as a leap second. */
export function isCalendarTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): boolean {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return false;
  return day <= 28 || day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 to a date of the Gregorian calendar (Hinnant, "days_from_civil"). */
export function epochDays(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", ""));
  if (hours > 18 || minutes > 59) return undefined;
  return (zone[0] === "-" ? -1 : 1) * (hours * 60 + minutes);
}

const wantedNumber: FieldProblem = {
  reason: "unreadableTime",
  wanted: "a number of at least 0",
};

/** Reads a plain number of `unit` into `out`, exactly, rounded to the nearest nanosecond; at most 1e12 seconds. */
export function parseNumericTime(
  text: string,
  unit: NumericTimeUnit,
  out: Instant,
): FieldProblem | undefined {
  const match = decimalPattern.exec(text.trim());
  if (match === null) return wantedNumber;
  const whole = match[2];
  const fraction = match[3] ?? "";
  const power = Number(match[4] ?? 0) + unitPowers[unit];
  const digits = `${whole}${fraction}`;
  const isZero = /^0*$/.test(digits);
  if (match[1] === "-" && !isZero) return wantedNumber;
  // The point stands after this many digits once the number counts seconds.
  const point = whole.length + power;
  if (isZero) return setInstant("0", "", out);
  if (point > 400 || point < -400) return point < 0 ? setInstant("0", "", out) : wantedNumber;
  const padded = point > 0 ? digits.padEnd(point, "0") : "0".repeat(-point) + digits;
  const split = Math.max(point, 0);
  return setInstant(padded.slice(0, split), padded.slice(split), out);
}

function setInstant(seconds: string, fraction: string, out: Instant): FieldProblem | undefined {
  const timeS = Number(seconds === "" ? "0" : seconds);
  if (timeS > 1e12) return wantedNumber;
  const roundUp = fraction.length > 9 && fraction.charCodeAt(9) >= 53 ? 1 : 0;
  const timeNs = Number(fraction.padEnd(9, "0").slice(0, 9)) + roundUp;
  const carries = timeNs === 1e9;
  out.timeS = carries ? timeS + 1 : timeS;
  out.timeNs = carries ? 0 : timeNs;
  out.hasZone = false;
  return undefined;
}
