import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importBytes } from "./fixtures/importBytes.ts";
import { closedArray } from "./jsonArray.ts";

const row = (ts: number, more: object = {}) => ({
  ts,
  input_tokens: 10,
  output_tokens: 2,
  ...more,
});
const text = (json: string, options: Parameters<typeof importBytes>[1] = {}) =>
  importBytes(Buffer.from(json), options);

describe("a JSON array of objects", () => {
  test("is read like lines of the same objects, however it is laid out and wherever it is cut", () => {
    const odd = fc.constantFrom("plain", "a]b", 'q"x', "back\\slash", "{,}", "ü\n", "");
    const rows = fc.array(fc.tuple(fc.nat({ max: 1e6 }), odd), { minLength: 1, maxLength: 12 });
    const layout = fc.constantFrom(0, 1, 2);
    const cuts = fc.array(fc.nat({ max: 2000 }), { maxLength: 6 });
    fc.assert(
      fc.property(rows, layout, cuts, (all, spaces, at) => {
        const objects = all.map(([ts, model]) => row(ts, { model, nested: [[{ a: "]" }], []] }));
        const lines = text(objects.map((each) => JSON.stringify(each)).join("\n"));
        const array = text(`\uFEFF\n ${JSON.stringify(objects, undefined, spaces)}\n`, {
          cuts: at,
        });
        expect(array.columns).toEqual(lines.columns);
        expect(array.result).toMatchObject({ format: "jsonl", rows: all.length, warnings: [] });
      }),
      { numRuns: 60 },
    );
  });

  test("names the line on which a rejected element begins", () => {
    const { result } = text(
      `[\n${JSON.stringify(row(1))},\n  {\n "ts": 2, "input_tokens": "x", "output_tokens": 1},\n7, {"a" 1}\n]`,
    );
    expect(result.rows).toBe(1);
    expect(result.rejected.rows.map(({ line, reason }) => [line, reason])).toEqual([
      [3, "notANumber"],
      [5, "malformedJson"],
      [5, "malformedJson"],
    ]);
  });

  test("that is cut off loses its last element, and says so", () => {
    const { result } = text(`[${JSON.stringify(row(1))}, {"ts": 2, "inp`);
    expect(result.rows).toBe(1);
    expect(result.rejected.byReason).toEqual({ malformedJson: 1 });
    expect(result.warnings.join()).toMatch(/has no end/);
    const whole = text(`[${JSON.stringify(row(1))}] behind`);
    expect(whole.result.rejected.rows[0]).toMatchObject({ found: "behind" });
    expect(whole.result.warnings).toEqual([]);
  });

  test("is closed behind its last whole element for a look at its beginning", () => {
    const bytes = Buffer.from('[{"a":1},{"b":[1,"]"]},{"c":');
    expect(Buffer.from(closedArray(bytes)).toString()).toBe('[{"a":1},{"b":[1,"]"]}]');
    expect(closedArray(Buffer.from("[1]"))).toEqual(Buffer.from("[1]"));
  });

  test("of another format's rows is refused where that format is asked for", () => {
    expect(() => text("[]", { format: "mooncake" })).toThrow(/does not begin a trace of format/);
    expect(() => text("[]")).toThrow(/no object/);
  });

  test("keys of Langfuse and Portkey are told by their names", () => {
    const langfuse = {
      startTime: "2026-10-05T08:00:01Z",
      usage: { input: 5, output: 6 },
      tags: ["a"],
    };
    expect(text(JSON.stringify([langfuse])).result.columns).toEqual({
      arrival: "startTime",
      promptTokens: "usage.input",
      outputTokens: "usage.output",
      tag: "tags",
    });
    const portkey = { created_at: "2026-10-05T08:00:01Z", req_units: 5, res_units: 6 };
    expect(text(JSON.stringify([portkey])).columns.promptTokens[0]).toBe(5);
  });
});
