import { expect, test } from "vitest";
import { failuresSchema, type Pool } from "../../schema/fleet.ts";
import { pool, scenario } from "../fixtures/engineRuns.ts";
import { FailureClock } from "./failureClock.ts";

const spec = failuresSchema.parse({ mtbfS: 1000, repairS: 50, repair: "constant" });

function poolOf(choice: object): Pool {
  return scenario({ pools: [pool({ ...choice, failures: spec })] }).pools[0];
}

function meanS(clock: FailureClock, draws: number): number {
  let sum = 0;
  for (let i = 0; i < draws; i++) sum += clock.lifeNs(0);
  return sum / draws / 1e9;
}

test("another replica shifts nobody's failures", () => {
  const two = new FailureClock(spec, poolOf({ replicas: 2 }), 2, 5);
  const three = new FailureClock(spec, poolOf({ replicas: 3 }), 3, 5);
  three.lifeNs(2);
  for (let i = 0; i < 10; i++) expect(three.lifeNs(i % 2)).toBe(two.lifeNs(i % 2));
});

test("a replica on four GPUs fails four times as often, unless the mean time is the replica's", () => {
  const four = poolOf({ tensorParallel: 4 });
  const perReplica = failuresSchema.parse({ mtbfS: 1000, per: "replica", repairS: 50 });
  expect(meanS(new FailureClock(spec, four, 1, 1), 20_000)).toBeCloseTo(250, -1);
  expect(meanS(new FailureClock(perReplica, four, 1, 1), 20_000)).toBeCloseTo(1000, -2);
  expect(new FailureClock(spec, four, 1, 1).repairNs(0)).toBe(50e9);
});
