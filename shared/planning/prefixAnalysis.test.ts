import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importBytes } from "../importers/fixtures/importBytes.ts";
import { scenarioSchema } from "../schema/scenario.ts";
import type { TraceColumns } from "../schema/traceColumns.ts";
import { testCatalog } from "../serving/testCatalog.ts";
import { InputError } from "../units/errors.ts";
import { analysePrefixReuse } from "./prefixAnalysis.ts";
import { runScenario } from "./scenarioRun.ts";

interface Prompt {
  readonly tokens: number;
  readonly ids: readonly number[];
}

function columnsOf(prompts: readonly Prompt[], idTokens: number): TraceColumns {
  const offsets = [0];
  for (const { ids } of prompts) offsets.push(offsets[offsets.length - 1] + ids.length);
  const ids = prompts.flatMap((prompt) => prompt.ids);
  return {
    count: prompts.length,
    arrivalNs: new Float64Array(prompts.length),
    promptTokens: Int32Array.from(prompts.map((prompt) => prompt.tokens)),
    outputTokens: new Int32Array(prompts.length).fill(1),
    models: [],
    tenants: [],
    prefix: {
      offsets: Int32Array.from(offsets),
      ids: Int32Array.from(ids),
      idTokens: new Int32Array(Math.max(-1, ...ids) + 1).fill(idTokens),
    },
    origin: { kind: "relative" },
  };
}

/** The first prompt again, then one with the same beginning, then another; ids of 32 tokens, id 2 covers 16. */
const counted = columnsOf(
  [
    { tokens: 80, ids: [0, 1, 2] },
    { tokens: 80, ids: [0, 1, 2] },
    { tokens: 96, ids: [0, 1, 3] },
    { tokens: 32, ids: [4] },
  ],
  32,
);

describe("prefix reuse counted by hand", () => {
  test("by ids without a limit the second prompt is found whole and the third to two thirds", () => {
    const reuse = analysePrefixReuse(counted, { capacityBlocks: Infinity });
    expect(reuse).toMatchObject({ foundBlocks: 0 + 3 + 2 + 0, promptBlocks: 3 + 3 + 3 + 1 });
    expect(reuse).toMatchObject({ foundTokens: 80 + 64, promptTokens: 288, requestsWithHit: 2 });
    expect(reuse).toMatchObject({ tokenShare: 0.5, blockShare: 0.5, mostBlocksKept: 5 });
  });

  test("a cache of two blocks keeps the beginning of a prompt and gives up its end", () => {
    const reuse = analysePrefixReuse(counted, { capacityBlocks: 2 });
    expect(reuse).toMatchObject({ foundBlocks: 0 + 2 + 2 + 0, foundTokens: 128 });
    expect(reuse).toMatchObject({ evictedBlocks: 1 + 1 + 1 + 1, mostBlocksKept: 2 });
  });

  test("by engine blocks of 16 the last token of a prompt is computed again", () => {
    const reuse = analysePrefixReuse(counted, { capacityBlocks: Infinity, blockTokens: 16 });
    expect(reuse).toMatchObject({ foundBlocks: 0 + 4 + 4 + 0, promptBlocks: 5 + 5 + 6 + 2 });
    expect(reuse).toMatchObject({ foundTokens: 128, promptTokens: 288 });
  });

  test("shares of no prompts are undefined", () => {
    const none = analysePrefixReuse(columnsOf([], 32), { capacityBlocks: 1 });
    expect([none.tokenShare, none.blockShare]).toEqual([undefined, undefined]);
  });
});

describe("prefix reuse of 240 rows of the Mooncake trace", () => {
  const url = new URL("fixtures/mooncakeShared.jsonl", import.meta.url);
  const { columns } = importBytes(readFileSync(url), { format: "mooncake" });

  // Figures of a count by sets and ordered lists in another language.
  test.each([
    [Infinity, 173, 1759, 889_699, 910, 0],
    [20, 10, 64, 32_216, 20, 2585],
    [100, 38, 320, 161_459, 100, 2249],
    [400, 110, 1081, 546_477, 400, 1188],
  ])(
    "by ids in a cache of %d blocks it is what another program counts",
    (capacityBlocks, ...figures) => {
      const reuse = analysePrefixReuse(columns, { capacityBlocks });
      const { requestsWithHit, foundBlocks, foundTokens, mostBlocksKept, evictedBlocks } = reuse;
      expect([requestsWithHit, foundBlocks, foundTokens, mostBlocksKept, evictedBlocks]).toEqual(
        figures,
      );
      expect(reuse).toMatchObject({ promptBlocks: 2669, promptTokens: 1_305_856, requests: 240 });
    },
  );

  test("by engine blocks of 16 it is what another program counts", () => {
    const reuse = analysePrefixReuse(columns, { capacityBlocks: Infinity, blockTokens: 16 });
    expect(reuse).toMatchObject({
      foundBlocks: 55_579,
      promptBlocks: 81_711,
      mostBlocksKept: 25_906,
    });
  });
});

