import { describe, expect, it } from "vitest";
import { agoText } from "./agoText.ts";

const now = Date.UTC(2026, 10, 26);

describe("how long ago something was", () => {
  it("is told in the unit that suits it", () => {
    const before = (seconds: number) => agoText(now - seconds * 1000, now);
    expect([5, 300, 7300, 90_000, 3 * 86_400].map(before)).toEqual([
      "just now",
      "5 min ago",
      "2 h ago",
      "1 day ago",
      "3 days ago",
    ]);
  });

  it("is a date where it is long ago, or where a clock was wrong", () => {
    const date = (ms: number) => new Date(ms).toLocaleDateString();
    const long = now - 60 * 86_400_000;
    expect(agoText(long, now)).toBe(date(long));
    expect(agoText(now + 86_400_000, now)).toBe(date(now + 86_400_000));
    expect(agoText(now + 1000, now)).toBe("just now");
  });
});
