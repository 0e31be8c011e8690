import { describe, expect, it } from "vitest";
import { assumptionsOf } from "./assumptions.ts";

describe("assumptions of a scenario", () => {
  it("are all parts that name a source, by ids, with their figures once", () => {
    const provenance = [
      { source: "a list", retrievedOn: "2026-06-01", basis: "list price" },
      { source: "another" },
    ];
    const rows = assumptionsOf({
      name: "x",
      pools: [{ id: "own", replicas: 2, price: { usdPerGpuHour: 2.69, provenance } }],
      coefficients: [
        { id: "c", statedError: "2 %", knots: [1, 2], provenance: provenance.slice(0, 1) },
      ],
    });
    expect(rows).toEqual([
      {
        ...{ path: "pools.own.price", figures: "usdPerGpuHour 2.69", source: "a list" },
        ...{ retrievedOn: "2026-06-01", basis: "list price" },
      },
      {
        ...{ path: "pools.own.price", figures: "", source: "another" },
        ...{ retrievedOn: "no date", basis: "not said" },
      },
      {
        ...{ path: "coefficients.c", figures: "2 %", source: "a list" },
        ...{ retrievedOn: "2026-06-01", basis: "list price" },
      },
    ]);
  });
});
