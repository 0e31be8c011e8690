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
    const price = { path: "pools.own.price", of: "own: price", isPrice: true };
    expect(rows).toEqual([
      {
        ...{ ...price, figures: "$2.69 a GPU hour", source: "a list" },
        ...{ retrievedOn: "2026-06-01", basis: "list price" },
      },
      {
        ...{ ...price, figures: "", source: "another" },
        ...{ retrievedOn: "no date", basis: "not said" },
      },
      {
        ...{ path: "coefficients.c", of: "fitted times, c", isPrice: false, figures: "2 %" },
        ...{ source: "a list", retrievedOn: "2026-06-01", basis: "list price" },
      },
    ]);
  });

  it("are told in words and units, and leave out fees that are not asked", () => {
    const provenance = [{ source: "s", retrievedOn: "2026-06-01", basis: "list price" }];
    const rows = assumptionsOf({
      providers: [
        {
          ...{ id: "gpt", name: "OpenAI GPT-4.1", errorRate: 0.01, provenance },
          price: { inputUsdPerMTok: 2, batchDiscount: 0.5, provenance },
        },
      ],
      licences: [
        { id: "l", name: "Enterprise", usdPerGpuYear: 4500, usdPerGpuHour: 0, provenance },
      ],
      gpus: [{ id: "g", name: "H100", bandwidthBytesPerS: 3.35e12, someNewThing: 4, provenance }],
    });
    expect(rows.map(({ of, figures, isPrice }) => [of, figures, isPrice])).toEqual([
      ["OpenAI GPT-4.1", "1 % of requests fail", false],
      ["OpenAI GPT-4.1: price", "$2.00 per M input tokens, 50 % off in batch", true],
      ["Enterprise", "$4,500.00 a GPU and year", true],
      ["H100", "3.35 TB/s, some new thing 4", false],
    ]);
  });
});
