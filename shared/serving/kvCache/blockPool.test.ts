import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PrefixChains } from "../../schema/traceColumns.ts";
import { openWorkload } from "../fixtures/engineRuns.ts";
import { RequestTable } from "../requestTable.ts";
import { BlockPool, type BlockPoolConfig } from "./blockPool.ts";

function tableOf(prompts: readonly number[], prefix?: PrefixChains): RequestTable {
  const workload = openWorkload({
    arrivalNs: new Float64Array(prompts.length),
    promptTokens: Int32Array.from(prompts),
    outputTokens: 10,
  });
  return new RequestTable({ ...workload, prefix });
}

const rules: BlockPoolConfig = {
  capacityBlocks: 100,
  blockTokens: 16,
  isReserving: false,
  watermarkBlocks: 0,
  hasPrefixCache: false,
};

/** Blocks that `tokens` tokens of each request need after `count` more iterations, against now. */
function growthByCounting(tokens: readonly number[], count: number, blockTokens: number): number {
  const blocks = (each: number): number => Math.ceil(each / blockTokens);
  return tokens.reduce((sum, each) => sum + blocks(each + count) - blocks(each), 0);
}

describe("growth of decoding requests", () => {
  const cases = fc.record({
    blockTokens: fc.constantFrom(1, 2, 7, 16, 64),
    tokens: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 30 }),
    from: fc.integer({ min: 0, max: 1000 }),
    count: fc.integer({ min: 0, max: 200 }),
    capacityBlocks: fc.integer({ min: 0, max: 400 }),
  });

  function decodingPool({
    blockTokens,
    tokens,
    from,
    capacityBlocks,
  }: {
    blockTokens: number;
    tokens: readonly number[];
    from: number;
    capacityBlocks: number;
  }) {
    const pool = new BlockPool(tableOf([1]), { ...rules, blockTokens, capacityBlocks });
    for (const each of tokens) pool.addDecode(each, from);
    return pool;
  }

  test("over any number of iterations it is what counting every request says", () => {
    fc.assert(
      fc.property(cases, (each) => {
        const pool = decodingPool(each);
        const { tokens, from, count, blockTokens } = each;
        expect(pool.growth(from, count)).toBe(growthByCounting(tokens, count, blockTokens));
        expect(pool.neededAt(from)).toBe(growthByCounting(tokens, 1, blockTokens));
      }),
      { numRuns: 500 },
    );
  });

  test("the iterations that fit are the most that a linear search finds", () => {
    fc.assert(
      fc.property(cases, (each) => {
        const pool = decodingPool(each);
        const { tokens, from, count, blockTokens, capacityBlocks } = each;
        let wanted = 0;
        while (
          wanted < count &&
          growthByCounting(tokens, wanted + 1, blockTokens) <= capacityBlocks
        ) {
          wanted++;
        }
        expect(pool.iterationsThatFit(from, count)).toBe(wanted);
      }),
      { numRuns: 500 },
    );
  });

  test("requests that leave later, with the tokens they have then, no longer grow", () => {
    const pool = decodingPool({ blockTokens: 16, tokens: [5, 16, 31], from: 7, capacityBlocks: 9 });
    pool.removeDecode(16 + 40, 7 + 40);
    expect(pool.growth(7, 30)).toBe(growthByCounting([5, 31], 30, 16));
  });

  test("a reserving pool grows never", () => {
    const pool = new BlockPool(tableOf([1]), { ...rules, isReserving: true });
    pool.addDecode(16, 0);
    expect([pool.neededAt(0), pool.growth(0, 100)]).toEqual([0, 0]);
  });
});

describe("admission", () => {
  test("a prompt of 33 tokens takes three blocks of 16 and gives them back", () => {
    const pool = new BlockPool(tableOf([33]), rules);
    expect(pool.tryAdmit(0, 33, 43, true)).toBe(0);
    expect(pool.used).toBe(3);
    pool.release(0, 33, 43);
    expect(pool.used).toBe(0);
  });

  test("the reserve rule holds prompt and output from the start to the end", () => {
    const pool = new BlockPool(tableOf([33]), { ...rules, isReserving: true });
    pool.tryAdmit(0, 33, 43 + 16, true);
    expect(pool.used).toBe(4);
    pool.release(0, 35, 43 + 16);
    expect(pool.used).toBe(0);
  });

  test("the watermark keeps blocks free while others run, and not from a request that is alone", () => {
    const pool = new BlockPool(tableOf([160]), {
      ...rules,
      capacityBlocks: 10,
      watermarkBlocks: 1,
    });
    expect(pool.tryAdmit(0, 160, 170, false)).toBe(-1);
    expect(pool.tryAdmit(0, 160, 170, true)).toBe(0);
    expect(pool.available).toBe(0);
  });
});

describe("memory with a prefix cache", () => {
  const blockTokens = 4;
  const idTokens = 10;

  /** Prompts of three families that share whole chains of ids. */
  function chained(prompts: readonly { family: number; tokens: number }[]): PrefixChains {
    const offsets = [0];
    const ids: number[] = [];
    for (const { family, tokens } of prompts) {
      for (let i = 0; i < Math.min(5, Math.ceil(tokens / idTokens)); i++) ids.push(family * 5 + i);
      offsets.push(ids.length);
    }
    return {
      offsets: Int32Array.from(offsets),
      ids: Int32Array.from(ids),
      idTokens: new Int32Array(15).fill(idTokens),
    };
  }

  test("used and evictable blocks never exceed the capacity, and nothing stays used when all have left", () => {
    const prompt = fc.record({
      family: fc.nat({ max: 2 }),
      tokens: fc.integer({ min: 1, max: 60 }),
      isComputed: fc.boolean(),
    });
    let hits = 0;
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(prompt, { minLength: 1, maxLength: 40, size: "max" }),
        fc.integer({ min: 16, max: 60 }),
        fc.array(fc.nat({ max: 5 }), { minLength: 40, maxLength: 40 }),
        (prompts, capacityBlocks, departures) => {
          const table = tableOf(
            prompts.map((each) => each.tokens),
            chained(prompts),
          );
          const pool = new BlockPool(table, {
            ...rules,
            blockTokens,
            capacityBlocks,
            hasPrefixCache: true,
          });
          const cache = pool.cache!;
          const inside: number[] = [];
          const check = (): void => {
            expect(pool.used).toBeGreaterThanOrEqual(0);
            expect(pool.used + cache.evictableBlocks).toBeLessThanOrEqual(capacityBlocks);
            expect(cache.countNodeBlocks()).toBeLessThanOrEqual(pool.used + cache.evictableBlocks);
          };
          const leave = (at: number): void => {
            const [request] = inside.splice(at, 1);
            pool.release(request, prompts[request].tokens, prompts[request].tokens);
            check();
          };
          for (const [request, { tokens, isComputed }] of prompts.entries()) {
            const cached = pool.tryAdmit(request, tokens, tokens, inside.length === 0);
            check();
            if (cached < 0) refused++;
            else {
              expect(cached).toBeLessThan(tokens);
              hits += cached;
              inside.push(request);
              pool.publish(request, isComputed ? tokens : cached);
            }
            if (departures[request] < inside.length) leave(departures[request]);
          }
          while (inside.length > 0) leave(inside.length - 1);
          expect(pool.used).toBe(0);
          expect(cache.countNodeBlocks()).toBe(cache.evictableBlocks);
        },
      ),
      { numRuns: 400, seed: 20261124 },
    );
    expect(hits).toBeGreaterThan(1000);
    expect(refused).toBeGreaterThan(50);
  });
});
