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

  it("refuses __proto__ and leaves prototypes alone", () => {
    const text = '{"a": [{"__proto__": {"polluted": 1}}]}';
    expect(() => decodeWire(text)).toThrow("may not be named __proto__");
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("keeps numbers that JSON has no word for", () => {
    const value = { a: [Number.NaN, Infinity, -Infinity, 0] };
    expect(decodeWire(encodeWire(value))).toEqual(value);
  });

  it("gives back any JSON as it was, keys that read like tags included", () => {
    const key = fc.constantFrom("$column", "$$column", "$number", "$$$number", "base64", "$schema");
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        fc.jsonValue(),
        fc.constantFrom("f64", "NaN", "AAAAAAAAAAA="),
        fc.array(tie("tree")),
        fc.dictionary(key, tie("tree")),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        fc.pre(!JSON.stringify(value).includes("__proto__"));
        expect(decodeWire(encodeWire(plain))).toEqual(plain);
      }),
    );
    expect(decodeWire('{"$column": "f64", "base64": "no base64!"}')).toEqual({
      $column: "f64",
      base64: "no base64!",
    });
  });

  it("takes a column that starts within a larger buffer", () => {
    const column = new Float64Array([1, 2, 3, 4]).subarray(1, 3);
    expect(decodeWire(encodeWire({ column }))).toEqual({ column: new Float64Array([2, 3]) });
  });
});
