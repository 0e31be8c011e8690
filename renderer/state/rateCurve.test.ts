import { describe, expect, it } from "vitest";
import {
  curveOfWeek,
  curveSentence,
  parseRates,
  strokeRates,
  topOf,
  weekOfCurve,
  widthName,
  windowStart,
  withCount,
} from "./rateCurve.ts";
import { weekHours } from "./weekWeights.ts";

const number = (value: number): string => String(Number(value.toPrecision(3)));

describe("a curve of rates", () => {
  it("is drawn over the windows of a stroke and nowhere else", () => {
    expect(strokeRates([1, 1, 1, 1, 1], { at: 1, rate: 2 }, { at: 3, rate: 4 })).toEqual([
      1, 2, 3, 4, 1,
    ]);
    expect(strokeRates([1, 1], { at: 1, rate: -5 }, { at: 9, rate: -5 })).toEqual([1, 0]);
  });

  it("has a round top above its highest rate, whatever the rates are", () => {
    for (const peak of [1e-7, 0.003, 0.9, 1, 8.3, 9.9, 123, 5e6]) {
      const top = topOf([0, peak]);
      expect(top).toBeGreaterThanOrEqual(peak * 1.19);
      expect(top).toBeLessThanOrEqual(peak * 2.5);
    }
    expect(topOf([0, 0])).toBe(1);
  });

  it("is carried on from its beginning when windows are added, and cut when they are taken", () => {
    expect(withCount([1, 2, 3], 7)).toEqual([1, 2, 3, 1, 2, 3, 1]);
    expect(withCount([1, 2, 3], 2)).toEqual([1, 2]);
    expect(withCount([1], 0)).toEqual([1]);
    expect(withCount([1], 1e9)).toHaveLength(200_000);
  });

  it("says its mean, its peak and when that is", () => {
    const curve = { process: "curve" as const, windowS: 1800, ratesRps: [1, 1, 4] };
    expect(curveSentence(curve, number)).toBe(
      "2 requests a second on average; the window from 1:00 has 4, 2 times as many.",
    );
    expect(curveSentence({ ...curve, ratesRps: [0] }, number)).toMatch(/draw at least one/);
    expect([windowStart(3, 20), windowStart(25, 3600)]).toEqual(["0:01:00", "25:00"]);
    expect([60, 3600, 90, 86_400].map(widthName)).toEqual(["1 min", "1 h", "90 s", "1 d"]);
  });
});

describe("rates as text", () => {
  it("come in lines, tabs, semicolons, spaces or commas, with either decimal mark", () => {
    for (const text of [
      "1\n2.5\r\n0\n",
      "1\t2.5\t0",
      "1;2,5;0",
      "1 2.5 0",
      "1,2.5,0",
      "1, 2.5, 0",
    ]) {
      expect(parseRates(text)).toEqual({ rates: [1, 2.5, 0] });
    }
    expect(parseRates("1e-3")).toEqual({ rates: [0.001] });
  });

  it("are refused with the first that is no rate", () => {
    expect(parseRates("1\nx\n3").problem).toMatch(/Rate 2: found “x”.*at least 0/);
    expect(parseRates("1 -2").problem).toMatch(/Rate 2: found “-2”/);
    expect(parseRates("1 NaN").problem).toMatch(/Rate 2/);
    expect(parseRates("1 0x10").problem).toMatch(/Rate 2/);
    expect(parseRates("  ").problem).toMatch(/nothing/);
    expect(parseRates("0 0").problem).toMatch(/only zeros/);
    expect(parseRates("1 ".repeat(200_001)).problem).toMatch(/at most 200000/);
  });
});

describe("a week and a curve", () => {
  const hourWeights = Array.from({ length: weekHours }, (_, i) => (i % 24) + i / weekHours + 1);
  const weekly = {
    ...{ process: "weekly" as const, meanRps: 2, cv: 1.5, hourWeights },
    dayWeights: [1, 1, 1, 1, 1, 1, 1],
  };

  it("say the same, also when the run begins within the week", () => {
    const curve = curveOfWeek(weekly, 30);
    expect(curve.ratesRps).toHaveLength(weekHours);
    const mean = curve.ratesRps.reduce((sum, rate) => sum + rate, 0) / weekHours;
    expect(mean).toBeCloseTo(2, 3);
    expect(curve.ratesRps.indexOf(Math.max(...curve.ratesRps))).toBe(weekHours - 1 - 30);
    const back = weekOfCurve(curve, 30);
    expect(back).toMatchObject({ process: "weekly", cv: 1.5 });
    expect(back.meanRps).toBeCloseTo(2, 3);
    expect(back.hourWeights.indexOf(Math.max(...back.hourWeights))).toBe(weekHours - 1);
  });

  it("part where the curve has no hours of a day or a week: the week begins as office hours", () => {
    const week = weekOfCurve({ process: "curve", windowS: 60, ratesRps: [1, 3] }, 0);
    expect(week.meanRps).toBe(2);
    expect(week.hourWeights).toHaveLength(weekHours);
  });
});
