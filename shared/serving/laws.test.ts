/** Laws that every run obeys, whatever the scenario: checked over random ones, event by event where a law is about time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Scenario } from "../schema/scenario.ts";
import { buildWorkload } from "../workload/buildWorkload.ts";
import type { Workload } from "../workload/workload.ts";
import { pool, provider, runToEnd, scenario } from "./fixtures/engineRuns.ts";
import {
  autoscalers,
  endOf,
  failureSettings,
  linear,
  mixedScenario,
  plainTraffic,
  type Row,
  stepThrough,
  workloadOf,
} from "./fixtures/mixedRuns.ts";
import { settleInFlight } from "./metrics/requestOutcomes.ts";
import { usageField } from "./metrics/usageRecorder.ts";
import { requestState } from "./requestTable.ts";
import { buildFleet } from "./testFleets.ts";

const rowArbitrary: fc.Arbitrary<Row> = fc.record({
  gapMs: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 50 }),
    fc.integer({ min: 0, max: 900 }),
  ),
  prompt: fc.integer({ min: 1, max: 200 }),
  output: fc.integer({ min: 1, max: 80 }),
  classIndex: fc.integer({ min: 0, max: 2 }),
  family: fc.integer({ min: 0, max: 3 }),
  depth: fc.integer({ min: 0, max: 6 }),
});
const rowsArbitrary = fc.array(rowArbitrary, { minLength: 1, maxLength: 60, size: "max" });

const engineArbitrary = fc.record({
  maxNumSeqs: fc.integer({ min: 1, max: 10 }),
  maxNumBatchedTokens: fc.integer({ min: 16, max: 300 }),
  blockTokens: fc.constantFrom(1, 8, 16),
  admission: fc.constantFrom("allocateAsYouGo" as const, "reserve" as const),
  prefixCaching: fc.boolean(),
  kvWatermark: fc.constantFrom(0, 0.1),
  kvCapacityTokens: fc.integer({ min: 300, max: 1500 }),
});

const scenarioArbitrary: fc.Arbitrary<Scenario> = fc
  .record({
    autoscaler: fc.option(fc.constantFrom(...autoscalers), { nil: undefined, freq: 2 }),
    failures: fc.option(fc.constantFrom(...failureSettings), { nil: undefined, freq: 2 }),
    engine: engineArbitrary,
    replicas: fc.integer({ min: 1, max: 3 }),
    balancer: fc.constantFrom(
      "roundRobin" as const,
      "leastOutstandingTokens" as const,
      "powerOfTwoChoices" as const,
      "prefixAffinity" as const,
    ),
    maxWaiting: fc.constantFrom(undefined, 0, 3),
    spillAfterS: fc.constantFrom(undefined, 0.05, 0.4),
    abandonAfterS: fc.constantFrom(undefined, 0.04, 0.6),
    hasHold: fc.boolean(),
    concurrency: fc.constantFrom(1, 3, 50),
    maxContextTokens: fc.constantFrom(undefined, undefined, 90),
    errorRate: fc.constantFrom(0, 0.2),
    onLimit: fc.constantFrom("retry" as const, "failover" as const),
    drain: fc.boolean(),
  })
  .map(mixedScenario);

const isInOwnSystem = (state: number): boolean =>
  state >= requestState.held && state <= requestState.backingOff;

function count<T>(values: Iterable<T>, isCounted: (value: T, index: number) => boolean): number {
  let n = 0;
  let index = 0;
  for (const value of values) if (isCounted(value, index++)) n++;
  return n;
}

function forAllRuns(numRuns: number, check: (checked: Scenario, workload: Workload) => void): void {
  const loops = fc.integer({ min: 0, max: 10 });
  fc.assert(
    fc.property(scenarioArbitrary, rowsArbitrary, loops, (checked, rows, n) => {
      check(checked, workloadOf(rows, n));
    }),
    { numRuns, seed: 20261124 },
  );
}

describe("laws of every run", () => {
  test("law 1: what arrived is what finished, was rejected, aborted, or is unfinished", () => {
    const seen = new Uint32Array(10);
    forAllRuns(600, (checked, workload) => {
      const { table, simulator } = runToEnd(checked, workload);
      const endNs = endOf(checked);
      settleInFlight(table, endNs);
      const arrived = count(table.arrivalNs, (timeNs) => timeNs <= endNs);
      const byState = new Uint32Array(10);
      for (const state of table.state) byState[state]++;
      const sum = byState.reduce((total, each) => total + each, 0);
      expect(sum - byState[requestState.notArrived]).toBe(arrived);
      expect(simulator.arrivedCount).toBe(
        count(workload.arrivalNs.subarray(0, workload.openCount), (timeNs) => timeNs <= endNs),
      );
      for (let state = 0; state < 10; state++) seen[state] += byState[state];
      if (!checked.run.drain) return;
      expect(arrived).toBe(workload.count);
      expect(count(table.state, (state) => state < requestState.finished)).toBe(0);
    });
    expect(seen.filter((n) => n === 0).length, `states seen: ${seen}`).toBeLessThanOrEqual(1);
  });

  test("law 2: each request that finished or is in service has one destination, and they add up", () => {
    forAllRuns(400, (checked, workload) => {
      const { table, providers } = runToEnd(checked, workload);
      const byDestination = [0, 0];
      let served = 0;
      table.state.forEach((state, i) => {
        const isServed = state >= requestState.running && state <= requestState.lengthCapped;
        if (!isServed || state === requestState.backingOff) return;
        served++;
        byDestination[table.destination[i]]++;
      });
      expect(byDestination[0] + byDestination[1]).toBe(served);
      const left = count(
        table.state,
        (state, i) =>
          state === requestState.aborted && table.admittedNs[i] >= 0 && table.destination[i] === 1,
      );
      expect(providers[0].sentCount).toBe(byDestination[1] + left);
    });
  });

  test("law 3: times are whole, causes come before effects, and queue, prefill and decode time are the whole stay", () => {
    forAllRuns(400, (checked, workload) => {
      const { table } = runToEnd(checked, workload);
      for (let i = 0; i < table.count; i++) {
        const isAnswered =
          table.state[i] === requestState.finished || table.state[i] === requestState.lengthCapped;
        if (!isAnswered) continue;
        const [arrival, admitted, first, finish] = [
          table.arrivalNs[i],
          table.admittedNs[i],
          table.firstTokenNs[i],
          table.finishNs[i],
        ];
        expect([arrival, admitted, first, finish].every(Number.isInteger)).toBe(true);
        expect(admitted).toBeGreaterThanOrEqual(arrival);
        expect(first).toBeGreaterThan(admitted);
        expect(finish).toBeGreaterThanOrEqual(first);
        expect(admitted - arrival + (first - admitted) + (finish - first)).toBe(finish - arrival);
      }
    });
  });

  test("law 4: Little's law holds exactly, in whole nanoseconds, and time never runs back", () => {
    forAllRuns(300, (checked, workload) => {
      const fleet = buildFleet(checked, workload, "skipping", 3);
      const { table } = fleet;
      let lastNs = 0;
      let inside = 0;
      let areaNs = 0;
      stepThrough(fleet, (nowNs) => {
        expect(nowNs).toBeGreaterThanOrEqual(lastNs);
        areaNs += inside * (nowNs - lastNs);
        lastNs = nowNs;
        inside = count(table.state, isInOwnSystem);
      });
      let staysNs = 0;
      for (let i = 0; i < table.count; i++) {
        if (table.state[i] === requestState.notArrived) continue;
        const isSent = table.destination[i] === 1 && table.admittedNs[i] >= 0;
        const leftNs = isSent ? table.admittedNs[i] : table.finishNs[i];
        staysNs += (isInOwnSystem(table.state[i]) ? lastNs : leftNs) - table.arrivalNs[i];
      }
      expect(staysNs).toBe(areaNs);
    });
  });

  test("law 5: memory is never over its capacity and is free of requests when all have ended", () => {
    forAllRuns(300, (checked, workload) => {
      const fleet = buildFleet(checked, workload, "skipping", 3);
      const { replicas } = fleet.pools[0];
      stepThrough(fleet, (nowNs) => {
        for (const replica of replicas) {
          expect(replica.kvUsageAt(nowNs)).toBeLessThanOrEqual(1);
          expect(replica.kvUsageAt(nowNs)).toBeGreaterThanOrEqual(0);
        }
      });
      for (const replica of replicas) {
        expect(replica.peakBlocks).toBeLessThanOrEqual(replica.capacityBlocks);
        if (!checked.run.drain) continue;
        expect(replica.kvUsageAt(fleet.simulator.nowNs)).toBe(0);
        expect([replica.waitingCount, replica.runningCount, replica.outstandingTokens]).toEqual([
          0, 0, 0,
        ]);
      }
    });
  });

  test("law 6: a replica is never idle while a request waits or runs in it", () => {
    forAllRuns(300, (checked, workload) => {
      const fleet = buildFleet(checked, workload, "skipping", 3);
      stepThrough(fleet, () => {
        for (const replica of fleet.pools[0].replicas) {
          if (replica.nextNs < Number.POSITIVE_INFINITY) continue;
          expect(replica.waitingCount + replica.runningCount).toBe(0);
        }
      });
    });
  });

  test("law 7: with memory and tokens enough, nobody waits over an iteration's start while a sequence is free", () => {
    const maxNumSeqs = 4;
    const longestIterationNs = 9e6 + maxNumSeqs * 150e3 + maxNumSeqs * 281 * 700;
    const replica = pool({
      engine: { maxNumSeqs, maxNumBatchedTokens: 8192, kvCapacityTokens: 100_000 },
      executionTime: { ...linear, perPrefillTokenUs: 0 },
    });
    const checked = scenario({
      pools: [replica],
      traffic: plainTraffic(),
    });
    fc.assert(
      fc.property(rowsArbitrary, (rows) => {
        const fleet = buildFleet(checked, workloadOf(rows), "skipping");
        const [own] = fleet.pools[0].replicas;
        let boundaryNs = own.nextNs;
        stepThrough(fleet, (nowNs) => {
          if (nowNs === boundaryNs && own.nextNs > nowNs && own.waitingCount > 0) {
            expect(own.runningCount).toBe(maxNumSeqs);
          }
          if (own.waitingCount > 0 && own.runningCount < maxNumSeqs) {
            expect(own.nextNs - nowNs).toBeLessThanOrEqual(longestIterationNs);
          }
          boundaryNs = own.nextNs;
        });
      }),
      { numRuns: 400 },
    );
  });

  test("law 8: tokens computed are tokens produced, and prompts are prefilled once or found in the cache", () => {
    let withPreemption = 0;
    let withoutPreemption = 0;
    forAllRuns(1800, (checked, workload) => {
      const fleet = runToEnd(checked, workload);
      const { table } = fleet;
      const [own] = fleet.pools;
      const isAborted = table.state.includes(requestState.aborted);
      if (!checked.run.drain || isAborted || (own.life?.counts.failures ?? 0) > 0) return;
      let produced = 0;
      let prefilled = 0;
      for (let i = 0; i < table.count; i++) {
        if (table.destination[i] !== 0 || table.state[i] === requestState.rejected) continue;
        const room = own.config.maxModelLen - table.promptTokens[i];
        expect(table.generated[i]).toBe(Math.min(table.outputTokens[i], room));
        produced += table.generated[i];
        prefilled += table.promptTokens[i] - table.cachedTokens[i];
      }
      expect(own.usage.total(usageField.headRows)).toBe(produced);
      const preemptions = own.replicas.reduce((sum, each) => sum + each.preemptions, 0);
      if (preemptions > 0) withPreemption++;
      else withoutPreemption++;
      if (preemptions === 0) expect(own.usage.total(usageField.prefillTokens)).toBe(prefilled);
    });
    expect(Math.min(withPreemption, withoutPreemption)).toBeGreaterThan(10);
  });
});

const timeColumns = ["admittedNs", "firstTokenNs", "finishNs"] as const;

describe("what a run must not depend on", () => {
  test("law 9: a scheduler never sees an output length before the request ends", () => {
    let compared = 0;
    fc.assert(
      fc.property(
        engineArbitrary,
        rowsArbitrary,
        fc.integer({ min: 1, max: 60 }),
        (engine, rows, more) => {
          const checked = scenario({
            traffic: plainTraffic(),
            pools: [
              pool({
                replicas: 2,
                balancer: "roundRobin",
                engine: { ...engine, admission: "allocateAsYouGo" },
                executionTime: linear,
              }),
            ],
          });
          const changedFrom = Math.floor(rows.length * 0.7);
          const isChanged = (index: number): boolean => index >= changedFrom;
          const longer = rows.map((row, i) =>
            isChanged(i) ? { ...row, output: row.output + more } : row,
          );
          const one = runToEnd(checked, workloadOf(rows)).table;
          const other = runToEnd(checked, workloadOf(longer)).table;
          let differFromNs = Number.POSITIVE_INFINITY;
          rows.forEach((_, i) => {
            if (isChanged(i)) {
              differFromNs = Math.min(differFromNs, one.finishNs[i], other.finishNs[i]);
            }
          });
          const before = (timeNs: number): number => (timeNs < differFromNs ? timeNs : Number.NaN);
          for (const column of timeColumns) {
            expect(one[column].map(before), column).toEqual(other[column].map(before));
          }
          compared += count(one.finishNs, (timeNs) => timeNs < differFromNs);
        },
      ),
      { numRuns: 400, seed: 20261124 },
    );
    expect(compared).toBeGreaterThan(1000);
  });

  test("law 10: the same run twice in a process, whole or event by event, is the same to the bit", () => {
    forAllRuns(100, (checked, workload) => {
      const fleets = [0, 1, 2].map(() => buildFleet(checked, workload, "skipping", 3));
      fleets[0].advance();
      stepThrough(fleets[1], () => {});
      while (fleets[2].advance(7));
      const [first, ...others] = fleets;
      for (const other of others) {
        for (const column of [...timeColumns, "state", "generated", "destination"] as const) {
          expect(other.table[column], column).toEqual(first.table[column]);
        }
        expect(other.pools[0].usage.sums).toEqual(first.pools[0].usage.sums);
      }
    });
  });

  test("law 11: another replica or pool shifts no arrival, no length and no provider's draw", () => {
    const traffic = {
      sources: [
        {
          id: "chat",
          kind: "synthetic" as const,
          requests: 400,
          arrivals: { process: "poisson" as const, rateRps: 20 },
          lengths: {
            prompt: { kind: "lognormal" as const, mean: 300, sigma: 1 },
            output: { kind: "lognormal" as const, mean: 60, sigma: 0.8 },
          },
        },
      ],
      classes: [{ id: "all" }],
    };
    const latency = { ttftMedianS: 0.4, ttftSigma: 0.5, outputSigma: 0.3 };
    const build = (replicas: number, poolIds: readonly string[]) => {
      const checked = scenario({
        traffic,
        pools: poolIds.map((id) => pool({ id, replicas, engine: { maxNumSeqs: 4 } })),
        providers: [provider({ latency })],
        rules: [
          { id: "own", to: { pool: "own" }, guards: { maxWaiting: 0 } },
          { id: "api", to: { provider: "api" } },
        ],
      });
      const { clock, seed } = checked;
      const workload = buildWorkload({
        traffic: checked.traffic,
        clock,
        traces: new Map(),
        seed,
        replication: 0,
      });
      return runToEnd(checked, workload).table;
    };
    const small = build(1, ["own"]);
    const large = build(2, ["own", "more"]);
    expect(large.arrivalNs).toEqual(small.arrivalNs);
    expect(large.promptTokens).toEqual(small.promptTokens);
    expect(large.outputTokens).toEqual(small.outputTokens);
    let compared = 0;
    for (let i = 0; i < small.count; i++) {
      if (small.destination[i] !== 1 || large.destination[i] !== 2) continue;
      compared++;
      expect(large.finishNs[i] - large.firstTokenNs[i]).toBe(
        small.finishNs[i] - small.firstTokenNs[i],
      );
      expect(large.firstTokenNs[i] - large.admittedNs[i]).toBe(
        small.firstTokenNs[i] - small.admittedNs[i],
      );
    }
    expect(compared).toBeGreaterThan(20);
  });
});
