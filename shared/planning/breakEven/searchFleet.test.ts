import { describe, expect, it, vi } from "vitest";
import type { Scenario } from "../../schema/scenario.ts";
import { testCatalog } from "../../serving/testCatalog.ts";
import { buildWorkload } from "../../workload/buildWorkload.ts";
import { missedTargets } from "../points/runFigures.ts";
import { leastReplicaS, measureFleet, missedWhenIdle } from "./fleetCapacity.ts";
import { fleetUnits, withUnitCounts } from "./fleetUnits.ts";
import { cheapestValidFleet } from "./searchFleet.ts";
import { applyStrategy, listStrategies } from "./strategies.ts";
import { countingRunner, testPool, testProvider, testScenario } from "./testScenario.ts";

/** Searches are many runs; other work on the machine must not fail them. */
vi.setConfig({ testTimeout: 60_000 });

function ownOf(scenario: Scenario, id = "own"): Scenario {
  const { strategies } = listStrategies(scenario, { hasCachedPrompts: false });
  return applyStrategy(scenario, strategies.find((each) => each.id === id)!);
}

function workloadOf({ traffic, clock, seed }: Scenario) {
  return buildWorkload({ traffic, clock, seed, replication: 0, traces: new Map() });
}

describe("the search for the fewest GPUs", () => {
  it("finds a fleet that keeps every target in every replication, while one replica fewer does not", () => {
    const scenario = ownOf(testScenario({}, 60));
    const { run } = countingRunner();
    const answer = cheapestValidFleet(
      { scenario, objective: "fewestGpus", replications: 3, maxGpus: 64 },
      run,
    );
    const [n] = answer.counts;
    expect(answer.isValid).toBe(true);
    expect(answer.replicationsMet).toBe(3);
    expect(n).toBeGreaterThan(2);
    const missesAt = (count: number): boolean[] =>
      [0, 1, 2].map((i) => missedTargets(run(withUnitCounts(scenario, [count]), i)).length > 0);
    expect(missesAt(n)).toEqual([false, false, false]);
    expect(missesAt(n - 1)).toContain(true);
  });

  it("finds the same fleet from any start", () => {
    const scenario = ownOf(testScenario({}, 60));
    const { run } = countingRunner();
    const found = [1, 3, 7, 25].map(
      (start) =>
        cheapestValidFleet(
          { scenario, objective: "fewestGpus", replications: 2, maxGpus: 64, start: [start] },
          run,
        ).counts[0],
    );
    expect(new Set(found).size).toBe(1);
  });

  it("needs few runs when it starts near", () => {
    const scenario = ownOf(testScenario({}, 60));
    const first = countingRunner();
    const search = { scenario, objective: "fewestGpus", replications: 1, maxGpus: 64 } as const;
    const { counts } = cheapestValidFleet(search, first.run);
    const near = countingRunner();
    expect(cheapestValidFleet({ ...search, start: counts }, near.run).counts).toEqual(counts);
    expect(near.runs()).toBe(2);
  });

  it("gives the best it tried, marked, where no fleet up to the limit keeps the targets", () => {
    const scenario = ownOf(testScenario({}, 60));
    const { run } = countingRunner();
    const answer = cheapestValidFleet(
      { scenario, objective: "fewestGpus", replications: 2, maxGpus: 2 },
      run,
    );
    expect(answer.isValid).toBe(false);
    expect(answer.gpus).toBe(2);
    expect(answer.missed[0]).toMatch(/TTFT p95 of class "all" is/);
  });

  it("gives the fewest where more GPUs bring no request nearer to its target", () => {
    const { sources } = testScenario({}, 1).traffic;
    const classes = [{ id: "all", targets: { tpot: { ms: 5 } } }];
    const answer = cheapestValidFleet(
      {
        scenario: ownOf(testScenario({ traffic: { sources, classes } }, 1)),
        objective: "fewestGpus",
        replications: 1,
        maxGpus: 64,
      },
      countingRunner().run,
    );
    expect([answer.isValid, answer.gpus]).toEqual([false, 1]);
  });

  it("lowers each of several pools as far as targets allow", () => {
    const { sources } = testScenario({}, 40).traffic;
    const scenario = ownOf(
      testScenario({
        traffic: {
          sources,
          classes: [
            { id: "a", share: 0.75, targets: { ttft: { ms: 1500 } } },
            { id: "b", targets: { ttft: { ms: 1500 } } },
          ],
        },
        pools: [testPool(), testPool({ id: "second" })],
        rules: [
          { id: "a", match: { classes: ["a"] }, to: { pool: "own" } },
          { id: "b", match: { classes: ["b"] }, to: { pool: "second" } },
          { id: "c", to: { provider: "api" } },
        ],
      }),
    );
    const { run } = countingRunner();
    const { counts, isValid } = cheapestValidFleet(
      { scenario, objective: "fewestGpus", replications: 1, maxGpus: 64 },
      run,
    );
    expect(isValid).toBe(true);
    expect(counts[0]).toBeGreaterThan(counts[1]);
    const isMet = (fleet: number[]): boolean =>
      missedTargets(run(withUnitCounts(scenario, fleet), 0)).length === 0;
    expect(isMet([counts[0] - 1, counts[1]])).toBe(false);
    if (counts[1] > 1) expect(isMet([counts[0], counts[1] - 1])).toBe(false);
  });
});

