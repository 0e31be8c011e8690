import { describe, expect, it } from "vitest";
import type { CoreEvent } from "../../shared/contract/events.ts";
import { PageFlush } from "./pageFlush.ts";

describe("the question for unsaved work", () => {
  it("is answered by the page that got it", async () => {
    const told: CoreEvent[] = [];
    const flush = new PageFlush((event) => told.push(event));
    const asked = flush.ask(60_000);
    expect(told).toEqual([{ kind: "flush", flush: 1 }]);
    flush.answer(7);
    flush.answer(1);
    expect(await asked).toBe(true);
  });

  it("leaves the other pages of a browser a moment after the first", async () => {
    const flush = new PageFlush(() => {});
    let isOver = false;
    const asked = flush.ask(60_000, 60).then((isDone) => {
      isOver = true;
      return isDone;
    });
    flush.answer(1);
    flush.answer(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isOver).toBe(false);
    expect(await asked).toBe(true);
  });

  it("ends without an answer when the time is over", async () => {
    expect(await new PageFlush(() => {}).ask(5)).toBe(false);
  });
});
