import { beforeAll, expect, test } from "vitest";
import type { RunReport } from "../planning/runReport.ts";
import { runScenario } from "../planning/scenarioRun.ts";
import { scenarioSchema } from "../schema/scenario.ts";
import { testCatalog } from "../serving/testCatalog.ts";
import { fewTargetSamplesNote } from "./percentiles.ts";
import { targetTable } from "./runTables.ts";
import { formatRun, runSentence } from "./runText.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "list price" as const }];

/** A run of `requests` requests, every other on an own GPU, the rest at a provider. */
function runOf(requests: number): RunReport {
  const scenario = scenarioSchema.parse({
    ...{ format: "crossover-scenario", version: 1, name: "small", ...testCatalog() },
    run: { horizonS: 3600 },
    traffic: {
      sources: [
        {
          ...{ id: "s", kind: "synthetic", requests },
          arrivals: { process: "poisson", rateRps: 2 },
          lengths: {
            prompt: { kind: "constant", value: 500 },
            output: { kind: "constant", value: 50 },
          },
        },
      ],
      classes: [{ id: "chat", share: 0.5, targets: { ttft: { ms: 1234 } } }, { id: "rest" }],
    },
    pools: [
      {
        ...{ id: "own", gpu: "h100-sxm", model: "llama-3.1-8b", backend: "vllm", replicas: 1 },
        price: { usdPerGpuHour: 2.69, provenance },
      },
    ],
    providers: [
      {
        ...{ id: "api", name: "API", model: "gpt", tokenizerFactor: 1 },
        price: { inputUsdPerMTok: 2, outputUsdPerMTok: 8, provenance },
      },
    ],
    rules: [
      { id: "chat", match: { classes: ["chat"] }, to: { pool: "own" } },
      { id: "rest", to: { provider: "api" } },
    ],
  });
  return runScenario({ scenario, traces: new Map() });
}

let report: RunReport;
beforeAll(() => {
  report = runOf(2400);
});

test("one sentence tells the month's cost, the price per million tokens, the busiest pool and the wait", () => {
  expect(runSentence(report)).toMatch(
    /^\$[\d,.]+ a month of 730 h \(\$[\d.]+ per million tokens .*\); its pool own is busy [\d.]+ % of the time; 95 % of requests have their first token within [\d.]+ m?s\.$/,
  );
});

test("a run that leaves requests unanswered says so before anything else", () => {
  const { arrived } = report.requests;
  const requests = { ...report.requests, rejected: arrived / 4, unfinished: arrived / 4 };
  expect(runSentence({ ...report, requests })).toMatch(
    /^50\.0 % of requests are not answered\. \$.* a month of 730 h .*; 95 % of requests that are answered have their first token within /,
  );
  const few = { ...report.requests, unfinished: arrived / 200 };
  expect(runSentence({ ...report, requests: few })).toMatch(/^\$/);
});

test("a target that stands on too few requests has its figure in parentheses, in the table of targets too", () => {
  const few = runOf(150);
  const [row] = few.targets;
  expect(fewTargetSamplesNote(few, row)).toMatch(/^p95 of \d+ requests: [\d.]+ lie beyond it/);
  expect(targetTable(few).rows[0][3]).toMatch(/^\([\d.,]+\)$/);
  expect(fewTargetSamplesNote(report, report.targets[0])).toBeUndefined();
  expect(targetTable(report).rows[0][3]).toMatch(/^[\d.,]+$/);
  expect(fewTargetSamplesNote(few, { ...row, metric: "deadline" })).toBeUndefined();
});

test("the bill in the text adds up to its total", () => {
  const text = formatRun(report);
  const bill = text.slice(text.indexOf("Cost over"));
  const dollars = (line: string): number => Number(line.split(/\s+/).at(-1)!.replaceAll(",", ""));
  const lines = bill.split("\n");
  const total = lines.findIndex((line) => line.startsWith("total"));
  const sum = lines.slice(3, total).reduce((all, line) => all + dollars(line), 0);
  expect(total - 3).toBe(report.cost.lines.length);
  expect(Math.abs(sum - dollars(lines[total]!))).toBeLessThan(0.05);
  expect(dollars(lines[total]!)).toBeCloseTo(report.cost.monthUsd, 2);
});

test("percentiles with enough samples stand plain, others in parentheses with the reason once", () => {
  const many = formatRun(report);
  expect(many).toMatch(/all +TTFT( +[\d.,]+){4} /);
  const few = formatRun(runOf(150));
  expect(few).toMatch(/all +TTFT +[\d.,]+ +[\d.,]+ +\([\d.,]+\) +\([\d.,]+\) +[\d.,]+ +150/);
  expect(few.match(/In parentheses/g)).toHaveLength(1);
  expect(runSentence(runOf(150))).toContain("95 % of requests (of only 150)");
});

test("a run in which nothing was answered says so instead of showing noughts", () => {
  const nothing = { p50: null, p90: null, p95: null, p99: null, mean: null };
  const none = { ...nothing, meanHalfWidth95: null, n: 0 };
  const all = { ttftMs: none, tpotMs: none, e2eMs: none, queueMs: none };
  const empty: RunReport = {
    ...report,
    pools: [],
    requests: { ...report.requests, finished: 0 },
    latency: { all, classes: {}, destinations: {} },
    cost: { ...report.cost, usdPerMTokReservation: null, usdPerMTokUsage: null },
  };
  expect(runSentence(empty)).toContain("(no token was served); no GPUs of its own; no request was");
  expect(formatRun(empty)).not.toContain("NaN");
});

test("targets, warnings, notes and replications are shown when there are any", () => {
  const replications = {
    count: 3,
    figures: { "cost.monthUsd": { mean: 2000, halfWidth95: 50, n: 3, runsFor5Percent: 3 } },
  };
  const text = formatRun({ ...report, replications, warnings: ["a warning"], notes: [] });
  expect(text).toMatch(/chat +TTFT p95 +1,234 +[\d.]+ +yes/);
  expect(text).toMatch(/cost\.monthUsd +2,000 +50\.0 +2\.50 % +3/);
  expect(text).toContain("Warnings\n- a warning\n");
  expect(text).not.toContain("Notes");
});

test("names and notes of a scenario cannot reach the terminal's controls", () => {
  const scenario = { ...report.scenario, name: "x\u001b]0;title\u0007" };
  const lines = report.cost.lines.map((line) => ({ ...line, label: "\u001b[31mred" }));
  const cost = { ...report.cost, lines };
  const text = formatRun({ ...report, scenario, cost, notes: ["\u001b[2J"] });
  expect(/[\p{Cc}\p{Cf}]/u.test(text.replaceAll("\n", ""))).toBe(false);
});

test("a warm-up that leaves nothing to measure is named, instead of saying that nothing was answered", () => {
  const { latency } = runOf(1);
  const none = { ...latency.all.ttftMs, p95: null, n: 0 };
  const all = { ...latency.all, ttftMs: none };
  const sentence = runSentence({ ...report, latency: { ...report.latency, all } });
  expect(sentence).toContain("every answered request lies in the warm-up");
});

test("sentences, warnings and notes are lines of at most 100 characters", () => {
  const warnings = [`begin ${"many words ".repeat(40)}end`];
  const name = "a scenario of many words ".repeat(8);
  const scenario = { ...report.scenario, name };
  const text = formatRun({ ...report, scenario, warnings, notes: [] });
  const isTable = (line: string) => / {2}|--/.test(line.trim());
  const prose = text.split("\n").filter((line) => !isTable(line));
  expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(text).toMatch(/\n- begin many words .*\n {2}\S.*words end\n/s);
});
