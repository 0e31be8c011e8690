import { describe, expect, it } from "vitest";
import { inFieldUnits } from "./findingUnits.ts";

describe("what is wrong with a number", () => {
  it("is told in the unit of its field", () => {
    expect(inFieldUnits("found 1, wanted a number below 1", 100)).toBe(
      "found 100, wanted a number below 100",
    );
    expect(inFieldUnits("found -7200, wanted a number of at least 0", 1 / 3600)).toBe(
      "found -2, wanted a number of at least 0",
    );
    expect(inFieldUnits("found 0.07, wanted a number above 0.5", 100)).toBe(
      "found 7, wanted a number above 50",
    );
  });

  it("stays as it is where it is about something else", () => {
    expect(inFieldUnits('found "x", wanted a number', 100)).toBe('found "x", wanted a number');
    expect(inFieldUnits("found 2.5, wanted a whole number", 100)).toBe(
      "found 2.5, wanted a whole number",
    );
    expect(inFieldUnits("found 1, wanted a number below 1", 1)).toBe(
      "found 1, wanted a number below 1",
    );
  });
});
