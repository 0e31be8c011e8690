/** Known answers: cold starts, hours of an on and off load, availability, queues with breakdowns. */
import { expect, test } from "vitest";
import { weightBytes } from "../../catalog/modelMath.ts";
import type { Scenario, ScenarioInput } from "../../schema/scenario.ts";
import type { Workload } from "../../workload/workload.ts";
import { type PoolInput, pool, provider, runToEnd, scenario } from "../fixtures/engineRuns.ts";
import { meanOf, poissonWorkload, serverPool, sojournsS } from "../fixtures/queueRuns.ts";
import { rowsAt, server, steady } from "../fixtures/timedRuns.ts";
import type { Fleet } from "../fleet.ts";
import { requestState } from "../requestTable.ts";
import { capacityField } from "./capacityRecorder.ts";

const cold = { provisionS: 30, imagePullS: 20, loadBytesPerS: 2e9 };

function elastic(
  own: Partial<PoolInput>,
  horizonS: number,
  more: Partial<ScenarioInput> = {},
): Scenario {
  return scenario({ run: { horizonS }, pools: [{ ...server("own"), ...own }], ...more });
}

function provisionedS(fleet: Fleet, horizonS: number): number {
  return fleet.pools[0].provisionedNs(fleet.clock, horizonS * 1e9) / 1e9;
}

const one = (atS: number): Workload => rowsAt([{ atS }]);

test("the first request to a pool scaled to zero waits for exactly the cold start, which is billed", () => {
  const autoscaler = { target: 0.7, min: 0, ...cold };
  const checked = elastic({ autoscaler }, 2000);
  const fleet = runToEnd(checked, one(1000));
  const { table } = fleet;
  const coldNs = 50e9 + Math.round(weightBytes(checked.models[0], "bf16") / 2);
  expect(fleet.pools[0].config.coldStartNs).toBe(coldNs);
  expect(table.admittedNs[0] - table.arrivalNs[0]).toBe(coldNs);
  expect(table.state[0]).toBe(requestState.finished);
  expect(fleet.pools[0].life!.counts).toMatchObject({ coldStarts: 1, scaleUps: 1, scaleDowns: 1 });
  // Woken at 1000 s, up at 1058 s; the evaluation at 1050 s was the last that wanted it, 300 s before its release.
  expect(provisionedS(fleet, 2000)).toBe(350);
});

test("a guard may send on what would wait for the cold start, which wakes the pool all the same", () => {
  const checked = elastic({ autoscaler: { target: 1, min: 0, ...cold } }, 2000, {
    providers: [provider({})],
    rules: [
      { id: "own", to: { pool: "own" }, guards: { maxEstimatedWaitS: 20 } },
      { id: "api", to: { provider: "api" } },
    ],
  });
  const { table } = runToEnd(checked, rowsAt([{ atS: 100 }, { atS: 130 }, { atS: 140 }]));
  expect([...table.destination]).toEqual([1, 1, 0]);
  expect(table.admittedNs[2]).toBe(100e9 + runToEnd(checked, one(100)).pools[0].config.coldStartNs);
});

test("an on and off load holds the replica-seconds computed by hand", () => {
  const autoscaler = {
    ...{ signal: "requestsPerReplica" as const, target: 1, min: 1, scaleDownDelayS: 30 },
    ...{ provisionS: 20, imagePullS: 0, weightLoadS: 0 },
  };
  const checked = elastic({ replicas: 3, autoscaler }, 400);
  const row = { atS: 10, output: 10_000 };
  const fleet = runToEnd(checked, rowsAt([row, row, row]));
  // All three queue at the one replica, 100.001 s each. Wanted are 3 from 15 s to 105 s, 2 to 210 s, then 1, each 30 s longer.
  expect([...fleet.table.finishNs].map((ns) => ns / 1e9)).toEqual([110.001, 210.002, 310.003]);
  expect(provisionedS(fleet, 400)).toBe(400 + (240 - 15) + (135 - 15));
  expect(fleet.pools[0].life!.capacity.total(capacityField.belowNs, 400e9)).toBe(20e9);
  expect(fleet.pools[0].life!.capacity.peakProvisioned).toBe(3);
});

