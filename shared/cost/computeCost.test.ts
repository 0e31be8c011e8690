import fc from "fast-check";
import { expect, test } from "vitest";
import { scenarioSchema } from "../schema/scenario.ts";
import { testCatalog } from "../serving/testCatalog.ts";
import { buildFleet } from "../serving/testFleets.ts";
import type { Workload } from "../workload/workload.ts";
import { computeCost } from "./computeCost.ts";
import type { CostFacts } from "./costFacts.ts";
import type { CostLine, CostReport } from "./costReport.ts";
import { costFacts, costScenario, costScenarioInput, hourNs } from "./testFacts.ts";

function lineOf(report: CostReport, id: string): CostLine {
  const found = report.lines.find((line) => line.id === id);
  if (found === undefined) throw new Error(`${id} not in ${report.lines.map((l) => l.id)}`);
  return found;
}

/** Facts with the bill of one provider set: [class, tier, input, cached, written, output] rows. */
function withBill(provider: string, rows: number[][], facts: CostFacts = costFacts()): CostFacts {
  const { bill, tierCount } = facts.providers.find((each) => each.id === provider)!;
  for (const [classIndex, tier, ...tokens] of rows) {
    bill.set([1, ...tokens], (classIndex * tierCount + tier) * 5);
  }
  return facts;
}

function withPool(id: string, change: object, facts: CostFacts = costFacts()): CostFacts {
  return {
    ...facts,
    pools: facts.pools.map((pool) => (pool.id === id ? { ...pool, ...change } : pool)),
  };
}

test("GPU hours are split into used and idle, for every GPU of a replica", () => {
  const report = computeCost(withPool("whole", { busyReplicaNs: hourNs / 4 }));
  expect(lineOf(report, "gpuUsed:pool:whole")).toMatchObject({
    quantity: 0.5,
    unit: "GPU-hour",
    priceUsd: 2.69,
    horizonUsd: 1.345,
  });
  expect(lineOf(report, "gpuIdle:pool:whole").quantity).toBe(1.5);
});

test("one H100 and its yearly licence cost $2,338.70 in a month of 730 h, of which $375 are licence", () => {
  const { pools, ...rest } = costScenarioInput();
  const own = { ...pools![0]!, tensorParallel: 1 as const, licence: "yearly" };
  const scenario = scenarioSchema.parse({ ...rest, pools: [own], partitions: [], fixedCosts: [] });
  const report = computeCost(costFacts(scenario));
  expect(report.monthUsd).toBeCloseTo(2338.7, 8);
  expect(lineOf(report, "licence:pool:whole:yearly:year").monthUsd).toBeCloseTo(375, 9);
});

test("a month scales with its length, and the horizon's costs do not", () => {
  const short = computeCost(costFacts(costScenario({ monthHours: 720 })));
  const long = computeCost(costFacts(costScenario({ monthHours: 730 })));
  expect(short.monthFactor).toBe(720);
  expect(lineOf(short, "gpuUsed:pool:whole").horizonUsd).toBe(
    lineOf(long, "gpuUsed:pool:whole").horizonUsd,
  );
  expect(lineOf(short, "fixed:fixed:ops").monthUsd).toBeCloseTo(1000, 9);
  expect(lineOf(short, "fixed:fixed:ops").horizonUsd).toBeCloseTo(1000 / 720, 9);
});

test("a yearly licence runs while a pool is scheduled off, an hourly one does not", () => {
  const off = { provisionedReplicaNs: hourNs / 4, busyReplicaNs: 0 };
  const hourly = computeCost(withPool("whole", off));
  expect(lineOf(hourly, "licence:pool:whole:hourly:hour").quantity).toBe(0.5);
  const input = costScenarioInput();
  const pools = input.pools!.map((pool) => ({ ...pool, licence: "yearly" }));
  const yearly = computeCost(withPool("whole", off, costFacts(costScenario({ pools }))));
  expect(lineOf(yearly, "licence:pool:whole:yearly:year").quantity).toBe(2 / 8760);
});

test("a physical GPU under MIG is paid once, by memory slices, with what no pool uses left to the partition", () => {
  const report = computeCost(costFacts());
  const quantities = ["gpuUsed:pool:half", "gpuIdle:pool:half", "gpuUsed:pool:slice"].map(
    (id) => lineOf(report, id).quantity,
  );
  expect(quantities).toEqual([0.25, 0.25, 0.125]);
  expect(lineOf(report, "gpuIdle:partition:mig").quantity).toBe(0.25);
  const licences = report.lines.filter(
    ({ kind, id }) => kind === "licence" && id.includes("yearly"),
  );
  expect(licences.map((line) => line.subject)).toEqual(["half", "slice", "mig"]);
  expect(licences.reduce((sum, line) => sum + line.quantity, 0)).toBeCloseTo(1 / 8760, 15);
});

