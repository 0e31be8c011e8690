import fc from "fast-check";
import { expect, test } from "vitest";
import { wrapText } from "./wrapText.ts";

test("text is broken between words, and lines after the first are indented", () => {
  expect(wrapText("- one two three four", 9, "  ")).toEqual(["- one two", "  three", "  four"]);
  expect(wrapText("short", 9)).toEqual(["short"]);
  expect(wrapText("", 9)).toEqual([""]);
});

test("a word that is too long stands alone, or is cut where that is asked for", () => {
  expect(wrapText("a 123456789 b", 4)).toEqual(["a", "123456789", "b"]);
  expect(wrapText("a 123456789 b", 4, "", true)).toEqual(["a", "1234", "5678", "9 b"]);
});

test("no word is lost and no line is longer than its longest word or the width", () => {
  const words = fc.array(fc.stringMatching(/^\S{1,12}$/), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(words, fc.integer({ min: 12, max: 60 }), (list, width) => {
      const lines = wrapText(list.join(" "), width);
      expect(lines.join(" ")).toBe(list.join(" "));
      for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
    }),
  );
});
