import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { tierPrices } from "../../catalog/tierPrices.ts";
import { usageField } from "../../serving/metrics/usageRecorder.ts";
import { computeCost } from "../computeCost.ts";
import type { CostReport } from "../costReport.ts";
import { type ChargebackOptions, chargeBack } from "./chargeBack.ts";
import { type ChargebackReport, chargeColumns, fixedRules, idleRules } from "./chargebackReport.ts";
import { chargebackKeys, requestKeys } from "./requestKeys.ts";
import { workPrices } from "./requestWork.ts";
import { measureRowUsage } from "./rowUsage.ts";
import { chargedInput, chargedRun } from "./testRuns.ts";

type Run = ReturnType<typeof chargedRun>;

const plain: ChargebackOptions = {
  ...{ by: "tenant", idle: "proportional", fixed: "cost" },
  namespaceOf: new Map([["ana", "team-a"]]),
};

/** The bill of a run as a report computes it. */
function billOf({ scenario, pools, providers, fleet, horizonNs }: Run): CostReport {
  return computeCost({
    ...{ scenario, horizonNs },
    pools: pools.map((pool) => ({
      id: pool.spec.id,
      provisionedReplicaNs: pool.provisionedNs(fleet.clock, horizonNs),
      busyReplicaNs: pool.usage.total(usageField.busyNs, 0, pool.usage.windowCount),
      ...{ promptTokens: 1, outputTokens: 1 },
    })),
    partitions: scenario.partitions.map(({ id, gpus }) => ({
      id,
      provisionedGpuNs: horizonNs * gpus,
    })),
    providers: providers.map(({ spec, bill, tierCount }) => ({ id: spec.id, bill, tierCount })),
  });
}

function charge(run: Run, options: Partial<ChargebackOptions> = {}): ChargebackReport {
  return chargeBack(run, billOf(run), { ...plain, ...options });
}

const rowOf = (report: ChargebackReport, id: string) => {
  const row = report.rows.find((each) => each.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
};

const cents = (usd: number): number => Math.round(usd * 100);
const sumOf = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0);

let run: Run;
beforeAll(() => {
  run = chargedRun();
});

