import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Workload } from "../../workload/workload.ts";
import { openWorkload } from "../fixtures/engineRuns.ts";
import type { ReplicaEngine } from "../replicaEngine.ts";
import { createBalancer } from "./balancers.ts";

/** Replicas of which a balancer sees only the outstanding tokens. */
function replicasWith(tokens: readonly number[]): ReplicaEngine[] {
  return tokens.map((outstandingTokens) => ({
    nextNs: Number.POSITIVE_INFINITY,
    finishedRequests: new Int32Array(0),
    finishedCount: 0,
    waitingCount: 0,
    runningCount: 0,
    outstandingTokens,
    preemptions: 0,
    peakBlocks: 0,
    capacityBlocks: 1,
    prefixQueryTokens: 0,
    prefixHitTokens: 0,
    enqueue: () => {},
    withdraw: () => {},
    abort: () => {},
    complete: () => 0,
    begin: () => {},
    settle: () => {},
    stop: () => {},
    kvUsageAt: () => 0,
    estimatedWaitNs: () => 0,
  }));
}

const requests = 2000;
const plain = openWorkload({ arrivalNs: new Float64Array(requests), outputTokens: 1 });
const loads = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 });

describe("round robin", () => {
  test("it goes round, and a pick that is not sent does not count", () => {
    const balancer = createBalancer("roundRobin", "own", plain, 1);
    const replicas = replicasWith([0, 0, 0]);
    const sent: number[] = [];
    for (let i = 0; i < 7; i++) {
      balancer.pick(i, replicas);
      const replica = balancer.pick(i, replicas);
      balancer.sent(i, replica);
      sent.push(replica);
    }
    expect(sent).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });
});

describe("least outstanding tokens", () => {
  test("it picks the first of those with the least", () => {
    fc.assert(
      fc.property(loads, (tokens) => {
        const balancer = createBalancer("leastOutstandingTokens", "own", plain, 1);
        const wanted = tokens.indexOf(Math.min(...tokens));
        expect(balancer.pick(0, replicasWith(tokens))).toBe(wanted);
      }),
    );
  });
});

describe("the power of two choices", () => {
  test("it picks the less loaded of two different ones, so never the most loaded one alone", () => {
    const balancer = createBalancer("powerOfTwoChoices", "own", plain, 1);
    const replicas = replicasWith([5, 1, 2, 3, 4]);
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < requests; i++) counts[balancer.pick(i, replicas)]++;
    expect(counts[0]).toBe(0);
    const pairs = 10;
    [4, 3, 2, 1].forEach((wins, rank) => {
      expect(Math.abs(counts[rank + 1] / requests - wins / pairs)).toBeLessThan(0.04);
    });
  });

  test("its draws depend on seed, pool and request alone", () => {
    const picks = (seed: number, id: string) => {
      const balancer = createBalancer("powerOfTwoChoices", id, plain, seed);
      return Array.from({ length: 50 }, (_, i) => balancer.pick(i, replicasWith([0, 0, 0, 0])));
    };
    expect(picks(1, "own")).toEqual(picks(1, "own"));
    expect(picks(1, "own")).not.toEqual(picks(2, "own"));
    expect(picks(1, "own")).not.toEqual(picks(1, "other"));
  });

  test("one replica gets everything", () => {
    const balancer = createBalancer("powerOfTwoChoices", "own", plain, 1);
    expect(balancer.pick(0, replicasWith([7]))).toBe(0);
  });
});

describe("prefix affinity", () => {
  /** Requests 0 and 1 begin alike; request 2 goes on where 1 went; request 3 is alone. */
  const chained: Workload = {
    ...plain,
    prefix: {
      offsets: Int32Array.of(0, 1, 3, 6, 7),
      ids: Int32Array.of(0, 0, 1, 0, 1, 2, 3),
      idTokens: new Int32Array(4).fill(512),
    },
  };

  test("a request follows the longest beginning that was sent before, else the least loaded", () => {
    const balancer = createBalancer("prefixAffinity", "own", chained, 1);
    const replicas = replicasWith([30, 20, 10]);
    expect(balancer.pick(0, replicas)).toBe(2);
    balancer.sent(0, 0);
    expect(balancer.pick(1, replicas)).toBe(0);
    balancer.sent(1, 1);
    expect(balancer.pick(2, replicas)).toBe(1);
    expect(balancer.pick(3, replicas)).toBe(2);
  });

  test("it gives way to balance when its replica has far more than the least loaded one", () => {
    const balancer = createBalancer("prefixAffinity", "own", chained, 1);
    balancer.sent(0, 0);
    expect(balancer.pick(1, replicasWith([16_000, 0, 0]))).toBe(0);
    expect(balancer.pick(1, replicasWith([100_000, 90_000, 90_000]))).toBe(0);
    expect(balancer.pick(1, replicasWith([100_000, 90_000, 50_000]))).toBe(2);
  });
});
