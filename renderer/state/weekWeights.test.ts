import { describe, expect, it } from "vitest";
import {
  copyDay,
  hourName,
  shapeWeights,
  stroke,
  weekHours,
  weekSentence,
  weekShapes,
  weightsOf,
  withWeights,
} from "./weekWeights.ts";

const flat = new Array<number>(weekHours).fill(0.5);
const weekly = {
  ...{ process: "weekly" as const, meanRps: 2, cv: 1 },
  hourWeights: Array.from({ length: 24 }, (_, hour) => hour),
  dayWeights: [1, 1, 1, 1, 1, 0, 2],
};

describe("a week drawn by hand", () => {
  it("begins as the process has it, the greatest hour being 1", () => {
    const weights = weightsOf(weekly);
    expect([weights[23], weights[5 * 24 + 23], weights[6 * 24 + 23]]).toEqual([0.5, 0, 1]);
    expect(weights).toHaveLength(weekHours);
  });

  it("is written as 24 hours where all days agree, else as 168, and read back the same", () => {
    expect(withWeights(weekly, flat).hourWeights).toHaveLength(24);
    const drawn = stroke(flat, { hour: 30, weight: 1 }, { hour: 30, weight: 1 });
    const written = withWeights(weekly, drawn);
    expect(written.hourWeights).toHaveLength(weekHours);
    expect(weightsOf(written)).toEqual(drawn);
  });

  it("has no gap where the hand is quick, in either direction, and ends at the week's ends", () => {
    const drawn = stroke(flat, { hour: 10, weight: 0 }, { hour: 14, weight: 1 });
    expect(drawn.slice(9, 16)).toEqual([0.5, 0, 0.25, 0.5, 0.75, 1, 0.5]);
    expect(stroke(flat, { hour: 14, weight: 1 }, { hour: 10, weight: 0 })).toEqual(drawn);
    expect(stroke(flat, { hour: -3, weight: 1 }, { hour: 300, weight: 1 })).toEqual(
      new Array(weekHours).fill(1),
    );
  });

  it("copies a day to others", () => {
    const drawn = stroke(flat, { hour: 3, weight: 1 }, { hour: 3, weight: 1 });
    const copied = copyDay(drawn, 0, [1, 6]);
    expect([3, 27, 51, 147].map((hour) => copied[hour])).toEqual([1, 1, 0.5, 1]);
  });

  it("says its peak in words, and that an empty week has no requests", () => {
    const drawn = stroke(
      new Array<number>(weekHours).fill(0),
      { hour: 38, weight: 1 },
      { hour: 38, weight: 1 },
    );
    expect(weekSentence(drawn, 1, String)).toBe(
      "1 requests a second on average; Tue 14:00 has 168, 168 times as many.",
    );
    expect(weekSentence(new Array<number>(weekHours).fill(0), 1, String)).toMatch(/^No hour/);
    expect(hourName(167)).toBe("Sun 23:00");
  });

  it("has shapes to begin from, each with its peak at 1", () => {
    for (const { id } of weekShapes) expect(Math.max(...shapeWeights(id))).toBe(1);
  });
});
