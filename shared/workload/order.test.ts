import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stableOrder } from "./order.ts";

describe("stableOrder", () => {
  it("sorts any keys and keeps equal ones in their order", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (list) => {
        const keys = Float64Array.from(list);
        const wanted = list.map((_, i) => i).sort((a, b) => list[a]! - list[b]! || a - b);
        const order = stableOrder(keys);
        expect([...(order ?? keys.map((_, i) => i))]).toEqual(wanted);
      }),
    );
  });

  it("leaves keys that are in order alone", () => {
    expect(stableOrder(Float64Array.of(1, 2, 2, 3))).toBeUndefined();
    expect(stableOrder(new Float64Array(0))).toBeUndefined();
  });
});
