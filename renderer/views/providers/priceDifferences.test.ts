import { describe, expect, it } from "vitest";
import type { Provenance } from "../../../shared/schema/common.ts";
import {
  afterHandChange,
  differenceText,
  handSource,
  isByHand,
  joinHistory,
  priceDifferences,
  pricesAsOf,
  withoutHandChange,
} from "./priceDifferences.ts";

const listed: Provenance = { source: "list", retrievedOn: "2026-11-24", basis: "list price" };

describe("prices of two sources", () => {
  it("differ where a number differs or one side has none", () => {
    const own = { inputUsdPerMTok: 2.5, outputUsdPerMTok: 8, batchDiscount: 0.5 };
    const other = {
      inputUsdPerMTok: 2,
      outputUsdPerMTok: 8,
      cachedInputUsdPerMTok: 0.5,
      batchDiscount: 0.5,
    };
    expect(priceDifferences(own, other)).toEqual([
      { field: "inputUsdPerMTok", own: 2.5, other: 2, relative: 0.25 },
      { field: "cachedInputUsdPerMTok", own: undefined, other: 0.5, relative: undefined },
    ]);
    expect(priceDifferences(own, own)).toEqual([]);
  });

  it("have no share of difference from nothing and from free", () => {
    expect(
      priceDifferences({ inputUsdPerMTok: 1 }, { inputUsdPerMTok: 0 })[0].relative,
    ).toBeUndefined();
    expect(differenceText(undefined)).toBeUndefined();
    expect(differenceText(0.25)).toBe("+25 %");
    expect(differenceText(-1 / 3)).toBe("-33.3 %");
  });
});

describe("the history of a price", () => {
  it("keeps what stood before a change by hand, once a day", () => {
    const once = afterHandChange([listed], "Input", "$2", "2026-11-26");
    expect(once).toEqual([
      listed,
      {
        ...{ source: handSource, retrievedOn: "2026-11-26", basis: "estimated" },
        note: "Input: $2 before.",
      },
    ]);
    expect(afterHandChange(once, "Input", "$2.1", "2026-11-26")).toEqual(once);
    expect(afterHandChange(once, "Input", "$2.1", "2026-11-27")).toHaveLength(3);
    expect(afterHandChange(once, "Output", "$8", "2026-11-26")).toHaveLength(3);
    expect(withoutHandChange(once, "Output")).toEqual(once);
    expect(withoutHandChange(once, "Input")).toEqual([listed]);
    expect(isByHand(once)).toBe(true);
    expect(isByHand([listed])).toBe(false);
  });

  it("is as old as its newest source, and takes a source once", () => {
    expect(pricesAsOf([listed, { ...listed, retrievedOn: "2026-05-07" }])).toBe("2026-11-24");
    expect(pricesAsOf([])).toBeUndefined();
    expect(joinHistory([listed], [listed, { ...listed, source: "file" }])).toHaveLength(2);
  });
});
