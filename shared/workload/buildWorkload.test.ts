import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockSchema } from "../schema/common.ts";
import type { TraceColumns } from "../schema/traceColumns.ts";
import { trafficSchema } from "../schema/traffic.ts";
import type { z } from "../schema/zod.ts";
import { InputError } from "../units/errors.ts";
import { nsPerS } from "../units/units.ts";
import { buildWorkload, type WorkloadInput } from "./buildWorkload.ts";
import type { Workload } from "./workload.ts";

type TrafficInput = z.input<typeof trafficSchema>;

const constant = (value: number) => ({ kind: "constant" as const, value });
const lengths = {
  prompt: { kind: "lognormal" as const, mean: 1000, sigma: 1 },
  output: { kind: "lognormal" as const, mean: 250, sigma: 0.8 },
};
const all = [{ id: "all" }];

function chat(rateRps: number, more: object = {}) {
  const arrivals = { process: "poisson" as const, rateRps };
  return { id: "chat", kind: "synthetic" as const, arrivals, lengths, durationS: 600, ...more };
}

function rows(id: string, arrivalS: number[], more: object = {}) {
  const promptTokens = arrivalS.map((_, i) => 10 * (i + 1));
  return {
    id,
    kind: "trace" as const,
    rows: { arrivalS, promptTokens, outputTokens: promptTokens, ...more },
  };
}

function build(traffic: TrafficInput, more: Partial<WorkloadInput> = {}): Workload {
  const clock = clockSchema.parse({});
  const parsed = trafficSchema.parse(traffic);
  return buildWorkload({
    traffic: parsed,
    clock,
    traces: new Map(),
    seed: 1,
    replication: 0,
    ...more,
  });
}

const hour: TraceColumns = {
  count: 3,
  arrivalNs: Float64Array.of(0, 1e9, 2e9),
  promptTokens: Int32Array.of(700, 1000, 30),
  outputTokens: Int32Array.of(7, 10, 3),
  failed: Uint8Array.of(0, 0, 1),
  models: [],
  tenants: [],
  prefix: {
    offsets: Int32Array.of(0, 2, 4, 4),
    ids: Int32Array.of(0, 1, 0, 2),
    idTokens: Int32Array.of(512, 512, 512),
  },
  origin: { kind: "calendar", epochMs: Date.UTC(2023, 10, 16, 18, 15, 46), zone: "assumedUtc" },
};

function chainOf(workload: Workload, i: number): number[] {
  const { offsets, ids } = workload.prefix!;
  return [...ids.slice(offsets[i], offsets[i + 1])];
}

