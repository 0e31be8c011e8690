import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Scenario, scenarioSchema } from "../../schema/scenario.ts";
import { hybridInput, hybridScenario } from "../fixtures/hybridScenario.ts";
import { type Comparison, compareScenarios } from "./comparison.ts";
import { pairFigure } from "./pairedFigure.ts";
import { runOf } from "./testRuns.ts";

const base = hybridInput();

function runs(scenario: Scenario, replications: number) {
  return Array.from({ length: replications }, (_, replication) => runOf(scenario, 5, replication));
}

function compare(all: readonly Scenario[], replications: number, baseline = 0): Comparison {
  const compared = all.map((scenario, i) => ({
    file: `${i}.crossover`,
    scenario,
    runs: runs(scenario, replications),
  }));
  return compareScenarios(compared, baseline, 5);
}

function rowOf(comparison: Comparison, id: string) {
  const row = comparison.figures.find((each) => each.id === id);
  if (row === undefined) throw new Error(`no figure ${id}`);
  return row;
}

const twoReplicas = () => hybridScenario({ pools: [{ ...base.pools![0], replicas: 2 }] });
const allApi = () => hybridScenario({ pools: [], rules: [base.rules[2]] });

describe("a paired difference", () => {
  it("is mean and t interval of the differences, pair by pair", () => {
    const { absolute, relative, interval } = pairFigure([1, 2, 3], [3, 5, 4]);
    // Differences 2, 3, 1: mean 2, s = 1, t(0.975; 2) = 4.30265.
    expect(absolute).toBe(2);
    expect(relative).toBe(1);
    expect(interval!.halfWidth95).toBeCloseTo(4.302653 / Math.sqrt(3), 5);
    expect(interval).toMatchObject({ mean: 2, pairs: 3, excludesZero: false });
    // Var a = 1, Var b = 1, Var difference = 1: half of the variance of independent runs is gone.
    expect(interval!.varianceReduction).toBeCloseTo(0.5, 12);
    // t(0.975; 4) = 2.776445.
    expect(interval!.independentHalfWidth95).toBeCloseTo(2.776445 * Math.sqrt(2 / 3), 5);
  });

  it("of anything with itself is exactly 0 with an interval of exactly 0", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2 }),
        (own) => {
          const { absolute, interval } = pairFigure(own, own);
          expect(Math.abs(absolute!)).toBe(0);
          expect([interval!.low, interval!.high].map(Math.abs)).toEqual([0, 0]);
          expect(interval!.excludesZero).toBe(false);
        },
      ),
    );
  });

  it("counts only pairs of which both sides have a value", () => {
    expect(pairFigure([1, null, 4], [2, 3, null])).toEqual({
      absolute: 1,
      relative: 1,
      interval: null,
    });
    expect(pairFigure([null], [1]).absolute).toBeNull();
    expect(pairFigure([0, 0], [1, 1])).toMatchObject({ relative: null, absolute: 1 });
  });

  it("that never varies has no width, and no variance to take away", () => {
    const { interval } = pairFigure([0.1, 0.1, 0.1], [0.4, 0.4, 0.4]);
    expect(interval).toMatchObject({ halfWidth95: 0, excludesZero: true, varianceReduction: null });
  });
});