test("a pool that works beyond its schedule pays for all its work and has no negative idle time", () => {
  const report = computeCost(withPool("whole", { provisionedReplicaNs: 0, busyReplicaNs: hourNs }));
  expect(lineOf(report, "gpuUsed:pool:whole").quantity).toBe(2);
  expect(lineOf(report, "gpuIdle:pool:whole").quantity).toBe(0);
});

test("API tokens are billed at their tier's prices in the provider's own tokens", () => {
  const report = computeCost(
    withBill("api", [
      [0, 0, 1e6, 2e6, 4e6, 3e6],
      [1, 1, 5e6, 1e6, 2e6, 1e6],
    ]),
  );
  const usd = (id: string): number => lineOf(report, id).horizonUsd;
  expect(usd("apiInput:provider:api:tier0")).toBeCloseTo(1.1 * 2, 12);
  expect(usd("apiCached:provider:api:tier0")).toBeCloseTo(1.1 * 2 * 0.5, 12);
  expect(usd("apiCacheWrite:provider:api:tier0")).toBeCloseTo(1.1 * 4 * 2.5, 12);
  expect(usd("apiOutput:provider:api:tier0")).toBeCloseTo(1.1 * 3 * 8, 12);
  expect(usd("apiInput:provider:api:tier1")).toBeCloseTo(1.1 * 5 * 4, 12);
  expect(usd("apiCached:provider:api:tier1"), "no cached price: as input").toBeCloseTo(4.4, 12);
  expect(usd("apiCacheWrite:provider:api:tier1"), "1.25 times the input").toBeCloseTo(11, 12);
  expect(report.byClass[0]!.horizonUsd).toBeCloseTo(2.2 + 1.1 + 11 + 26.4, 12);
  expect(report.byClass[1]!.monthUsd).toBeCloseTo((22 + 4.4 + 11 + 13.2) * 730, 9);
});

test("the batch API takes its discount off every kind of token, and without one costs the full price", () => {
  const rows = [[1, 0, 1e6, 1e6, 0, 1e6]];
  const half = computeCost(withBill("apiBatch", rows));
  expect(half.byClass[1]!.horizonUsd).toBe(1 + 1 + 4);
  expect(lineOf(half, "apiBatchOutput:provider:apiBatch:tier0").priceUsd).toBe(4);
  const providers = costScenarioInput().providers!.map((each) => ({
    ...each,
    price: { ...each.price, batchDiscount: undefined },
  }));
  const full = computeCost(withBill("apiBatch", rows, costFacts(costScenario({ providers }))));
  expect(full.byClass[1]!.horizonUsd).toBe(2 + 2 + 8);
});

test("without tokens there is no price per million, and cost remains", () => {
  const facts = costFacts();
  const pools = facts.pools.map((pool) => ({ ...pool, promptTokens: 0, outputTokens: 0 }));
  const report = computeCost({ ...facts, pools });
  expect(report.usdPerMTokReservation).toBeNull();
  expect(report.usdPerMTokUsage).toBeNull();
  expect(report.horizonUsd).toBeGreaterThan(0);
});

test("facts that cannot be are refused with their numbers", () => {
  expect(() => computeCost({ ...costFacts(), horizonNs: 0 })).toThrow(/horizon of 0 ns/);
  expect(() => computeCost(withPool("half", { busyReplicaNs: NaN }))).toThrow(/"half" hold NaN/);
  expect(() => computeCost({ ...costFacts(), pools: [] })).toThrow(/no cost facts of "whole"/);
});

const amount = fc.double({ min: 0, max: 1e13, noNaN: true });

const factsArbitrary: fc.Arbitrary<CostFacts> = fc
  .record({
    horizonNs: fc.double({ min: 1e9, max: 9e15, noNaN: true }),
    provisioned: fc.array(amount, { minLength: 4, maxLength: 4 }),
    busy: fc.array(amount, { minLength: 3, maxLength: 3 }),
    tokens: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
    bills: fc.array(fc.nat(1e9), { minLength: 30, maxLength: 30 }),
  })
  .map(({ horizonNs, provisioned, busy, tokens, bills }) => {
    const facts = costFacts();
    facts.providers[0]!.bill.set(bills.slice(0, 20));
    facts.providers[1]!.bill.set(bills.slice(20));
    return {
      ...facts,
      horizonNs,
      pools: facts.pools.map(({ id }, i) => ({
        ...{ id, promptTokens: tokens[i]!, outputTokens: tokens[i + 3]! },
        ...{ provisionedReplicaNs: provisioned[i]!, busyReplicaNs: busy[i]! },
      })),
      partitions: [{ id: "mig", provisionedGpuNs: provisioned[3]! }],
    };
  });

