import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalCsvLines, decimalSeconds } from "./canonicalCsv.ts";
import { importBytes } from "./fixtures/importBytes.ts";

const text = (lines: string, options: Parameters<typeof importBytes>[1] = {}) =>
  importBytes(Buffer.from(lines), options);

describe("a mapping's conventions", () => {
  const rows = "t,in,out,cached\n2026-10-05 08:00:00,10,5,30\n2026-10-05 08:00:01,7,1,\n";
  const named = { arrival: "t", promptTokens: "in", outputTokens: "out", cachedTokens: "cached" };

  test("cached tokens beside the prompt are added to it, in CSV and in JSON lines", () => {
    const mapping = { ...named, cachedTokensAre: "besidePrompt" as const };
    const { columns, result } = text(rows, { mapping });
    expect([...columns.promptTokens]).toEqual([40, 7]);
    expect(result.rejected.count).toBe(0);
    expect(result.notes.join()).toContain('"cached" was added to "in"');
    const json = text('{"t":1,"in":10,"out":5,"cached":30}\n{"t":2,"in":7,"out":1}\n', { mapping });
    expect([...json.columns.promptTokens]).toEqual([40, 7]);
  });

  test("a prompt that becomes too large with its cached tokens is rejected", () => {
    const mapping = { ...named, cachedTokensAre: "besidePrompt" as const };
    const { result } = text("t,in,out,cached\n1,2147483647,5,30\n2,7,1,1\n", { mapping });
    expect(result.rejected.byReason).toEqual({ tooLarge: 1 });
  });

  test("clock times without a zone are read in the zone given, those with one are not moved", () => {
    const beside = { ...named, cachedTokensAre: "besidePrompt" as const };
    const options = { mapping: { ...beside, utcOffsetMinutes: 330 } };
    const { columns, result } = text(rows, options);
    expect(columns.origin).toMatchObject({ epochMs: Date.UTC(2026, 9, 5, 2, 30) });
    expect(result.notes.join()).toContain("read as UTC+05:30");
    const zoned = text(rows.replaceAll(",10,", "Z,10,").replaceAll(",7,", "Z,7,"), options);
    expect(zoned.columns.origin).toMatchObject({ epochMs: Date.UTC(2026, 9, 5, 8) });
    const epoch = text(rows.replace(/2026-10-05 08:00:0/g, "179118720"), options);
    expect(epoch.columns.origin).toMatchObject({ epochMs: 1_791_187_200_000 });
  });
});

