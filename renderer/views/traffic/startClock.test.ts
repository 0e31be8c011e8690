import { describe, expect, it } from "vitest";
import { clockOf, clockText, shifted } from "./startClock.ts";

describe("where a scenario's time begins", () => {
  it("is where the trace begins, in the scenario's zone", () => {
    const startMs = Date.UTC(2023, 10, 16, 18, 15, 46);
    expect(clockText(clockOf(startMs))).toBe("Thursday at 18:15");
    expect(clockOf(startMs, { utcOffsetMinutes: 420 })).toEqual({
      ...{ utcOffsetMinutes: 420, startWeekday: "friday", startTime: "01:15" },
    });
    expect(clockText(clockOf(0))).toBe("Thursday at 00:00");
  });

  it("moves by hours, around the week in both directions", () => {
    expect(clockText(shifted({ startTime: "20:30" }, 6))).toBe("Tuesday at 02:30");
    expect(clockText(shifted(undefined, -1))).toBe("Sunday at 23:00");
    expect(shifted({ startWeekday: "sunday", startTime: "23:00" }, 1).startWeekday).toBe("monday");
  });
});
