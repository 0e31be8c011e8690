import { describe, expect, test } from "vitest";
import gpusFile from "../../data/catalog/gpus.json";
import { catalogFileSchemas, findGpu } from "../catalog/catalog.ts";
import { formatRun } from "../reports/runText.ts";
import { type ScenarioInput, scenarioSchema } from "../schema/scenario.ts";
import { testCatalog } from "../serving/testCatalog.ts";
import { checkScenario } from "./checkScenario.ts";
import { runScenario } from "./scenarioRun.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "estimated" as const }];
const gpu = findGpu({ gpus: catalogFileSchemas.gpus.parse(gpusFile).entries }, "h100-sxm");

/** Two GPUs in halves, whole from 06:00 to 12:00 of every day; a small pool on the halves, a large one on the whole; the rest to an API. */
function shifting(changes: {
  readonly rows: { arrivalS: number[]; promptTokens: number[]; outputTokens: number[] };
  readonly partition?: object;
  readonly small?: object;
}) {
  const pool = {
    gpu: "h100-sxm",
    model: "llama-3.1-8b",
    backend: "vllm" as const,
    replicas: 2,
  };
  const input: ScenarioInput = {
    format: "crossover-scenario",
    version: 1,
    name: "shifting",
    ...testCatalog(),
    gpus: [gpu],
    run: { horizonS: 86_400, drain: true },
    traffic: {
      sources: [{ id: "rows", kind: "trace", rows: changes.rows }],
      classes: [{ id: "all" }],
    },
    partitions: [
      {
        id: "cut",
        gpu: "h100-sxm",
        gpus: 2,
        layout: ["3g.40gb", "3g.40gb"],
        price: { usdPerGpuHour: 2, provenance },
        reconfiguration: {
          layouts: [{ layout: ["7g.80gb"], hours: [{ from: "06:00", to: "12:00" }] }],
          changeS: 30,
          startS: 60,
          provenance,
        },
        ...changes.partition,
      },
    ],
    pools: [
      { ...pool, id: "small", partition: { id: "cut", profile: "3g.40gb" }, ...changes.small },
      { ...pool, id: "large", partition: { id: "cut", profile: "7g.80gb" } },
    ],
    providers: [
      {
        id: "api",
        name: "API",
        model: "llama-3.1-8b",
        price: { inputUsdPerMTok: 1, outputUsdPerMTok: 2, provenance },
      },
    ],
    rules: [
      { id: "small", to: { pool: "small" } },
      { id: "large", to: { pool: "large" } },
      { id: "api", to: { provider: "api" } },
    ],
  };
  return scenarioSchema.parse(input);
}

const hour = 3600;
/** One request at each of these seconds, of so many output tokens. */
const at = (arrivalS: number[], output = 50) => ({
  arrivalS,
  promptTokens: arrivalS.map(() => 100),
  outputTokens: arrivalS.map(() => output),
});
const run = (...args: Parameters<typeof shifting>) =>
  runScenario({ scenario: shifting(...args), traces: new Map() });

