import { describe, expect, it } from "vitest";
import { scenarioPlaces } from "./scenarioPlaces.ts";

const library = Array.from({ length: 12 }, (_, i) => ({ id: `s${i}`, createdMs: i * 1000 }));

describe("the look of a scenario", () => {
  it("is the same in every choice and however the list is sorted", () => {
    const reversed = [...library].reverse();
    expect(scenarioPlaces(["s3", "s1"], library).get("s3")).toBe(3);
    expect(scenarioPlaces(["s3", "s5", "s7"], reversed).get("s3")).toBe(3);
  });

  it("is never that of another in the same choice", () => {
    const ids = ["s0", "s8", "s1", "s9", "s2", "s3", "s4", "s5"];
    const places = scenarioPlaces(ids, library);
    expect(new Set(places.values()).size).toBe(8);
    expect(places.get("s0")).toBe(0);
  });
});
