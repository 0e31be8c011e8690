import { describe, expect, test } from "vitest";
import { providersOnly } from "../../shared/planning/fixtures/providersOnly.ts";
import { InlineRunner } from "../../shared/planning/jobs/inlineRunner.ts";
import { JobCancelled } from "../../shared/planning/jobs/job.ts";
import type { JobRunner } from "../../shared/planning/jobs/jobs.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";
import { CachedRunner, type ResultStore } from "./cachedRunner.ts";
import { digestTrace, ValueDigests } from "./jobKeys.ts";

const scenario = providersOnly({ requests: 50 });

const trace = (arrivalNs: number[]): TraceColumns => ({
  count: arrivalNs.length,
  arrivalNs: Float64Array.from(arrivalNs),
  promptTokens: new Int32Array(arrivalNs.length),
  outputTokens: new Int32Array(arrivalNs.length),
  models: [],
  tenants: [],
  origin: { kind: "relative" },
});

/** A store in memory, and a runner that counts what it runs. */
function setUp() {
  const kept = new Map<string, string>();
  const store: ResultStore = {
    get: (key) => kept.get(key),
    put: (key, text) => kept.set(key, text),
  };
  const ran: number[] = [];
  const inline = new InlineRunner(new Map());
  const inner: JobRunner = {
    run: (name, inputs, watcher) => {
      ran.push(inputs.length);
      return inline.run(name, inputs, watcher);
    },
  };
  const open = (fingerprint = "engine", traces = new Map<string, TraceColumns>()) =>
    new CachedRunner(inner, store, () => fingerprint, traces);
  return { kept, ran, open };
}
const inputs = [0, 1, 2].map((replication) => ({ scenario, replication }));

describe("a runner with earlier results", () => {
  test("runs only what is new, and gives the same bytes", async () => {
    const { ran, open } = setUp();
    const seen: [number, boolean][] = [];
    const first = await open().run("point", inputs.slice(0, 2));
    const second = await open().run("point", inputs, {
      onResult: (index, _output, isCached) => seen.push([index, isCached]),
    });
    expect(ran).toEqual([2, 1]);
    expect(seen).toEqual([
      [0, true],
      [1, true],
      [2, false],
    ]);
    const plain = await new InlineRunner(new Map()).run("point", inputs);
    expect(JSON.stringify(second)).toBe(JSON.stringify(plain));
    expect(JSON.stringify(first)).toBe(JSON.stringify(plain.slice(0, 2)));
  });

  test("runs equal jobs of one call once", async () => {
    const { ran, open } = setUp();
    const runner = open();
    const outputs = await runner.run("point", [inputs[0], inputs[1], inputs[0], { ...inputs[1] }]);
    expect(ran).toEqual([2]);
    expect(outputs[2]).toEqual(outputs[0]);
    expect(outputs[3]).toEqual(outputs[1]);
    expect(runner.counts).toEqual({ found: 2, run: 2 });
  });

  test("runs all again when the engine, a trace or an input is another", async () => {
    const { ran, open } = setUp();
    await open().run("point", inputs);
    await open("another engine").run("point", inputs);
    await open("engine", new Map([["a", trace([0, 1])]])).run("point", inputs);
    await open("engine", new Map([["a", trace([0, 2])]])).run("point", inputs);
    await open("engine", new Map([["b", trace([0, 2])]])).run("point", inputs);
    await open().run("point", [{ ...inputs[0], seed: 5 }]);
    expect(ran).toEqual([3, 3, 3, 3, 3, 1]);
  });

  test("keeps what came before a cancel", async () => {
    const { kept, open } = setUp();
    const watcher = { isCancelled: () => kept.size === 2 };
    await expect(open().run("point", inputs, watcher)).rejects.toThrow(JobCancelled);
    expect(kept.size).toBe(2);
  });

  test("tells progress over all jobs, those from the store included", async () => {
    const { open } = setUp();
    await open().run("point", inputs.slice(0, 1));
    const shares: number[] = [];
    await open().run("point", inputs, { onProgress: (share) => shares.push(share) });
    expect(shares[0]).toBeGreaterThanOrEqual(1 / 3);
    expect(shares[shares.length - 1]).toBe(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  });
});

describe("digests", () => {
  test("do not depend on the order of members or on members that are undefined", () => {
    const digests = new ValueDigests();
    expect(digests.digest({ a: 1, b: [1, { c: "x" }], d: undefined })).toBe(
      digests.digest({ b: [1, { c: "x" }], a: 1 }),
    );
  });

  test.each([
    [{ a: 1 }, { a: "1" }],
    [[1, 2], [12]],
    [{ a: [] }, { a: {} }],
    [{ a: null }, {}],
    [["a", "b"], [["a", "b"]]],
    [{ a: { b: 1 } }, { a: 1, b: 1 }],
  ])("tell %j from %j", (a, b) => {
    const digests = new ValueDigests();
    expect(digests.digest(a)).not.toBe(digests.digest(b));
  });

  test("refuse what JSON cannot say", () => {
    expect(() => new ValueDigests().digest({ a: Number.NaN })).toThrow("JSON has no NaN");
  });

  test("of a trace see every column", () => {
    const plain = trace([0, 1]);
    const others: TraceColumns[] = [
      trace([0, 1]),
      { ...plain, arrivalNs: Float64Array.of(0, 2) },
      { ...plain, promptTokens: Int32Array.of(1, 0) },
      { ...plain, outputTokens: Int32Array.of(1, 0) },
      { ...plain, failed: Uint8Array.of(0, 1) },
      { ...plain, failed: Uint8Array.of(0, 0) },
      { ...plain, cachedTokens: Int32Array.of(0, 0) },
      { ...plain, tenants: ["a"] },
      { ...plain, tags: ["a", "b"], tagIndex: Int32Array.of(0, 1) },
      { ...plain, tags: ["a", "b"], tagIndex: Int32Array.of(1, 0) },
      { ...plain, origin: { kind: "calendar", epochMs: 0, zone: "utc" } },
    ];
    const digests = others.map(digestTrace);
    expect(digests[0]).toBe(digestTrace(plain));
    expect(new Set(digests).size).toBe(others.length);
  });

  test("of a trace without tags are those of before there were tags", () => {
    const untagged: TraceColumns = {
      ...{ count: 2, arrivalNs: Float64Array.of(0, 5) },
      ...{ promptTokens: Int32Array.of(1, 2), outputTokens: Int32Array.of(3, 4) },
      ...{ modelIndex: Uint16Array.of(0, 0), models: ["m"], tenants: [] },
      origin: { kind: "relative" },
    };
    expect(digestTrace(untagged)).toBe(
      "04336aa9fa7cba1fd316d1c48ffe214210c936af29e2f68c58d656ae3d1f5bf9",
    );
  });
});
