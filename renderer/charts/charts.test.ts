import { describe, expect, it } from "vitest";
import type { ChartPoint } from "./chartTypes.ts";
import { plotOf, pointText } from "./chartTypes.ts";
import { keepUnits } from "./keepUnits.ts";
import {
  markPath,
  memberStyle,
  optionStyles,
  scenarioStyle,
  scenarioStyles,
} from "./optionStyles.ts";
import { columnOf, movePoint, nearestPoint } from "./pointNavigation.ts";
import { spreadLabels } from "./spreadLabels.ts";
import { tableTsv } from "./tableText.ts";
import {
  axisMs,
  axisTokens,
  axisUsd,
  durationTicks,
  linearTicks,
  logTicks,
  timeTicks,
} from "./ticks.ts";

const point = (series: number, x: number, y: number): ChartPoint => ({
  ...{ series, x, y },
  label: `series ${series}`,
  value: `${y} ms`,
  at: `${x} s`,
});
const points = [
  point(0, 0, 5),
  point(0, 10, 6),
  point(0, 20, 7),
  point(1, 11, 50),
  point(1, 20, 51),
];

describe("points of a chart", () => {
  it("are walked with arrows within a series, and to the nearest of the next one", () => {
    expect(movePoint(points, 0, "ArrowRight")).toBe(1);
    expect(movePoint(points, 2, "ArrowRight")).toBe(2);
    expect(movePoint(points, 1, "Home")).toBe(0);
    expect(movePoint(points, 0, "End")).toBe(2);
    expect(movePoint(points, 1, "ArrowDown")).toBe(3);
    expect(movePoint(points, 4, "ArrowUp")).toBe(2);
    expect(movePoint(points, 4, "ArrowDown")).toBe(4);
    expect(movePoint(points, 4, "x")).toBeUndefined();
    expect(movePoint([], 0, "Home")).toBeUndefined();
  });

  it("are found under the pointer: by column at any distance, by both within reach", () => {
    expect(nearestPoint(points, { x: 9, y: 500 }, "column", Infinity)).toBe(1);
    expect(nearestPoint(points, { x: 9, y: 500 }, "both", 40)).toBeUndefined();
    expect(nearestPoint(points, { x: 12, y: 40 }, "both", 40)).toBe(3);
    expect(nearestPoint(points, { x: 900, y: 51 }, "row", Infinity)).toBe(4);
  });

  it("are read together where they share a column, each series once", () => {
    expect(columnOf(points, 2)).toEqual([2, 4]);
    expect(columnOf(points, 0)).toEqual([0]);
  });

  it("are read as one phrase", () => {
    expect(pointText({ ...points[0], note: "too few requests" })).toBe(
      "series 0: 5 ms; 0 s; too few requests",
    );
  });
});

describe("axes", () => {
  it("have round times in the unit that suits the window", () => {
    expect(timeTicks(0, 3600, 6).map(({ label }) => label)).toEqual(
      ["0", "10", "20", "30", "40", "50", "60"].slice(0, 7),
    );
    expect(timeTicks(0, 86_400, 5).map(({ label }) => label)).toEqual(["0", "6", "12", "18", "24"]);
    expect(timeTicks(0, 7 * 86_400, 8).map(({ label }) => label)).toEqual([
      "0",
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "7",
    ]);
  });

  it("have round figures from the least to the greatest", () => {
    expect(linearTicks(0, 1, 5).map(({ value }) => value)).toEqual(
      [0, 0.2, 0.4, 0.6, 0.8, 1].map((v) => expect.closeTo(v, 9)),
    );
    expect(linearTicks(5, 5, 4)).toHaveLength(1);
  });

  it("name 1, 2 and 5 of each decade where there is room, and fewer where there is not", () => {
    const labels = (most: number) =>
      logTicks(1e6, 1e9, most, axisTokens).flatMap(({ label }) => (label === "" ? [] : [label]));
    expect(labels(10)).toEqual([
      "1 M",
      "2 M",
      "5 M",
      "10 M",
      "20 M",
      "50 M",
      "100 M",
      "200 M",
      "500 M",
      "1 B",
    ]);
    expect(labels(4)).toEqual(["1 M", "10 M", "100 M", "1 B"]);
    expect(labels(2)).toEqual(["1 M", "100 M"]);
    const close = logTicks(20_000, 30_000, 5, axisUsd).map(({ label }) => label);
    expect(close).toEqual(
      ["$20,000", "$22,000", "$24,000", "$26,000", "$28,000", "$30,000"].filter(
        (_, i) => i % 1 === 0,
      ),
    );
  });

  it("write amounts without noughts that say nothing", () => {
    expect([0, 0.5, 20, 2000, 1.5e6].map(axisUsd)).toEqual([
      "$0",
      "$0.5",
      "$20",
      "$2,000",
      "$1.5 M",
    ]);
  });
});

