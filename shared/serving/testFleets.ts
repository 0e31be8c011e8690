/** Small fleets for tests and benchmarks: a scenario's fleet over a workload, with either engine. */
import type { Scenario } from "../schema/scenario.ts";
import type { Workload } from "../workload/workload.ts";
import { Fleet } from "./fleet.ts";
import { PlainReplica } from "./plainReplica.ts";
import { Replica } from "./replica.ts";
import { expectedOutputs, resolvePool } from "./resolvePool.ts";

/** Builds the fleet of a checked scenario. `engine` selects the skipping engine or its oracle. */
export function buildFleet(
  scenario: Scenario,
  workload: Workload,
  engine: "skipping" | "plain",
  seed = 1,
  windowNs = 60e9,
): Fleet {
  const expectedOutput = expectedOutputs(workload, scenario.traffic.classes.length);
  const horizonNs =
    scenario.run.horizonS === undefined
      ? Math.max(1, workload.spanNs)
      : Math.round(scenario.run.horizonS * 1e9);
  return new Fleet({
    scenario,
    workload,
    configs: scenario.pools.map((pool) => resolvePool(scenario, pool, expectedOutput).config),
    seed,
    horizonNs,
    windowNs,
    expectedOutput,
    createReplica:
      engine === "plain"
        ? (table, config, usage) => new PlainReplica(table, config, usage)
        : (table, config, usage) => new Replica(table, config, usage),
  });
}
