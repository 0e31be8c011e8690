import { describe, expect, it } from "vitest";
import { barPlot, stackPieces } from "./bars.ts";
import { bandPath, type Curve, curvePath, placeCrossings, treads } from "./breakEven.ts";
import { distributionOf, ecdfPath, latencyDomain, percentileOf } from "./ecdf.ts";
import { layFlow } from "./flow.ts";
import { foldOf, heatCells, meanOver } from "./heat.ts";
import { lifePieces } from "./lifeBar.ts";
import { optionStyles } from "./optionStyles.ts";
import { frontCorners, paretoFront } from "./pareto.ts";
import { fitText, linearScale, logDomain, logScale } from "./scales.ts";

const plot = { left: 0, right: 100, top: 0, bottom: 100 };

function curve(points: readonly (readonly [number, number, number])[]): Curve {
  return {
    ...{ id: "own", label: "own GPUs", style: optionStyles.own },
    points: points.map(([monthTokens, usd, gpus]) => ({
      ...{ monthTokens, usd, gpus, halfWidth95: null, isValid: true, reasons: [] },
    })),
  };
}

describe("the break-even curve", () => {
  const plain = (value: number) => value;

  it("goes straight between volumes of the same fleet, and steps halfway to the next fleet", () => {
    const steps = curve([
      [0, 10, 1],
      [10, 10, 1],
      [20, 30, 2],
    ]);
    expect(curvePath(steps, plain, plain)).toBe("M0.0 10.0L10.0 10.0L15.0 10.0V30.0L20.0 30.0");
  });

  it("names the fleet where it changes, and none where there are no GPUs", () => {
    const steps = curve([
      [0, 10, 1],
      [10, 10, 1],
      [20, 30, 2],
    ]);
    const wide = (value: number) => value * 10;
    const words = treads(steps, wide, plain, 400).map(({ text, x, isBefore }) => [
      text,
      x,
      isBefore,
    ]);
    expect(words).toEqual([
      ["1 GPU", 0, false],
      ["2 GPUs", 200, false],
    ]);
    expect(treads(curve([[0, 10, 0]]), plain, plain, 400)).toEqual([]);
  });

  it("names no fleet where its words would cover those before, and ends words at a point near the edge", () => {
    const steps = curve([
      [0, 10, 1],
      [20, 30, 2],
      [100, 40, 3],
    ]);
    expect(treads(steps, plain, plain, 110).map(({ text, isBefore }) => [text, isBefore])).toEqual([
      ["1 GPU", false],
      ["3 GPUs", true],
    ]);
  });

  it("has a band only where replications spread", () => {
    const base = curve([
      [1, 10, 1],
      [2, 10, 1],
    ]);
    expect(bandPath(base, plain, plain)).toBe("");
    const wide = { ...base, points: base.points.map((each) => ({ ...each, halfWidth95: 2 })) };
    expect(bandPath(wide, plain, plain)).toBe("M1.0 12.0L2.0 12.0L2.0 8.0L1.0 8.0Z");
  });

  it("has a band that steps where its line does", () => {
    const steps = curve([
      [0, 10, 1],
      [10, 20, 2],
    ]);
    const wide = { ...steps, points: steps.points.map((each) => ({ ...each, halfWidth95: 1 })) };
    expect(bandPath(wide, plain, plain)).toBe(
      "M0.0 11.0L5.0 11.0L5.0 21.0L10.0 21.0L10.0 19.0L5.0 19.0L5.0 9.0L0.0 9.0Z",
    );
  });

  it("puts the words of close crossings in rows of their own, and to the left at the right edge", () => {
    const crossing = { usd: 1, low: null, high: null, isTrusted: true, isMain: true };
    const at = (monthTokens: number, text: string) => ({
      ...{ ...crossing, monthTokens, text, shortText: "from 1 B" },
    });
    const wide = { ...plot, right: 1000 };
    const placed = placeCrossings(
      [at(100, "first crossing"), at(110, "second"), at(990, "last one")],
      plain,
      wide,
    );
    expect(placed.map(({ monthTokens, row, isLeft }) => [monthTokens, row, isLeft])).toEqual([
      [990, 0, true],
      [110, 0, false],
      [100, 1, false],
    ]);
  });
});

describe("the empirical distribution", () => {
  it("reads percentiles as the engine does: the sample of nearest rank", () => {
    const distribution = distributionOf(Array.from({ length: 20 }, (_, i) => i + 1));
    expect([0.05, 0.5, 0.95, 1].map((p) => percentileOf(distribution, p))).toEqual([1, 10, 19, 20]);
    expect(percentileOf(distributionOf([]), 0.5)).toBeUndefined();
  });

  it("rises from none to all and stays there", () => {
    const path = ecdfPath(
      distributionOf([10, 20, 20, 80]),
      (v) => v,
      linearScale(0, 1, 100, 0),
      plot,
    );
    expect(path).toBe("M10.0 100.0H10.0V75.0H20.0V25.0H80.0V0.0H100.0");
  });

  it("draws no more steps than there are pixels", () => {
    const sorted = Float64Array.from({ length: 50_000 }, (_, i) => i / 500);
    const path = ecdfPath(distributionOf(sorted), (v) => v, linearScale(0, 1, 100, 0), plot);
    expect(path.split("V").length).toBeLessThan(103);
  });

  it("keeps the target in sight", () => {
    const [least, most] = latencyDomain([distributionOf([100, 200])], [1000]);
    expect(least).toBeLessThanOrEqual(100);
    expect(most).toBeGreaterThan(1000);
    expect(latencyDomain([], [])).toEqual([1, 1000]);
  });
});

