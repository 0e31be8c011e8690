import { describe, expect, it } from "vitest";
import { TaskbarProgress } from "./taskbar.ts";

describe("progress in the taskbar", () => {
  it("is shown for long work only, as the mean of all, and goes with the last", () => {
    let nowMs = 0;
    const bar = new TaskbarProgress(() => nowMs);
    const progress = (job: string, share: number) => bar.hear({ kind: "progress", job, share });
    const done = (job: string) => bar.hear({ kind: "done", job, outcome: "done" });
    expect(progress("a", 0.1)).toBe(-1);
    nowMs = 1000;
    expect(progress("a", 0.2)).toBe(0.2);
    expect(progress("b", 0)).toBe(0.2);
    nowMs = 2000;
    expect(progress("b", 0.6)).toBeCloseTo(0.4);
    expect(done("a")).toBe(0.6);
    expect(done("b")).toBe(-1);
    expect(bar.hear({ kind: "command", id: "run.start" })).toBeUndefined();
  });
});
