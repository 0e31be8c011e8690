import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { methods } from "../../shared/contract/methods.ts";
import type { RunReport } from "../../shared/planning/runReport.ts";
import { openDatabase } from "../storage/database.ts";
import { TestCore } from "./testCore.ts";

const path = join(import.meta.dirname, "../../data/samples/azure-conv-hybrid.crossover");
const sample = JSON.parse(readFileSync(path, "utf8"));
let core: TestCore;
let runId = "";
let report: RunReport;

beforeAll(async () => {
  core = new TestCore();
  const { id } = await core.call("scenario.createSample", {});
  const started = await core.call("run.start", { job: "r", document: sample, scenarioId: id });
  runId = started.run!.id;
  report = started.report as object as RunReport;
}, 60_000);

afterAll(async () => {
  await core.close();
  expect(core.logged).toEqual([]);
});

describe("the requests of a run behind the contract", () => {
  it("come page by page, and their counts and percentiles are those of the report", async () => {
    const all = await core.call("run.requests", { job: "a", run: { id: runId }, limit: 20_000 });
    expect(methods["run.requests"].result.safeParse(all).success).toBe(true);
    expect(all).toMatchObject({ total: 19_366, matched: 19_366, offset: 0 });
    const { state, spilled, ttftMs, e2eMs, queueMs, prefillMs, decodeMs, outputTokens } =
      all.columns;
    const finished = all.states.indexOf("finished");
    expect(state.filter((each) => each === finished)).toHaveLength(report.requests.finished);
    expect(spilled.filter((each) => each === 1)).toHaveLength(report.requests.spilled);
    expect(outputTokens.reduce((sum, each) => sum + each, 0)).toBe(report.tokens.output);
    const sorted = [...ttftMs].sort((a, b) => a - b);
    expect(sorted[Math.ceil(0.5 * sorted.length) - 1]).toBeCloseTo(
      report.latency.all.ttftMs.p50!,
      0,
    );
    for (let i = 0; i < all.total; i += 97) {
      expect(queueMs[i] + prefillMs[i] + decodeMs[i]).toBeCloseTo(e2eMs[i], 3);
    }
  }, 60_000);

  it("have distributions whose percentiles and late shares are those of the report", async () => {
    const run = { id: runId };
    const reply = await core.call("run.latencies", { job: "l", run, fromS: report.warmupS });
    expect(methods["run.latencies"].result.safeParse(reply).success).toBe(true);
    expect(reply.latencies).toHaveLength(8);
    for (const { class: name, metric, n, ms, share, target } of reply.latencies) {
      const figures = report.latency.classes[name][`${metric}Ms`];
      expect(n).toBe(figures.n);
      expect(share[share.length - 1]).toBe(1);
      for (const [p, value] of [
        [0.5, figures.p50],
        [0.95, figures.p95],
        [0.99, figures.p99],
      ] as const) {
        expect(ms[share.findIndex((each) => each >= p - 1e-12)]).toBe(value);
      }
      const row = report.targets.find((each) => each.class === name && each.metric === metric);
      expect(target?.ms ?? null).toBe(row?.targetMs ?? null);
      if (target !== null) expect(1 - target.later / n >= target.percentile).toBe(row?.isMet);
    }
  }, 60_000);

  it("are narrowed by a filter, and the second page goes on where the first ended", async () => {
    const filter = { class: "near-line", isSpilled: true };
    const run = { document: sample };
    const first = await core.call("run.requests", { job: "f1", run, filter, limit: 10 });
    const second = await core.call("run.requests", {
      job: "f2",
      run,
      filter,
      limit: 10,
      offset: 10,
    });
    expect(first.matched).toBe(report.requests.byClass["near-line"].spilled);
    expect(first.columns.index).toHaveLength(10);
    const indexes = [...first.columns.index, ...second.columns.index];
    expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
    expect(new Set(indexes).size).toBe(20);
    const api = first.destinations.indexOf("gpt-4.1");
    expect(new Set(first.columns.destination)).toEqual(new Set([api]));
    await expect(
      core.call("run.requests", { job: "f3", run, filter: { class: "none" } }),
    ).rejects.toThrow('badInput: The run has no class "none"');
    await expect(core.call("run.requests", { job: "f4", run: { id: "gone" } })).rejects.toThrow(
      "notFound",
    );
  }, 60_000);
});

describe("a first answer behind the contract", () => {
  it("is none where the whole is short, and the report of the first part where it is long", async () => {
    const short = await core.call("run.quick", { job: "q1", document: sample });
    expect(short).toEqual({ report: null, share: 1 });
    const long = structuredClone(sample);
    long.traffic.sources[0].transforms.repeat = 10;
    const quick = await core.call("run.quick", { job: "q2", document: long });
    expect(quick.share).toBeCloseTo(40_000 / 193_660, 6);
    expect(quick.report?.requests).toMatchObject({ arrived: expect.any(Number) });
  }, 60_000);
});

