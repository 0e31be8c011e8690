import { describe, expect, it } from "vitest";
import type { Provenance } from "../schema/common.ts";
import { InputError } from "../units/errors.ts";
import { estimateMigReconfiguration } from "./migReconfiguration.ts";

const provenance: Provenance = {
  source: "an operator's guess",
  retrievedOn: "2026-11-24",
  basis: "estimated",
};

describe("changing the MIG layout of a GPU", () => {
  it("waits for the longest running request, then for the change", () => {
    const change = estimateMigReconfiguration({
      remainingOutputTokens: [10, 400, 25],
      tpotS: 0.02,
      reconfigure: { seconds: 30, provenance },
    });
    expect(change).toMatchObject({ drainS: 8, reconfigureS: 30, outOfServiceS: 38 });
    expect(change.basis.join("\n")).toContain("30 s, estimated (an operator's guess, 2026-11-24)");
  });

  it("drains an idle GPU at once", () => {
    const reconfigure = { seconds: 5, provenance };
    const change = estimateMigReconfiguration({
      remainingOutputTokens: [],
      tpotS: 0.02,
      reconfigure,
    });
    expect(change).toMatchObject({ drainS: 0, outOfServiceS: 5 });
  });

  it.each([-1, Number.NaN, Infinity])("refuses a time of %d", (seconds) => {
    const input = { remainingOutputTokens: [1], tpotS: 1, reconfigure: { seconds, provenance } };
    expect(() => estimateMigReconfiguration(input)).toThrow(InputError);
  });
});