describe("a divided bill", () => {
  it("adds up to the bill to the last cent, by any key, rule and prices", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...chargebackKeys),
        fc.constantFrom(...idleRules),
        fc.constantFrom(...fixedRules),
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        (by, idle, fixed, price) => {
          const cost = scaled(billOf(run), price);
          const report = chargeBack(run, cost, { ...plain, by, idle, fixed });
          for (const period of ["horizon", "month"] as const) {
            const billed = period === "horizon" ? cost.horizonUsd : cost.monthUsd;
            const units = (usd: number): number => Math.round(usd / report.unitUsd);
            const total = sumOf(report.rows.map((row) => units(row[period].total)));
            expect(total).toBe(units(billed));
            expect(cents(total * report.unitUsd)).toBe(cents(billed));
            for (const column of chargeColumns) {
              expect(sumOf(report.rows.map((row) => units(row[period][column])))).toBe(
                units(report[period][column]),
              );
            }
            for (const row of report.rows) {
              expect(sumOf(chargeColumns.map((column) => units(row[period][column])))).toBe(
                units(row[period].total),
              );
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("has the columns of the bill's lines", () => {
    const { month } = charge(run);
    const { lines } = billOf(run);
    const ofKind = (test: RegExp): number =>
      sumOf(lines.filter(({ kind }) => test.test(kind)).map((line) => line.monthUsd));
    expect(month.gpuUsed).toBeCloseTo(ofKind(/^gpuUsed/), 4);
    expect(month.gpuIdle).toBeCloseTo(ofKind(/^gpuIdle/), 4);
    expect(month.licence).toBeCloseTo(ofKind(/^licence/), 4);
    expect(month.api).toBeCloseTo(ofKind(/^api/), 4);
    expect(month.fixed).toBeCloseTo(900.01, 4);
  });

  it("charges API costs exactly: each request's own tokens at its own prices", () => {
    const { scenario, table, providers, pools } = run;
    const report = charge(run);
    const tenants = table.workload.tenants;
    const expected = new Map<string, number>();
    let writtenTokens = 0;
    for (let i = 0; i < table.count; i++) {
      const provider = table.destination[i] - pools.length;
      if (provider < 0 || Number.isNaN(table.admittedNs[i])) continue;
      const { price, tokenizerFactor, api } = scenario.providers[provider];
      const isLong = api === "realTime" && table.promptTokens[i] * tokenizerFactor > 3000;
      const prices = tierPrices(price, isLong ? 1 : 0);
      const written = providers[provider].cacheWriteTokens(i);
      const cached = table.cachedTokens[i];
      const isBatch = api === "batch";
      writtenTokens += written;
      const usd =
        (table.promptTokens[i] - cached - written) * prices.input +
        cached * prices.cached +
        written * prices.cacheWrite +
        table.generated[i] * prices.output;
      const tenant = tenants[table.workload.tenantIndex![i]];
      const before = expected.get(tenant) ?? 0;
      expected.set(tenant, before + (usd * tokenizerFactor * (isBatch ? 0.5 : 1)) / 1e6);
    }
    expect(expected.size).toBe(3);
    for (const [tenant, usd] of expected) {
      expect(rowOf(report, tenant === "" ? "(no tenant)" : tenant).horizon.api).toBeCloseTo(usd, 4);
    }
    expect(writtenTokens).toBeGreaterThan(0);
  });

  it("never drops a request, with a tenant or without, served or refused", () => {
    for (const by of chargebackKeys) {
      const { rows } = charge(run, { by });
      expect(sumOf(rows.map((row) => row.requests.arrived))).toBe(run.table.count);
    }
    expect(rowOf(charge(run), "(no tenant)").requests.arrived).toBeGreaterThan(0);
    expect(rowOf(charge(run, { by: "pool" }), "(not served)").month.total).toBe(0);
    const { rows } = charge(run, { by: "namespace" });
    expect(rows.map((row) => row.id).sort()).toEqual([
      "(no namespace)",
      "(no tenant)",
      "(unused capacity)",
      "team-a",
    ]);
  });

  it("makes the parts of a GPU add up to the GPU, unused slices included", () => {
    const { gpus } = charge(run);
    const hours = run.horizonNs / 3600e9;
    const mig = gpus.find((each) => each.id === "mig")!;
    expect(mig.gpus).toBe(1);
    expect(sumOf(mig.parts.map((part) => part.gpuHours))).toBeCloseTo(hours, 12);
    expect(cents(sumOf(mig.parts.map((part) => part.monthUsd)))).toBe(cents(2.69 * 730));
    // 3g.40gb has 4 of 8 memory slices, 2g.20gb 2 of 8, and 2 are left.
    const partOf = (subject: string) =>
      sumOf(mig.parts.filter((part) => part.subject === subject).map((part) => part.gpuHours));
    expect(partOf("half")).toBeCloseTo(hours / 2, 12);
    expect(partOf("spare")).toBeCloseTo(hours / 4, 12);
    expect(partOf("mig")).toBeCloseTo(hours / 4, 12);
    const all = charge(run, { by: "class" });
    const used = sumOf(all.rows.map((row) => row.gpuHours.used + row.gpuHours.idle));
    expect(used).toBeCloseTo(sumOf(gpus.map((each) => each.gpuHours)), 12);
  });

  it("charges the idle hours of a pool that nobody used to a row of their own, by pool to the pool", () => {
    const spare = (report: ChargebackReport, id: string) => rowOf(report, id).month.gpuIdle;
    const idle = 2.69 * 730 * (2 / 8);
    expect(spare(charge(run), "(unused capacity)")).toBeCloseTo(idle, 4);
    expect(spare(charge(run, { by: "pool" }), "spare")).toBeCloseTo(idle, 4);
  });

  it("keeps idle hours apart where asked, and charges nobody else for them", () => {
    const report = charge(run, { idle: "separate" });
    expect(rowOf(report, "(idle)").month.gpuIdle).toBe(report.month.gpuIdle);
    expect(rowOf(report, "ana").month.gpuIdle).toBe(0);
    expect(report.month.total).toBe(charge(run).month.total);
  });

  it("divides idle hours evenly where asked", () => {
    const { rows } = charge(run, { idle: "even" });
    const payers = rows.filter(({ kind }) => kind !== "unused").map((row) => row.month.gpuIdle);
    expect(payers).toHaveLength(3);
    expect(Math.max(...payers) - Math.min(...payers)).toBeLessThan(1e-5);
  });

  it("divides fixed costs by the rule asked for", () => {
    const even = charge(run, { fixed: "even" });
    for (const row of even.rows.filter(({ kind }) => kind !== "unused")) {
      expect(row.month.fixed).toBeCloseTo(900.01 / 3, 4);
    }
    const byTokens = charge(run, { fixed: "tokens" });
    const tokens = (row: ChargebackReport["rows"][number]) => row.tokens.prompt + row.tokens.output;
    const all = sumOf(byTokens.rows.map(tokens));
    const ana = rowOf(byTokens, "ana");
    expect(ana.month.fixed).toBeCloseTo((900.01 * tokens(ana)) / all, 4);
  });
});

describe("work on a pool", () => {
  /** One pool with a textbook cost, requests of fixed lengths from two tenants. */
  function textbook(
    executionTime: object,
    lengths: [number, number][],
    engine: { prefixCaching?: boolean } = {},
  ): Run {
    const base = chargedInput();
    const sources = ["ana", "bo"].map((tenant, i) => ({
      ...{ id: tenant, kind: "trace" as const },
      rows: {
        arrivalS: [10 * i, 10 * i + 20, 10 * i + 40],
        promptTokens: [1, 1, 1].map(() => lengths[i][0]),
        outputTokens: [1, 1, 1].map(() => lengths[i][1]),
        tenant: [tenant, tenant, tenant],
      },
    }));
    return chargedRun({
      traffic: { sources, classes: [{ id: "all" }] },
      pools: [{ ...base.pools![0], executionTime: executionTime as { kind: "fitted" }, engine }],
      ...{ partitions: [], providers: [], fixedCosts: [] },
      rules: [{ id: "own", to: { pool: "whole" } }],
    });
  }

  it("is divided by output steps where only steps cost time", () => {
    const run = textbook({ kind: "linear", iterationUs: 1000 }, [
      [16, 101],
      [16, 301],
    ]);
    const [ana, bo] = ["ana", "bo"].map((id) => rowOf(charge(run), id).gpuHours.used);
    expect(bo / ana).toBeCloseTo(3, 1);
  });

  it("is divided by computed prompt tokens where only they cost time", () => {
    const run = textbook(
      { kind: "linear", iterationUs: 0.001, perPrefillTokenUs: 10 },
      [
        [1000, 1],
        [4000, 1],
      ],
      { prefixCaching: false },
    );
    const [ana, bo] = ["ana", "bo"].map((id) => rowOf(charge(run), id).gpuHours.used);
    expect(bo / ana).toBeCloseTo(4, 6);
  });

  it("is worth, one request at a time, what the pool was busy: the time model's own time within 1 %", () => {
    const run = textbook({ kind: "linear", iterationUs: 500, perContextTokenNs: 40 }, [
      [1000, 200],
      [300, 500],
    ]);
    const [pool] = run.pools;
    const prices = workPrices(pool);
    expect(prices.contextToken).toBe(40 * 1024);
    const keys = requestKeys("tenant", run.scenario, run.table, new Map());
    const ticks = sumOf([...measureRowUsage(run, keys).work[0]]);
    const busyNs = pool.usage.total(usageField.busyNs);
    expect(ticks / 1024 / busyNs).toBeGreaterThan(0.99);
    expect(ticks / 1024 / busyNs).toBeLessThan(1.01);
  });
});

/** The same bill at other prices: every amount times a factor, sums in the order of the lines. */
function scaled(cost: CostReport, factor: number): CostReport {
  const lines = cost.lines.map((line) => ({
    ...line,
    horizonUsd: line.horizonUsd * factor,
    monthUsd: line.monthUsd * factor,
  }));
  return {
    ...{ ...cost, lines },
    horizonUsd: sumOf(lines.map((line) => line.horizonUsd)),
    monthUsd: sumOf(lines.map((line) => line.monthUsd)),
  };
}