describe("the flow of a run behind the contract", () => {
  it("adds up to the requests, the tokens and the bill of the report", async () => {
    const flow = await core.call("run.flow", { job: "w", run: { id: runId } });
    const sum = (of: (cell: (typeof flow.cells)[number]) => number) =>
      flow.cells.reduce((total, cell) => total + of(cell), 0);
    expect(sum(({ requests }) => requests)).toBe(report.requests.arrived);
    expect(sum(({ spilled }) => spilled)).toBe(report.requests.spilled);
    expect(sum(({ outputTokens }) => outputTokens)).toBe(report.tokens.output);
    const rest = flow.rest.reduce((total, { monthUsd }) => total + monthUsd, 0);
    expect(sum(({ monthUsd }) => monthUsd) + rest).toBeCloseTo(report.cost.monthUsd, 6);
    const api = flow.cells.filter(({ kind }) => kind === "provider");
    const apiUsd = api.reduce((total, { monthUsd }) => total + monthUsd, 0);
    const billed = report.cost.byClass.reduce((total, { monthUsd }) => total + monthUsd, 0);
    expect(apiUsd).toBeCloseTo(billed, 6);
  }, 60_000);
});

describe("the routing test box behind the contract", () => {
  const request = { class: "near-line", promptTokens: 1000, outputTokens: 200 };

  it("says which rule takes a request, and which guard sends it on", async () => {
    const idle = await core.call("run.routeTest", { document: sample, request });
    expect(idle.rules.map(({ outcome }) => outcome)).toEqual(["skipped", "taken", "unread"]);
    expect(idle).toMatchObject({ destination: "own-h100", kind: "pool", isSpilled: false });
    const busy = await core.call("run.routeTest", {
      ...{ document: sample, request, pools: { "own-h100": { waitingPerReplica: 9 } } },
    });
    expect(busy).toMatchObject({ destination: "gpt-4.1", kind: "provider", isSpilled: true });
    expect(busy.rules[1].guards).toContainEqual({
      ...{ name: "waiting per replica", wanted: "at most 8", found: "9", holds: false },
    });
    const { class: _class, ...unnamed } = request;
    const carved = await core.call("run.routeTest", { document: sample, request: unnamed });
    expect(carved).toMatchObject({
      ...{ class: "real-time", destination: "gpt-4.1" },
      classNote: "takes 30 % of such requests; the rest goes on to near-line",
    });
  });

  it("takes the load of a moment of a kept run", async () => {
    const waiting = report.series.pools["own-h100"].waiting;
    const worst = waiting.indexOf(Math.max(...waiting));
    const load = { runId, atS: (worst + 0.5) * report.series.windowS };
    const tested = await core.call("run.routeTest", { document: sample, request, load });
    const guard = tested.rules[1].guards.find(({ name }) => name === "waiting per replica");
    expect(Number(guard?.found)).toBeCloseTo(Math.max(...waiting), 9);
  });

  it("refuses a class that is not there", async () => {
    await expect(
      core.call("run.routeTest", { document: sample, request: { ...request, class: "x" } }),
    ).rejects.toThrow('badInput: There is no class "x"');
  });
});

describe("figures taken apart behind the contract", () => {
  it("explains every figure that it lists, and the terms of sums add up", async () => {
    const { figures } = await core.call("figure.list", { runId });
    expect(figures.length).toBeGreaterThan(60);
    for (const figure of figures) {
      const found = await core.call("figure.explain", { runId, figure });
      expect(found.figure).toBe(figure);
      expect(found.formula).not.toBe("");
      expect(methods["figure.explain"].result.safeParse(found).success).toBe(true);
    }
    const month = await core.call("figure.explain", { runId, figure: "cost/month" });
    const sum = month.terms.reduce((total, { value }) => total + (value ?? 0), 0);
    expect(sum).toBe(report.cost.monthUsd);
    const line = await core.call("figure.explain", { runId, figure: month.terms[0].figure! });
    const product = line.terms.reduce((total, { value }) => total * (value ?? 0), 1);
    expect(product).toBeCloseTo(line.value!, 9);
    expect(line.terms[1].provenance?.[0].retrievedOn).toBe("2026-05-22");
  });

  it("names the nearest figures for one that is not there", async () => {
    await expect(core.call("figure.explain", { runId, figure: "cost/mont" })).rejects.toThrow(
      /notFound: The run has no figure "cost\/mont"\. Nearest: cost\/month/,
    );
  });
});

describe("what was looked up in a kept run", () => {
  it("is there after a restart without another simulation, and is the same", async () => {
    const first = new TestCore();
    const { id } = await first.call("scenario.createSample", {});
    const { run } = await first.call("run.start", { job: "r", document: sample, scenarioId: id });
    const look = async (on: TestCore) => ({
      page: await on.call("run.requests", { job: "page", run: { id: run!.id }, limit: 50 }),
      flow: await on.call("run.flow", { job: "flow", run: { id: run!.id } }),
      late: await on.call("run.latencies", { job: "late", run: { id: run!.id }, fromS: 60 }),
    });
    const made = await look(first);
    const file = join(first.folder, "library", "library.sqlite");
    await expect
      .poll(() => {
        const db = openDatabase(file, { isReadOnly: true });
        const count = db.prepare("SELECT COUNT(*) FROM insight").pluck().get();
        db.close();
        return count;
      })
      .toBe(3);
    await first.core.close();
    const second = new TestCore(1, first.folder);
    expect(await look(second)).toEqual(made);
    const simulated = second.events.filter(
      (event) => event.kind === "progress" && event.text === "simulating",
    );
    expect(simulated).toEqual([]);
    await second.close();
    expect([...first.logged, ...second.logged]).toEqual([]);
  }, 60_000);
});
