import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TraceColumns } from "../schema/traceColumns.ts";
import { measureTrace } from "./traceStatistics.ts";

function traceOf(promptTokens: readonly number[], more: Partial<TraceColumns> = {}): TraceColumns {
  const count = promptTokens.length;
  return {
    count,
    arrivalNs: Float64Array.from(promptTokens, (_, i) => i * 1e9),
    promptTokens: Int32Array.from(promptTokens),
    outputTokens: new Int32Array(count).fill(3),
    models: [],
    tenants: [],
    origin: { kind: "relative" },
    ...more,
  };
}

describe("statistics of a trace", () => {
  it("count every length in the bucket whose edges hold it, whatever the lengths are", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 31 - 1), { minLength: 1, maxLength: 50 }), (lengths) => {
        const { edges, counts } = measureTrace(traceOf(lengths)).promptLengths;
        expect(edges).toHaveLength(counts.length + 1);
        counts.forEach((count, i) => {
          const own = lengths.filter((tokens) => tokens >= edges[i] && tokens < edges[i + 1]);
          expect(count).toBe(own.length);
        });
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(lengths.length);
      }),
    );
  });

  it("sum rows and tokens by model, the largest first, and leave rows without a name out", () => {
    const { models } = measureTrace(
      traceOf([10, 20, 30, 40], {
        models: ["a", "b"],
        modelIndex: Uint16Array.from([1, 0, 1, 65_535]),
      }),
    );
    expect(models).toEqual([
      { name: "b", rows: 2, promptTokens: 40, outputTokens: 6 },
      { name: "a", rows: 1, promptTokens: 20, outputTokens: 3 },
    ]);
  });

  it("sum rows and tokens by tag, a row with several at each of them", () => {
    const { tags } = measureTrace(
      traceOf([10, 20, 30], {
        tags: ['["prod","chat"]', "chat", ""],
        tagIndex: Int32Array.from([0, 1, 2]),
      }),
    );
    expect(tags).toEqual([
      { name: "chat", rows: 2, promptTokens: 30, outputTokens: 6 },
      { name: "", rows: 1, promptTokens: 30, outputTokens: 3 },
      { name: "prod", rows: 1, promptTokens: 10, outputTokens: 3 },
    ]);
    expect(measureTrace(traceOf([10])).tags).toEqual([]);
  });

  it("say what an endless prefix cache finds, and nothing where the trace has no prompt ids", () => {
    const prefix = {
      offsets: Int32Array.from([0, 2, 4]),
      ids: Int32Array.from([0, 1, 0, 2]),
      idTokens: Int32Array.from([16, 16, 16]),
    };
    const { prefixReuse } = measureTrace(traceOf([32, 32], { prefix }));
    expect(prefixReuse).toEqual([{ capacityBlocks: null, tokenShare: 0.25 }]);
    expect(measureTrace(traceOf([32])).prefixReuse).toEqual([]);
  });

  it("count each arrival once in windows that hold the whole span", () => {
    const { rate, spanS } = measureTrace(traceOf(new Array(5000).fill(1)));
    expect(rate.counts.reduce((sum, count) => sum + count, 0)).toBe(5000);
    expect(rate.counts.length * rate.windowS).toBeGreaterThan(spanS);
    expect(rate.counts.length).toBeLessThanOrEqual(2001);
  });
});
