import { describe, expect, it } from "vitest";
import type { TraceColumns } from "../schema/traceColumns.ts";
import { traceSourceSchema } from "../schema/traffic.ts";
import { createRandomStream } from "../sim/random.ts";
import { nsPerS } from "../units/units.ts";
import { generateArrivals } from "./arrivals.ts";
import { buildReplay, inlineTrace } from "./replay.ts";
import type { SourceContext, SourceRequests } from "./sourceRequests.ts";

const context: SourceContext = {
  seed: 7,
  replication: 0,
  secondOfWeek: 0,
  horizonNs: Number.POSITIVE_INFINITY,
  lengthsOfTrace: () => ({ promptTokens: new Int32Array(0), outputTokens: new Int32Array(0) }),
};

/** An hour of traffic at 6 requests/s whose rate swings between a third and three times from minute to minute. */
function swingingTrace(): TraceColumns {
  const ratesRps = Array.from({ length: 60 }, (_, m) => 6 * Math.exp(1.1 * Math.sin(m * m)));
  const arrivals = generateArrivals(
    { process: "curve", windowS: 60, ratesRps, cv: 1.3 },
    {
      endNs: 3600 * nsPerS,
      limit: Number.POSITIVE_INFINITY,
      secondOfWeek: 0,
      stream: createRandomStream(1, "trace"),
      sourceId: "trace",
    },
  );
  const arrivalNs = arrivals.map((ns) => ns - arrivals[0]!);
  return {
    count: arrivalNs.length,
    arrivalNs,
    promptTokens: Int32Array.from(arrivalNs, (_, i) => 100 + (i % 50)),
    outputTokens: Int32Array.from(arrivalNs, (_, i) => 10 + (i % 7)),
    models: [],
    tenants: [],
    origin: { kind: "relative" },
  };
}

const trace = swingingTrace();

function replay(
  transforms: Record<string, number>,
  columns: TraceColumns = trace,
  with_: Partial<SourceContext> & { failedRequests?: string } = {},
): SourceRequests {
  const { failedRequests, ...rest } = with_;
  const source = traceSourceSchema.parse({ id: "t", kind: "trace", transforms, failedRequests });
  return buildReplay(source, columns, { ...context, ...rest });
}

function perMinute(arrivalNs: Float64Array): number[] {
  const counts = new Array<number>(60).fill(0);
  for (const ns of arrivalNs) counts[Math.min(59, Math.floor(ns / (60 * nsPerS)))]!++;
  return counts;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (x: readonly number[]): number => x.reduce((sum, v) => sum + v, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number): number =>
    x.reduce((sum, v, i) => sum + (v - mx) * (y[i]! - my), 0);
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb));
}

