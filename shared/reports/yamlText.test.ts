import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { type YamlValue, yamlText } from "./yamlText.ts";

const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "yes",
    "null",
    "1",
    "1e3",
    "~",
    "- a",
    "a: b",
    "#",
    " lead",
    "a\nb",
    "a\nb\n",
    "a\nb\n\n",
    "\na",
    "a\n  b\n\nc",
    "a\r\nb",
    "",
  ),
);
const values = fc.letrec<{ value: YamlValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    texts,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      texts.filter((key) => key !== "__proto__" && key !== "<<"),
      tie("value"),
      { maxKeys: 3 },
    ),
  ),
})).value;

test("a YAML reader gets back what was written", () => {
  fc.assert(
    fc.property(values, (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(parse(yamlText([value]))).toEqual(plain);
    }),
    { numRuns: 500 },
  );
});

test("documents stand apart, and members that are undefined are left out", () => {
  const text = yamlText([{ a: 1, b: undefined }, { c: ["x"] }]);
  expect(parseAllDocuments(text).map((each) => each.toJSON())).toEqual([{ a: 1 }, { c: ["x"] }]);
});

test("texts of several lines stand as they are", () => {
  expect(yamlText([{ a: { b: "x\ny\n" } }])).toBe("---\na:\n  b: |\n    x\n    y\n");
});
