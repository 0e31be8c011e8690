import { describe, expect, it } from "vitest";
import { dotScale } from "./dotRows.ts";

describe("dots on one axis", () => {
  it("begin at 0 and leave room beyond the greatest end of an interval", () => {
    const rows = [
      { name: "a", value: 10 },
      { name: "b", value: 20, low: 15, high: 25 },
      { name: "c", value: null },
    ];
    const { scale, most } = dotScale(rows, 100, 204);
    expect(most).toBe(25);
    expect(scale(0)).toBe(100);
    expect(scale(25)).toBeCloseTo(200, 9);
  });

  it("stand on a logarithmic axis where they lie far apart, and only where none is 0", () => {
    const far = [
      { name: "a", value: 1 },
      { name: "b", value: 100 },
    ];
    const { scale, isLog, least } = dotScale(far, 0, 200);
    expect(isLog).toBe(true);
    expect(least).toBeLessThan(1);
    expect(scale(10)).toBeCloseTo(100, 9);
    expect(dotScale([...far, { name: "c", value: 0 }], 0, 200).isLog).toBe(false);
    expect(dotScale([{ name: "a", value: 3 }], 0, 200).isLog).toBe(false);
  });

  it("have an axis where every figure is 0 or missing", () => {
    expect(dotScale([{ name: "a", value: null }], 0, 10).most).toBe(1);
  });
});
