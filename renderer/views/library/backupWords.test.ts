import { describe, expect, it } from "vitest";
import { bytesText, countsText } from "./backupWords.ts";

const nothing = { scenarios: 0, traces: 0, runs: 0, studies: 0, newest: [], changedMs: null };

describe("a backup in words", () => {
  it("says how many of each kind it holds, and leaves out what there is none of", () => {
    expect(countsText(nothing)).toBe("nothing yet");
    expect(countsText({ ...nothing, scenarios: 1, studies: 1 })).toBe("1 scenario, 1 study");
    const full = { ...nothing, scenarios: 12, traces: 1, runs: 1234, studies: 2 };
    expect(countsText(full)).toMatch(/^12 scenarios, 1 trace, 1.?234 runs, 2 studies$/);
  });

  it("has its size in kilobytes or megabytes", () => {
    expect([100, 94_208, 7_100_000, 25_400_000].map(bytesText)).toEqual([
      ...["1 kB", "94 kB", "7.1 MB", "25 MB"],
    ]);
  });
});