describe("CSV of unknown schema", () => {
  test("columns are guessed by their names and the guess is said", () => {
    const { result, summary } = text(
      'id,created_at,model,prompt_tokens,completion_tokens,team_id\na,2026-10-05 08:00:01.132,"gpt, 4",10,5,red\nb,2026-10-05 08:00:02,gpt,7,1,blue\n',
    );
    expect(result).toMatchObject({
      format: "csv",
      rows: 2,
      models: ["gpt, 4", "gpt"],
      tenants: ["red", "blue"],
    });
    expect(result.notes[0]).toContain('arrival = "created_at", promptTokens = "prompt_tokens"');
    expect(summary.totals).toEqual({ promptTokens: 17, outputTokens: 6 });
  });

  test("a mapping names the columns, and other delimiters are found", () => {
    const { columns, result } = text("wann;rein;raus\n5;10;1\n7.5;20;2\n", {
      mapping: { arrival: "wann", promptTokens: "rein", outputTokens: "raus", timeUnit: "ms" },
    });
    expect([...columns.arrivalNs]).toEqual([0, 2_500_000]);
    expect(result.columns).toEqual({ arrival: "wann", promptTokens: "rein", outputTokens: "raus" });
  });

  test("an empty name in a mapping reads no column, though one has the name", () => {
    const lines = "time,prompt_tokens,output_tokens,team,tag\n1,2,3,red,chat\n2,3,4,blue,\n";
    const guessed = text(lines);
    expect(guessed.columns.tenants).toEqual(["red", "blue"]);
    expect(guessed.columns.tags).toEqual(["chat", ""]);
    expect([...(guessed.columns.tagIndex ?? [])]).toEqual([0, 1]);
    const { columns, result } = text(lines, { mapping: { tenant: "", tag: "" } });
    expect(columns.tenants).toEqual([]);
    expect(columns).not.toHaveProperty("tags");
    expect(result.columns).not.toHaveProperty("tenant");
    expect(() => text(lines, { mapping: { promptTokens: "" } })).toThrow(
      /mapping names the column/,
    );
  });

  test("a mapped column must stand in the header once; others may stand there twice", () => {
    const mapping = { arrival: "t", promptTokens: "in", outputTokens: "out" };
    expect(() => text("t,in,out,in\n1,2,3,4\n", { mapping })).toThrow(
      /"in" stands in the header twice, as columns 2 and 4/,
    );
    expect(text("t,x,in,out,x\n1,2,3,4,5\n", { mapping }).result.rows).toBe(1);
  });

  test("a mapping to a column that is not there is refused with the columns found", () => {
    expect(() => text("a,b,c\n1,2,3\n", { mapping: { arrival: "time" } })).toThrow(
      /"time" for arrival.*"a", "b", "c"/,
    );
  });

  test.each([
    ["1791187201", "1791187202.5", 1_500_000_000, "calendar"],
    ["1791187201132", "1791187201133", 1_000_000, "calendar"],
    ["1791187201132000", "1791187201132001", 1000, "calendar"],
    ["1791187201132000000", "1791187201132000001", 1, "calendar"],
    ["0.5", "2", 1_500_000_000, "relative"],
    ["2026-10-05T08:00:01.132Z", "2026-10-05T10:00:02.132+02:00", 1_000_000_000, "calendar"],
  ])("times such as %s are told by their size", (first, second, gapNs, kind) => {
    const { columns } = text(`time,input_tokens,output_tokens\n${first},1,1\n${second},1,1\n`);
    expect(columns.arrivalNs[1]).toBe(gapNs);
    expect(columns.origin.kind).toBe(kind);
  });

  test("a unit in the column's name counts more than the size", () => {
    const { columns, result } = text("arrival_ms,input_tokens,output_tokens\n0,1,1\n1500,1,1\n");
    expect(columns.arrivalNs[1]).toBe(1_500_000_000);
    expect(result.notes.join()).toContain("milliseconds from the start");
  });

  test("ragged rows and open quotes are rejected by line, with rows around them intact", () => {
    const { result, summary } = text(
      'time,input_tokens,output_tokens,note\n1,1,1,x\n2,1,1\n3,1,1,"a\nb"\n4,1,1,x,y\n5,"1"2,1,x\n6,1,1,\n7,NaN,1,x\n8,1,1,"open\n9,1,1,x\n',
    );
    expect(result.rejected.rows.map(({ line, reason }) => [line, reason])).toEqual([
      [3, "wrongColumnCount"],
      [6, "wrongColumnCount"],
      [7, "malformedQuote"],
      [9, "nan"],
      [10, "unclosedQuote"],
    ]);
    expect(summary.rows).toBe(3);
  });

  test("cached tokens above the prompt are rejected, empty ones are unknown", () => {
    const { result, columns } = text(
      "time,input_tokens,cached_tokens,output_tokens\n1,10,8,1\n2,10,,1\n3,10,11,1\n",
    );
    expect([...(columns.cachedTokens ?? [])]).toEqual([8, 0]);
    expect(result.rejected.byReason).toEqual({ cachedAbovePrompt: 1 });
  });
});