describe("buildWorkload", () => {
  it("generates the stated lengths: whole, at least 1, with the stated means", () => {
    const { count, promptTokens, outputTokens } = build({ sources: [chat(400)], classes: all });
    const mean = (tokens: Int32Array): number => tokens.reduce((sum, n) => sum + n, 0) / count;
    expect(mean(promptTokens) / 1000).toBeCloseTo(1, 1);
    expect(mean(outputTokens) / 250).toBeCloseTo(1, 1);
    expect(Math.min(...outputTokens.slice(0, 100_000))).toBeGreaterThanOrEqual(1);
  });

  it("draws prompt and output together from a trace's rows that did not fail", () => {
    const source = chat(5, { lengths: { fromTrace: "hour" } });
    const workload = build(
      { sources: [source], classes: all },
      { traces: new Map([["hour", hour]]) },
    );
    const pairs = new Set(
      [...workload.promptTokens].map((p, i) => `${p}/${workload.outputTokens[i]}`),
    );
    expect([...pairs].sort()).toEqual(["1000/10", "700/7"]);
  });

  it("merges sources into one arrival order, equal times in the order of the sources", () => {
    const workload = build({
      sources: [rows("a", [3, 1, 5]), rows("b", [1, 2, 5])],
      classes: [{ id: "fromB", match: { sources: ["b"] } }, { id: "rest" }],
    });
    expect([...workload.arrivalNs].map((ns) => ns / nsPerS)).toEqual([1, 1, 2, 3, 5, 5]);
    expect([...workload.promptTokens]).toEqual([20, 10, 20, 10, 30, 30]);
    expect([...workload.classIndex]).toEqual([1, 0, 0, 1, 1, 0]);
    expect(workload.spanNs).toBe(5 * nsPerS);
  });

  it("merges any sources without losing a request or an order", () => {
    const times = fc.array(fc.nat(50), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 5 }), (lists) => {
        const sources = lists.map((list, s) => rows(`s${s}`, list));
        const { arrivalNs, openCount } = build({ sources, classes: all });
        const wanted = lists.flat().sort((a, b) => a - b);
        expect([...arrivalNs].map((ns) => ns / nsPerS)).toEqual(wanted);
        expect(openCount).toBe(wanted.length);
      }),
    );
  });

  it("puts closed loops behind the open requests, their arrival left to the run", () => {
    const loop = {
      id: "bench",
      kind: "closedLoop" as const,
      clients: 4,
      requests: 6,
      staggerS: 2,
      thinkTimeS: { kind: "exponential" as const, mean: 3 },
      lengths,
    };
    const workload = build({ sources: [loop, rows("a", [0, 1])], classes: all });
    expect([workload.count, workload.openCount]).toEqual([8, 2]);
    expect([...workload.arrivalNs.slice(2)].every(Number.isNaN)).toBe(true);
    const [closed] = workload.closedLoops;
    expect([closed!.firstRequest, closed!.requestCount]).toEqual([2, 6]);
    expect([...closed!.clientStartNs]).toEqual([0, 0.5e9, 1e9, 1.5e9]);
    expect(closed!.thinkNs.every((ns) => Number.isInteger(ns) && ns > 0)).toBe(true);
  });

  it("has span 0 where only closed loops exist", () => {
    const loop = { id: "bench", kind: "closedLoop" as const, clients: 1, requests: 2, lengths };
    expect(build({ sources: [loop], classes: all }).spanNs).toBe(0);
  });

  it("names models and tenants over all sources, '' where a source has none", () => {
    const workload = build({
      sources: [
        rows("a", [0, 2], { model: ["gpt", "llama"], tenant: ["blue", "red"] }),
        chat(1, { id: "b", durationS: undefined, requests: 1, model: "llama" }),
      ],
      classes: all,
    });
    const names = [...workload.modelIndex!].map((m) => workload.models[m]);
    const tenants = [...workload.tenantIndex!].map((t) => workload.tenants[t]);
    expect(names.sort()).toEqual(["gpt", "llama", "llama"]);
    expect(tenants.sort()).toEqual(["", "blue", "red"]);
    expect(build({ sources: [rows("a", [0])], classes: all }).modelIndex).toBeUndefined();
  });

  it("is the same for the same seed, and another for another seed or replication", () => {
    const traffic = { sources: [chat(5)], classes: all };
    const first = build(traffic);
    expect(build(traffic)).toEqual(first);
    expect(build(traffic, { seed: 2 }).arrivalNs).not.toEqual(first.arrivalNs);
    expect(build(traffic, { replication: 1 }).arrivalNs).not.toEqual(first.arrivalNs);
  });

  it("says where a trace stands in its own calendar and where the run puts it", () => {
    const sources = [{ id: "hour", kind: "trace" as const, file: "hour.csv" }];
    const notes = (trace: TraceColumns): string =>
      build({ sources, classes: all }, { traces: new Map([["hour", trace]]) }).notes.join(" ");
    expect(notes(hour)).toMatch(/begins on a thursday at 18:15 .*UTC.* start, monday 00:00/);
    expect(notes({ ...hour, origin: { kind: "relative" } })).toMatch(/no date; .* monday 00:00/);
  });
});

describe("common random numbers", () => {
  const classes = [{ id: "fast", share: 0.3 }, { id: "slow" }];

  it("keep arrivals, lengths and other shares where one class's share changes", () => {
    const three = (share: number) => [{ id: "x", share }, { id: "y", share: 0.5 }, { id: "z" }];
    const a = build({ sources: [chat(20)], classes: three(0.1) });
    const b = build({ sources: [chat(20)], classes: three(0.2) });
    expect(b.arrivalNs).toEqual(a.arrivalNs);
    expect(b.promptTokens).toEqual(a.promptTokens);
    a.classIndex.forEach((c, i) => {
      if (b.classIndex[i] !== 0) expect(b.classIndex[i]).toBe(c);
    });
  });

  it("keep a source's requests where another source joins or changes", () => {
    const alone = build({ sources: [chat(20)], classes });
    const joined = build({ sources: [chat(3, { id: "other" }), chat(20)], classes });
    const keys = new Map([...joined.arrivalNs].map((ns, i) => [ns, i]));
    alone.arrivalNs.forEach((ns, i) => {
      const j = keys.get(ns)!;
      expect(joined.promptTokens[j]).toBe(alone.promptTokens[i]);
      expect(joined.classIndex[j]).toBe(alone.classIndex[i]);
    });
  });

  it("keep arrivals and prompts where only the output lengths change", () => {
    const other = { ...lengths, output: { kind: "gamma" as const, mean: 30, cv: 2 } };
    const a = build({ sources: [chat(20)], classes });
    const b = build({ sources: [chat(20, { lengths: other })], classes });
    expect([b.arrivalNs, b.promptTokens]).toEqual([a.arrivalNs, a.promptTokens]);
  });
});

