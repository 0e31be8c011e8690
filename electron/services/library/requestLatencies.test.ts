import { describe, expect, it } from "vitest";
import { nearestRank } from "../../../shared/stats/quantiles.ts";
import { curveRanks } from "./requestLatencies.ts";

describe("the points of a distribution's curve", () => {
  it("are all samples where there are few", () => {
    expect(curveRanks(3)).toEqual([1, 2, 3]);
    expect(curveRanks(0)).toEqual([]);
  });

  it("are about a thousand of a million, with both ends and every percentile that is read", () => {
    const n = 1_000_000;
    const ranks = curveRanks(n);
    expect(ranks.length).toBeLessThan(1300);
    expect([ranks[0], ranks[ranks.length - 1]]).toEqual([1, n]);
    for (const p of [0.5, 0.9, 0.95, 0.99, 0.999]) expect(ranks).toContain(nearestRank(n, p));
    for (let i = 1; i < ranks.length; i++) expect(ranks[i]).toBeGreaterThan(ranks[i - 1]);
  });

  it("are denser where few requests lie", () => {
    const ranks = curveRanks(1_000_000);
    expect(ranks.slice(-20).every((rank) => rank > 1_000_000 - 30)).toBe(true);
  });
});
