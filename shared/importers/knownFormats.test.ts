import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { importBytes } from "./fixtures/importBytes.ts";

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const text = (lines: string) => importBytes(Buffer.from(lines));
const azureHeader = "TIMESTAMP,ContextTokens,GeneratedTokens\r\n";

describe("Azure traces", () => {
  test("the published conversation trace has its totals to the last token", () => {
    const sample = new URL("../../data/samples/AzureLLMInferenceTrace_conv.csv", import.meta.url);
    const { summary, result, columns } = importBytes(readFileSync(sample));
    expect(result.rejected.count).toBe(0);
    expect(summary.rows).toBe(19_366);
    expect(summary.totals).toEqual({ promptTokens: 22_361_870, outputTokens: 4_088_665 });
    expect(summary.durationS).toBe(3501.721937);
    expect(summary.peakRps).toEqual({ in1S: 16, in10S: 9.8, in60S: 8.45 });
    expect(summary.interArrivalCv).toBeCloseTo(1.094, 3);
    expect(summary.minuteCountCv).toBeCloseTo(0.22, 3);
    expect(summary.promptTokens).toMatchObject({ p50: 1020, p90: 2734.5, p99: 4142, max: 14_050 });
    expect(summary.outputTokens).toMatchObject({ p50: 129, p90: 424, p99: 601, max: 1000 });
    expect(columns.arrivalNs[19_365]).toBe(3_501_721_937_000);
  });

  test("the last line counts although it has no line end, and CRLF is no part of a value", () => {
    const { result, summary } = importBytes(fixture("azure2023.csv"));
    expect(result.rows).toBe(3);
    expect(summary.totals).toEqual({ promptTokens: 1649, outputTokens: 208 });
  });

  test("times are exact to 100 ns", () => {
    const { columns } = importBytes(fixture("azure2023.csv"));
    expect([...columns.arrivalNs]).toEqual([0, 4_314_579_000, 4_541_877_000]);
  });

  test("times without a zone count as UTC and the result says so", () => {
    const { result, columns } = importBytes(fixture("azure2023.csv"));
    expect(columns.origin).toEqual({
      kind: "calendar",
      epochMs: Date.UTC(2023, 10, 16, 18, 15, 46) + 680.59,
      zone: "assumedUtc",
    });
    expect(result.notes.join()).toContain("read as UTC");
  });

  test("a zone and any number of fractional digits up to nine are understood", () => {
    const { columns, result } = text(
      `${azureHeader}2024-05-10 00:00:00+00:00,1,1\n2024-05-10 00:00:00.5+00:00,1,1\n2024-05-10T02:00:01.123456789+02:00,1,1\n2024-05-10 00:00:02.0099300Z,1,1`,
    );
    expect([...columns.arrivalNs]).toEqual([0, 5e8, 1_123_456_789, 2_009_930_000]);
    expect(result.clock).toEqual({ kind: "calendar", zone: "utc" });
  });

  test("the images column of 2025 is passed over", () => {
    const { summary, result } = importBytes(fixture("azure2025.csv"));
    expect(result.format).toBe("azure");
    expect(summary.totals).toEqual({ promptTokens: 1712, outputTokens: 99 });
  });

  test("a byte order mark before the header does no harm", () => {
    expect(text(`\uFEFF${azureHeader}2023-11-16 18:15:46,1,2\n`).result.rows).toBe(1);
  });

  test("unsorted rows are sorted by arrival, equal ones in file order, and the result says so", () => {
    const { columns, result, summary } = text(
      `${azureHeader}2023-11-16 18:15:47,1,1\n2023-11-16 18:15:46,2,2\n2023-11-16 18:15:47,3,3\n`,
    );
    expect([...columns.promptTokens]).toEqual([2, 1, 3]);
    expect([...columns.arrivalNs]).toEqual([0, 1e9, 1e9]);
    expect(summary).toMatchObject({ sorted: false, outOfOrder: 1, interArrivalCv: undefined });
    expect(result.notes.join()).toContain("Rows were sorted by arrival");
  });
});