describe("replaying a trace", () => {
  it("unchanged gives its very rows", () => {
    const requests = replay({});
    expect([...requests.arrivalNs!]).toEqual([...trace.arrivalNs]);
    expect([...requests.promptTokens]).toEqual([...trace.promptTokens]);
    expect(requests.spanNs).toBe(trace.arrivalNs[trace.count - 1]);
    expect(requests.notes).toEqual([]);
  });

  it.each([0.25, 0.5, 1.7, 3, 10.5])(
    "at %f times its volume keeps its shape by the minute",
    (volume) => {
      const { arrivalNs, count } = replay({ volume });
      const wanted = trace.count * volume;
      expect(Math.abs(count - wanted)).toBeLessThanOrEqual(4 * Math.sqrt(trace.count * 0.25));
      expect(correlation(perMinute(arrivalNs!), perMinute(trace.arrivalNs))).toBeGreaterThan(0.99);
      expect(
        arrivalNs!.every((ns, i) => Number.isInteger(ns) && ns >= (arrivalNs![i - 1] ?? 0)),
      ).toBe(true);
      expect(arrivalNs![count - 1]).toBeLessThanOrEqual(trace.arrivalNs[trace.count - 1]!);
    },
  );

  it("keeps each kept row's tokens together when it is scaled", () => {
    const { promptTokens, outputTokens, rowKey } = replay({ volume: 2.5 });
    promptTokens.forEach((tokens, i) => {
      const row = rowKey![i]! % trace.count;
      expect([tokens, outputTokens[i]]).toEqual([trace.promptTokens[row], trace.outputTokens[row]]);
    });
  });

  it("thins by row, so that a smaller volume is a subset of a larger one", () => {
    const larger = new Set(replay({ volume: 0.6 }).rowKey);
    expect([...replay({ volume: 0.3 }).rowKey!].every((key) => larger.has(key))).toBe(true);
  });

  it("adds to the copies that there are when the volume rises", () => {
    const timeOf = (r: SourceRequests) =>
      new Map([...r.rowKey!].map((key, i) => [key, r.arrivalNs![i]]));
    const larger = timeOf(replay({ volume: 3 }));
    for (const [key, ns] of timeOf(replay({ volume: 2 }))) expect(larger.get(key)).toBe(ns);
  });

  it("keeps bursts: a silence stays silent and a rush grows by the factor", () => {
    const arrivalS = Array.from({ length: 1000 }, (_, i) => (i < 500 ? i * 0.01 : 600 + i));
    const bursts = inlineTrace(
      { arrivalS, promptTokens: arrivalS.map(() => 5), outputTokens: arrivalS.map(() => 5) },
      "t",
    );
    const { arrivalNs } = replay({ volume: 4 }, bursts);
    expect(arrivalNs!.filter((ns) => ns > 40 * nsPerS && ns < 1090 * nsPerS).length).toBe(0);
    expect(arrivalNs!.filter((ns) => ns <= 40 * nsPerS).length).toBe(2000);
  });

  it("plays twice as long at a time scale of two, and one window after another when repeated", () => {
    const slow = replay({ timeScale: 2 });
    expect([...slow.arrivalNs!]).toEqual([...trace.arrivalNs.map((ns) => 2 * ns)]);
    const twice = replay({ repeat: 2 });
    const lastNs = trace.arrivalNs[trace.count - 1]!;
    const period = twice.arrivalNs![trace.count]!;
    expect(twice.count).toBe(2 * trace.count);
    expect(period).toBe(Math.round((lastNs * trace.count) / (trace.count - 1)));
    expect([...twice.arrivalNs!.slice(trace.count)]).toEqual([
      ...trace.arrivalNs.map((ns) => ns + period),
    ]);
    expect(twice.spanNs).toBe(period + lastNs);
  });

  it("spreads ticks: each arrival moves by less than the tick, none twice alike", () => {
    const arrivalS = Array.from({ length: 1200 }, (_, i) => 3 * Math.floor(i / 10));
    const ones = arrivalS.map(() => 1);
    const ticks = inlineTrace({ arrivalS, promptTokens: ones, outputTokens: ones }, "t");
    const { arrivalNs } = replay({ spreadWithinTickS: 3 }, ticks);
    expect(new Set(arrivalNs).size).toBe(1200);
    const perTick = new Float64Array(120);
    for (const ns of arrivalNs!) perTick[Math.floor(ns / (3 * nsPerS))]!++;
    expect(perTick.every((n) => n === 10)).toBe(true);
  });

  it("scales tokens, rounds them and leaves at least one", () => {
    const rows = { arrivalS: [0, 1, 2], promptTokens: [3, 1, 1000], outputTokens: [1, 5, 11] };
    const { promptTokens, outputTokens } = replay(
      { promptFactor: 0.1, outputFactor: 1.5 },
      inlineTrace(rows, "t"),
    );
    expect([...promptTokens]).toEqual([1, 1, 100]);
    expect([...outputTokens]).toEqual([2, 8, 17]);
  });
});

