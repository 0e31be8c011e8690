import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ExtremesPyramid,
  greatestIn,
  reachableWindows,
  stepPath,
  traceExtremes,
  windowRange,
} from "./timeline.ts";

describe("timelines", () => {
  it("show the windows that touch a stretch of time, and no others", () => {
    expect(windowRange({ fromS: 0, toS: 100 }, 10, 10)).toEqual({ from: 0, to: 10 });
    expect(windowRange({ fromS: 15, toS: 35 }, 10, 10)).toEqual({ from: 1, to: 4 });
    expect(windowRange({ fromS: 20, toS: 30 }, 10, 10)).toEqual({ from: 2, to: 3 });
  });

  it("draw a step over each window and a gap where a window has no figure", () => {
    const x = (seconds: number) => seconds;
    const path = stepPath([1, 2, null, 4], 10, { from: 0, to: 4 }, x, (value) => -value);
    expect(path).toBe("M0.0 -1.0H10.0V-2.0H20.0M30.0 -4.0H40.0");
  });

  it("scale to what is shown only", () => {
    expect(greatestIn([[9, 1, 2, 9]], { fromS: 10, toS: 30 }, 10)).toBe(2);
    expect(greatestIn([[null, null]], { fromS: 0, toS: 20 }, 10)).toBe(0);
  });

  it("find least and greatest of any range as a plain search does", () => {
    const value = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(null));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), fc.nat(300), fc.nat(300), (column, a, b) => {
        const out = new Float64Array(2);
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        new ExtremesPyramid(column).extremes(from, to, out);
        const inside = column.slice(from, to).filter((each) => each !== null);
        expect([...out]).toEqual(
          inside.length === 0 ? [NaN, NaN] : [Math.min(...inside), Math.max(...inside)],
        );
      }),
    );
  });

  it("lose no spike when 100,000 windows share 800 pixels", () => {
    const column = new Float64Array(100_000);
    column[54_321] = 7;
    const drawn: [number, number][] = [];
    const context = {
      moveTo: (x: number, y: number) => void drawn.push([x, y]),
      lineTo: (x: number, y: number) => void drawn.push([x, y]),
    };
    const plot = { left: 0, right: 800, top: 0, bottom: 100 };
    const window = { fromS: 0, toS: 100_000 };
    traceExtremes(context, new ExtremesPyramid(column), 1, window, plot, (value) => value);
    expect(drawn.filter(([, y]) => y === 7)).toEqual([[434.5, 7]]);
    expect(drawn).toHaveLength(1600);
  });

  it("offer no more points to the keyboard than can be walked", () => {
    expect(reachableWindows(0, 4, 10)).toEqual([0, 1, 2, 3]);
    expect(reachableWindows(0, 100_000, 500)).toHaveLength(500);
  });
});
