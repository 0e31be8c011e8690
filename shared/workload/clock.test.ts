import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockSchema, hoursSchema, weekdays } from "../schema/common.ts";
import { nsPerS } from "../units/units.ts";
import { clockAtEpoch, compileHours, LocalClock, secondOfDay } from "./clock.ts";

const hourNs = 3600 * nsPerS;
const dayNs = 24 * hourNs;

function clockAt(startWeekday: string, startTime: string): LocalClock {
  return new LocalClock(clockSchema.parse({ startWeekday, startTime }));
}

const hours = (from: string, to: string, days?: string[]) => hoursSchema.parse({ from, to, days });

describe("LocalClock", () => {
  it("tells weekday and time of day from simulated nanoseconds", () => {
    const clock = clockAt("sunday", "23:30");
    expect(clock.weekday(0)).toBe(6);
    expect(clock.secondOfDay(0)).toBe(84_600);
    expect(clock.weekday(hourNs)).toBe(0);
    expect(clock.secondOfDay(hourNs)).toBe(1800);
    expect(clock.secondOfWeek(hourNs + nsPerS / 2)).toBe(1800.5);
    expect(clock.secondOfWeek(7 * dayNs)).toBe(clock.secondOfWeek(0));
  });

  it("takes 24:00 as the midnight that ends the day", () => {
    expect(clockAt("sunday", "24:00").weekday(0)).toBe(0);
    expect(secondOfDay("24:00")).toBe(86_400);
  });

  it("knows hours whose start counts and whose end does not", () => {
    const clock = clockAt("monday", "00:00");
    const office = compileHours(hours("09:00", "17:00", ["monday", "tuesday"]));
    expect(clock.isWithin(office, 9 * hourNs - 1)).toBe(false);
    expect(clock.isWithin(office, 9 * hourNs)).toBe(true);
    expect(clock.isWithin(office, 17 * hourNs)).toBe(false);
    expect(clock.nextOpenNs(office, 0)).toBe(9 * hourNs);
    expect(clock.nextOpenNs(office, 10 * hourNs)).toBe(10 * hourNs);
    expect(clock.nextOpenNs(office, 2 * dayNs)).toBe(7 * dayNs + 9 * hourNs);
    expect(clock.nextCloseNs(office, 10 * hourNs)).toBe(17 * hourNs);
    expect(clock.nextCloseNs(office, 8 * hourNs)).toBe(8 * hourNs);
  });

  it("lets a night belong to the day on which it starts, also past the end of the week", () => {
    const clock = clockAt("monday", "00:00");
    const night = compileHours(hours("22:00", "06:00", ["sunday"]));
    expect(clock.isWithin(night, 5 * hourNs)).toBe(true);
    expect(clock.nextCloseNs(night, 5 * hourNs)).toBe(6 * hourNs);
    expect(clock.isWithin(night, 6 * dayNs + 5 * hourNs)).toBe(false);
    expect(clock.nextOpenNs(night, 6 * hourNs)).toBe(6 * dayNs + 22 * hourNs);
    expect(clock.nextCloseNs(night, 6 * dayNs + 23 * hourNs)).toBe(7 * dayNs + 6 * hourNs);
  });

  it("joins hours that touch and never closes hours that fill the week", () => {
    const clock = clockAt("monday", "00:00");
    const halves = compileHours([hours("00:00", "12:00"), hours("12:00", "24:00")]);
    expect(halves.isAlways).toBe(true);
    expect(clock.nextCloseNs(halves, 5)).toBe(Number.POSITIVE_INFINITY);
    expect(compileHours(hours("08:00", "08:00")).isAlways).toBe(true);
    const twoDays = compileHours([
      hours("20:00", "24:00", ["sunday"]),
      hours("00:00", "04:00", ["monday"]),
    ]);
    expect(clock.nextCloseNs(twoDays, 6 * dayNs + 21 * hourNs)).toBe(7 * dayNs + 4 * hourNs);
    expect(clock.nextCloseNs(twoDays, hourNs)).toBe(4 * hourNs);
  });

  it("finds the next time of day, never now", () => {
    const clock = clockAt("monday", "18:00");
    expect(clock.nextTimeOfDayNs(0, secondOfDay("06:00"))).toBe(12 * hourNs);
    expect(clock.nextTimeOfDayNs(12 * hourNs, secondOfDay("06:00"))).toBe(36 * hourNs);
    expect(clock.nextTimeOfDayNs(12 * hourNs - 1, secondOfDay("06:00"))).toBe(12 * hourNs);
    expect(clock.nextTimeOfDayNs(0, secondOfDay("24:00"))).toBe(6 * hourNs);
  });

  it("opens and closes where a minute-by-minute walk says so", () => {
    const time = fc.integer({ min: 0, max: 23 }).map((h) => `${String(h).padStart(2, "0")}:00`);
    const days = fc.subarray([...weekdays], { minLength: 1 });
    const list = fc.array(fc.tuple(time, time, days), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(list, fc.integer({ min: 0, max: 400 }), (intervals, hour) => {
        const clock = clockAt("wednesday", "13:00");
        const open = compileHours(intervals.map(([from, to, on]) => hours(from, to, on)));
        const isOpen = (h: number): boolean => clock.isWithin(open, h * hourNs);
        let next = hour;
        while (!isOpen(next)) next++;
        expect(clock.nextOpenNs(open, hour * hourNs)).toBe(next * hourNs);
        let close = next;
        while (isOpen(close) && close < next + 170) close++;
        const wanted = open.isAlways ? Number.POSITIVE_INFINITY : close * hourNs;
        expect(clock.nextCloseNs(open, next * hourNs)).toBe(wanted);
      }),
    );
  });
});

describe("clockAtEpoch", () => {
  it("agrees with the calendar", () => {
    expect(clockAtEpoch(Date.UTC(2023, 10, 16, 18, 15, 46), 0)).toEqual({
      startWeekday: "thursday",
      startTime: "18:15",
      utcOffsetMinutes: 0,
    });
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 4e12 }),
        fc.integer({ min: -840, max: 840 }),
        (ms, offset) => {
          const date = new Date(ms + offset * 60_000);
          const clock = clockAtEpoch(ms, offset);
          expect(weekdays.indexOf(clock.startWeekday)).toBe((date.getUTCDay() + 6) % 7);
          expect(clock.startTime).toBe(date.toISOString().slice(11, 16));
        },
      ),
    );
  });
});
