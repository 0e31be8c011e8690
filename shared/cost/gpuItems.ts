/** GPU hours of pools, used and idle; GPUs under MIG are paid whole and split by memory slices. */
import { findGpu } from "../catalog/catalog.ts";
import { findMigProfile } from "../catalog/memoryFit.ts";
import { memorySlicesPerGpu } from "../catalog/migPlacement.ts";
import { mostReplicas, type Partition, type Pool } from "../schema/fleet.ts";
import type { Scenario } from "../schema/scenario.ts";
import { nsPerS, sPerHour } from "../units/units.ts";
import { type CostFacts, factsOf, type PoolFacts } from "./costFacts.ts";
import type { CostItem, CostSubjectKind } from "./costReport.ts";

const nsPerHour = nsPerS * sPerHour;

/** GPU-hours of one pool or of the rest of a partition. */
interface GpuHours {
  readonly used: number;
  readonly idle: number;
}

/** Used and idle lines of every pool, and an idle line for the slices of each partition that no pool uses. */
export function gpuItems(facts: CostFacts): CostItem[] {
  const { scenario } = facts;
  const whole = scenario.pools.filter((pool) => pool.partition === undefined);
  return [
    ...whole.flatMap((pool) => wholeGpuItems(scenario, pool, factsOf(facts.pools, pool.id))),
    ...scenario.partitions.flatMap((partition) => partitionItems(facts, partition)),
  ];
}

/** The pools that run on instances of a partition. */
export function poolsOn(scenario: Scenario, partition: Partition): Pool[] {
  return scenario.pools.filter((pool) => pool.partition?.id === partition.id);
}

/** Share of one GPU's memory slices that a replica of the pool takes; 1 on whole GPUs, for each of them. */
function sliceShare(scenario: Scenario, pool: Pool): number {
  const profile = findMigProfile(findGpu(scenario, pool.gpu), pool.partition?.profile);
  return profile === undefined ? 1 : profile.memorySlices / memorySlicesPerGpu;
}

/** Share of a partition's GPUs that all replicas of one of its pools take while they are there, 0..1 in a checked scenario. */
export function partitionShare(scenario: Scenario, partition: Partition, pool: Pool): number {
  return (mostReplicas(pool) * sliceShare(scenario, pool)) / partition.gpus;
}

/** The same over the time that the partition is held: less where a layout has the pool's instances only at its hours. */
export function heldShare(facts: CostFacts, partition: Partition, pool: Pool): number {
  if (partition.reconfiguration === undefined) {
    return partitionShare(facts.scenario, partition, pool);
  }
  const held = factsOf(facts.partitions, partition.id).provisionedGpuNs;
  const { provisionedReplicaNs } = factsOf(facts.pools, pool.id);
  return held === 0 ? 0 : (provisionedReplicaNs * sliceShare(facts.scenario, pool)) / held;
}

function wholeGpuItems(scenario: Scenario, pool: Pool, facts: PoolFacts): CostItem[] {
  const gpuHours = (replicaNs: number): number => (replicaNs * pool.tensorParallel) / nsPerHour;
  const used = gpuHours(facts.busyReplicaNs);
  const idle = Math.max(0, gpuHours(facts.provisionedReplicaNs) - used);
  return usedAndIdle(scenario, pool, pool.price, { used, idle });
}

function partitionItems(facts: CostFacts, partition: Partition): CostItem[] {
  const { scenario } = facts;
  const held = factsOf(facts.partitions, partition.id).provisionedGpuNs / nsPerHour;
  const pools = poolsOn(scenario, partition);
  const hours = pools.map((pool) => {
    const { busyReplicaNs } = factsOf(facts.pools, pool.id);
    const used = (busyReplicaNs * sliceShare(scenario, pool)) / nsPerHour;
    return { used, idle: Math.max(0, held * heldShare(facts, partition, pool) - used) };
  });
  const taken = hours.reduce((sum, each) => sum + each.used + each.idle, 0);
  const what = partition.reconfiguration
    ? "unallocated slices and changes of layout"
    : "unallocated slices";
  return [
    ...pools.flatMap((pool, index) => usedAndIdle(scenario, pool, partition.price, hours[index])),
    gpuItem("gpuIdle", "partition", partition, what, {
      gpu: findGpu(scenario, partition.gpu).name,
      price: partition.price,
      hours: withoutRounding(held - taken, held),
    }),
  ];
}

/** What is left of `whole`; 0 where only rounding leaves something. */
function withoutRounding(rest: number, whole: number): number {
  return rest > whole * 1e-12 ? rest : 0;
}

function usedAndIdle(
  scenario: Scenario,
  pool: Pool,
  price: Pool["price"],
  hours: GpuHours,
): CostItem[] {
  const gpu = findGpu(scenario, pool.gpu).name;
  const slice = pool.partition === undefined ? "" : ` ${pool.partition.profile}`;
  return [
    gpuItem("gpuUsed", "pool", pool, "used", { gpu: gpu + slice, price, hours: hours.used }),
    gpuItem("gpuIdle", "pool", pool, "idle", { gpu: gpu + slice, price, hours: hours.idle }),
  ];
}

function gpuItem(
  kind: "gpuUsed" | "gpuIdle",
  subjectKind: CostSubjectKind,
  subject: { readonly id: string },
  what: string,
  { gpu, price, hours }: { gpu: string; price: Pool["price"]; hours: number },
): CostItem {
  const unpriced = price === undefined ? " (no price given)" : "";
  return {
    id: `${kind}:${subjectKind}:${subject.id}`,
    kind,
    label: `${gpu}, ${what}${unpriced}`,
    subjectKind,
    subject: subject.id,
    quantity: hours,
    unit: "GPU-hour",
    priceUsd: price?.usdPerGpuHour ?? 0,
    provenance: price?.provenance,
  };
}
