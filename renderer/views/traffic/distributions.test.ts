import { describe, expect, it } from "vitest";
import { changedKind, distributionFields, distributionKinds, meanOf } from "./distributions.ts";

describe("distributions of token lengths", () => {
  it("keep their mean when another kind is chosen", () => {
    const before = { kind: "uniform" as const, min: 100, max: 300 };
    for (const { id } of distributionKinds) {
      const after = changedKind(before, id);
      expect(meanOf(after)).toBe(200);
      if (id !== "histogram") expect(after.kind).toBe(id);
    }
  });

  it("have the mean of their histogram", () => {
    const own = { kind: "histogram" as const, values: [10, 20], probabilities: [3, 1] };
    expect(meanOf(own)).toBe(12.5);
    expect(changedKind(own, "constant")).toEqual({ kind: "constant", value: 13 });
  });

  it("have a field for each figure but those of histograms", () => {
    const keys = distributionFields({ kind: "gamma", mean: 5, cv: 2 }).map(({ key }) => key);
    expect(keys).toEqual(["mean", "cv"]);
    expect(distributionFields({ kind: "histogram", values: [1], probabilities: [1] })).toEqual([]);
  });
});
