import { expect, test } from "vitest";
import { type ScenarioInput, scenarioSchema } from "../schema/scenario.ts";
import { testCatalog } from "../serving/testCatalog.ts";
import { replicatedValues, summariseReplications } from "./replications.ts";
import { runScenario, ScenarioRun } from "./scenarioRun.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "estimated" as const }];

/** Chat on own GPUs with spillover, a nightly batch class held for a window, long prompts to the API. */
function hybrid(changes: Partial<ScenarioInput> = {}) {
  return scenarioSchema.parse({
    format: "crossover-scenario",
    version: 1,
    name: "hybrid",
    seed: 5,
    ...testCatalog(),
    traffic: {
      sources: [
        {
          id: "chat",
          kind: "synthetic",
          arrivals: { process: "gamma", rateRps: 6, cv: 2 },
          durationS: 3600,
          lengths: {
            prompt: { kind: "lognormal", mean: 800, sigma: 1 },
            output: { kind: "lognormal", mean: 200, sigma: 0.8 },
          },
        },
      ],
      classes: [
        { id: "night", tier: "batch", share: 0.2, priority: 5, deadline: { withinS: 7200 } },
        { id: "live", targets: { ttft: { ms: 1000 }, tpot: { ms: 60 } }, abandonAfterS: 20 },
      ],
    },
    pools: [
      {
        id: "own",
        gpu: "h100-sxm",
        model: "llama-3.1-8b",
        backend: "vllm",
        replicas: 1,
        engine: { maxNumSeqs: 24 },
        price: { usdPerGpuHour: 2.69, provenance },
      },
    ],
    providers: [
      {
        id: "api",
        name: "API",
        model: "api-model",
        price: { inputUsdPerMTok: 2, outputUsdPerMTok: 8, provenance },
        limits: { requestsPerMinute: 300 },
        errorRate: 0.02,
      },
    ],
    rules: [
      {
        id: "night",
        match: { tiers: ["batch"] },
        to: { pool: "own" },
        hold: { whenRunningBelow: 0.5, releaseBeforeDeadlineS: 3600 },
      },
      { id: "live", to: { pool: "own" }, guards: { maxWaiting: 3 }, spillAfterS: 2 },
      { id: "api", to: { provider: "api" } },
    ],
    ...changes,
  });
}

test("the same scenario and seed give the same bytes, also on the second run in a process", () => {
  const first = runScenario({ scenario: hybrid(), traces: new Map() });
  const second = runScenario({ scenario: hybrid(), traces: new Map() });
  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
});

test("advancing a run in small steps changes nothing", () => {
  const whole = runScenario({ scenario: hybrid(), traces: new Map() });
  const run = new ScenarioRun({ scenario: hybrid(), traces: new Map() });
  while (run.step(7));
  expect(run.report(0).hash).toBe(whole.hash);
});

test("another seed and another replication give other requests", () => {
  const base = runScenario({ scenario: hybrid(), traces: new Map() });
  const seeded = runScenario({ scenario: hybrid(), traces: new Map(), seed: 6 });
  const replicated = runScenario({ scenario: hybrid(), traces: new Map(), replication: 1 });
  expect(new Set([base.hash, seeded.hash, replicated.hash]).size).toBe(3);
});

test("every feature of the hybrid is exercised and every request accounted for", () => {
  const report = runScenario({ scenario: hybrid(), traces: new Map() });
  const { requests } = report;
  expect(requests.arrived).toBe(
    requests.finished + requests.rejected + requests.aborted + requests.unfinished,
  );
  expect(requests.unfinished).toBe(0);
  expect(requests.spilled).toBeGreaterThan(20);
  expect(requests.byDestination.own + requests.byDestination.api).toBe(requests.finished);
  expect(report.providers[0].errors).toBeGreaterThan(0);
  expect(report.targets.map((each) => each.metric)).toEqual(["deadline", "ttft", "tpot"]);
});