test("what drains takes nothing new, ends its work, and is billed until then", () => {
  const autoscaler = {
    ...{ signal: "requestsPerReplica" as const, target: 2, min: 0, initial: 2 },
    ...{ scaleDownDelayS: 0, provisionS: 1000, imagePullS: 0, weightLoadS: 0 },
  };
  const checked = elastic({ replicas: 2, autoscaler }, 300);
  const long = { atS: 0, output: 10_000 };
  const fleet = runToEnd(checked, rowsAt([long, long, { atS: 20 }, { atS: 140 }]));
  // At 15 s one of two is wanted: the second drains until 100.001 s. Request 2 queues at the first, which goes at 105 s.
  expect(fleet.table.finishNs[2]).toBe(100.012e9);
  expect(fleet.table.admittedNs[3]).toBe(1140e9);
  expect(provisionedS(fleet, 300)).toBeCloseTo(100.001 + 105 + (300 - 140), 9);
});

test("active hours and an autoscaler: replicas are asked for when the hours begin and drained when they end", () => {
  const checked = elastic(
    {
      autoscaler: { target: 1, min: 1, provisionS: 100, imagePullS: 0, weightLoadS: 0 },
      schedule: { kind: "hours", hours: [{ from: "00:10", to: "00:20" }] },
    },
    3600,
  );
  const fleet = runToEnd(checked, rowsAt([{ atS: 610 }, { atS: 1199, output: 1000 }]));
  expect(fleet.table.admittedNs[0]).toBe(700e9);
  expect(fleet.table.finishNs[1]).toBe(1209.001e9);
  expect(provisionedS(fleet, 3600)).toBeCloseTo(609.001, 9);
});

const days = 100;
const horizonS = days * 86_400;

function outages(choice: Partial<PoolInput>): { availability: number; belowShare: number } {
  const fleet = runToEnd(elastic(choice, horizonS), one(0));
  const { capacity } = fleet.pools[0].life!;
  const up = capacity.total(capacityField.upNs, horizonS * 1e9);
  const below = capacity.total(capacityField.belowNs, horizonS * 1e9);
  return {
    availability: up / (horizonS * 1e9) / fleet.pools[0].replicas.length,
    belowShare: below / (horizonS * 1e9),
  };
}

test.each(["constant", "exponential"] as const)(
  "with %s repairs a replica is available MTBF / (MTBF + MTTR) of the time, and k of n fail by the binomial law",
  (repair) => {
    const failures = { mtbfS: 3600, repairS: 400, repair };
    const none = outages({ replicas: 4, failures });
    const spare = outages({ replicas: 4, failures: { ...failures, spares: 1 } });
    const a = 0.9;
    expect(Math.abs(none.availability - a)).toBeLessThan(0.005);
    expect(Math.abs(spare.availability - a)).toBeLessThan(0.005);
    const fourOfFour = a * a * a * a;
    const fourOfFive = a * fourOfFour + 5 * fourOfFour * (1 - a);
    expect(Math.abs(none.belowShare / (1 - fourOfFour) - 1)).toBeLessThan(0.03);
    expect(Math.abs(spare.belowShare / (1 - fourOfFive) - 1)).toBeLessThan(0.05);
  },
);

test("a spare is billed as the others are, and a repair is unless stated otherwise", () => {
  const failures = { mtbfS: 3600, repairS: 400 };
  const spare = runToEnd(
    elastic({ replicas: 2, failures: { ...failures, spares: 1 } }, 86_400),
    one(0),
  );
  expect(provisionedS(spare, 86_400)).toBe(3 * 86_400);
  const free = runToEnd(elastic({ failures: { ...failures, billRepair: false } }, 86_400), one(0));
  const upNs = free.pools[0].life!.capacity.total(capacityField.upNs, 86_400e9);
  expect(provisionedS(free, 86_400)).toBe(upNs / 1e9);
  expect(upNs).toBeLessThan(86_400e9);
});

