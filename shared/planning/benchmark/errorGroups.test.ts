import { expect, it } from "vitest";
import { errorPct, summarizeErrors } from "./errorGroups.ts";

it("errors are relative to what was measured, and need a measured value", () => {
  expect(errorPct(11, 10)).toBeCloseTo(10, 9);
  expect(errorPct(9, 10)).toBeCloseTo(-10, 9);
  expect([errorPct(1, undefined), errorPct(null, 1), errorPct(1, 0)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it("groups give median, p90 and bias of their errors, the small ones nothing", () => {
  const samples = [-1, 2, -3, 4, 20].map((each) => ({ group: ["a", "x"], errorPct: each }));
  const few = [1, 2, 3, 4].map((each) => ({ group: ["b"], errorPct: each }));
  const [summary, ...rest] = summarizeErrors([...few, ...samples]);
  expect(rest).toEqual([]);
  expect(summary).toMatchObject({ group: ["a", "x"], rows: 5, medianPct: 3, biasPct: 2 });
  expect(summary.p90Pct).toBeCloseTo(4 + 0.6 * 16, 9);
});
