import { expect, test } from "vitest";
import { fitLeastAbsolute, relativeEquation } from "./leastAbsolute.ts";

test("the least sum of absolute deviations of one unknown is the median, whatever the outlier", () => {
  const equations = [1, 2, 3, 4, 1000].map((target) => ({ factors: [1], target }));
  const [median] = fitLeastAbsolute(equations, [[0, 2000]], [0]);
  expect(median).toBeCloseTo(3, 2);
});

test("an unknown stops at its bound", () => {
  const equations = [5, 6, 7].map((target) => ({ factors: [1], target }));
  expect(fitLeastAbsolute(equations, [[0, 4]], [0])).toEqual([4]);
});

test("a figure that is linear in its unknowns comes to what was measured, in one step, from any start", () => {
  const figure = (x: number, y: number) => 10 + 3 * x + 2 * y;
  const now = [4, 1];
  const at = (scale: number) => {
    const value = (x: number, y: number) => scale * figure(x, y);
    return {
      base: value(4, 1),
      moved: [value(5, 1), value(4, 2)],
      now,
    };
  };
  const equations = [
    relativeEquation(at(1), figure(1, 2)),
    relativeEquation({ base: 4, moved: [5, 4], now }, 1, 0.5),
  ];
  const [x, y] = fitLeastAbsolute(
    equations,
    [
      [0, 10],
      [0, 10],
    ],
    now,
  );
  expect([x, y].map((each) => Number(each.toFixed(3)))).toEqual([1, 2]);
});
