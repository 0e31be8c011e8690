import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importBytes } from "./fixtures/importBytes.ts";

const header = "start_time,end_time,num_model_requests,model,input_tokens,output_tokens\n";
const text = (lines: string, options: Parameters<typeof importBytes>[1] = {}) =>
  importBytes(Buffer.from(lines), options);

describe("rows that sum up the requests of a window", () => {
  test("become so many requests within it, one behind the other, with all totals kept", () => {
    const row = fc.record({
      n: fc.integer({ min: 1, max: 400 }),
      prompt: fc.nat(2 ** 31 - 1),
      output: fc.nat(100_000),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const lines = rows.map(
          ({ n, prompt, output }, i) =>
            `${1_791_187_200 + 60 * i},${1_791_187_260 + 60 * i},${n}.0,m,${prompt},${output}`,
        );
        const { columns, result, summary } = text(header + lines.join("\n"));
        expect(columns.count).toBe(rows.reduce((sum, { n }) => sum + n, 0));
        expect(result.rejected.count).toBe(0);
        expect(summary.totals).toEqual({
          promptTokens: rows.reduce((sum, { prompt }) => sum + prompt, 0),
          outputTokens: rows.reduce((sum, { output }) => sum + output, 0),
        });
        expect(summary.sorted).toBe(true);
        expect(summary.durationS).toBeLessThan(60 * rows.length);
        const own = columns.promptTokens.subarray(0, rows[0].n);
        expect(Math.max(...own) - Math.min(...own)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });

  test("say what was assumed, and which windows are empty", () => {
    const { columns, result } = text(`${header}0,60,3,m,10,3\n60,120,,,,\n120,180,0,m,0,0\n`);
    expect([...columns.arrivalNs]).toEqual([0, 20e9, 40e9]);
    expect([...columns.promptTokens]).toEqual([3, 3, 4]);
    expect(result.warnings.join()).toMatch(/^1 row sums up 3 requests\..*evenly/);
    expect(result.notes).toContain("2 rows say that there were no requests in the window.");
    expect(result.columns).toMatchObject({ requests: "num_model_requests", windowEnd: "end_time" });
  });

  test("may hold more tokens than a single request can, and cached ones are divided too", () => {
    const mapping = { cachedTokens: "cached" };
    const rows =
      "time,end_time,requests,prompt_tokens,output_tokens,cached\n0,60,4,8000000001,8,6\n";
    const { columns, summary } = text(rows, { mapping });
    expect(summary.totals).toEqual({
      promptTokens: 8_000_000_001,
      outputTokens: 8,
      cachedTokens: 6,
    });
    expect([...columns.cachedTokens!]).toEqual([1, 2, 1, 2]);
  });

  test("are rejected where the window has no end, or counts and tokens contradict each other", () => {
    const lines = `${header}0,,2,m,5,5\n0,0,2,m,5,5\n0,60,0,m,5,5\n0,60,x,m,5,5\n0,60,-1,m,5,5\n0,,1,m,5,5\n`;
    const { columns, result } = text(lines);
    expect(columns.count).toBe(1);
    expect(result.rejected.rows.map(({ line, field, reason }) => [line, field, reason])).toEqual([
      [2, "end_time", "missingValue"],
      [3, "end_time", "unreadableTime"],
      [4, "num_model_requests", "notANumber"],
      [5, "num_model_requests", "notANumber"],
      [6, "num_model_requests", "negative"],
    ]);
    const daily = text(
      '{"date":"2026-10-05","requests":5,"prompt_tokens":50,"completion_tokens":9}\n{"date":"2026-10-06","requests":1,"prompt_tokens":50,"completion_tokens":9}\n',
    );
    expect(daily.result.rejected.rows[0]).toMatchObject({
      field: "windowEnd",
      reason: "missingValue",
    });
  });

  test("are read from JSON too, and as single requests where the mapping says so", () => {
    const json =
      '{"start_time":"2026-10-05T08:00:00Z","end_time":"2026-10-05T09:00:00Z","requests":2,"input_tokens":7,"output_tokens":4}\n';
    expect([...text(json).columns.promptTokens]).toEqual([3, 4]);
    const { columns, result } = text(json, { mapping: { requests: "" } });
    expect([...columns.promptTokens]).toEqual([7]);
    expect(result.columns).not.toHaveProperty("windowEnd");
  });
});