describe("an axis of durations", () => {
  const labels = (from: number, to: number, most = 20): string[] =>
    durationTicks(from, to, most, axisMs).flatMap(({ label }) => (label === "" ? [] : [label]));

  it("is round in seconds, minutes and hours", () => {
    expect(labels(900, 4e6)).toEqual([
      ...["1 s", "2 s", "5 s", "10 s", "30 s"],
      ...["60 s", "2 min", "5 min", "10 min", "30 min", "60 min"],
    ]);
    expect(labels(50, 5000)).toEqual(["50 ms", "100 ms", "200 ms", "500 ms", "1 s", "2 s", "5 s"]);
  });

  it("names no more than there is room for, and figures in between where no round one is", () => {
    expect(labels(1, 1e7, 5).length).toBeLessThanOrEqual(5);
    expect(labels(700, 900, 5).length).toBeGreaterThan(1);
  });
});

describe("the looks of options", () => {
  it("part any two of eight scenarios by colour, by mark and by dash", () => {
    for (const of of ["colour", "mark", "dash"] as const) {
      expect(new Set(scenarioStyles.map((style) => style[of])).size).toBe(8);
    }
    expect(scenarioStyle(8)).toBe(scenarioStyles[0]);
  });

  it("part own, API and hybrid likewise, and providers among themselves by dash", () => {
    const kinds = Object.values(optionStyles);
    for (const of of ["colour", "mark", "dash"] as const) {
      expect(new Set(kinds.map((style) => style[of])).size).toBe(kinds.length);
    }
    const members = [0, 1, 2, 3].map((place) => memberStyle("api", place).dash);
    expect(new Set(members).size).toBe(4);
  });

  it("draw every mark as a closed path", () => {
    for (const { mark } of scenarioStyles) expect(markPath(mark, 5)).toMatch(/^M[-\d. LA]+Z$/);
  });
});

describe("labels at the ends of lines", () => {
  it("stay where they belong when there is room", () => {
    expect(spreadLabels([10, 50, 90], 14, 0, 100)).toEqual([10, 50, 90]);
  });

  it("move apart, in their order, and stay within the plot", () => {
    const places = spreadLabels([50, 51, 52, 99], 14, 0, 100);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    for (let i = 1; i < places.length; i++) {
      expect(places[i] - places[i - 1]).toBeGreaterThanOrEqual(14 - 1e-9);
    }
    expect(places[3]).toBeLessThanOrEqual(100);
  });
});

describe("a chart's table as text", () => {
  it("keeps signs of figures and disarms formulas", () => {
    const columns = [
      { title: "name", align: "left" },
      { title: "change", align: "right" },
    ] as const;
    const rows = [
      ["=HYPERLINK(1)", "-$1,240"],
      ["a\tb", "-"],
      ["-cmd", "+4 %"],
    ];
    expect(tableTsv({ columns, rows })).toBe(
      "name\tchange\n'=HYPERLINK(1)\t-$1,240\na b\t-\n'-cmd\t+4 %\n",
    );
  });
});

describe("a sentence", () => {
  it("keeps figures with their units, and breaks elsewhere", () => {
    expect(keepUnits("95 % within 1.30 s of 730 h, 2 GPUs at 3 places")).toBe(
      "95\u00a0% within 1.30\u00a0s of 730\u00a0h, 2\u00a0GPUs at 3 places",
    );
  });
});

describe("a plot", () => {
  it("is never without a pixel", () => {
    const plot = plotOf({ width: 10, height: 10 }, { left: 50, right: 50, top: 50, bottom: 50 });
    expect(plot.right - plot.left).toBe(1);
  });
});