describe("JSON lines of unknown schema", () => {
  test("keys are guessed, also inside objects", () => {
    const { result, columns } = text(
      '{"request":{"model":"m","request_received_ms":1791187201132,"input_tokens":12,"output_tokens":3,"cached_tokens":4}}\n{"request":{"model":"n","request_received_ms":1791187201133,"input_tokens":1,"output_tokens":1,"cached_tokens":0}}\n',
    );
    expect(result.columns.promptTokens).toBe("request.input_tokens");
    expect([...columns.arrivalNs]).toEqual([0, 1e6]);
    expect([...(columns.cachedTokens ?? [])]).toEqual([4, 0]);
    expect(columns.models).toEqual(["m", "n"]);
  });

  test("lists of names are tags, told by their key too", () => {
    const lines =
      '{"ts":1,"prompt_tokens":2,"output_tokens":3,"request_tags":["prod","chat"]}\n' +
      '{"ts":2,"prompt_tokens":2,"output_tokens":3,"request_tags":[]}\n{"ts":3,"prompt_tokens":2,"output_tokens":3}\n';
    const { columns, result } = text(lines);
    expect(result.columns.tag).toBe("request_tags");
    expect(columns.tags).toEqual(['["prod","chat"]', "[]", ""]);
  });

  test("a mapping names paths or keys with dots in them", () => {
    const { summary } = text('{"t":1,"a.b":2,"c":{"d":3}}\n', {
      mapping: { arrival: "t", promptTokens: "a.b", outputTokens: "c.d" },
    });
    expect(summary.totals).toEqual({ promptTokens: 2, outputTokens: 3 });
  });

  test("nanosecond epochs are exact", () => {
    const { columns } = text(
      '{"ts":1791187201132000001,"input_tokens":1,"output_tokens":1}\n{"ts":1791187201132000004,"input_tokens":1,"output_tokens":1}\n',
    );
    expect([...columns.arrivalNs]).toEqual([0, 3]);
  });

  test("a line without a key is rejected", () => {
    const { result } = text(
      '{"ts":1,"input_tokens":1,"output_tokens":1}\n\n{"ts":1,"input_tokens":null,"output_tokens":1}\n{"ts":2,"output_tokens":1}\n',
    );
    expect(result.blankLines).toBe(1);
    expect(result.rejected.rows.map(({ line, reason, field }) => [line, reason, field])).toEqual([
      [3, "missingValue", "input_tokens"],
      [4, "missingKey", "input_tokens"],
    ]);
  });

  test("keys of Object.prototype are no values", () => {
    const { result } = text(
      '{"ts":1,"input_tokens":1,"output_tokens":1}\n{"__proto__":{"ts":1}}\n',
    );
    expect(result.rejected.byReason).toEqual({ missingKey: 1 });
  });
});

describe("Crossover's own CSV", () => {
  test("imports back to the same columns", () => {
    const name = fc.constantFrom("a", "b, c", 'd "e"', "ü", "two\nlines", "");
    const row = fc.tuple(
      fc.nat({ max: 2_000_000_000 }),
      fc.nat({ max: 50_000 }),
      fc.nat(),
      fc.nat(),
      name,
      name,
      fc.constantFrom("chat", '["prod","chat"]', ""),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const lines = rows.map(([ns, s, prompt, output, model, tenant, tag]) =>
          JSON.stringify({
            ts: decimalSeconds(s * 1e9 + ns),
            prompt_tokens: prompt,
            output_tokens: output,
            cached_tokens: Math.floor(prompt / 2),
            model,
            tenant,
            tag,
          }),
        );
        const { columns } = text(lines.join("\n"));
        const again = text([...canonicalCsvLines(columns)].join(""));
        expect(again.result.format).toBe("crossover");
        const { models, tenants, tags, modelIndex, tenantIndex, tagIndex, ...numbers } = columns;
        expect(again.columns).toMatchObject(numbers);
        const namesOf = (c: typeof columns) =>
          Array.from({ length: c.count }, (_, i) => [
            c.models[c.modelIndex?.[i] ?? 0],
            c.tenants[c.tenantIndex?.[i] ?? 0],
            c.tags?.[c.tagIndex?.[i] ?? 0],
          ]);
        expect(namesOf(again.columns)).toEqual(namesOf(columns));
      }),
      { numRuns: 60 },
    );
  });
});
