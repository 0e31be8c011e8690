import { describe, expect, it } from "vitest";
import { clockBound, clockRepeats, clockWarnings, mostClockRequests } from "./clockSpan.ts";
import { testPool, testScenario } from "./testScenario.ts";

const day = 86_400;
const night = { from: "22:00", to: "06:00" };
const rest = { id: "rest", to: { provider: "api" } };
const nightly = testScenario({
  rules: [{ id: "night", to: { pool: "own" }, hold: { window: night } }, rest],
});

describe("what goes by the clock", () => {
  it("wants two days, and a week where weekdays differ", () => {
    expect(clockBound(testScenario())).toBeUndefined();
    expect(clockBound(nightly)).toEqual({ what: "hours of rules", spanS: 2 * day });
    const weekdays = { ...night, days: ["monday" as const, "tuesday" as const] };
    const schedule = { kind: "hours" as const, hours: [weekdays] };
    expect(clockBound(testScenario({ pools: [testPool({ schedule })] }))).toEqual({
      what: "schedules of pools",
      spanS: 7 * day,
    });
  });

  it("has its window played until they show, as far as requests allow", () => {
    expect(clockRepeats(testScenario(), 3600, 100)).toBe(1);
    expect(clockRepeats(nightly, 3600, 100)).toBe(48);
    expect(clockRepeats(nightly, 3600, mostClockRequests / 10)).toBe(10);
    expect(clockRepeats(nightly, 3600, 5 * mostClockRequests)).toBe(1);
    expect(clockRepeats(nightly, 3 * day, 100)).toBe(1);
  });

  it("is warned of where volumes play less", () => {
    expect(clockWarnings(nightly, [3600, 2 * day])[0]).toMatch(
      /hours of rules, and 1 of 2 volumes play less than 48.0 h/,
    );
    expect(clockWarnings(nightly, [2 * day])).toEqual([]);
    expect(clockWarnings(testScenario(), [3600])).toEqual([]);
  });
});