describe("classes", () => {
  it("take rows in their order by source, model, tenant and size", () => {
    const { classIndex } = build({
      sources: [
        rows("a", [0, 1, 2, 3, 4], {
          model: ["m", "n", "m", "n", "n"],
          tenant: ["r", "r", "b", "b", "r"],
        }),
      ],
      classes: [
        { id: "long", match: { promptTokens: { min: 50 } } },
        { id: "modelM", match: { models: ["m"] } },
        { id: "redShort", match: { tenants: ["r"], outputTokens: { max: 20 } } },
        { id: "rest" },
      ],
    });
    expect([...classIndex]).toEqual([1, 2, 1, 3, 0]);
  });

  it("take their share of what earlier classes left", () => {
    const { classIndex, count } = build({
      sources: [chat(200)],
      classes: [{ id: "a", share: 0.3 }, { id: "b", share: 0.5 }, { id: "c" }],
    });
    const shares = [0, 1, 2].map((c) => classIndex.filter((x) => x === c).length / count);
    [0.3, 0.35, 0.35].forEach((wanted, c) => {
      expect(Math.abs(shares[c]! - wanted)).toBeLessThan((4 * 0.5) / Math.sqrt(count));
    });
  });

  it("must take every row: the first that none takes is named, with what to do", () => {
    const classes = [{ id: "short", match: { promptTokens: { max: 15 } } }];
    expect(() => build({ sources: [rows("a", [0, 1, 2])], classes })).toThrow(
      /row 2 of source 'a' \(20 prompt tokens, 20 output tokens\), nor 1 more .* catch-all class/,
    );
  });

  it("keep a row's class when the trace is thinned", () => {
    const at = (volume: number): Map<number, number> => {
      const arrivalS = Array.from({ length: 300 }, (_, i) => i);
      const source = { ...rows("a", arrivalS), transforms: { volume } };
      const { arrivalNs, classIndex } = build({
        sources: [source],
        classes: [{ id: "x", share: 0.5 }, { id: "y" }],
      });
      return new Map([...arrivalNs].map((ns, i) => [ns, classIndex[i]!]));
    };
    const whole = at(1);
    for (const [ns, c] of at(0.5)) expect(whole.get(ns)).toBe(c);
  });
});

describe("prefix chains", () => {
  it("give a share of a class's requests its shared prefix, as one id of the prefix's length", () => {
    const workload = build({
      sources: [chat(20)],
      classes: [
        { id: "a", share: 0.5, sharedPrefix: { tokens: 800, reuseProbability: 0.6 } },
        { id: "b" },
      ],
    });
    const hits = [...workload.classIndex].map((c, i) => [c, chainOf(workload, i).length]);
    expect(hits.filter(([c, n]) => c === 1 && n! > 0)).toEqual([]);
    const ofA = hits.filter(([c]) => c === 0);
    expect(ofA.filter(([, n]) => n === 1).length / ofA.length).toBeCloseTo(0.6, 1);
    expect(workload.prefix!.idTokens[workload.prefix!.ids[0]!]).toBe(800);
  });

  it("keep a trace's chains with the tokens that each id covers, merge several traces without mixing their ids, and fill up with shared ones", () => {
    const trace = (id: string) => ({ id, kind: "trace" as const, file: `${id}.jsonl` });
    const workload = build(
      { sources: [trace("p"), trace("q")], classes: [{ id: "all", sharedPrefix: { tokens: 20 } }] },
      {
        traces: new Map([
          ["p", hour],
          ["q", hour],
        ]),
      },
    );
    const chains = Array.from({ length: 6 }, (_, i) => chainOf(workload, i));
    expect(chains).toEqual([[0, 1], [3, 4], [0, 2], [3, 5], [6], [6]]);
    expect([...workload.prefix!.idTokens]).toEqual([512, 188, 488, 512, 188, 488, 20]);
  });

  it("are absent where neither traces nor classes have any", () => {
    expect(build({ sources: [chat(1)], classes: all }).prefix).toBeUndefined();
  });
});

