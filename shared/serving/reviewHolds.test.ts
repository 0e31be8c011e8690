/** Laws of held work and of provisioned time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxHorizonNs } from "../units/units.ts";
import { pool, provider, runToEnd, scenario } from "./fixtures/engineRuns.ts";
import { stepThrough } from "./fixtures/mixedRuns.ts";
import { type ClassInput, rowsAt, steady, trafficOf } from "./fixtures/timedRuns.ts";
import { requestState } from "./requestTable.ts";
import { buildFleet } from "./testFleets.ts";

describe("held work", () => {
  const batch: ClassInput = { id: "batch", tier: "batch" };
  const holdRule = {
    id: "hold",
    match: { tiers: ["batch" as const] },
    to: { pool: "own" },
    hold: {},
  };

  test("it goes when a client who left freed the replica, in the queue or in the middle of its prompt", () => {
    const checked = scenario({
      traffic: trafficOf([{ id: "now", abandonAfterS: 0.5 }, batch]),
      pools: [
        pool({
          engine: { maxNumSeqs: 1, maxNumBatchedTokens: 100, prefixCaching: false },
          executionTime: steady,
        }),
      ],
      rules: [holdRule, { id: "own", to: { pool: "own" } }],
    });
    const { table } = runToEnd(
      checked,
      rowsAt([
        { atS: 0, prompt: 2000 },
        { atS: 0.1, class: 1 },
      ]),
    );
    expect([...table.state]).toEqual([requestState.aborted, requestState.finished]);
    expect(table.admittedNs[1]).toBeLessThan(0.7e9);
  });

  test("a deadline by the clock is the first that leaves its notice, a minute unless told otherwise", () => {
    const dueS = (deadline: { by: string; noticeS?: number }, atS: number) => {
      const checked = scenario({
        clock: { startWeekday: "monday", startTime: "05:00" },
        traffic: trafficOf([{ id: "batch", tier: "batch", deadline }]),
        rules: [{ id: "own", to: { pool: "own" } }],
      });
      return buildFleet(checked, rowsAt([{ atS }]), "skipping").holds.dueNs(0) / 1e9;
    };
    expect(dueS({ by: "06:00" }, 0)).toBe(3600);
    expect(dueS({ by: "06:00" }, 3539)).toBe(3600);
    expect(dueS({ by: "06:00" }, 3540)).toBe(3600 + 86_400);
    expect(dueS({ by: "06:00", noticeS: 0 }, 3599)).toBe(3600);
    expect(dueS({ by: "06:00", noticeS: 7200 }, 0)).toBe(3600 + 86_400);
  });

  test("no run that is drained leaves work held while its pool is open and free", () => {
    const row = fc.record({
      gapMs: fc.integer({ min: 0, max: 60 }),
      prompt: fc.integer({ min: 1, max: 300 }),
      output: fc.integer({ min: 1, max: 8 }),
      class: fc.nat({ max: 1 }),
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 25, size: "max" }),
        fc.constantFrom(0.02, 0.1, 0.4),
        fc.constantFrom(undefined, 0.03),
        fc.integer({ min: 1, max: 2 }),
        (rows, abandonAfterS, spillAfterS, maxNumSeqs) => {
          const checked = scenario({
            traffic: trafficOf([{ id: "now", abandonAfterS }, batch]),
            pools: [
              pool({
                engine: { maxNumSeqs, maxNumBatchedTokens: 64, prefixCaching: false },
                executionTime: steady,
              }),
            ],
            providers: [provider({})],
            rules: [
              holdRule,
              { id: "own", to: { pool: "own" }, spillAfterS },
              { id: "api", to: { provider: "api" } },
            ],
          });
          let atS = 0;
          const at = rows.map((each) => {
            atS += each.gapMs / 1000;
            return { ...each, atS };
          });
          const fleet = buildFleet(checked, rowsAt(at), "skipping");
          const [own] = fleet.pools[0].replicas;
          stepThrough(fleet, () => {
            const isFree = own.nextNs === Number.POSITIVE_INFINITY && own.waitingCount === 0;
            if (isFree) expect(fleet.table.state.includes(requestState.held)).toBe(false);
          });
          expect(fleet.table.state.includes(requestState.held)).toBe(false);
        },
      ),
      { numRuns: 300, seed: 20261124 },
    );
  });

  test("it stays held, and the run ends, where its window and the hours of its pool never meet", () => {
    const checked = scenario({
      traffic: trafficOf([batch]),
      pools: [
        pool({
          executionTime: steady,
          schedule: { kind: "hours", hours: [{ from: "08:00", to: "18:00" }] },
        }),
      ],
      rules: [
        {
          id: "night",
          to: { pool: "own" },
          hold: { window: { from: "22:00", to: "06:00" } },
        },
      ],
    });
    const { table, simulator } = runToEnd(checked, rowsAt([{ atS: 1 }]));
    expect(table.state[0]).toBe(requestState.held);
    expect(simulator.nowNs).toBeLessThanOrEqual(maxHorizonNs);
  });

  test("a rule that sends to a provider or rejects cannot hold, and says so by taking at once", () => {
    for (const to of [{ provider: "api" }, { reject: true as const }]) {
      const checked = scenario({
        traffic: trafficOf([batch]),
        pools: [],
        providers: [provider({})],
        rules: [{ id: "hold", to, hold: { window: { from: "03:00", to: "04:00" } } }],
      });
      const { table } = runToEnd(checked, rowsAt([{ atS: 1 }]));
      expect(table.finishNs[0]).toBeLessThan(2e9);
    }
  });
});

describe("what is provisioned", () => {
  const hours = [
    { from: "00:00", to: "00:01" },
    { from: "00:02", to: "00:03" },
  ];

  test("a replica that is still at work when its pool opens again was never given back", () => {
    const checked = scenario({
      pools: [
        pool({
          engine: { maxNumSeqs: 1 },
          executionTime: { kind: "linear", iterationUs: 1e6 },
          schedule: { kind: "hours", hours },
        }),
      ],
      rules: [
        { id: "own", to: { pool: "own" } },
        { id: "else", to: { reject: true } },
      ],
    });
    const { pools, table } = runToEnd(checked, rowsAt([{ atS: 50, output: 100 }]));
    expect(table.finishNs[0]).toBe(150e9);
    expect(pools[0].drainNs).toBe(60e9);
  });

  test("one that was idle in between is provisioned until it fell idle", () => {
    const checked = scenario({
      pools: [
        pool({
          engine: { maxNumSeqs: 1 },
          executionTime: { kind: "linear", iterationUs: 1e6 },
          schedule: { kind: "hours", hours },
        }),
      ],
      rules: [
        { id: "own", to: { pool: "own" } },
        { id: "else", to: { reject: true } },
      ],
    });
    const { pools } = runToEnd(checked, rowsAt([{ atS: 50, output: 20 }, { atS: 130 }]));
    expect(pools[0].drainNs).toBe(10e9);
  });
});

test("an iteration longer than what ticks hold exactly ends all the same", () => {
  const checked = scenario({
    pools: [pool({ executionTime: { kind: "linear", iterationUs: 2e10 } })],
  });
  const fleet = buildFleet(checked, rowsAt([{ atS: 0, output: 3 }]), "skipping");
  expect(fleet.advance(100)).toBe(false);
  expect(fleet.table.finishNs[0]).toBe(60_000e9);
});