describe("what is noted or refused", () => {
  const failing: TraceColumns = {
    ...inlineTrace({ arrivalS: [0, 1, 2], promptTokens: [5, 0, 7], outputTokens: [0, 3, 4] }, "t"),
    failed: Uint8Array.of(1, 0, 0),
  };

  it("replays failed requests as prompts that yield one token, and says so", () => {
    const { outputTokens, promptTokens, notes } = replay({}, failing);
    expect([...outputTokens]).toEqual([0, 3, 4]);
    expect([...promptTokens]).toEqual([5, 1, 7]);
    expect(notes.join(" ")).toMatch(
      /1 failed requests .* replayed.*0 output tokens.*0 prompt tokens/,
    );
  });

  it("leaves failed requests out where the scenario says so", () => {
    const { count, notes, arrivalNs } = replay({}, failing, { failedRequests: "exclude" });
    expect([count, ...arrivalNs!]).toEqual([2, 1e9, 2e9]);
    expect(notes.join(" ")).toMatch(/1 failed requests of trace 't' are left out/);
  });

  it("leaves out what comes at or after the horizon, and counts it", () => {
    const { count, spanNs, notes } = replay({}, failing, { horizonNs: 2e9 });
    expect([count, spanNs]).toEqual([2, 2e9]);
    expect(notes.join(" ")).toMatch(/1 requests .* horizon of 2 s and are left out/);
  });

  it("replays the first days of a trace that lasts over 104 days, where a horizon is set", () => {
    const { count, spanNs } = replay({ timeScale: 3000 }, trace, { horizonNs: 86_400e9 });
    expect(count).toBeGreaterThan(0);
    expect(spanNs).toBe(86_400e9);
  });

  it("refuses over 104 days, over 20,000,000 requests, an empty trace and a repeat without a span", () => {
    expect(() => replay({ timeScale: 3000 })).toThrow(/horizon of 12\d\.\d days; the limit is 104/);
    expect(() => replay({ repeat: 2500 })).toThrow(
      /horizon of 10\d\.\d days; the limit is 104 days/,
    );
    expect(() => replay({ volume: 1000, repeat: 10 })).toThrow(/limit is 20,000,000/);
    const one = inlineTrace({ arrivalS: [0], promptTokens: [1], outputTokens: [1] }, "t");
    expect(() => replay({ repeat: 2 }, one)).toThrow(/spans no time \(1 rows\)/);
    const none = { ...one, count: 0, arrivalNs: new Float64Array(0) };
    expect(() => replay({}, none)).toThrow(/has no rows/);
  });

  it("refuses inline columns of different lengths", () => {
    const rows = { arrivalS: [0, 1], promptTokens: [1], outputTokens: [1, 1] };
    expect(() => inlineTrace(rows, "chat")).toThrow(
      /'chat' have 2 values in arrivalS and 1 in prompt/,
    );
  });
});

describe("prefix chains of a replayed trace", () => {
  const chained: TraceColumns = {
    ...inlineTrace({ arrivalS: [0, 1], promptTokens: [700, 1000], outputTokens: [1, 1] }, "t"),
    prefix: {
      offsets: Int32Array.of(0, 2, 4),
      ids: Int32Array.of(0, 1, 0, 2),
      idTokens: Int32Array.of(512, 512, 512),
    },
  };

  it("follow their rows, with ids of their own in each copy", () => {
    const { prefix, rowKey } = replay({ volume: 2 }, chained);
    const chains = [...rowKey!].map((key, i) => {
      return [key, [...prefix!.ids.slice(prefix!.offsets[i], prefix!.offsets[i + 1])]];
    });
    expect(new Map(chains as [number, number[]][])).toEqual(
      new Map([
        [0, [0, 1]],
        [1, [0, 2]],
        [2, [3, 4]],
        [3, [3, 5]],
      ]),
    );
    expect([...prefix!.idTokens]).toEqual([512, 512, 512, 512, 512, 512]);
  });

  it("grow with the prompts, so that the shared part stays", () => {
    expect([...replay({ promptFactor: 1.5 }, chained).prefix!.idTokens]).toEqual([768, 768, 768]);
  });

  it("have numbers for the ids in use alone where a thinned trace is repeated often, and each copy its own", () => {
    const rows = 60;
    const long: TraceColumns = {
      ...chained,
      count: rows,
      arrivalNs: Float64Array.from({ length: rows }, (_, i) => i * nsPerS),
      promptTokens: new Int32Array(rows).fill(1024),
      outputTokens: new Int32Array(rows).fill(10),
      // Every row begins with block 0 and ends with one of its own.
      prefix: {
        offsets: Int32Array.from({ length: rows + 1 }, (_, i) => 2 * i),
        ids: Int32Array.from({ length: 2 * rows }, (_, k) => (k % 2 === 0 ? 0 : 1 + k / 2)),
        idTokens: new Int32Array(rows + 1).fill(512),
      },
    };
    const { prefix, rowKey, count } = replay({ volume: 0.05, repeat: 200 }, long);
    const { offsets, ids, idTokens } = prefix!;
    expect(new Set(ids).size).toBe(idTokens.length);
    expect([...idTokens].every((tokens) => tokens === 512)).toBe(true);
    const windowOf = (i: number): number => Math.floor(rowKey![i] / rows);
    for (let i = 1; i < count; i++) {
      const isShared = ids[offsets[i]] === ids[offsets[i - 1]];
      expect(isShared).toBe(windowOf(i) === windowOf(i - 1));
      expect(ids[offsets[i] + 1]).not.toBe(ids[offsets[i]]);
    }
  });
});
