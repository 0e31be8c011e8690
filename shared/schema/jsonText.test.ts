import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../units/errors.ts";
import { canonicalJson } from "./canonicalJson.ts";
import { readJson } from "./jsonText.ts";

const wrong: [string, string, string][] = [
  ["a missing value", '{\n  "a": }', 'line 2, column 8: found "}"'],
  ["NaN", '{"a": NaN}', 'line 1, column 7: found "NaN"'],
  ["a trailing comma", "[1,]", 'line 1, column 4: found "]"'],
  ["a missing comma", '["a" "b"]', 'found "\\"", wanted "," or "]"'],
  ["a leading zero", "[012]", 'line 1, column 3: found "1"'],
  ["a key without quotes", "{a: 1}", 'found "a", wanted a key in double quotes'],
  ["an unfinished file", '{"a": [1, 2', "found the end of the file"],
  ["text after the value", "{} x", 'found "x", wanted the end of the file'],
  ["a doubled key", '{"a": 1, "a": 2}', '("a" is)'],
  ["__proto__", '{"__proto__": {"x": 1}}', 'wanted a key other than "__proto__"'],
  ["__proto__ spelt with an escape", '{"\\u005f_proto__": 1}', 'a key other than "__proto__"'],
  ["a number beyond the range", "[1e999]", "wanted a number below 1.8e308"],
  ["a line break in a text", '["a\nb"]', "wanted a closing quote on the same line"],
  ["an unknown escape", '["\\x"]', "wanted an escape such as"],
  ["deep nesting", "[".repeat(100_000), "wanted at most 64 levels of nesting"],
];

describe("readJson", () => {
  it.each(wrong)("says where %s stands", (_name, text, message) => {
    expect(() => readJson(text, "f.json")).toThrow(InputError);
    expect(() => readJson(text, "f.json")).toThrow(message);
  });

  it("reads what JSON.parse reads, to the same value", () => {
    const value = fc.jsonValue({ maxDepth: 6 });
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, 4), (input, indent) => {
        const text = JSON.stringify(input, undefined, indent);
        if (text.includes("__proto__")) return;
        expect(readJson(text, "f")).toEqual(JSON.parse(text));
      }),
    );
  });

  it("refuses any text that JSON.parse refuses", () => {
    const pieces = fc.constantFrom(
      '"',
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "1",
      "-",
      ".",
      "e",
      "\\",
      "a",
      " ",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        try {
          JSON.parse(text);
        } catch {
          expect(() => readJson(text, "f")).toThrow(InputError);
        }
      }),
    );
  });

  it("skips a byte-order mark", () => {
    expect(readJson("\ufeff[1]", "f")).toEqual([1]);
  });
});

describe("canonicalJson", () => {
  it("sorts keys, indents by two and ends with a newline", () => {
    expect(canonicalJson({ b: [1, { d: null, c: -0 }], a: {}, e: [], f: undefined })).toBe(
      '{\n  "a": {},\n  "b": [\n    1,\n    {\n      "c": 0,\n      "d": null\n    }\n  ],\n  "e": []\n}\n',
    );
  });

  it("gives back the bytes of canonical text after a reading", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        const text = canonicalJson(input);
        if (!text.includes("__proto__")) expect(canonicalJson(readJson(text, "f"))).toBe(text);
      }),
    );
  });

  it("does not depend on the order in which keys were set", () => {
    expect(canonicalJson({ "10": 1, "9": 2, a: 3 })).toBe(canonicalJson({ a: 3, "9": 2, "10": 1 }));
  });

  it("refuses what JSON cannot say", () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow("JSON has no NaN");
    expect(() => canonicalJson([() => 1])).toThrow("JSON has no function");
  });
});
