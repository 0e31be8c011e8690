import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { paperColour, paperColours, themeSourceOf } from "./theme.ts";

describe("the theme of the window", () => {
  it("has the page's own paper before the page paints", () => {
    const css = readFileSync(join(import.meta.dirname, "../../renderer/theme/tokens.css"), "utf8");
    const found = [...css.matchAll(/--paper: (#[0-9a-f]{6});/g)].map(([, colour]) => colour);
    expect(found).toEqual([paperColours.light, paperColours.dark, paperColours.contrast]);
  });

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