describe("the heat strip", () => {
  it("folds a week into days of hours, an afternoon into hours of minutes, less into one row", () => {
    expect(foldOf(7 * 86_400, 900)).toMatchObject({ rowName: "day", rows: 7, cellsPerRow: 24 });
    expect(foldOf(5 * 3600, 30)).toMatchObject({ rowName: "hour", rows: 5, cellsPerRow: 60 });
    expect(foldOf(3600, 10)).toMatchObject({ rowName: "run", rows: 1, cellsPerRow: 60 });
    expect(foldOf(7 * 86_400, 7200).cellsPerRow).toBe(12);
  });

  it("means what was measured, each window by its overlap", () => {
    expect(meanOver([1, 3, null, 5], 10, 5, 20)).toBeCloseTo((1 * 5 + 3 * 10) / 15);
    expect(meanOver([null], 10, 0, 10)).toBeUndefined();
  });

  it("covers the run once and no more", () => {
    const span = 2.5 * 86_400;
    const cells = heatCells(new Array(240).fill(0.5), 900, span, foldOf(span, 900));
    expect(cells).toHaveLength(60);
    expect(cells[59].toS).toBe(span);
    for (let i = 1; i < cells.length; i++) expect(cells[i].fromS).toBe(cells[i - 1].toS);
  });
});

describe("bars", () => {
  it("share a length in proportion", () => {
    expect(stackPieces([1, 3], 0, 100)).toEqual([
      { from: 0, to: 25 },
      { from: 25, to: 100 },
    ]);
    expect(stackPieces([0, 0], 0, 100).every(({ from, to }) => from === to)).toBe(true);
  });

  it("leave names no more than their share of a narrow chart", () => {
    const narrow = barPlot(["x".repeat(200)], { width: 300 }, 1, 60, 0);
    expect(narrow.left).toBeCloseTo(114);
    expect(narrow.right).toBe(240);
  });
});

describe("cost against latency", () => {
  const option = (id: string, latencyMs: number, usd: number) => ({ id, latencyMs, usd });

  it("has on its front what none beats, equal ones too", () => {
    const options = [
      option("a", 1, 9),
      option("b", 2, 5),
      option("c", 3, 5),
      option("d", 4, 1),
      option("e", 2, 5),
    ];
    expect([...paretoFront(options)]).toEqual(["a", "b", "d", "e"]);
  });

  it("draws the front as steps", () => {
    expect(frontCorners([option("a", 1, 9), option("b", 2, 5)])).toEqual([
      [1, 9],
      [2, 9],
      [2, 5],
    ]);
  });
});

describe("the flow", () => {
  it("keeps widths to scale on both sides and loses nothing", () => {
    const links = [
      { from: "chat", to: "own", value: 30 },
      { from: "chat", to: "api", value: 10 },
      { from: "batch", to: "own", value: 60 },
      { from: "none", to: "api", value: 0 },
    ];
    const { nodes, bands } = layFlow(links, { ...plot, bottom: 114 }, 8);
    expect(bands).toHaveLength(3);
    const heights = Object.fromEntries(nodes.map(({ name, y0, y1 }) => [name, y1 - y0]));
    expect(heights).toEqual({
      chat: expect.closeTo(40, 9),
      batch: expect.closeTo(60, 9),
      own: expect.closeTo(90, 9),
      api: expect.closeTo(10, 9),
    });
  });

  it("draws nothing where nothing flowed", () => {
    expect(layFlow([], plot, 8)).toEqual({ nodes: [], bands: [] });
  });
});

describe("a request's life", () => {
  const x = (ms: number) => ms;

  it("is its phases end to end", () => {
    expect(lifePieces({ admittedMs: 30, firstTokenMs: 50, endMs: 200 }, x)).toEqual([
      { phase: "queue", from: 0, to: 30, lengthMs: 30 },
      { phase: "prefill", from: 30, to: 50, lengthMs: 20 },
      { phase: "decode", from: 50, to: 200, lengthMs: 150 },
    ]);
  });

  it("ends where the request did, having waited only if it was never admitted", () => {
    expect(lifePieces({ endMs: 90 }, x)).toEqual([
      { phase: "queue", from: 0, to: 90, lengthMs: 90 },
    ]);
    expect(lifePieces({}, x)).toEqual([]);
  });
});

describe("scales", () => {
  it("are right at both ends, and in the middle of a decade pair", () => {
    const x = logScale(1, 100, 0, 50);
    expect([1, 10, 100].map(x)).toEqual([0, expect.closeTo(25), 50]);
    expect(x(0)).toBe(0);
    expect(linearScale(5, 5, 0, 10)(5)).toBe(0);
  });

  it("have a domain around what is above 0", () => {
    expect(logDomain([0, -1, NaN], 0.1)).toEqual([0.1, 10]);
    const [low, high] = logDomain([10, 1000], 0.1);
    expect(low).toBeLessThan(10);
    expect(high).toBeGreaterThan(1000);
  });

  it("cut names with an ellipsis and leave short ones", () => {
    expect(fitText("own GPUs", 100)).toBe("own GPUs");
    expect(fitText("a very long name of an option", 66)).toBe("a very lo…");
  });
});
