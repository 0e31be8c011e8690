/** The local calendar of a run: simulated nanoseconds to weekday and time of day, and the next time that a window opens, closes or a clock strikes. */
import { type Clock, type Hours, weekdays } from "../schema/common.ts";
import { nsPerS, sPerDay } from "../units/units.ts";

const nsPerDay = sPerDay * nsPerS;
const nsPerWeek = 7 * nsPerDay;

/** Second of the day of "HH:MM", 0 to 86,400. */
export function secondOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 3600 + Number(time.slice(3, 5)) * 60;
}

/** Open intervals of a week, disjoint and ascending, nanoseconds from Monday 00:00 local; an interval that spans Sunday's end goes past one week. */
export interface CompiledHours {
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  /** Open the whole week. */
  readonly isAlways: boolean;
}

function intervalsOf(hours: Hours): [number, number][] {
  const from = secondOfDay(hours.from) * nsPerS;
  const length = (secondOfDay(hours.to) * nsPerS - from + nsPerDay) % nsPerDay || nsPerDay;
  return (hours.days ?? weekdays).map((day) => {
    const start = (weekdays.indexOf(day) * nsPerDay + from) % nsPerWeek;
    return [start, start + length];
  });
}

/** Joins intervals that touch, also across the end of the week. */
function joined(intervals: [number, number][]): [number, number][] {
  const ascending = intervals.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const result: [number, number][] = [];
  for (const [start, end] of ascending) {
    const last = result[result.length - 1];
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

function joinedAroundTheWeek(intervals: [number, number][]): [number, number][] {
  const result = joined(intervals);
  while (result.length > 1) {
    const first = result[0]!;
    const last = result[result.length - 1]!;
    if (last[1] < first[0] + nsPerWeek) break;
    last[1] = Math.max(last[1], first[1] + nsPerWeek);
    result.shift();
  }
  return result;
}

/** Opening hours ready for questions; several intervals count as one set of open times. `from` equal to `to` is a whole day. */
export function compileHours(hours: Hours | readonly Hours[]): CompiledHours {
  const list = Array.isArray(hours) ? (hours as readonly Hours[]) : [hours as Hours];
  const intervals = joinedAroundTheWeek(list.flatMap(intervalsOf));
  return {
    startNs: Float64Array.from(intervals, (interval) => interval[0]),
    endNs: Float64Array.from(intervals, (interval) => interval[1]),
    isAlways: intervals.length === 1 && intervals[0]![1] - intervals[0]![0] >= nsPerWeek,
  };
}

/** Index of the interval that holds the week time, or -1. */
function intervalAt(hours: CompiledHours, weekNs: number): number {
  for (let i = 0; i < hours.startNs.length; i++) {
    if (weekNs >= hours.startNs[i]! && weekNs < hours.endNs[i]!) return i;
    if (weekNs + nsPerWeek >= hours.startNs[i]! && weekNs + nsPerWeek < hours.endNs[i]!) return i;
  }
  return -1;
}

/** Simulated time 0 stands at the clock's start weekday and time; local time, without daylight saving. All times are whole nanoseconds. */
export class LocalClock {
  private readonly startNs: number;

  constructor(clock: Clock) {
    const day = weekdays.indexOf(clock.startWeekday);
    this.startNs = (day * nsPerDay + secondOfDay(clock.startTime) * nsPerS) % nsPerWeek;
  }

  /** Nanoseconds since Monday 00:00 local, in 0 .. one week. */
  private weekNs(ns: number): number {
    return (this.startNs + ns) % nsPerWeek;
  }

  /** Seconds since Monday 00:00 local, 0 to 604,800, with its fraction. */
  secondOfWeek(ns: number): number {
    return this.weekNs(ns) / nsPerS;
  }

  /** 0 Monday to 6 Sunday. */
  weekday(ns: number): number {
    return Math.floor(this.weekNs(ns) / nsPerDay);
  }

  /** Seconds since local midnight, 0 to 86,400, with its fraction. */
  secondOfDay(ns: number): number {
    return (this.weekNs(ns) % nsPerDay) / nsPerS;
  }

  /** Whether ns lies in the hours: their start counts, their end does not. */
  isWithin(hours: CompiledHours, ns: number): boolean {
    return hours.isAlways || intervalAt(hours, this.weekNs(ns)) >= 0;
  }

  /** The first time at or after ns that lies in the hours; ns itself when it does. */
  nextOpenNs(hours: CompiledHours, ns: number): number {
    if (this.isWithin(hours, ns)) return ns;
    const now = this.weekNs(ns);
    let wait = Number.POSITIVE_INFINITY;
    for (const start of hours.startNs) {
      wait = Math.min(wait, start > now ? start - now : start + nsPerWeek - now);
    }
    return ns + wait;
  }

  /** The end of the open interval that holds ns; ns itself when it is closed; Infinity when the hours never close. */
  nextCloseNs(hours: CompiledHours, ns: number): number {
    if (hours.isAlways) return Number.POSITIVE_INFINITY;
    const now = this.weekNs(ns);
    const i = intervalAt(hours, now);
    if (i < 0) return ns;
    const end = hours.endNs[i]!;
    return ns + (now >= hours.startNs[i]! ? end - now : end - nsPerWeek - now);
  }

  /** The first time after ns (never ns itself) at which the local clock shows this second of the day, 0 to 86,400. */
  nextTimeOfDayNs(ns: number, second: number): number {
    const now = this.weekNs(ns) % nsPerDay;
    const wait = (second * nsPerS - now + nsPerDay) % nsPerDay;
    return ns + (wait === 0 ? nsPerDay : wait);
  }
}

/** The clock that starts at a moment of the calendar, cut to the minute; 1970-01-01 was a Thursday. */
export function clockAtEpoch(epochMs: number, utcOffsetMinutes: number): Clock {
  const minutes = Math.floor(epochMs / 60_000) + utcOffsetMinutes;
  const day = Math.floor(minutes / 1440);
  const minute = minutes - day * 1440;
  const two = (n: number): string => String(n).padStart(2, "0");
  return {
    startWeekday: weekdays[(((day + 3) % 7) + 7) % 7]!,
    startTime: `${two(Math.floor(minute / 60))}:${two(minute % 60)}`,
    utcOffsetMinutes,
  };
}