describe("a comparison", () => {
  it("of a scenario with itself has exactly no difference in any figure", () => {
    const comparison = compare([hybridScenario(), hybridScenario()], 3);
    expect(comparison.traffic.isSame).toBe(true);
    expect(comparison.scenarios[1].hashes).toEqual(comparison.scenarios[0].hashes);
    let compared = 0;
    for (const { differences } of comparison.figures) {
      const difference = differences[1]!;
      if (difference.absolute === null) continue;
      compared++;
      expect(difference.absolute).toBe(0);
      expect(difference.interval).toMatchObject({ mean: 0, low: 0, high: 0, halfWidth95: 0 });
    }
    expect(compared).toBeGreaterThan(60);
  });

  it("gives the same requests to other fleets and routings in every replication, others to each replication", () => {
    const comparison = compare([hybridScenario(), twoReplicas(), allApi()], 2);
    expect(comparison.traffic).toEqual({
      ...{ isSame: true, differences: [], hasClosedLoops: false, isRepeated: false },
    });
    const arrived = rowOf(comparison, "requests.arrived");
    expect(new Set(arrived.values).size).toBe(1);
  });

  it("says of which parts of the traffic a scenario has others", () => {
    const [source] = base.traffic.sources;
    const longer = { ...source, durationS: 300 } as typeof source;
    const fewer = hybridScenario({ traffic: { ...base.traffic, sources: [longer] } });
    const { classes, sources } = base.traffic;
    const renamed = hybridScenario({
      traffic: { sources, classes: [classes[0], { ...classes[1], id: "day" }] },
    });
    const { traffic } = compare([hybridScenario(), fewer, renamed], 1);
    expect(traffic.isSame).toBe(false);
    expect(traffic.differences).toMatchObject([
      { scenario: 1, parts: ["arrivals", "token lengths", "classes"] },
      { scenario: 2, parts: ["classes"] },
    ]);
    expect(traffic.differences[0].requests).toBeLessThan(traffic.differences[0].baselineRequests);
  });

  it("holds the bill of a scenario without a line to 0, and knows no utilization of a pool that is not there", () => {
    const comparison = compare([hybridScenario(), allApi()], 2);
    const line = rowOf(comparison, "cost.lines.gpuUsed:pool:own");
    expect(line.values[1]).toBe(0);
    expect(line.differences[1]!.absolute).toBe(-line.values[0]!);
    const busy = rowOf(comparison, "pools.own.busyFraction");
    expect([busy.values[1], busy.differences[1]!.absolute]).toEqual([null, null]);
  });

  it("has cost lines whose differences add up to the difference of the total", () => {
    const comparison = compare([hybridScenario(), twoReplicas()], 3);
    const total = rowOf(comparison, "cost.monthUsd").differences[1]!.absolute!;
    const lines = comparison.figures.filter(({ group }) => group === "cost lines");
    const sum = lines.reduce((all, { differences }) => all + differences[1]!.absolute!, 0);
    expect(sum).toBeCloseTo(total, 8);
    expect(total).toBeGreaterThan(0);
  });

  it("turns every sign when the baseline is pinned to the other side", () => {
    const all = [hybridScenario(), twoReplicas()];
    const there = compare(all, 2, 0);
    const back = compare(all, 2, 1);
    for (const row of there.figures) {
      const other = rowOf(back, row.id);
      const own = row.differences[1]!.absolute;
      if (own === null) continue;
      expect(other.differences[0]!.absolute! + own).toBeCloseTo(0, 9);
      expect(other.differences[1]).toBeNull();
    }
    expect(back.scenarios.map(({ isBaseline }) => isBaseline)).toEqual([false, true]);
  });

  it("takes away variance where a change is small beside the chance of the traffic", () => {
    const dearer = { ...base.providers![0].price, outputUsdPerMTok: 9 };
    const other = hybridScenario({ providers: [{ ...base.providers![0], price: dearer }] });
    const { interval } = rowOf(compare([hybridScenario(), other], 6), "cost.monthUsd")
      .differences[1]!;
    expect(interval!.varianceReduction).toBeGreaterThan(0.9);
    expect(interval!.halfWidth95).toBeLessThan(interval!.independentHalfWidth95 / 3);
    expect(interval!.excludesZero).toBe(true);
  });

  it("greys a percentile where fewer than ten samples lie beyond it, with the reason", () => {
    const [source] = base.traffic.sources;
    const short = { ...source, durationS: 60 } as typeof source;
    const few = scenarioSchema.parse({ ...base, traffic: { ...base.traffic, sources: [short] } });
    const comparison = compare([few, hybridScenario()], 1);
    const p99 = rowOf(comparison, "latency.all.ttftMs.p99");
    expect(p99.unreliable[0]).toMatch(/^fewer than 10 of \d+ samples .* wants 1000$/);
    expect(p99.unreliable[1]).toBeNull();
    expect(rowOf(comparison, "latency.all.ttftMs.p50").unreliable).toEqual([null, null]);
  });

  it("refuses fewer than two, more than eight, and unequal numbers of runs", () => {
    const scenario = hybridScenario();
    const one = { file: "a", scenario, runs: runs(scenario, 1) };
    expect(() => compareScenarios([one], 0, 1)).toThrow("a comparison of 1");
    expect(() => compareScenarios(new Array(9).fill(one), 0, 1)).toThrow("a comparison of 9");
    expect(() => compareScenarios([one, { ...one, runs: [] }], 0, 1)).toThrow("with 1, 0 runs");
  });
});

describe("common random numbers", () => {
  it("reach the providers too: a rule for nobody, or one more before them, leaves their latencies as they are", () => {
    const onlyApi = { pools: [], rules: [base.rules[2]] };
    const nobody = { id: "nobody", match: { tenants: ["none"] }, to: { provider: "other" } };
    const other = { ...base.providers![0], id: "other" };
    const more = {
      ...onlyApi,
      providers: [...base.providers!, other],
      rules: [nobody, base.rules[2]],
    };
    const comparison = compare([hybridScenario(onlyApi), hybridScenario(more)], 2);
    for (const { id, differences } of comparison.figures) {
      if (id.startsWith("latency.")) expect(differences[1]!.absolute).toBe(0);
    }
  });

  it("still draw anew where a second rule sends a request to the same provider", () => {
    const failing = {
      ...base.providers![0],
      errorRate: 0.5,
      retry: { maxAttempts: 1 },
      limits: {},
    };
    const again = { id: "again", to: { provider: "api" } };
    const once = { pools: [], providers: [failing], rules: [base.rules[2]] };
    const rejected = (rules: typeof base.rules) =>
      rowOf(
        compare([hybridScenario(once), hybridScenario({ ...once, rules })], 1),
        "requests.rejected",
      ).values;
    const [first, second] = rejected([base.rules[2], again]);
    expect(second! / first!).toBeGreaterThan(0.4);
    expect(second! / first!).toBeLessThan(0.6);
  });
});
