import { describe, expect, it } from "vitest";
import type { PoolReport, RunReport, TargetReport } from "../../../shared/planning/runReport.ts";
import { formatUsd } from "../../../shared/reports/formatters.ts";
import { changeText, pointsText, whatBinds } from "./answerTexts.ts";
import { explainedValue } from "./explainedText.ts";

describe("how a figure moved", () => {
  it("is told with its share, and not where it stayed", () => {
    expect(changeText(5000, 4000, formatUsd)).toBe("-$1,000, -20.0 %");
    expect(changeText(0, 10, formatUsd)).toBe("+$10.0");
    expect(changeText(10, 10, formatUsd)).toBeUndefined();
    expect(changeText(null, 10, formatUsd)).toBeUndefined();
    expect(changeText(10, null, formatUsd)).toBeUndefined();
  });

  it("is told in points of a share", () => {
    expect(pointsText(0.99, 0.978)).toBe("-1.20 points");
    expect(pointsText(0.5, 0.50002)).toBeUndefined();
    expect(pointsText(0.5, 0.5)).toBeUndefined();
    expect(pointsText(null, 0.5)).toBeUndefined();
  });
});

describe("what binds", () => {
  const target = (metric: TargetReport["metric"], actualMs: number | null): TargetReport => ({
    ...{ class: "chat", metric, percentile: 0.95, targetMs: 1000, actualMs, isMet: true },
  });
  const report = (targets: TargetReport[], busyFraction: number) =>
    ({
      targets,
      pools: [
        {
          name: "own",
          busyFraction,
          computeFraction: 0.2,
          bandwidthFraction: 0.6,
          kvUsageMax: 0.95,
        } as PoolReport,
      ],
      providers: [],
    }) as object as RunReport;

  it("is the target with the least room, and the scarcest of each pool", () => {
    expect(whatBinds(report([target("e2e", 100), target("ttft", 900)], 0.99))).toEqual([
      "The TTFT of chat has the least room: 900 ms of 1.00 s, 10.0 % to spare.",
      "own is busy 99.0 %, mostly with memory bandwidth (60.0 % of its peak); its KV cache fills to 95.0 %.",
    ]);
  });

  it("names a missed target as missed, and an idle pool as idle", () => {
    expect(whatBinds(report([target("ttft", 2000)], 0.07))).toEqual([
      "The TTFT of chat misses its target by most: 2.00 s of 1.00 s.",
      "own is idle 93.0 % of the time; its KV cache fills to 95.0 %.",
    ]);
    expect(whatBinds(report([target("deadline", null)], 0.9))).toHaveLength(1);
  });
});

describe("a value of an explanation", () => {
  it("shows its unit once", () => {
    expect(explainedValue(0.5, "share")).toBe("50.0 %");
    expect(explainedValue(2.69, "USD per GPU-hour")).toBe("$2.69 per GPU-hour");
    expect(explainedValue(0.0013, "USD")).toBe("$0.0013");
    expect(explainedValue(22_800.456, "USD a month")).toBe("$22,800.46 a month");
    expect(explainedValue(312, "ms")).toBe("312 ms");
    expect(explainedValue(19_366, "requests")).toBe("19,366 requests");
    expect(explainedValue(null, "ms")).toBe("-");
  });
});