describe("the least work of requests", () => {
  it("is never more than what replicas were busy, so that no fleet below the bound keeps up", () => {
    for (const executionTime of [testPool().executionTime, undefined]) {
      const base = testScenario({ pools: [testPool({ executionTime })] }, 30);
      const scenario = ownOf(base);
      const { run } = countingRunner();
      const workload = workloadOf(scenario);
      const bound = leastReplicaS(scenario, workload);
      for (const count of [2, 8]) {
        const figures = run(withUnitCounts(scenario, [count]), 0);
        const busyS = figures.pools[0].busyFraction! * figures.horizonS * count;
        const lateS = (busyS / (1 - figures.pools[0].lateShare)) * figures.pools[0].lateShare;
        expect(bound).toBeLessThan(busyS + lateS);
      }
      expect(bound).toBeGreaterThan(0);
    }
  });

  it("tells the capacity of a replica and the targets that no number of GPUs keeps", () => {
    const scenario = ownOf(testScenario({}, 30));
    const capacity = measureFleet(scenario, workloadOf(scenario), 600);
    // At 32 sequences: 300 prompt tokens take 6 ms, 99 decodes a 32nd of 13.2 ms each; 400 tokens every 46.8 ms.
    expect(capacity.units[0].tokensPerS).toBeGreaterThan(0.9 * (400 / 0.0468));
    expect(capacity.units[0].tokensPerS).toBeLessThan(1.1 * (400 / 0.0468));
    expect(missedWhenIdle(scenario, workloadOf(scenario))).toEqual([]);
    const { sources } = scenario.traffic;
    const strict = ownOf(
      testScenario({
        traffic: { sources, classes: [{ id: "all", targets: { tpot: { ms: 5 } } }] },
      }),
    );
    expect(missedWhenIdle(strict, workloadOf(strict))).toEqual([
      'TPOT p95 of class "all" is 10.1 ms, wanted 5.00 ms',
    ]);
  });
});