test("a provider's context limit sends long requests on, in the counts and in words; none is lost", () => {
  const { providers, rules } = hybrid();
  const limited = hybrid({
    providers: [
      { ...providers[0], maxContextTokens: 1500 },
      { ...providers[0], id: "wide" },
    ],
    rules: [
      ...rules.slice(0, -1),
      rules[rules.length - 1],
      { id: "wide", to: { provider: "wide" } },
    ],
  });
  const report = runScenario({ scenario: limited, traces: new Map() });
  const [api, wide] = report.providers;
  expect(api.tooLong).toBeGreaterThan(0);
  expect(wide.tooLong).toBeUndefined();
  expect(wide.requests).toBeGreaterThanOrEqual(api.tooLong!);
  const { arrived, finished, rejected, aborted } = report.requests;
  expect(arrived).toBe(finished + rejected + aborted);
  expect(report.warnings.join()).toContain(
    `Provider "api" turned requests away ${api.tooLong} times: prompt and output are longer than its context of 1,500 tokens.`,
  );
});

test("a run that stops at its horizon counts what is still there", () => {
  const base = hybrid();
  const scenario = hybrid({ run: { drain: false, horizonS: 1800 } });
  const report = runScenario({ scenario, traces: new Map() });
  const { requests } = report;
  expect(requests.unfinished).toBeGreaterThan(0);
  expect(requests.arrived).toBe(
    requests.finished + requests.rejected + requests.aborted + requests.unfinished,
  );
  expect(report.simulatedS).toBe(1800);
  expect(requests.arrived).toBeLessThan(
    runScenario({ scenario: base, traces: new Map() }).requests.arrived,
  );
});

test("the bill adds up, its tokens are the tokens produced, and a month is the horizon scaled", () => {
  const { cost, tokens, pools, providers } = runScenario({ scenario: hybrid(), traces: new Map() });
  expect(cost.lines.reduce((sum, line) => sum + line.horizonUsd, 0)).toBe(cost.horizonUsd);
  expect(cost.monthUsd).toBeCloseTo((cost.horizonUsd * 730 * 3600) / cost.horizonS, 6);
  expect(pools[0].outputTokens + providers[0].outputTokens).toBe(tokens.output);
  expect(pools[0].promptTokens + providers[0].inputTokens).toBe(tokens.prompt);
});

test("changing the fleet leaves arrivals and lengths alone", () => {
  const one = new ScenarioRun({ scenario: hybrid(), traces: new Map() });
  const wide = hybrid();
  wide.pools[0].replicas = 3;
  const three = new ScenarioRun({ scenario: wide, traces: new Map() });
  expect(three.workload.arrivalNs).toEqual(one.workload.arrivalNs);
  expect(three.workload.promptTokens).toEqual(one.workload.promptTokens);
});

test("series add up to the totals", () => {
  const { series, requests, pools } = runScenario({ scenario: hybrid(), traces: new Map() });
  const sum = (column: readonly number[]) => column.reduce((a, b) => a + b, 0);
  expect(sum(series.arrived)).toBe(requests.arrived);
  expect(sum(series.finished)).toBeLessThanOrEqual(requests.finished);
  const busy = sum(series.pools.own.busyFraction) / series.windows;
  expect(busy).toBeCloseTo(pools[0].busyFraction ?? 0, 2);
});

test("a figure that only rounding tells apart between runs has no spread", () => {
  const { cost, rate } = summariseReplications([
    { cost: 1800, rate: 1 },
    { cost: 1800.0000000000002, rate: 2 },
  ]);
  expect(cost.halfWidth95).toBe(0);
  expect(rate.halfWidth95).toBeGreaterThan(1);
});

test("replications give a mean with a t interval", () => {
  const values = [0, 1, 2].map((replication) =>
    replicatedValues(runScenario({ scenario: hybrid(), traces: new Map(), replication })),
  );
  const figure = summariseReplications(values)["e2eMs.mean"];
  const mean = values.reduce((sum, each) => sum + (each["e2eMs.mean"] ?? 0), 0) / 3;
  expect(figure.mean).toBeCloseTo(mean, 9);
  expect(figure.halfWidth95).toBeGreaterThan(0);
});

