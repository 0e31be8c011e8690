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

  it("ends without an answer when the time is over", async () => {
    expect(await new PageFlush(() => {}).ask(5)).toBe(false);
  });
});