describe("Vidur traces", () => {
  test("arrived_at counts seconds from the start", () => {
    const { columns, result } = importBytes(fixture("vidur.csv"));
    expect(result.format).toBe("vidur");
    expect([...columns.arrivalNs]).toEqual([0, 4_314_579_000]);
    expect(columns.origin).toEqual({ kind: "relative" });
  });

  test("seconds in Python's small notation and with a float's rounding noise are read to the nanosecond", () => {
    const { columns } = text(
      "arrived_at,num_prefill_tokens,num_decode_tokens\n0.0,1,1\n1e-05,1,1\n0.30000000000000004,1,1\n",
    );
    expect([...columns.arrivalNs]).toEqual([0, 10_000, 3e8]);
  });

  test("a list of lengths is refused because it has no arrival times", () => {
    const lengths = "num_prefill_tokens,num_decode_tokens,num_total_tokens,pd_ratio\n1,2,3,0.5\n";
    expect(() => text(lengths)).toThrow(/without arrival times/);
  });
});

describe("BurstGPT traces", () => {
  test("failed rows are kept and marked, and models are counted", () => {
    const { columns, summary, result } = importBytes(fixture("burstGpt1.csv"));
    expect(result.format).toBe("burstGpt");
    expect([...(columns.failed ?? [])]).toEqual([0, 0, 0, 1]);
    expect([...(columns.modelIndex ?? [])].map((model) => columns.models[model])).toEqual([
      "ChatGPT",
      "ChatGPT",
      "GPT-4",
      "GPT-4",
    ]);
    expect(summary.models[1]).toEqual({
      model: "GPT-4",
      requests: 2,
      promptTokens: 717,
      outputTokens: 276,
    });
    expect(columns.origin).toEqual({ kind: "relative" });
  });

  test("the kind of log is the tag", () => {
    const { columns, result } = importBytes(fixture("burstGpt1.csv"));
    const tags = [...(columns.tagIndex ?? [])].map((tag) => columns.tags?.[tag]);
    expect(tags).toEqual([...new Array(3).fill("Conversation log"), "API log"]);
    expect(result.columns.tag).toBe("Log Type");
    expect(importBytes(fixture("azure2023.csv")).columns).not.toHaveProperty("tags");
  });

  test("failed rows are left out when that is asked for", () => {
    const { result } = importBytes(fixture("burstGpt1.csv"), { failedRequests: "exclude" });
    expect(result).toMatchObject({ rows: 3, failedRows: 1, excludedFailed: 1 });
  });

  test("the third edition has sessions and elapsed times between", () => {
    const { summary } = importBytes(fixture("burstGpt3.csv"));
    expect(summary.totals).toEqual({ promptTokens: 772, outputTokens: 18 });
  });

  test("0 request tokens with an answer are taken", () => {
    const rows =
      "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,GPT-4,0,7,7,API log\n";
    expect(text(rows).summary).toMatchObject({ rows: 1, zeroPromptRows: 1 });
  });

  test("quoted and non-ASCII names are the names inside the quotes", () => {
    const { columns } = text(
      'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,"GPT-4, ""turbo""",1,7,8,"API\nlog"\n6,"GPT-4",1,7,8,API log\n7,Größe,1,7,8,API log\n8,GPT-4,1,1,2,x\n',
    );
    expect(columns.models).toEqual(['GPT-4, "turbo"', "GPT-4", "Größe"]);
    expect([...(columns.modelIndex ?? [])]).toEqual([0, 1, 2, 1]);
  });

  test("whole-second ticks with many rows on each are pointed out", () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${Math.floor(i / 5)},M,1,1,2,x\n`).join("");
    const { result } = text(
      `Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n${rows}`,
    );
    expect(result.notes.join()).toContain("spreadWithinTickS to 1");
  });
});

describe("Mooncake and Bailian traces", () => {
  test("Mooncake counts milliseconds and blocks of 512 tokens", () => {
    const { columns, summary, result } = importBytes(fixture("mooncake.jsonl"));
    expect(result.format).toBe("mooncake");
    expect([...columns.arrivalNs]).toEqual([0, 3e9]);
    expect([...(columns.prefix?.ids ?? [])]).toEqual([0, 1, 2, 0, 1, 3]);
    expect([...(columns.prefix?.offsets ?? [])]).toEqual([0, 3, 6]);
    expect([...(columns.prefix?.idTokens ?? [])]).toEqual([512, 512, 512, 512]);
    expect(summary.prefix).toMatchObject({ reusableTokens: 1024, blocks: 6, uniqueBlocks: 4 });
  });

  test("Bailian is told by chat_id, counts seconds and blocks of 16 tokens", () => {
    const { columns, result, summary } = importBytes(fixture("bailian.jsonl"));
    expect(result.format).toBe("bailian");
    expect([...columns.arrivalNs]).toEqual([0, 13_386_000_000]);
    expect(columns.prefix?.idTokens[0]).toBe(16);
    expect(summary.prefix?.reusableTokens).toBe(48);
  });

  test("reuse is the longest known prefix, not the set of known ids, and ends with the prompt", () => {
    const line = (ids: number[], tokens: number) =>
      `${JSON.stringify({ timestamp: 0, input_length: tokens, output_length: 1, hash_ids: ids })}\n`;
    const { summary } = text(
      line([7, 8], 600) + line([7, 9, 8], 1500) + line([7, 8], 600) + line([7, 9], 1024),
    );
    expect(summary.prefix?.reusableTokens).toBe(0 + 512 + 600 + 1024);
    expect(summary.prefix?.reusableBlockShare).toBeCloseTo(5 / 9, 12);
  });

  test("ids above 2^53 stay different", () => {
    const { columns } = text(
      '{"timestamp":0,"input_length":1024,"output_length":1,"hash_ids":[18446744073709551614, 18446744073709551615]}\n',
    );
    expect([...(columns.prefix?.ids ?? [])]).toEqual([0, 1]);
  });

  test("a wrong number of ids is a warning, and the row is kept", () => {
    const { result, columns } = text(
      '{"timestamp":0,"input_length":600,"output_length":1,"hash_ids":[1,2,3]}\n{"timestamp":1,"input_length":600,"output_length":1,"hash_ids":[1]}\n',
    );
    expect(result).toMatchObject({ rows: 2, rejected: { count: 0 } });
    expect(result.warnings[0]).toContain("2 rows have another number of hash_ids");
    expect([...(columns.prefix?.ids ?? [])]).toEqual([0, 1, 0]);
  });

  test("the 3 s tick of the real conversation trace is pointed out", () => {
    const lines = Array.from({ length: 300 }, (_, i) =>
      JSON.stringify({ timestamp: Math.floor(i / 10) * 3000, input_length: 1, output_length: 1 }),
    ).join("\n");
    const { result, summary } = text(lines);
    expect(summary.tickS).toBe(3);
    expect(result.notes.join()).toContain("300 rows stand on 30 distinct times");
  });

  test("prefix ids follow their rows when the rows are sorted", () => {
    const { columns } = text(
      '{"timestamp":9,"input_length":600,"output_length":1,"hash_ids":[1,2]}\n{"timestamp":1,"input_length":5,"output_length":1,"hash_ids":[3]}\n',
    );
    expect([...(columns.prefix?.ids ?? [])]).toEqual([2, 0, 1]);
    expect([...(columns.prefix?.offsets ?? [])]).toEqual([0, 1, 3]);
  });

  test("each unusable line is rejected with its number and reason", () => {
    const { result } = text(
      [
        '{"timestamp":0,"input_length":1,"output_length":1}',
        '{"timestamp":0,"input_length":1',
        '{"timestamp":0,"input_length":-1,"output_length":1}',
        '{"timestamp":0,"output_length":1}',
        '{"timestamp":NaN,"input_length":1,"output_length":1}',
        '{"timestamp":"soon","input_length":1,"output_length":1}',
        '{"timestamp":0,"input_length":1,"output_length":1.5}',
        '{"timestamp":0,"input_length":1,"output_length":1,"hash_ids":[{}]}',
        "[1]",
      ].join("\n"),
    );
    expect(result.rows).toBe(1);
    expect(result.rejected.rows.map(({ line, reason }) => [line, reason])).toEqual([
      [2, "malformedJson"],
      [3, "negative"],
      [4, "missingKey"],
      [5, "nan"],
      [6, "unreadableTime"],
      [7, "notWhole"],
      [8, "notANumber"],
      [9, "malformedJson"],
    ]);
  });
});
