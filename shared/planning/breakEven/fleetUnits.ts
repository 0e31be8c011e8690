/** How large a scenario's own fleet is, and the same scenario with another number of GPUs. */
import {
  instancesPerGpu,
  type Partition,
  type Pool,
  partitionLayouts,
} from "../../schema/fleet.ts";
import type { Scenario } from "../../schema/scenario.ts";

/** Something of which a fleet has a whole number: replicas of a pool on whole GPUs, or GPUs of a partition cut into MIG instances. */
export interface FleetUnit {
  readonly kind: "pool" | "partition";
  /** Id of the pool or partition. */
  readonly id: string;
  /** Pools that it carries. */
  readonly pools: readonly string[];
  /** GPUs of one: the pool's tensor parallel, or 1. */
  readonly gpusEach: number;
  /** The least number at which each of its pools has a replica, and an autoscaler its least ones. */
  readonly least: number;
  /** Replicas kept beyond the count, as the pool's failures say. */
  readonly spares: number;
  /** The number that the scenario has. */
  readonly count: number;
}

function poolsOn(scenario: Scenario, partition: Partition): Pool[] {
  return scenario.pools.filter((pool) => pool.partition?.id === partition.id);
}

/** Replicas of a pool on a partition of n GPUs: every instance of its profile where no other pool uses that profile, else the scenario's share of them; at least 1. */
function replicasOn(scenario: Scenario, partition: Partition, pool: Pool, n: number): number {
  const rivals = poolsOn(scenario, partition).filter(
    (each) => each.partition?.profile === pool.partition?.profile,
  );
  if (rivals.length === 1) {
    return instancesPerGpu(partition, pool.partition?.profile ?? "") * n;
  }
  return Math.max(1, Math.floor((pool.replicas * n) / partition.gpus));
}

function isEnoughFor(scenario: Scenario, partition: Partition, n: number): boolean {
  return [...new Set(partitionLayouts(partition).flat())].every((profile) => {
    const users = poolsOn(scenario, partition).filter(
      (each) => each.partition?.profile === profile,
    );
    const wanted = users.reduce((sum, pool) => sum + replicasOn(scenario, partition, pool, n), 0);
    return wanted <= instancesPerGpu(partition, profile) * n;
  });
}

function partitionUnit(scenario: Scenario, partition: Partition): FleetUnit {
  let least = 1;
  while (least < partition.gpus && !isEnoughFor(scenario, partition, least)) least++;
  const pools = poolsOn(scenario, partition).map((each) => each.id);
  const { id, gpus: count } = partition;
  return { kind: "partition", id, pools, gpusEach: 1, least, spares: 0, count };
}

/** The units of a scenario's fleet: its pools on whole GPUs, then the partitions that a pool runs on. */
export function fleetUnits(scenario: Scenario): FleetUnit[] {
  const whole = scenario.pools
    .filter((pool) => pool.partition === undefined)
    .map(
      (pool): FleetUnit => ({
        kind: "pool",
        id: pool.id,
        pools: [pool.id],
        gpusEach: pool.tensorParallel,
        least: Math.max(1, pool.autoscaler?.min ?? 1, pool.autoscaler?.initial ?? 1),
        spares: pool.failures?.spares ?? 0,
        count: pool.replicas,
      }),
    );
  const cut = scenario.partitions.filter((each) => poolsOn(scenario, each).length > 0);
  return [...whole, ...cut.map((each) => partitionUnit(scenario, each))];
}

/** GPUs of a fleet with these numbers of its units, spares included; with an autoscaler the most it may have. */
export function gpusOf(units: readonly FleetUnit[], counts: readonly number[]): number {
  return units.reduce((sum, unit, i) => sum + unit.gpusEach * (counts[i] + unit.spares), 0);
}

/** The scenario with another number of each unit (in the order of fleetUnits). Pools on a partition take all instances of their profile, or keep the scenario's share where several pools use one profile. */
export function withUnitCounts(scenario: Scenario, counts: readonly number[]): Scenario {
  const units = fleetUnits(scenario);
  const countOf = (kind: FleetUnit["kind"], id: string | undefined): number | undefined => {
    const index = units.findIndex((unit) => unit.kind === kind && unit.id === id);
    return index < 0 ? undefined : counts[index];
  };
  const pools = scenario.pools.map((pool) => {
    const own = countOf("pool", pool.id);
    if (own !== undefined) return { ...pool, replicas: own };
    const partition = scenario.partitions.find((each) => each.id === pool.partition?.id)!;
    const gpus = countOf("partition", partition.id)!;
    return { ...pool, replicas: replicasOn(scenario, partition, pool, gpus) };
  });
  const partitions = scenario.partitions.map((each) => ({
    ...each,
    gpus: countOf("partition", each.id) ?? each.gpus,
  }));
  return { ...scenario, pools, partitions };
}
