import { describe, expect, it } from "vitest";
import { formatMs, formatMsApart, formatNumber, formatTokens } from "./figureText.ts";

describe("figures in a sentence", () => {
  it("have three significant digits, in groups", () => {
    expect([1234.5678, -0.012345, -1.5, 0, 99.96].map(formatNumber)).toEqual([
      "1,230",
      "-0.0123",
      "-1.50",
      "0",
      "100",
    ]);
  });

  it("say durations in the unit that suits them", () => {
    expect(formatMs(61_500_000)).toBe("17.1 h");
    expect(formatMs(2004)).toBe("2.00 s");
    expect(formatTokens(79e12)).toBe("79.0 T");
  });

  it("tell a duration from its limit however near they are", () => {
    expect(formatMsApart(61_500_000, 30_000)).toEqual(["17.1 h", "30.0 s"]);
    expect(formatMsApart(2004, 2000)).toEqual(["2.004 s", "2.000 s"]);
    expect(formatMsApart(50.0004, 50)).toEqual(["50.0004 ms", "50.0000 ms"]);
    expect(formatMsApart(50, 50)).toEqual(["50.0 ms", "50.0 ms"]);
  });
});
