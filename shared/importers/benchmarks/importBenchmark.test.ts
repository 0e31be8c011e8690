import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { InputError } from "../../units/errors.ts";
import { importBenchmark } from "./importBenchmark.ts";
import type { AssumedLoad } from "./measuredPoint.ts";

function fixture(name: string): string {
  return readFileSync(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)), "utf8");
}

function readFixture(name: string, assumed?: AssumedLoad) {
  return importBenchmark(fixture(name), name, assumed);
}

function edited(name: string, from: string | RegExp, to: string) {
  const text = fixture(name);
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return importBenchmark(changed, name);
}

describe("results of benchmark tools", () => {
  test.each([
    ["guidellm.json", "guidellm", "0.8.1"],
    ["aiperf.json", "aiperf", "0.13.0"],
    ["genaiPerf.json", "genai-perf", undefined],
    ["inferencePerf.json", "inference-perf", undefined],
    ["vllm.json", "vllm bench serve", undefined],
    ["sglang.jsonl", "sglang.bench_serving", undefined],
  ])("of %s become one point with the same units", (name, tool, toolVersion) => {
    const { points, problems } = readFixture(name);
    expect(problems).toEqual([]);
    expect(points).toHaveLength(1);
    const [point] = points;
    expect(point).toMatchObject({ tool, promptTokens: 1024, outputTokens: 128 });
    expect(point.source).toMatchObject({ file: name, toolVersion });
    expect(point.tpotMs.mean).toBeCloseTo(11.5, 9);
    expect(point.ttftMs?.mean).toBeCloseTo(88, 9);
    expect(point.requestsPerS).toBeCloseTo(4, 1);
    expect(point.outputTokensPerS).toBeGreaterThan(511);
    expect(point.outputTokensPerS).toBeLessThan(514);
  });

  it("say their load where the tool does", () => {
    expect(readFixture("guidellm.json").points[0]).toMatchObject({ rateRps: 4, requests: 480 });
    expect(readFixture("genaiPerf.json").points[0]).toMatchObject({ concurrency: 8 });
    expect(readFixture("vllm.json").points[0]).toMatchObject({ rateRps: 4, loadBasis: "stated" });
    const { points } = edited("vllm.json", '"max_concurrency": null', '"max_concurrency": 6');
    expect(points[0]).toMatchObject({ concurrency: 6 });
    expect(points[0].rateRps).toBe(undefined);
    expect(points[0].notes[0]).toContain("held the rate");
  });

  it("are estimated by Little's law where nobody says the load, with a note", () => {
    const [point] = readFixture("aiperf.json").points;
    expect(point).toMatchObject({ concurrency: 6, loadBasis: "estimated" });
    expect(point.notes.join()).toContain("Little's law");
    const [given] = readFixture("aiperf.json", { concurrency: 9 }).points;
    expect(given).toMatchObject({ concurrency: 9, loadBasis: "given", notes: [] });
  });

  it("take guidellm's inter-token latency, never its time per output token, which counts the first", () => {
    const { problems } = edited("guidellm.json", '"inter_token_latency_ms"', '"other"');
    expect(problems[0]).toMatchObject({
      place: "benchmarks[0]",
      field: "metrics.inter_token_latency_ms.successful.mean",
    });
  });

  it("that hold one benchmark after the other give each its point, and report the ones that are none", () => {
    const whole = JSON.parse(fixture("guidellm.json"));
    const [one] = whole.benchmarks;
    const streams = (count: number) => ({
      ...one,
      config: { strategy: { type_: "concurrent", streams: count } },
    });
    whole.benchmarks = [streams(1), { ...streams(4), metrics: {} }, 7, streams(16)];
    const { points, problems } = importBenchmark(JSON.stringify(whole, undefined, 2), "b.json");
    expect(points.map(({ concurrency }) => concurrency)).toEqual([1, 16]);
    expect(problems.map(({ place }) => place)).toEqual(["benchmarks[1]", "benchmarks[2]"]);
    expect(problems[0].message).toContain("--isl");
  });

  it("by request become one point, without warm-up, failed and broken requests", () => {
    const line = JSON.parse(fixture("aiperfRecords.jsonl"));
    const at = (startS: number, more: object = {}) =>
      JSON.stringify({
        ...line,
        ...more,
        metadata: {
          ...line.metadata,
          request_start_ns: startS * 1e9,
          request_end_ns: (startS + 2) * 1e9,
        },
      });
    const warm = JSON.stringify({
      ...line,
      metadata: { ...line.metadata, benchmark_phase: "warmup" },
    });
    const lines = [warm, at(0), at(0), at(2), at(2), at(9, { error: { code: 500 } }), "{oops}"];
    const { points, problems } = importBenchmark(lines.join("\n"), "r.jsonl");
    expect(points).toHaveLength(1);
    expect(points[0]).toMatchObject({ requests: 4, concurrency: 2, requestsPerS: 1 });
    expect(points[0].tpotMs).toEqual({ mean: 11.4, p50: 11.4, p99: 11.4 });
    expect(problems.map(({ place }) => place)).toEqual(["line 6", "line 7"]);
  });

  it("take an unlimited rate in any spelling, Python's too, as all at once", () => {
    for (const rate of ['"inf"', "Infinity"]) {
      const { points } = edited("sglang.jsonl", '"request_rate": 4.0', `"request_rate": ${rate}`);
      expect(points[0]).toMatchObject({ concurrency: 480 });
      expect(points[0].notes[0]).toContain("at once");
    }
  });

  test.each([
    ["vllm.json", /"mean_tpot_ms": 11.5/, '"mean_tpot_ms": "fast"', "mean_tpot_ms"],
    ["vllm.json", '"completed": 480', '"completed": 0', "completed"],
    ["vllm.json", '"request_rate": 4.0', '"request_rate": -1', "request_rate"],
    [
      "vllm.json",
      '"total_output_tokens": 61440',
      '"total_output_tokens": 480',
      "total_output_tokens",
    ],
    ["aiperf.json", '"unit": "ms"', '"unit": "lightyears"', "request_latency.unit"],
    ["inferencePerf.json", '"mean": 1024.0', '"mean": 0', "successes.prompt_len.mean"],
  ])("in %s with %s broken name the field", (name, from, to, field) => {
    const { points, problems } = edited(name, from, to);
    expect(points).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0].field).toBe(field);
  });

  it("in other units than milliseconds are converted", () => {
    const { points } = edited(
      "aiperf.json",
      /("time_to_first_token": \{\s*"unit": )"ms"/,
      '$1"us"',
    );
    expect(points[0].ttftMs?.mean).toBeCloseTo(0.088, 9);
  });

  test.each([
    ["", "is empty"],
    ["[1]", "not a result of a known benchmark tool; found a list"],
    ['{"a": 1, "b": 2}', "found the keys a, b"],
    ['{"benchmarks": 3}', "wanted a list"],
    ["{", "not valid JSON"],
    ["plain text", "not valid JSON"],
  ])("are refused when they are %j", (text, message) => {
    expect(() => importBenchmark(text, "x.json")).toThrow(message);
  });

  it("never break the reader, whatever a field holds", () => {
    const document = JSON.parse(fixture("vllm.json"));
    const key = fc.constantFrom(...Object.keys(document));
    fc.assert(
      fc.property(key, fc.jsonValue(), (name, value) => {
        try {
          const text = JSON.stringify({ ...document, [name]: value });
          const { points, problems } = importBenchmark(text, "v.json");
          expect(points.length + problems.length).toBe(1);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
        }
      }),
    );
  });
});