test("a fleet that can never catch up within 104 days is refused with advice", () => {
  const scenario = hybrid();
  scenario.pools[0].executionTime = {
    kind: "linear",
    iterationUs: 1e9,
    perSequenceUs: 0,
    perContextTokenNs: 0,
    perPrefillTokenUs: 0,
  };
  scenario.rules = scenario.rules.slice(1, 2).map((rule) => ({ ...rule, guards: {} }));
  scenario.rules[0].spillAfterS = undefined;
  scenario.traffic.classes[1].abandonAfterS = undefined;
  expect(() => runScenario({ scenario, traces: new Map() })).toThrow(/104 days/);
});

test("counts, latencies and series by class and destination add up to the whole", () => {
  const { requests, latency, series, tokens, providers } = runScenario({
    scenario: hybrid(),
    traces: new Map(),
  });
  const classes = Object.values(requests.byClass);
  const sumOf = (key: "arrived" | "finished" | "spilled" | "outputTokens") =>
    classes.reduce((sum, each) => sum + each[key], 0);
  expect([sumOf("arrived"), sumOf("finished"), sumOf("spilled")]).toEqual([
    requests.arrived,
    requests.finished,
    requests.spilled,
  ]);
  expect(sumOf("outputTokens")).toBe(tokens.output);
  const counted = (group: Record<string, { e2eMs: { n: number } }>) =>
    Object.values(group).reduce((sum, each) => sum + each.e2eMs.n, 0);
  expect(counted(latency.classes)).toBe(latency.all.e2eMs.n);
  expect(counted(latency.destinations)).toBe(latency.all.e2eMs.n);
  for (const { name, limited429 } of providers) {
    const perWindow = series.providers[name].limited429;
    expect(perWindow.reduce((total, each) => total + each, 0)).toBe(limited429);
  }
  const perWindow = series.finished.map((_, window) =>
    Object.values(series.classes).reduce((sum, each) => sum + each.finished[window], 0),
  );
  expect(perWindow).toEqual(series.finished);
  expect(latency.all.e2eMs.meanHalfWidth95).toBeGreaterThan(0);
});

test("a run under way tells its own time and first figures, and takes no other course for it", () => {
  const run = new ScenarioRun({ scenario: hybrid(), traces: new Map() });
  const quiet = new ScenarioRun({ scenario: hybrid(), traces: new Map() });
  while (quiet.step(2000));
  let last = run.reach();
  expect(last).toMatchObject({ simulatedS: 0, horizonS: 3600, arrived: 0, ttftMeanMs: null });
  while (run.step(2000)) {
    const reach = run.reach();
    expect(reach.simulatedS).toBeGreaterThanOrEqual(last.simulatedS);
    expect(reach.arrived).toBeGreaterThanOrEqual(last.arrived);
    last = reach;
  }
  run.reach();
  const { arrived, requests, ttftMeanMs, spilledShare } = run.reach();
  expect(arrived).toBe(requests);
  const { firstTokenNs, arrivalNs, spilled, count } = run.fleet.table;
  const waits = [...firstTokenNs.subarray(0, count)]
    .map((ns, i) => (ns - arrivalNs[i]) / 1e6)
    .filter((ms) => !Number.isNaN(ms));
  const mean = waits.reduce((sum, ms) => sum + ms, 0) / waits.length;
  // Requests that were looked at before their first token are not in it: held night work above all.
  expect(ttftMeanMs).toBeGreaterThan(0);
  expect(ttftMeanMs).toBeLessThanOrEqual(mean);
  expect(spilledShare).toBeLessThanOrEqual(spilled.reduce((sum, each) => sum + each, 0) / count);
  expect(run.report(0).hash).toBe(quiet.report(0).hash);
});
