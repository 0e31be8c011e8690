/** Laws of routing over time: what timers, providers and clients may and may not do. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closedWorkload, pool, provider, runToEnd, scenario } from "./fixtures/engineRuns.ts";
import { endOf } from "./fixtures/mixedRuns.ts";
import { rowsAt, server, steady, trafficOf } from "./fixtures/timedRuns.ts";
import { requestState } from "./requestTable.ts";

describe("clients", () => {
  test("n closed-loop users never have more than n requests under way, whoever answers, refuses or is left", () => {
    let aborted = 0;
    fc.assert(
      fc.property(
        fc.record({
          clients: fc.integer({ min: 1, max: 4 }),
          count: fc.integer({ min: 4, max: 30 }),
          abandonAfterS: fc.constantFrom(undefined, 0.05, 0.2),
          ttftMedianS: fc.constantFrom(0, 0.1, 0.3),
          errorRate: fc.constantFrom(0, 0.3),
          concurrency: fc.constantFrom(undefined, 1),
          onLimit: fc.constantFrom("retry" as const, "failover" as const),
          spillAfterS: fc.constantFrom(undefined, 0.02),
          thinkMs: fc.constantFrom(0, 7),
        }),
        (choice) => {
          const checked = scenario({
            traffic: trafficOf([{ id: "all", abandonAfterS: choice.abandonAfterS }]),
            pools: [server("own")],
            providers: [
              provider({
                latency: { ttftMedianS: choice.ttftMedianS, ttftSigma: 1 },
                limits: { concurrency: choice.concurrency },
                errorRate: choice.errorRate,
                retry: { maxAttempts: 2, baseS: 0.01, onLimit: choice.onLimit },
              }),
            ],
            rules: [
              {
                id: "own",
                to: { pool: "own" },
                guards: { maxWaiting: 0 },
                spillAfterS: choice.spillAfterS,
              },
              { id: "api", to: { provider: "api" } },
              { id: "else", to: { reject: true } },
            ],
          });
          const { clients, count } = choice;
          const workload = closedWorkload(
            clients,
            new Float64Array(count).fill(choice.thinkMs * 1e6),
            new Int32Array(count).fill(4),
          );
          const { table } = runToEnd(checked, workload);
          const changes: [number, number][] = [];
          for (let i = 0; i < table.count; i++) {
            expect(table.arrivalNs[i]).not.toBeNaN();
            expect(table.finishNs[i]).toBeGreaterThanOrEqual(table.arrivalNs[i]);
            changes.push([table.arrivalNs[i], 1], [table.finishNs[i], -1]);
            if (table.state[i] === requestState.aborted) aborted++;
          }
          changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
          let inside = 0;
          for (const [, change] of changes) {
            inside += change;
            expect(inside).toBeLessThanOrEqual(clients);
          }
        },
      ),
      { numRuns: 400, seed: 20261124 },
    );
    expect(aborted).toBeGreaterThan(100);
  });

  test("patience beyond the longest simulated time is no error and moves no clock", () => {
    const checked = scenario({
      traffic: trafficOf([{ id: "all", abandonAfterS: 2e7, deadline: { withinS: 3e7 } }]),
      pools: [server("own")],
      rules: [
        { id: "own", to: { pool: "own" }, hold: {}, spillAfterS: 2e7 },
        { id: "else", to: { reject: true } },
      ],
    });
    const fleet = runToEnd(checked, rowsAt([{ atS: 0 }]));
    expect(fleet.table.state[0]).toBe(requestState.finished);
    expect(fleet.simulator.nowNs).toBeLessThan(1e9);
  });
});

describe("going on to the next rule", () => {
  /** Four sequences, but memory for little more than one: what is released may have to wait. */
  const narrow = (id: string) =>
    pool({
      id,
      engine: { maxNumSeqs: 4, kvCapacityTokens: 64, prefixCaching: false },
      executionTime: steady,
    });

  test("a policy whose last rule takes everything rejects nothing, whatever timers earlier rules have set", () => {
    const row = fc.record({
      gapMs: fc.integer({ min: 0, max: 60 }),
      prompt: fc.integer({ min: 1, max: 32 }),
      output: fc.integer({ min: 1, max: 30 }),
      class: fc.nat({ max: 1 }),
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 5, maxLength: 40, size: "max" }),
        fc.constantFrom(undefined, 0.05, 0.3),
        fc.constantFrom(undefined, 0.1, 0.4),
        fc.constantFrom(0.4, 0.6),
        (list, firstS, secondS, withinS) => {
          const checked = scenario({
            traffic: trafficOf([
              { id: "now" },
              { id: "batch", tier: "batch", deadline: { withinS } },
            ]),
            pools: [narrow("a"), narrow("b"), narrow("c")],
            rules: [
              {
                id: "hold",
                match: { tiers: ["batch"] },
                to: { pool: "a" },
                hold: { releaseBeforeDeadlineS: 0.2 },
                spillAfterS: firstS,
              },
              { id: "a", to: { pool: "a" }, spillAfterS: firstS, guards: { maxWaiting: 2 } },
              { id: "b", to: { pool: "b" }, spillAfterS: secondS },
              { id: "c", to: { pool: "c" } },
            ],
          });
          let atS = 0;
          const at = list.map((each) => {
            atS += each.gapMs / 1000;
            return { ...each, atS };
          });
          const { table, unroutableCount } = runToEnd(checked, rowsAt(at));
          expect(unroutableCount).toBe(0);
          expect(table.state.every((state) => state === requestState.finished)).toBe(true);
        },
      ),
      { numRuns: 400, seed: 20261124 },
    );
  });

  test("a busy replica next in turn does not keep requests from idle ones", () => {
    const checked = scenario({
      pools: [
        pool({
          replicas: 4,
          balancer: "roundRobin",
          engine: { maxNumSeqs: 1 },
          executionTime: steady,
        }),
      ],
      rules: [
        { id: "own", to: { pool: "own" }, guards: { maxRunningShare: 0 } },
        { id: "else", to: { reject: true } },
      ],
    });
    const rows = Array.from({ length: 21 }, (_, i) => ({ atS: i, output: i === 0 ? 10_000 : 1 }));
    const { table } = runToEnd(checked, rowsAt(rows));
    const refused = table.state.filter((state) => state === requestState.rejected).length;
    expect(refused).toBe(5);
  });

  test("a request that a provider failed goes on only when its client knows of the failure", () => {
    const latency = { ttftMedianS: 2, ttftSigma: 0, outputSigma: 0 };
    const build = (thenFailover: boolean) =>
      scenario({
        pools: [server("own")],
        providers: [provider({ latency, errorRate: 1, retry: { maxAttempts: 1, thenFailover } })],
        rules: [
          { id: "api", to: { provider: "api" } },
          { id: "own", to: { pool: "own" } },
        ],
      });
    const served = runToEnd(build(true), rowsAt([{ atS: 1 }]));
    expect(served.table.state[0]).toBe(requestState.finished);
    expect(served.table.admittedNs[0]).toBe(3e9);
    expect(served.failoverCount).toBe(1);
    const refused = runToEnd(build(false), rowsAt([{ atS: 1 }]));
    expect(refused.table.state[0]).toBe(requestState.rejected);
    expect(refused.table.finishNs[0]).toBe(3e9);
  });

  test("a client who leaves while a failed attempt is under way is not sent on", () => {
    const checked = scenario({
      traffic: trafficOf([{ id: "all", abandonAfterS: 1 }]),
      pools: [server("own")],
      providers: [
        provider({
          latency: { ttftMedianS: 2, ttftSigma: 0 },
          errorRate: 1,
          retry: { maxAttempts: 1 },
        }),
      ],
      rules: [
        { id: "api", to: { provider: "api" } },
        { id: "own", to: { pool: "own" } },
      ],
    });
    const { table } = runToEnd(checked, rowsAt([{ atS: 0 }]));
    expect(table.state[0]).toBe(requestState.aborted);
    expect(table.finishNs[0]).toBe(1e9);
  });

  test("at the end of a run that is not drained nothing has ended later than the run", () => {
    const checked = scenario({
      run: { drain: false, horizonS: 1.5 },
      providers: [
        provider({
          latency: { ttftMedianS: 2, ttftSigma: 0 },
          errorRate: 1,
          retry: { maxAttempts: 1, thenFailover: false },
        }),
      ],
      rules: [{ id: "api", to: { provider: "api" } }],
    });
    const { table } = runToEnd(checked, rowsAt([{ atS: 1 }]));
    expect(table.state[0]).toBe(requestState.backingOff);
    expect(endOf(checked)).toBe(1.5e9);
  });
});
