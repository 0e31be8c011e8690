import { afterEach, describe, expect, test } from "vitest";
import { providersOnly } from "../../shared/planning/fixtures/providersOnly.ts";
import { InlineRunner } from "../../shared/planning/jobs/inlineRunner.ts";
import { JobCancelled } from "../../shared/planning/jobs/job.ts";
import type { RunReach } from "../../shared/planning/runReach.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";
import { InputError } from "../../shared/units/errors.ts";
import { WorkerPool } from "./workerPool.ts";

const entry = new URL("./testWorker.ts", import.meta.url);
const pools: WorkerPool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

function open(workers: number, options: object = {}) {
  const pool = new WorkerPool({ workers, entry, ...options });
  pools.push(pool);
  return pool;
}
const none = new Map<string, TraceColumns>();
const waits = (...ms: number[]) => ms.map((each, index) => ({ ms: each, answer: index }));

describe("a pool of workers", () => {
  test("gives results in the order of the inputs, however long each job takes", async () => {
    const seen: number[] = [];
    const outputs = await open(3)
      .runner(none)
      .runAny("wait", waits(1000, 1, 40, 1, 1), { onResult: (index) => seen.push(index) });
    expect(outputs).toEqual([0, 1, 2, 3, 4]);
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(seen[seen.length - 1]).toBe(0);
  });

  test("keeps its threads between calls, and starts no more than there is work for", async () => {
    const runner = open(8).runner(none);
    expect(await runner.runAny("count", [{}], {})).toEqual([1]);
    expect(await runner.runAny("count", [{}], {})).toEqual([2]);
    expect(await runner.runAny("count", [], {})).toEqual([]);
  });

  test("lets calls run side by side", async () => {
    const pool = open(2);
    const [a, b] = await Promise.all([
      pool.runner(none).runAny("wait", waits(30, 30, 30), {}),
      pool.runner(none).runAny("wait", waits(1, 1), {}),
    ]);
    expect([a, b]).toEqual([
      [0, 1, 2],
      [0, 1],
    ]);
  });

  test("tells how far a single run has come, nulls as nulls, and nothing of it for the next job", async () => {
    const reach: RunReach = {
      ...{ simulatedS: 1234.5, horizonS: null, arrived: 12, requests: 3_000_000 },
      ...{ ttftMeanMs: 431.2, spilledShare: null },
    };
    const runner = open(1).runner(none);
    const seen: (RunReach | undefined)[] = [];
    const run = runner.runAny("reach", [{ reach }], {
      onProgress: (_share, told) => seen.push(told),
      isCancelled: () => seen.some((told) => told !== undefined),
    });
    await expect(run).rejects.toThrow(JobCancelled);
    expect(seen[seen.length - 1]).toEqual(reach);
    seen.length = 0;
    await runner.runAny("wait", waits(80), { onProgress: (_share, told) => seen.push(told) });
    expect(seen.every((told) => told === undefined)).toBe(true);
  });

  test("hands traces over in shared memory, by the runner that they belong to", async () => {
    const trace = (arrivalNs: number[]): TraceColumns => ({
      count: arrivalNs.length,
      arrivalNs: Float64Array.from(arrivalNs),
      promptTokens: new Int32Array(arrivalNs.length),
      outputTokens: new Int32Array(arrivalNs.length),
      models: [],
      tenants: [],
      origin: { kind: "relative" },
    });
    const pool = open(1);
    const first = pool.runner(new Map([["a", trace([1, 2])]]));
    const second = pool.runner(new Map([["a", trace([5])]]));
    expect(await first.runAny("trace", [{ id: "a" }, { id: "b" }], {})).toEqual([
      [3, true],
      [null, false],
    ]);
    expect(await second.runAny("trace", [{ id: "a" }], {})).toEqual([[5, true]]);
    first.release();
    expect(await first.runAny("trace", [{ id: "a" }], {})).toEqual([[3, true]]);
  });

  test("tells progress as the sum of shares, up to the whole", async () => {
    const seen: number[] = [];
    let isCancelled = false;
    const runner = open(2).runner(none);
    const onProgress = (share: number) => {
      seen.push(share);
      if (share >= 0.5) isCancelled = true;
    };
    const watcher = { onProgress, isCancelled: () => isCancelled };
    await expect(runner.runAny("untilCancelled", [{}, {}], watcher)).rejects.toThrow(JobCancelled);
    expect(Math.max(...seen)).toBe(0.5);
    await runner.runAny("wait", waits(1, 1), { onProgress: (share) => seen.push(share) });
    expect(seen[seen.length - 1]).toBe(1);
  });

  test("ends within a second when it is cancelled, and keeps the results that came", async () => {
    const runner = open(2).runner(none);
    await runner.runAny("count", [{}, {}], {});
    const seen: number[] = [];
    const startMs = Date.now();
    const watcher = {
      isCancelled: () => Date.now() - startMs > 100,
      onResult: (index: number) => seen.push(index),
    };
    const work = runner.runAny("wait", waits(1, 1, 1, 2500, 2500, 2500), watcher);
    await expect(work).rejects.toThrow(JobCancelled);
    expect(Date.now() - startMs).toBeLessThan(1100);
    expect(seen.sort()).toEqual([0, 1, 2]);
  });

  test("stops a thread whose job hangs, and starts another for the next call", async () => {
    const runner = open(1, { graceMs: 100 }).runner(none);
    const startMs = Date.now();
    const isCancelled = () => Date.now() - startMs > 50;
    await expect(runner.runAny("hang", [{}], { isCancelled })).rejects.toThrow(JobCancelled);
    expect(Date.now() - startMs).toBeLessThan(1100);
    expect(await runner.runAny("count", [{}], {})).toEqual([1]);
  });

  test("throws the error of the lowest index, though a later one came first, and cancels what comes after", async () => {
    const runner = open(3).runner(none);
    await runner.runAny("count", [{}, {}, {}], {});
    const inputs = [
      { ms: 1 },
      { ms: 150, message: "second" },
      { ms: 1, message: "third" },
      { ms: 1, message: "fourth" },
    ];
    const error = await runner.runAny("maybeFail", inputs, {}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "RangeError", message: "second" });
  });

  test("carries an InputError with its field and hint", async () => {
    const work = open(1)
      .runner(none)
      .runAny("fail", [{ ms: 0, message: "no" }], {});
    const error = await work.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ message: "no", field: "input", hint: "mend it" });
  });

  test("names the job whose thread died, and goes on with a new one", async () => {
    const runner = open(1).runner(none);
    await expect(runner.runAny("die", [{}], {})).rejects.toThrow(
      /worker thread that ran job 1 of 1 \("die"\) ended: boom/,
    );
    expect(await runner.runAny("count", [{}], {})).toEqual([1]);
  });

  test("passes on what a watcher throws", async () => {
    const onResult = () => {
      throw new Error("the disk is full");
    };
    const work = open(1).runner(none).runAny("wait", waits(1, 1), { onResult });
    await expect(work).rejects.toThrow("the disk is full");
  });

  test("ends calls under way when it is closed", async () => {
    const pool = open(1);
    const work = pool.runner(none).runAny("untilCancelled", [{}, {}], {});
    const ended = expect(work).rejects.toThrow(JobCancelled);
    await pool.close();
    await ended;
  });
});

describe("the house's own jobs on threads", () => {
  const scenario = providersOnly({ durationS: 600 });
  const inputs = [0, 1, 2, 3, 4].map((replication) => ({ scenario, replication }));

  test.each([1, 2, 5])("give the bytes of the calling thread with %i workers", async (workers) => {
    const pool = open(workers, { entry: undefined });
    const inline = await new InlineRunner(none).run("point", inputs);
    const threaded = await pool.runner(none).run("point", inputs);
    expect(JSON.stringify(threaded)).toBe(JSON.stringify(inline));
  });
});
