import { describe, expect, it } from "vitest";
import { costChart } from "./costChart.ts";

const at = (monthTokens: number, monthUsd: number, isDoubtful = false) => ({
  monthTokens,
  monthUsd,
  isDoubtful,
});

describe("the cost chart", () => {
  it("puts the least at the bottom left, the most at the top right, and marks doubtful points with small letters", () => {
    const lines = costChart(
      [{ letter: "A", points: [at(1e8, 100), at(1e9, 1000, true), at(1e10, 10_000)] }],
      1e9,
    );
    expect(lines[0]).toMatch(/\$10,000 \|.*A$/);
    expect(lines[15]).toMatch(/\$100 \|A$/);
    expect(lines.slice(0, 16).join("\n")).toMatch(/a/);
    expect(lines.every((line) => line.length <= 110)).toBe(true);
    expect(lines[lines.length - 1]).toMatch(/\^ the traffic's own volume/);
  });

  it("shows a star where curves meet", () => {
    const points = [at(1e8, 100), at(1e9, 200)];
    const lines = costChart([
      { letter: "A", points },
      { letter: "B", points: [at(1e8, 100), at(1e9, 100)] },
    ]);
    expect(lines.join("\n")).toMatch(/\*/);
  });

  it("has no lines without a point above 0, and one point does not divide by 0", () => {
    expect(costChart([{ letter: "A", points: [at(1e8, 0)] }])).toEqual([]);
    const lines = costChart([{ letter: "A", points: [at(1e8, 5)] }]);
    expect(lines.join("\n")).toMatch(/A/);
    expect(lines.join("\n")).not.toMatch(/NaN/);
  });
});
