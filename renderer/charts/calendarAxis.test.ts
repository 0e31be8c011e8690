import { describe, expect, it } from "vitest";
import { calendarCell, calendarSpan, calendarTicks } from "./calendarAxis.ts";

const startMs = Date.UTC(2026, 9, 5, 8, 0, 20);
const day = (text: string): string =>
  new Date(`${text}T00:00:00Z`).toLocaleDateString(undefined, {
    ...{ day: "numeric", month: "short", timeZone: "UTC" },
  } as const);

describe("an axis with a calendar", () => {
  it("has its ticks at midnights and round clock times, not at multiples since the start", () => {
    const ticks = calendarTicks(0, 2 * 86_400, startMs, 5);
    expect(ticks.map(({ label }) => label)).toEqual([
      "12:00",
      day("2026-10-06"),
      "12:00",
      day("2026-10-07"),
    ]);
    expect(ticks[1].value).toBe(16 * 3600 - 20);
  });

  it("has no more ticks than there is room for, at any span", () => {
    for (const span of [3, 60, 3600, 86_400, 30 * 86_400, 400 * 86_400]) {
      const ticks = calendarTicks(0, span, startMs, 6);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks.every(({ value }) => value >= 0 && value <= span)).toBe(true);
    }
  });

  it("says windows in words, and times as tables have them", () => {
    expect(calendarSpan(40, 1840, startMs)).toBe(`${day("2026-10-05")}, 08:01 to 08:31 UTC`);
    expect(calendarSpan(15 * 3600 + 3580, 16 * 3600 + 3580, startMs)).toBe(
      `${day("2026-10-06")}, 00:00 to 01:00 UTC`,
    );
    expect(calendarSpan(0, 86_400, startMs)).toBe(
      `${day("2026-10-05")}, 08:00:20 to ${day("2026-10-06")}, 08:00:20 UTC`,
    );
    expect(calendarCell(40, startMs)).toBe("2026-10-05 08:01:00");
  });
});
