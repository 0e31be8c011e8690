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

  test("a prompt shorter than the least cacheable length neither hits nor writes: the next long one pays for its write", () => {
    const workload = conversation(3);
    const promptTokens = Int32Array.of(1000, 2000, 2000);
    const cache = new PromptCache({ ttlS: 300, minTokens: 1024 }, { ...workload, promptTokens });
    expect([cache.hitTokens(0, 0), cache.lastWrittenTokens]).toEqual([0, 0]);
    expect([cache.hitTokens(1, 1e9), cache.lastWrittenTokens]).toEqual([0, 2000]);
    expect([cache.hitTokens(2, 2e9), cache.lastWrittenTokens]).toEqual([1500, 500]);
  });

  test("a short prompt does not renew what a long one wrote", () => {
    const workload = conversation(3);
    const promptTokens = Int32Array.of(2000, 1000, 2000);
    const cache = new PromptCache({ ttlS: 300, minTokens: 1024 }, { ...workload, promptTokens });
    cache.hitTokens(0, 0);
    expect(cache.hitTokens(1, 200e9)).toBe(0);
    expect(cache.hitTokens(2, 400e9)).toBe(0);
  });

  test("what is hit and what is written add up to the prompt's chain", () => {
    const workload = conversation(40);
    const promptTokens = Int32Array.from({ length: 40 }, (_, i) => 700 + 50 * i);
    const cache = new PromptCache({ ttlS: 60, minTokens: 1024 }, { ...workload, promptTokens });
    for (let i = 0; i < 40; i++) {
      const hit = cache.hitTokens(i, i * 13e9);
      const length = Math.min(promptTokens[i], 2000);
      expect(hit + cache.lastWrittenTokens).toBe(length < 1024 ? 0 : length);
      expect(hit === 0 || hit >= 1024).toBe(true);
    }
  });

  test("where the trace says what was cached, that is what counts", () => {
    const workload = { ...conversation(2), cachedTokens: Int32Array.of(700, 5000) };
    const cache = new PromptCache({ ttlS: 300, minTokens: 1024 }, workload);
    expect([cache.hitTokens(0, 0), cache.hitTokens(1, 0)]).toEqual([700, 2000]);
  });
});
