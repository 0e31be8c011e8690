/** Where simulated time 0 stands in the week. */
import type { Draft } from "../../components/editing.tsx";

type Clock = NonNullable<Draft["clock"]>;

/** Weekdays as scenario files name them, Monday first. */
export const weekdayIds = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

const minutesPerDay = 1440;
const minutesPerWeek = 7 * minutesPerDay;

function minuteOfWeek({ startWeekday = "monday", startTime = "00:00" }: Clock): number {
  const [hours, minutes] = startTime.split(":").map(Number);
  return weekdayIds.indexOf(startWeekday) * minutesPerDay + hours * 60 + minutes;
}

/** Whole hours from Monday 00:00 to the clock's start. */
export function startHour(clock: Clock = {}): number {
  return Math.floor(minuteOfWeek(clock) / 60);
}

function atMinute(clock: Clock, minute: number): Clock {
  const within = ((minute % minutesPerWeek) + minutesPerWeek) % minutesPerWeek;
  const two = (value: number): string => String(value).padStart(2, "0");
  const ofDay = within % minutesPerDay;
  return {
    ...clock,
    startWeekday: weekdayIds[Math.floor(within / minutesPerDay)],
    startTime: `${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)}`,
  };
}

/** The clock of a trace that begins then (milliseconds since 1970), in the zone of the given clock. 1970-01-01 was a Thursday. */
export function clockOf(startMs: number, clock: Clock = {}): Clock {
  const minutes = Math.floor(startMs / 60_000) + (clock.utcOffsetMinutes ?? 0);
  return atMinute(clock, minutes + 3 * minutesPerDay);
}

/** The clock so many hours later (negative: earlier): all traffic moves against hours of fleets, rules and deadlines. */
export function shifted(clock: Clock = {}, hours: number): Clock {
  return atMinute(clock, minuteOfWeek(clock) + Math.round(hours * 60));
}

/** "Thursday at 18:15". */
export function clockText({ startWeekday = "monday", startTime = "00:00" }: Clock = {}): string {
  return `${startWeekday.charAt(0).toUpperCase()}${startWeekday.slice(1)} at ${startTime}`;
}