test("the lines add up to the totals, to the last bit, and split into usage and idle", () => {
  fc.assert(
    fc.property(factsArbitrary, (facts) => {
      const report = computeCost(facts);
      let horizonUsd = 0;
      let monthUsd = 0;
      for (const line of report.lines) {
        expect(line.horizonUsd).toBe(line.quantity * line.priceUsd);
        expect(line.horizonUsd).toBeGreaterThanOrEqual(0);
        horizonUsd += line.horizonUsd;
        monthUsd += line.monthUsd;
      }
      expect(report.horizonUsd).toBe(horizonUsd);
      expect(report.monthUsd).toBe(monthUsd);
      expect(new Set(report.lines.map((line) => line.id)).size).toBe(report.lines.length);
      const tokens = report.tokens.prompt + report.tokens.output;
      if (tokens > 0) {
        const usage = (report.usdPerMTokUsage! * tokens) / 1e6 + report.idleUsd;
        expect(usage).toBeCloseTo(horizonUsd, -Math.log10(1e-9 * Math.max(1, horizonUsd)));
      }
    }),
    { numRuns: 300 },
  );
});

test("API lines and API costs by class are the same money", () => {
  fc.assert(
    fc.property(factsArbitrary, (facts) => {
      const report = computeCost(facts);
      const lines = report.lines.filter((line) => line.kind.startsWith("api"));
      const byLine = lines.reduce((sum, line) => sum + line.horizonUsd, 0);
      const byClass = report.byClass.reduce((sum, each) => sum + each.horizonUsd, 0);
      expect(Math.abs(byLine - byClass)).toBeLessThanOrEqual(1e-9 * Math.max(1, byLine));
    }),
    { numRuns: 100 },
  );
});

/** `count` requests, 40 ms apart, in two classes. */
function workloadOf(count: number): Workload {
  return {
    ...{ count, openCount: count, models: [], tenants: [], closedLoops: [], notes: [] },
    arrivalNs: Float64Array.from({ length: count }, (_, i) => i * 4e7),
    promptTokens: Int32Array.from({ length: count }, (_, i) => 50 + (i % 7) * 90),
    outputTokens: Int32Array.from({ length: count }, (_, i) => 1 + (i % 11) * 9),
    classIndex: Uint8Array.from({ length: count }, (_, i) => i % 2),
    spanNs: count * 4e7,
  };
}

test("tokens billed are the tokens produced, by own GPUs and by a provider", () => {
  const input = costScenarioInput();
  const { pools, gpus: _, partitions: __, ...rest } = input;
  const scenario = scenarioSchema.parse({
    ...rest,
    ...testCatalog(),
    pools: [{ ...pools![0]!, gpu: "h100-sxm", model: "llama-3.1-8b", tensorParallel: 1 }],
    rules: [
      { id: "night", match: { classes: ["night"] }, to: { provider: "apiBatch" } },
      { id: "own", to: { pool: "whole" }, guards: { maxRunningShare: 0.005 } },
      { id: "spill", to: { provider: "api" } },
    ],
  });
  const workload = workloadOf(600);
  const fleet = buildFleet(scenario, workload, "skipping");
  fleet.advance();
  const { table } = fleet;
  const served = { promptTokens: 0, outputTokens: 0 };
  for (let i = 0; i < table.count; i++) {
    if (table.destination[i] !== 0) continue;
    served.promptTokens += table.promptTokens[i]!;
    served.outputTokens += table.generated[i]!;
  }
  const { pools: own, providers } = fleet;
  const provisionedReplicaNs = own[0]!.provisionedNs(fleet.clock, workload.spanNs);
  const report = computeCost({
    scenario,
    horizonNs: workload.spanNs,
    pools: [
      { id: "whole", provisionedReplicaNs, busyReplicaNs: own[0]!.usage.total(0), ...served },
    ],
    partitions: [],
    providers: providers.map(({ spec, bill, tierCount }) => ({ id: spec.id, bill, tierCount })),
  });
  const sum = (values: Int32Array): number => values.reduce((total, value) => total + value, 0);
  expect(providers.every((provider) => provider.sentCount > 0)).toBe(true);
  expect(served.outputTokens).toBeGreaterThan(0);
  expect(report.tokens).toEqual({
    prompt: sum(workload.promptTokens),
    output: sum(workload.outputTokens),
  });
});
