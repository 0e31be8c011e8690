import { describe, expect, it } from "vitest";
import { turned } from "./turnPage.ts";

describe("keys of a presentation", () => {
  it("turn pages, and stop at the first and the last", () => {
    expect(turned(1, "ArrowRight", 4)).toBe(2);
    expect(turned(1, "PageUp", 4)).toBe(0);
    expect([turned(0, "ArrowLeft", 4), turned(3, "ArrowRight", 4)]).toEqual([undefined, undefined]);
    expect([turned(2, "Home", 4), turned(0, "End", 4)]).toEqual([0, 3]);
    expect(turned(1, "a", 4)).toBeUndefined();
  });
});