test("M/M/1 whose server breaks down and resumes: White and Christie's mean number in the system", () => {
  const rate = 0.5;
  const [failing, repairing] = [0.05, 0.25];
  const failures = { mtbfS: 1 / failing, repairS: 1 / repairing, onFailure: "requeue" as const };
  const checked = scenario({ pools: [{ ...serverPool(1), failures }] });
  const fleet = runToEnd(checked, poissonWorkload(rate, 400_000, "breakdowns"));
  const both = failing + repairing;
  const inSystem = (rate * (both * both + failing)) / (both * (repairing - rate * both));
  const { mean, halfWidth } = meanOf(sojournsS(fleet));
  expect(Math.abs(mean - inSystem / rate)).toBeLessThan(halfWidth);
  expect(halfWidth / mean).toBeLessThan(0.08);
  expect(fleet.pools[0].life!.counts.hitRunning).toBeGreaterThan(10_000);
  expect(fleet.pools[0].life!.counts.lostOutputTokens).toBe(0);
});

const longAnswer = rowsAt([{ atS: 0, output: 100_000 }]);

test("a rerouted request of a failed replica starts anew where the rules send it, and what it had is lost", () => {
  const failures = { mtbfS: 100, repairS: 500, repair: "constant" as const };
  const checked = elastic({ failures }, 5000, {
    providers: [provider({})],
    rules: [
      { id: "own", to: { pool: "own" }, guards: { maxEstimatedWaitS: 60 } },
      { id: "api", to: { provider: "api" } },
    ],
  });
  const fleet = runToEnd(checked, longAnswer);
  const { table, providers } = fleet;
  const { counts } = fleet.pools[0].life!;
  expect([table.destination[0], table.spilled[0], table.generated[0]]).toEqual([1, 1, 100_000]);
  expect(providers[0].sentCount).toBe(1);
  expect(counts.hitRunning).toBe(1);
  const failedNs = table.admittedNs[0];
  expect(failedNs).toBeGreaterThan(0);
  expect(counts.lostOutputTokens).toBe(Math.floor((failedNs - 1e6) / 10e6));
  expect(table.firstTokenNs[0]).toBeGreaterThan(failedNs);
});

test("a requeued request keeps its tokens and its first token's time, and prefills them again", () => {
  const failures = {
    mtbfS: 300,
    repairS: 50,
    repair: "constant" as const,
    onFailure: "requeue" as const,
  };
  const own = {
    engine: { maxNumSeqs: 1, prefixCaching: false },
    executionTime: { ...steady, perPrefillTokenUs: 0 },
  };
  const fleet = runToEnd(scenario({ pools: [pool({ ...own, failures })] }), longAnswer);
  const { table } = fleet;
  const { hitRunning, lostOutputTokens } = fleet.pools[0].life!.counts;
  expect(hitRunning).toBeGreaterThan(0);
  expect(lostOutputTokens).toBe(0);
  expect(table.firstTokenNs[0]).toBe(10e6);
  expect(table.generated[0]).toBe(100_000);
  // Each failure costs the repair, the iteration under way, and the chunks of 8,192 tokens that prefill again and emit one token at their end.
  const extraS = table.finishNs[0] / 1e9 - 1000 - hitRunning * 50;
  expect(extraS).toBeGreaterThan(0);
  expect(extraS).toBeLessThan(hitRunning * 0.01 * 14);
});

test("clients who left are not sent on when their replica fails, and those who stayed end everywhere", () => {
  const failures = { mtbfS: 20, repairS: 10, spares: 1 };
  const base = scenario({}).traffic;
  const traffic = { ...base, classes: [{ id: "all", abandonAfterS: 5 }] };
  const checked = elastic({ replicas: 2, failures }, 600, { traffic });
  const rows = Array.from({ length: 300 }, (_, i) => ({ atS: 2 * i, output: 300 }));
  const fleet = runToEnd(checked, rowsAt(rows));
  const ends = [...fleet.table.state];
  expect(ends.every((state) => state >= requestState.finished)).toBe(true);
  expect(ends.filter((state) => state === requestState.aborted).length).toBeGreaterThan(5);
  expect(fleet.pools[0].life!.counts.hitRunning).toBeGreaterThan(20);
});

test("an autoscaler and failures shift no arrival", () => {
  const workload = poissonWorkload(2, 2000, "shift", 50);
  const plain = runToEnd(elastic({}, 1000), workload).table;
  const failures = { mtbfS: 100, repairS: 5 };
  const autoscaler = { target: 0.5, min: 0, ...cold };
  const moved = runToEnd(elastic({ replicas: 3, failures, autoscaler }, 1000), workload).table;
  expect(moved.arrivalNs).toEqual(plain.arrivalNs);
  expect(moved.finishNs).not.toEqual(plain.finishNs);
});
