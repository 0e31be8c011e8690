import { describe, expect, test } from "vitest";
import type { Workload } from "../../workload/workload.ts";
import { openWorkload } from "../fixtures/engineRuns.ts";
import { PromptCache } from "./promptCache.ts";

/** Prompts of 2,000 tokens whose first 1,500 are the same. */
function conversation(count: number): Workload {
  const ids: number[] = [];
  const offsets = [0];
  for (let i = 0; i < count; i++) {
    ids.push(0, 1, 2, 3 + i);
    offsets.push(ids.length);
  }
  const prefix = {
    offsets: Int32Array.from(offsets),
    ids: Int32Array.from(ids),
    idTokens: new Int32Array(3 + count).fill(500),
  };
  const arrivalNs = new Float64Array(count);
  return { ...openWorkload({ arrivalNs, promptTokens: 2000, outputTokens: 10 }), prefix };
}

describe("a provider's prompt cache", () => {
  test("a stated share of every prompt is cached", () => {
    const cache = new PromptCache({ share: 0.25 }, conversation(2));
    expect([cache.hitTokens(0, 0), cache.hitTokens(1, 0)]).toEqual([500, 500]);
  });

  test("by the chain of hashes the first request writes and the next one hits what they share", () => {
    const cache = new PromptCache({ ttlS: 300, minTokens: 1024 }, conversation(2));
    expect(cache.hitTokens(0, 0)).toBe(0);
    expect(cache.lastWrittenTokens).toBe(2000);
    expect(cache.hitTokens(1, 10e9)).toBe(1500);
    expect(cache.lastWrittenTokens).toBe(500);
  });

  test("what nobody used for its time to live is gone; each use renews it", () => {
    const cache = new PromptCache({ ttlS: 300, minTokens: 1024 }, conversation(4));
    cache.hitTokens(0, 0);
    expect(cache.hitTokens(1, 300e9)).toBe(1500);
    expect(cache.hitTokens(2, 599e9)).toBe(1500);
    expect(cache.hitTokens(3, 900e9)).toBe(0);
  });

  test("a hit shorter than the least cacheable length is none", () => {
    const cache = new PromptCache({ ttlS: 300, minTokens: 1501 }, conversation(2));
    cache.hitTokens(0, 0);
    expect(cache.hitTokens(1, 1e9)).toBe(0);
  });

  test("where the trace says what was cached, that is what counts", () => {
    const workload = { ...conversation(2), cachedTokens: Int32Array.of(700, 5000) };
    const cache = new PromptCache({ ttlS: 300, minTokens: 1024 }, workload);
    expect([cache.hitTokens(0, 0), cache.hitTokens(1, 0)]).toEqual([700, 2000]);
  });
});