describe("laws of cost", () => {
  it("more GPUs never lower the GPU and licence lines, nor the total of an all-own fleet", () => {
    const scenario = ownOf(testScenario({ pools: [testPool({ licence: "yearly" })] }, 20));
    const { run } = countingRunner();
    const bills = [1, 2, 3, 5, 9].map((n) => run(withUnitCounts(scenario, [n]), 0).cost);
    for (let i = 1; i < bills.length; i++) {
      const gpu = (each: (typeof bills)[0]): number => each.gpuUsedUsd + each.gpuIdleUsd;
      expect(gpu(bills[i])).toBeGreaterThanOrEqual(gpu(bills[i - 1]));
      expect(bills[i].licenceUsd).toBeGreaterThan(bills[i - 1].licenceUsd);
      expect(bills[i].monthUsd).toBeGreaterThan(bills[i - 1].monthUsd);
    }
  });

  it("in a hybrid another GPU may lower the total, as less spills over; the search finds the cheapest number", () => {
    const scenario = testScenario({}, 60);
    const { run } = countingRunner();
    const totals = Array.from({ length: 12 }, (_, i) => {
      const figures = run(withUnitCounts(scenario, [i + 1]), 0);
      return { usd: figures.cost.monthUsd, spilled: figures.spilled };
    });
    expect(totals[1].usd).toBeLessThan(totals[0].usd);
    expect(totals[1].spilled).toBeLessThan(totals[0].spilled);
    const least = Math.min(...totals.map(({ usd }) => usd));
    const answer = cheapestValidFleet(
      { scenario, objective: "leastCost", replications: 2, maxGpus: 64 },
      run,
    );
    expect(answer.isValid).toBe(true);
    expect(answer.figures[0].cost.monthUsd).toBe(least);
    expect(totals[answer.counts[0] - 1].usd).toBe(least);
    expect(answer.counts[0]).toBeGreaterThan(1);
  });

  it("takes the cheapest mix that keeps the targets where the cheapest of all does not", () => {
    const dear = testPool({
      price: {
        usdPerGpuHour: 200,
        provenance: [{ source: "test", retrievedOn: "2026-11-26", basis: "estimated" }],
      },
    });
    const scenario = testScenario(
      {
        pools: [dear],
        rules: [
          { id: "own-first", to: { pool: "own" }, guards: { maxWaiting: 40 } },
          { id: "spill", to: { provider: "api" } },
        ],
      },
      60,
    );
    const { run } = countingRunner();
    const search = { scenario, objective: "leastCost", replications: 1, maxGpus: 64 } as const;
    const answer = cheapestValidFleet(search, run);
    expect(answer.isValid).toBe(true);
    expect(answer.counts[0]).toBeGreaterThan(1);
    const cheaper = run(withUnitCounts(scenario, [1]), 0);
    expect(cheaper.cost.monthUsd).toBeLessThan(answer.figures[0].cost.monthUsd);
    expect(missedTargets(cheaper).length).toBeGreaterThan(0);
    const smaller = run(withUnitCounts(scenario, [answer.counts[0] - 1]), 0);
    expect(missedTargets(smaller).length).toBeGreaterThan(0);
  });

  it("with routing fixed a cheaper price never raises the bill", () => {
    const { run } = countingRunner();
    const provenance = [{ source: "test", retrievedOn: "2026-11-26", basis: "estimated" as const }];
    const billAt = (input: number, output: number, gpuHour: number): number => {
      const price = { inputUsdPerMTok: input, outputUsdPerMTok: output, provenance };
      return run(
        testScenario(
          {
            providers: [testProvider({ price })],
            pools: [testPool({ price: { usdPerGpuHour: gpuHour, provenance } })],
          },
          30,
        ),
        0,
      ).cost.monthUsd;
    };
    expect(billAt(1, 8, 2)).toBeLessThan(billAt(2, 8, 2));
    expect(billAt(2, 4, 2)).toBeLessThan(billAt(2, 8, 2));
    expect(billAt(2, 8, 1)).toBeLessThan(billAt(2, 8, 2));
    expect(billAt(0, 0, 0)).toBe(0);
  });
});

describe("fleets on MIG partitions", () => {
  const provenance = [{ source: "test", retrievedOn: "2026-11-26", basis: "estimated" as const }];
  const [gpu] = testCatalog().gpus!;
  const profile = {
    name: "3g.40gb",
    memorySlices: 4,
    computeSlices: 3,
    memoryGib: 39.5,
    smCount: 60,
    maxInstances: 2,
    starts: [0, 4],
  };
  const scenario = testScenario(
    {
      gpus: [{ ...gpu, migProfiles: [profile] }],
      partitions: [
        {
          id: "cut",
          gpu: "h100-sxm",
          gpus: 1,
          layout: ["3g.40gb", "3g.40gb"],
          price: { usdPerGpuHour: 2, provenance },
        },
      ],
      pools: [
        testPool({ price: undefined, partition: { id: "cut", profile: "3g.40gb" }, replicas: 2 }),
      ],
    },
    60,
  );

  it("grow by whole GPUs, each with all instances of its layout", () => {
    const units = fleetUnits(scenario);
    expect(units).toEqual([
      { kind: "partition", id: "cut", pools: ["own"], gpusEach: 1, least: 1, spares: 0, count: 1 },
    ]);
    const grown = withUnitCounts(scenario, [3]);
    expect(grown.partitions[0].gpus).toBe(3);
    expect(grown.pools[0].replicas).toBe(6);
  });

  it("are searched like whole GPUs", () => {
    const own = ownOf(scenario);
    const { run } = countingRunner();
    const { counts, isValid } = cheapestValidFleet(
      { scenario: own, objective: "fewestGpus", replications: 1, maxGpus: 64 },
      run,
    );
    expect(isValid).toBe(true);
    expect(counts[0]).toBeGreaterThan(1);
    expect(missedTargets(run(withUnitCounts(own, [counts[0] - 1]), 0)).length).toBeGreaterThan(0);
  });
});
