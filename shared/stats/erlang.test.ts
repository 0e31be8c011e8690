import { describe, expect, it } from "vitest";
import { erlangB, erlangC } from "./erlang.ts";

describe("Erlang's formulas", () => {
  it("give the textbook values of loss", () => {
    expect(erlangB(1, 1)).toBeCloseTo(0.5, 12);
    expect(erlangB(2, 1)).toBeCloseTo(0.2, 12);
    expect(erlangB(10, 5)).toBeCloseTo(0.018384570336648, 12);
    expect(erlangB(0, 3)).toBe(1);
  });

  it("give the textbook values of waiting", () => {
    expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
    expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
    expect(erlangC(3, 3)).toBe(1);
  });
});