/** One replica that serves the rows one at a time, a quarter of an hour apart. */
function replayOneByOne(columns: TraceColumns, kvCapacityTokens: number) {
  const scenario = scenarioSchema.parse({
    format: "crossover-scenario",
    version: 1,
    name: "one by one",
    ...testCatalog(),
    traffic: {
      sources: [{ id: "trace", kind: "trace", file: "trace.jsonl" }],
      classes: [{ id: "all" }],
    },
    pools: [
      {
        id: "own",
        gpu: "h100-sxm",
        model: "llama-3.1-8b",
        backend: "vllm",
        replicas: 1,
        engine: { kvCapacityTokens, maxModelLen: 131_072 },
        price: {
          usdPerGpuHour: 1,
          provenance: [{ source: "test", retrievedOn: "2026-11-24", basis: "estimated" }],
        },
      },
    ],
    rules: [{ id: "own", to: { pool: "own" } }],
    run: { warmup: { kind: "none" } },
  });
  const spaced = {
    ...columns,
    arrivalNs: Float64Array.from({ length: columns.count }, (_, i) => i * 900e9),
  };
  return runScenario({ scenario, traces: new Map([["trace", spaced]]) });
}

describe("the engine and the count without time", () => {
  const url = new URL("fixtures/mooncakeShared.jsonl", import.meta.url);
  const { columns } = importBytes(readFileSync(url), { format: "mooncake" });

  test("find the same tokens in requests that do not overlap, the partly filled ends of prompts among them", () => {
    const counted = analysePrefixReuse(columns, { capacityBlocks: Infinity, blockTokens: 16 });
    const report = replayOneByOne(columns, 2 ** 24);
    expect(report.requests.byClass.all.finished).toBe(240);
    expect(report.requests.byClass.all.cachedTokens).toBe(counted.foundTokens);
  });
});

/** An ordered list of ids, the least recently used first. */
function reuseByList(prompts: readonly Prompt[], capacityBlocks: number): number {
  let kept: number[] = [];
  let found = 0;
  for (const { ids } of prompts) {
    const miss = ids.findIndex((id) => !kept.includes(id));
    found += miss < 0 ? ids.length : miss;
    kept = [...kept.filter((id) => !ids.includes(id)), ...[...ids].reverse()];
    kept = kept.slice(Math.max(0, kept.length - capacityBlocks));
  }
  return found;
}

describe("prefix reuse of any prompts", () => {
  const branches = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 5 });
  /** Paths through a binary tree: an id stands for a block and all before it. */
  const prompts = fc.array(branches, { minLength: 1, maxLength: 30 }).map((paths) =>
    paths.map((path) => {
      const ids = path.map((_, depth) =>
        path.slice(0, depth + 1).reduce((node, branch) => 2 * node + 1 + branch, 0),
      );
      return { ids, tokens: 32 * ids.length };
    }),
  );

  test("with any capacity it is what an ordered list finds", () => {
    fc.assert(
      fc.property(prompts, fc.integer({ min: 1, max: 20 }), (each, capacityBlocks) => {
        const { foundBlocks } = analysePrefixReuse(columnsOf(each, 32), { capacityBlocks });
        expect(foundBlocks).toBe(reuseByList(each, capacityBlocks));
      }),
    );
  });

  test("a larger cache never finds less by ids, and an endless one the most", () => {
    fc.assert(
      fc.property(prompts, fc.integer({ min: 1, max: 20 }), (each, capacityBlocks) => {
        const found = [capacityBlocks, capacityBlocks + 1, Infinity].map(
          (size) => analysePrefixReuse(columnsOf(each, 32), { capacityBlocks: size }).foundBlocks,
        );
        expect(found).toEqual([...found].sort((a, b) => a - b));
      }),
    );
  });
});

describe("prefix reuse refuses", () => {
  test("a trace without ids, and says what to take", () => {
    const { prefix: _, ...bare } = counted;
    expect(() => analysePrefixReuse(bare, { capacityBlocks: 1 })).toThrow("hash_ids");
  });

  test.each([0, -1, 1.5, Number.NaN])("a capacity of %d", (capacityBlocks) => {
    expect(() => analysePrefixReuse(counted, { capacityBlocks })).toThrow(InputError);
  });

  test.each([0, 24, 64, 0.5])("an engine block of %d tokens for ids of 32", (blockTokens) => {
    expect(() => analysePrefixReuse(counted, { capacityBlocks: 1, blockTokens })).toThrow(
      "Wanted a divisor",
    );
  });
});
