import { describe, expect, test } from "vitest";
import type { PrefixChains } from "../../schema/traceColumns.ts";
import { PrefixCache } from "./prefixCache.ts";

/** Chains of prompts, ids of `idTokens` tokens each. */
function chainsOf(chains: readonly (readonly number[])[], idTokens: number): PrefixChains {
  const offsets = [0];
  for (const chain of chains) offsets.push(offsets[offsets.length - 1] + chain.length);
  const ids = chains.flat();
  return {
    offsets: Int32Array.from(offsets),
    ids: Int32Array.from(ids),
    idTokens: new Int32Array(Math.max(...ids) + 1).fill(idTokens),
  };
}

/** Prompts in one cache, by request number; prompts are as long as their chains. */
class Story {
  readonly cache: PrefixCache;
  private readonly chains: readonly (readonly number[])[];
  private readonly held: number[] = [];

  constructor(chains: readonly (readonly number[])[]) {
    this.chains = chains;
    this.cache = new PrefixCache(chainsOf(chains, 32), 16);
  }

  /** Admits and returns the blocks found. */
  admit(request: number): number {
    const tokens = this.tokensOf(request);
    const plan = this.cache.match(request, tokens, tokens);
    const { matchedBlocks } = plan;
    this.held[request] = this.cache.acquire(request, tokens, plan);
    return matchedBlocks;
  }

  compute(request: number, tokens = this.tokensOf(request)): void {
    this.cache.publish(request, this.held[request], this.tokensOf(request), tokens);
  }

  leave(request: number): number {
    return this.cache.release(request, this.held[request]);
  }

  private tokensOf(request: number): number {
    return this.chains[request].length * 32;
  }
}

describe("the prefix cache", () => {
  test("a prompt that was computed is found by the next one with the same beginning", () => {
    const story = new Story([
      [0, 1],
      [0, 1, 2],
    ]);
    expect(story.admit(0)).toBe(0);
    story.compute(0);
    expect(story.leave(0)).toBe(4);
    expect(story.cache.evictableBlocks).toBe(4);
    expect(story.admit(1)).toBe(4);
    expect(story.cache.evictableBlocks).toBe(0);
  });

  test("at least the last prompt token is computed again, also when all of it is cached", () => {
    const story = new Story([
      [0, 1],
      [0, 1],
    ]);
    story.admit(0);
    story.compute(0);
    story.leave(0);
    expect(story.admit(1)).toBe(3);
  });

  test("what is still being computed is not found, and what is computed so far is", () => {
    const story = new Story([
      [0, 1],
      [0, 1, 2],
      [0, 1, 3],
    ]);
    story.admit(0);
    expect(story.admit(1)).toBe(0);
    story.compute(0, 48);
    expect(story.admit(2)).toBe(3);
  });

  test("another beginning finds nothing", () => {
    const story = new Story([
      [0, 1],
      [2, 1],
    ]);
    story.admit(0);
    story.compute(0);
    expect(story.admit(1)).toBe(0);
  });

  test("a prompt that leaves before it was computed leaves only what it computed", () => {
    const story = new Story([[0, 1]]);
    story.admit(0);
    story.compute(0, 32);
    expect(story.leave(0)).toBe(4);
    expect(story.cache.evictableBlocks).toBe(2);
    expect(story.cache.countNodeBlocks()).toBe(2);
  });

  test("shared blocks are released by the last who holds them", () => {
    const story = new Story([
      [0, 1],
      [0, 1, 2],
    ]);
    story.admit(0);
    story.compute(0);
    story.admit(1);
    expect(story.leave(0)).toBe(0);
    expect(story.cache.evictableBlocks).toBe(0);
    expect(story.leave(1)).toBe(6);
  });

  test("eviction takes the least recently released chain from its end", () => {
    const story = new Story([
      [0, 1],
      [2, 3],
      [0, 4],
      [2, 5],
    ]);
    for (const request of [0, 1]) {
      story.admit(request);
      story.compute(request);
      story.leave(request);
    }
    story.cache.evict(3);
    expect(story.cache.evictableBlocks).toBe(5);
    expect(story.admit(2)).toBe(1);
    expect(story.admit(3)).toBe(2);
  });
});