describe("time and size", () => {
  it("ends at the duration, the number of requests or the horizon, whichever comes first", () => {
    expect(build({ sources: [chat(10)], classes: all }).spanNs).toBe(600e9);
    expect(build({ sources: [chat(10, { requests: 50 })], classes: all }).count).toBe(50);
    const cut = build({ sources: [chat(10)], classes: all }, { horizonS: 60 });
    expect(cut.spanNs).toBe(60e9);
    expect(cut.arrivalNs[cut.count - 1]).toBeLessThan(60e9);
    expect(cut.notes.join(" ")).toMatch(/lasts 600 s; the horizon of 60 s ends it before/);
    const open = chat(10, { durationS: undefined });
    expect(build({ sources: [open], classes: all }, { horizonS: 90 }).spanNs).toBe(90e9);
    expect(() => build({ sources: [open], classes: all })).toThrow(
      /neither how long .* nor how many/,
    );
  });

  it("refuses more than 104 days, however it is asked for", () => {
    const long = { durationS: 105 * 86_400 };
    expect(() => build({ sources: [chat(0.001, long)], classes: all })).toThrow(
      /horizon of 105.0 days; the limit is 104 days, because/,
    );
    expect(() => build({ sources: [chat(1)], classes: all }, { horizonS: 1e7 })).toThrow(
      /115.7 days/,
    );
    const slow = chat(1e-6, { durationS: undefined, requests: 1000 });
    expect(() => build({ sources: [slow], classes: all })).toThrow(/limit is 104 days/);
  });

  it("refuses more than 20,000,000 requests", () => {
    const half = (id: string) =>
      chat(1, { id, arrivals: { process: "poisson", rateRps: 1e5 }, durationS: 250 });
    expect(() => build({ sources: [half("a")], classes: all })).toThrow(/25,000,000 requests/);
  });

  it("refuses a trace that is not loaded and traffic without requests", () => {
    const sources = [{ id: "gone", kind: "trace" as const, file: "gone.csv" }];
    expect(() => build({ sources, classes: all })).toThrow(
      /'gone' are not loaded \(file 'gone.csv'\)/,
    );
    expect(() => build({ sources: [rows("a", [5])], classes: all }, { horizonS: 1 })).toThrow(
      /no requests/,
    );
  });

  it("says when a drawn length was cut to the limit", () => {
    const huge = { prompt: constant(1e12), output: constant(0) };
    const workload = build({ sources: [chat(1, { requests: 2, lengths: huge })], classes: all });
    expect([...workload.promptTokens, ...workload.outputTokens]).toEqual([1e8, 1e8, 1, 1]);
    expect(workload.notes.join(" ")).toMatch(/2 lengths .* cut/);
  });

  it("refuses distributions that contradict themselves", () => {
    const of = (prompt: object) => chat(1, { lengths: { prompt, output: constant(1) } });
    const uniform = { kind: "uniform", min: 9, max: 1 };
    const short = { kind: "histogram", values: [1, 2], probabilities: [1] };
    const heavy = { kind: "histogram", values: [1, 2], probabilities: [1, 1] };
    expect(() => build({ sources: [of(uniform)], classes: all })).toThrow(/max at least min/);
    expect(() => build({ sources: [of(short)], classes: all })).toThrow(/2 values and 1 prob/);
    expect(() => build({ sources: [of(heavy)], classes: all })).toThrow(/sum to 2/);
  });

  it("plays a rate curve that states no end once through its windows", () => {
    const arrivals = { process: "curve" as const, windowS: 500, ratesRps: [2, 0, 1] };
    const curve = chat(1, { arrivals, durationS: undefined });
    const workload = build({ sources: [curve], classes: all });
    expect(workload.spanNs).toBe(1500 * nsPerS);
    const late = workload.arrivalNs.filter((ns) => ns >= 1000 * nsPerS);
    expect(late.length).toBeGreaterThan(400);
    expect(late.length).toBeLessThan(600);
    expect(workload.count - late.length).toBeGreaterThan(850);
  });

  it("names the scenario's field of what it refuses", () => {
    const fieldOf = (sources: TrafficInput["sources"], horizonS?: number) => {
      try {
        build({ sources, classes: all }, { horizonS });
      } catch (error) {
        return error instanceof InputError ? error.field : error;
      }
      return "nothing refused";
    };
    const repeated = { ...rows("a", [5]), transforms: { repeat: 2 } };
    const silent = chat(1, { durationS: undefined });
    expect(fieldOf([{ id: "a", kind: "trace", file: "a.csv" }])).toBe("traffic.sources.a.file");
    expect(fieldOf([repeated])).toBe("traffic.sources.a.transforms.repeat");
    expect(fieldOf([silent])).toBe("traffic.sources.chat.durationS");
    expect(fieldOf([chat(1)], 1e7)).toBe("run.horizonS");
    expect(fieldOf([rows("a", [5])], 1)).toBe("traffic");
    const noRows = { id: "a", kind: "trace" as const };
    const empty = { ...hour, count: 0, arrivalNs: new Float64Array(0) };
    const input = { traces: new Map([["a", empty]]) };
    expect(() => build({ sources: [noRows], classes: all }, input)).toThrow(
      expect.objectContaining({ field: "traffic.sources.a" }),
    );
  });
});