describe("a partition whose layout changes by the hour", () => {
  test("serves with the instances of the hour, and sends elsewhere what comes while there are none", () => {
    const report = run({
      rows: at([hour, 6 * hour + 5, 6 * hour + 89, 6 * hour + 91, 12 * hour + 95, 20 * hour]),
    });
    expect(report.requests.byDestination).toMatchObject({ small: 3, large: 1, api: 2 });
    const [cut] = report.partitions!;
    expect(cut).toMatchObject({ changes: 2, drainS: 0, noInstanceS: 180, outOfServiceS: 180 });
    expect(cut.layouts.map((each) => each.stoodH)).toEqual([18 - 90 / hour, 6 - 90 / hour]);
    expect(cut.outGpuHours).toBeCloseTo((2 * 180) / hour, 12);
  });

  test("drains first: the change begins when the last request has ended, however long that takes", () => {
    const report = run({ rows: at([6 * hour - 1, 6 * hour + 90], 3000) });
    const [cut] = report.partitions!;
    const long = report.latency.destinations.small.e2eMs.mean! / 1000;
    expect(long).toBeGreaterThan(10);
    expect(cut.drainS).toBeCloseTo(long - 1, 6);
    expect(cut.noInstanceS).toBe(180);
    expect(cut.longestOutS).toBeCloseTo(long - 1 + 90, 6);
    expect(report.requests.byDestination).toMatchObject({ small: 1, api: 1 });
  });

  test("bills the whole GPUs throughout, the changes to the partition", () => {
    const report = run({ rows: at([hour]) });
    const gpuLines = report.cost.lines.filter((line) => line.kind.startsWith("gpu"));
    const hours = gpuLines.reduce((sum, line) => sum + line.quantity, 0);
    expect(hours).toBeCloseTo(48, 9);
    const rest = gpuLines.find((line) => line.subjectKind === "partition")!;
    // Two of the four halves have no replica of the pool; on top the changes, for all slices.
    expect(rest.quantity).toBeCloseTo(2 * (18 - 90 / hour) * 0.5 + (2 * 180) / hour, 9);
    const [small, large] = report.pools;
    expect(small.busyFraction! * 2 * (18 * hour - 90)).toBeLessThan(10);
    expect(large.busyFraction).toBe(0);
  });

  test("begins with empty caches after a change: a prefix found before is not found again", () => {
    const rows = at([hour, hour + 60, 13 * hour, 13 * hour + 60]);
    const scenario = shifting({
      rows: { ...rows, promptTokens: rows.arrivalS.map(() => 400) },
      small: { replicas: 1 },
    });
    const [sharing] = scenario.traffic.classes;
    const withPrefix = {
      ...scenario,
      traffic: {
        ...scenario.traffic,
        classes: [{ ...sharing, sharedPrefix: { tokens: 320, reuseProbability: 1 } }],
      },
    };
    const report = runScenario({ scenario: withPrefix, traces: new Map() });
    expect(report.requests.byDestination).toMatchObject({ small: 4 });
    expect(report.requests.byClass.all.cachedTokens).toBe(2 * 320);
  });

  test("takes turns when the hours end before the new instances serve, and ends with the layout that is due", () => {
    const layouts = [{ layout: ["7g.80gb"], hours: [{ from: "06:00", to: "06:01" }] }];
    const reconfiguration = { layouts, changeS: 30, startS: 60, provenance };
    const report = run({ rows: at([7 * hour]), partition: { reconfiguration } });
    const [cut] = report.partitions!;
    expect(cut).toMatchObject({ changes: 2, outOfServiceS: 180 });
    expect(report.requests.byDestination).toMatchObject({ small: 1 });
  });

  test("is in the text of a run", () => {
    expect(formatRun(run({ rows: at([hour]) }))).toMatch(
      /Changes of MIG layouts[\s\S]*cut +3g\.40gb \+ 3g\.40gb: 18\.0; 7g\.80gb: 5\.9[78] +2 +0 +180 +90/,
    );
  });
});

describe("checks of a changing layout", () => {
  const problems = (...args: Parameters<typeof shifting>) =>
    checkScenario(shifting(...args)).problems.map(({ field, message }) => `${field}: ${message}`);

  test("find nothing wrong with a sound one", () => {
    expect(problems({ rows: at([1]) })).toEqual([]);
  });

  test("hold each layout to the placement rule", () => {
    const layouts = [{ layout: ["4g.40gb", "4g.40gb"], hours: [{ from: "06:00", to: "12:00" }] }];
    const reconfiguration = { layouts, changeS: 1, startS: 1, provenance };
    expect(problems({ rows: at([1]), partition: { reconfiguration } }).join()).toContain(
      "partitions[0].reconfiguration.layouts[0].layout: the MIG layout is not legal",
    );
  });

  test("count the instances of a profile in every layout that has it", () => {
    const layouts = [
      { layout: ["7g.80gb"], hours: [{ from: "06:00", to: "12:00" }] },
      { layout: ["3g.40gb", "1g.10gb"], hours: [{ from: "13:00", to: "14:00" }] },
    ];
    const reconfiguration = { layouts, changeS: 1, startS: 1, provenance };
    const found = problems({
      rows: at([1]),
      partition: { reconfiguration },
      small: { replicas: 3 },
    });
    expect(found.join()).toContain("want 3 instances of 3g.40gb, but 2 GPUs x 1");
  });

  test.each([
    ["schedule", { schedule: { kind: "hours", hours: [{ from: "01:00", to: "02:00" }] } }],
    ["failures", { failures: { mtbfS: 1e6, repairS: 10 } }],
  ])("refuse a pool's own %s beside it", (field, small) => {
    expect(problems({ rows: at([1]), small }).join()).toContain(
      `pools[0].${field}: does not go together with the changing layouts`,
    );
  });
});

describe("neighbours on a GPU", () => {
  test("cost nothing by assumption, which is said, or what the partition states", () => {
    const free = run({ rows: at([hour]) });
    const slowed = run({ rows: at([hour]), partition: { neighbourSlowdown: 1.5 } });
    const tpot = (report: typeof free) => report.latency.destinations.small.tpotMs.mean!;
    expect(free.notes.join("\n")).toContain("neighbours on its GPUs are taken to cost it nothing");
    expect(slowed.notes.join("\n")).toContain("1.5 times as long for neighbours");
    expect(tpot(slowed) / tpot(free)).toBeGreaterThan(1.4);
    expect(tpot(slowed) / tpot(free)).toBeLessThan(1.5);
  });
});

describe("a pool that says nim", () => {
  test("runs as the engine whose profile NIM picks", () => {
    const named = run({ rows: at([hour]), small: { backend: "nim" } });
    const own = run({ rows: at([hour]), small: { backend: "vllm" } });
    expect(named.latency.all).toEqual(own.latency.all);
    expect(named.notes.join("\n")).toContain('Pool "small": NIM is taken as vLLM');
  });
});
