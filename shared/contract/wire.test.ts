import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeWire, encodeWire } from "./wire.ts";

describe("the wire form", () => {
  it("gives back typed arrays to the bit", () => {
    fc.assert(
      fc.property(fc.float64Array(), fc.int32Array(), fc.uint8Array(), (f64, i32, u8) => {
        const columns = [f64, i32, u8];
        expect(decodeWire(encodeWire({ columns }))).toEqual({ columns });
      }),
    );
  });

  it("keeps plain JSON as JSON has it", () => {
    const value = { a: [1, "two", null, true], b: { c: -0.5 } };
    expect(encodeWire(value)).toBe(JSON.stringify(value));
    expect(decodeWire(encodeWire(value))).toEqual(value);
  });

  it("drops __proto__ and leaves prototypes alone", () => {
    const value = decodeWire('{"__proto__": {"polluted": 1}, "a": 1}');
    expect(value).toEqual({ a: 1 });
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("takes a column that starts within a larger buffer", () => {
    const column = new Float64Array([1, 2, 3, 4]).subarray(1, 3);
    expect(decodeWire(encodeWire({ column }))).toEqual({ column: new Float64Array([2, 3]) });
  });
});
