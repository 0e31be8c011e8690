import { describe, expect, it } from "vitest";
import { paperColour, paperColours, themeSourceOf } from "./theme.ts";

describe("the theme of the window", () => {
  it("follows the system unless the person chose one", () => {
    expect(paperColour("system", true)).toBe(paperColours.dark);
    expect(paperColour("system", false)).toBe(paperColours.light);
    expect(paperColour("light", true)).toBe(paperColours.light);
    expect(paperColour("contrast", true)).toBe(paperColours.contrast);
    expect(
      ["system", "light", "dark", "contrast"].map((each) => themeSourceOf(each as "dark")),
    ).toEqual(["system", "light", "dark", "light"]);
  });
});
