import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LaterReplies } from "./laterReplies.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const after = (ms: number, value: string): Promise<string> =>
  new Promise((resolve) => setTimeout(() => resolve(value), ms));

describe("replies of long calls", () => {
  it("come at once where they come soon", async () => {
    const replies = new LaterReplies();
    const prompt = replies.prompt(after(10, "soon"));
    await vi.advanceTimersByTimeAsync(10);
    expect(await prompt).toEqual({ reply: "soon" });
  });

  it("have a name meanwhile, are told when they have come, and are fetched once", async () => {
    const replies = new LaterReplies();
    const told: string[] = [];
    replies.subscribe((name) => told.push(name));
    const prompt = replies.prompt(after(5000, "late"));
    await vi.advanceTimersByTimeAsync(1000);
    const { later } = (await prompt) as { later: string };
    expect(later).toMatch(/^[\w-]{24}$/);
    expect([replies.take(later), told]).toEqual(["pending", []]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(told).toEqual([later]);
    expect([replies.take(later), replies.take(later)]).toEqual([{ reply: "late" }, undefined]);
    expect(replies.take("nothing")).toBeUndefined();
  });

  it("go where no page fetches them", async () => {
    const replies = new LaterReplies({ promptMs: 1, keptMs: 100 });
    const prompt = replies.prompt(after(5, "nobody's"));
    await vi.advanceTimersByTimeAsync(5);
    const { later } = (await prompt) as { later: string };
    await vi.advanceTimersByTimeAsync(100);
    expect(replies.take(later)).toBeUndefined();
  });
});
