import { describe, expect, it } from "vitest";
import { parseTyped } from "./typedNumber.ts";

describe("a number being typed", () => {
  it("is read with the language's own marks", () => {
    expect(parseTyped("12,345.5", "en-US")).toBe(12345.5);
    expect(parseTyped("12.345,5", "de-DE")).toBe(12345.5);
    expect(parseTyped("12\u202f345,5", "fr-FR")).toBe(12345.5);
  });

  it("is none before its first digit, and none with a word in it", () => {
    for (const text of ["", "-", ".", "1e", "12 km"]) {
      expect(parseTyped(text, "en-US")).toBeUndefined();
    }
  });

  it("is one while its fraction is still missing", () => {
    expect(parseTyped("2.", "en-US")).toBe(2);
    expect(parseTyped(".5", "en-US")).toBe(0.5);
  });
});
