/** Guessing how a column of times is written, from its name and its first values. */
import type { ColumnMapping } from "../schema/traffic.ts";
import type { TimeFormat } from "./csvPlan.ts";
import { Instant, type NumericTimeUnit, parseIsoTime, parseNumericTime } from "./fieldText.ts";

/** A way to read times, and what it means for the trace's clock. */
export interface TimeGuess {
  readonly time: TimeFormat;
  readonly isCalendar: boolean;
  /** What was assumed, as a sentence. */
  readonly note: string;
}

/** Plain numbers from here on, in seconds, are times after the Unix epoch: 1e8 s is March 1973. */
const firstEpochS = 1e8;

const unitNames: Readonly<Record<TimeFormat, string>> = {
  iso: "dates and times",
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  ns: "nanoseconds",
};

/** The reading of the first sample that can be read, or undefined when none can. `unit` "auto" guesses, by the column's name, then by magnitude. */
export function guessTime(
  samples: readonly string[],
  column: string,
  unit: ColumnMapping["timeUnit"],
): TimeGuess | undefined {
  const instant = new Instant();
  for (const sample of samples) {
    if ((unit === "auto" || unit === "iso") && parseIsoTime(sample, instant) === undefined) {
      return { time: "iso", isCalendar: true, note: `"${column}" holds dates and times.` };
    }
    // Read as nanoseconds to see whether it is a number at all: that unit admits the largest ones.
    if (unit !== "iso" && parseNumericTime(sample, "ns", instant) === undefined) {
      return guessNumeric(sample, Number(sample), column, unit);
    }
  }
  return undefined;
}

function guessNumeric(
  sample: string,
  value: number,
  column: string,
  unit: Exclude<ColumnMapping["timeUnit"], "iso">,
): TimeGuess {
  const time = unit === "auto" ? (unitByName(column) ?? unitByMagnitude(value)) : unit;
  const instant = new Instant();
  parseNumericTime(sample, time, instant);
  const isCalendar = instant.timeS >= firstEpochS;
  const zero = isCalendar ? "after the Unix epoch" : "from the start of the trace";
  const advice = unit === "auto" ? "; set timeUnit to s, ms, us or ns if that is wrong" : "";
  return {
    time,
    isCalendar,
    note: `"${column}" was read as ${unitNames[time]} ${zero}${advice}.`,
  };
}

function unitByName(column: string): NumericTimeUnit | undefined {
  const match = /(?:_|\b|[a-z](?=[MNU]))(ms|millis|us|micros|ns|nanos|Ms|Us|Ns)$/.exec(column);
  const suffix = match?.[1].toLowerCase();
  if (suffix === "ms" || suffix === "millis") return "ms";
  if (suffix === "us" || suffix === "micros") return "us";
  return suffix === undefined ? undefined : "ns";
}

/** An epoch in s, ms, us or ns by its size (any date from 1973 to 5138); smaller numbers are seconds. */
function unitByMagnitude(value: number): NumericTimeUnit {
  if (value >= 1e17) return "ns";
  if (value >= 1e14) return "us";
  return value >= 1e11 ? "ms" : "s";
}
