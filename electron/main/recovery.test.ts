import { describe, expect, it, vi } from "vitest";
import { EndCounter } from "./recovery.ts";

vi.mock("electron", () => ({ dialog: {} }));

describe("the page's unexpected ends", () => {
  it("are too many at the third within a minute", () => {
    let nowMs = 0;
    const ends = new EndCounter(() => nowMs);
    expect(ends.add()).toBe(false);
    nowMs = 30_000;
    expect(ends.add()).toBe(false);
    nowMs = 59_000;
    expect(ends.add()).toBe(true);
    nowMs = 200_000;
    expect(ends.add()).toBe(false);
  });
});
