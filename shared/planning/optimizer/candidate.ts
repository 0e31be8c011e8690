/** One answer that the optimizer may give, and the scenario that it stands for. */

import type { Catalog } from "../../catalog/catalog.ts";
import type { MemoryFit } from "../../catalog/memoryFit.ts";
import { engineOf } from "../../catalog/memoryRules.ts";
import type { Gpu, Licence } from "../../schema/catalog.ts";
import type { Partition, Pool } from "../../schema/fleet.ts";
import type { Rule } from "../../schema/routing.ts";
import type { Scenario } from "../../schema/scenario.ts";
import type { GpuPrice, NamedSchedule } from "./space.ts";

/** Replicas of one size: on whole GPUs, or on the instances of one MIG profile. */
export interface PlacePart {
  /** Undefined for whole GPUs. */
  readonly profile: string | undefined;
  /** Replicas on one physical GPU: 1 / tensorParallel on whole ones. */
  readonly perGpu: number;
  readonly fit: MemoryFit;
}

/** A way to run the pool's model, for any number of GPUs. */
export interface Place {
  readonly gpu: Gpu;
  readonly price: GpuPrice;
  readonly backend: Pool["backend"];
  readonly precision: Pool["precision"];
  readonly kvPrecision: Pool["kvPrecision"];
  readonly tensorParallel: Pool["tensorParallel"];
  readonly engine: Pool["engine"];
  /** MIG profiles of each GPU; undefined for whole GPUs. */
  readonly layout: readonly string[] | undefined;
  readonly parts: readonly PlacePart[];
}

/** Thresholds of the rules that send to the pool. Undefined leaves a rule as it is, null takes the threshold away. */
export interface RoutingVariant {
  readonly maxWaiting?: number | null;
  readonly spillAfterS?: number | null;
  /** 0 < share <= 1 of the requests that a rule matches. */
  readonly poolShare?: number;
}

/** A candidate; without a place it has no own GPUs, and the rules to the pool are gone. */
export interface Candidate {
  /** Its number in the order of enumeration: ties go to the lower one. */
  readonly index: number;
  readonly place: Place | undefined;
  /** Physical GPUs. */
  readonly gpus: number;
  readonly schedule: NamedSchedule;
  readonly licence: Licence | undefined;
  readonly routing: RoutingVariant;
}

/** Ids of the pools that stand for the varied one: itself, and one more for each further size of MIG instance. */
export function poolIds(pool: Pool, place: Place): string[] {
  return place.parts.map((_, part) => (part === 0 ? pool.id : `${pool.id}-${part + 1}`));
}

/** Replicas that stand by in case of failures, beside those of a candidate. */
export function sparesOf(pool: Pool): number {
  return pool.failures?.spares ?? 0;
}

/** Whether a pool's replicas come and go, or fail: what is billed is then known after the run only. */
export function isElastic(pool: Pool): boolean {
  return pool.autoscaler !== undefined || pool.failures !== undefined;
}

/** Replicas of a part. */
export function replicasOf(candidate: Candidate, part: PlacePart): number {
  return Math.round(candidate.gpus * part.perGpu);
}

/** The scenario of a candidate, with the catalog entries that it uses copied in. `shares` says how requests are spread over the parts of the place, adding up to 1. */
export function candidateScenario(
  base: Scenario,
  pool: Pool,
  candidate: Candidate,
  catalog: Catalog,
  shares: readonly number[] = evenShares(candidate),
): Scenario {
  const { place } = candidate;
  const partitions = base.partitions.filter((each) => each.id !== pool.partition?.id);
  const others = (own: readonly Pool[]) =>
    base.pools.flatMap((each) => (each.id === pool.id ? own : [each]));
  if (place === undefined) {
    const rules = base.rules.filter((rule) => !sendsTo(rule, pool.id));
    return { ...base, partitions, pools: others([]), rules };
  }
  const pools = others(candidatePools(pool, candidate, place));
  return {
    ...base,
    ...copies(base, candidate, place, catalog),
    partitions: [...partitions, ...candidatePartition(pool, candidate, place)],
    pools,
    rules: base.rules.flatMap((rule) =>
      sendsTo(rule, pool.id) ? poolRules(rule, pool, place, candidate.routing, shares) : [rule],
    ),
  };
}

/** Whether a rule sends to the pool. */
export function sendsTo({ to }: Rule, poolId: string): boolean {
  return "pool" in to && to.pool === poolId;
}

function evenShares({ place }: Candidate): number[] {
  const parts = place?.parts ?? [];
  const all = parts.reduce((sum, part) => sum + part.perGpu, 0);
  return parts.map((part) => part.perGpu / all);
}

function partitionId(pool: Pool): string {
  return pool.partition?.id ?? `${pool.id}-mig`;
}

function candidatePools(pool: Pool, candidate: Candidate, place: Place): Pool[] {
  const { schedule, licence } = candidate;
  const { gpu, backend, precision, kvPrecision, tensorParallel, engine, price } = place;
  const { partition: _partition, price: _price, licence: _licence, ...rest } = pool;
  const ids = poolIds(pool, place);
  return place.parts.map((part, i): Pool => {
    const own = {
      ...rest,
      ...{ id: ids[i], gpu: gpu.id, backend, precision, kvPrecision, tensorParallel, engine },
      replicas: replicasOf(candidate, part),
      schedule: schedule.schedule,
      executionTime: timeOf(pool, place),
    };
    if (part.profile !== undefined) {
      return { ...own, partition: { id: partitionId(pool), profile: part.profile } };
    }
    return licence === undefined ? { ...own, price } : { ...own, price, licence: licence.id };
  });
}

/** Overridden host terms, or a coefficient set by name, belong to the place that the scenario has; elsewhere the catalog's own times hold. */
function timeOf(pool: Pool, place: Place): Pool["executionTime"] {
  if (pool.executionTime.kind === "linear") return pool.executionTime;
  return isOwnPlace(pool, place) ? pool.executionTime : { kind: "fitted" };
}

/** Whether a place runs replicas as the scenario's own pool does. */
export function isOwnPlace(pool: Pool, place: Place): boolean {
  return (
    place.gpu.id === pool.gpu &&
    place.backend === pool.backend &&
    place.precision === pool.precision &&
    place.kvPrecision === pool.kvPrecision &&
    place.tensorParallel === pool.tensorParallel &&
    place.parts.length === 1 &&
    place.parts[0].profile === pool.partition?.profile
  );
}

function candidatePartition(pool: Pool, candidate: Candidate, place: Place): Partition[] {
  const { layout, gpu, price } = place;
  if (layout === undefined) return [];
  const { gpus, schedule, licence } = candidate;
  const id = partitionId(pool);
  const partition = { id, gpu: gpu.id, gpus, layout: [...layout], price };
  const own = { ...partition, schedule: schedule.schedule };
  return [licence === undefined ? own : { ...own, licence: licence.id }];
}

/** A rule to the pool with its thresholds changed, once for each part of the place. */
function poolRules(
  rule: Rule,
  pool: Pool,
  place: Place,
  routing: RoutingVariant,
  shares: readonly number[],
): Rule[] {
  const { maxWaiting, spillAfterS } = routing;
  const { maxWaiting: ownWaiting, ...otherGuards } = rule.guards;
  const { share: _share, spillAfterS: ownSpill, ...rest } = rule;
  const waiting = maxWaiting === undefined ? ownWaiting : (maxWaiting ?? undefined);
  const spill = spillAfterS === undefined ? ownSpill : (spillAfterS ?? undefined);
  const chances = conditionalShares((rule.share ?? 1) * (routing.poolShare ?? 1), shares);
  return poolIds(pool, place).map((id, part) => ({
    ...rest,
    id: part === 0 ? rule.id : `${rule.id}-${part + 1}`,
    to: { pool: id },
    guards: waiting === undefined ? otherGuards : { ...otherGuards, maxWaiting: waiting },
    ...(chances[part] < 1 ? { share: chances[part] } : {}),
    ...(spill === undefined ? {} : { spillAfterS: spill }),
  }));
}

/** The share that each part takes of what the parts before it left, so that part k has total * shares[k] of everything. */
function conditionalShares(total: number, shares: readonly number[]): number[] {
  let left = 1;
  return shares.map((share) => {
    const own = total * share;
    const chance = own / left;
    left -= own;
    return chance > 1 - 1e-9 ? 1 : chance;
  });
}

/** GPUs, coefficient sets and licences that the scenario needs and does not carry yet. */
function copies(base: Scenario, candidate: Candidate, place: Place, catalog: Catalog) {
  const has = (list: readonly { readonly id: string }[], id: string) =>
    list.some((each) => each.id === id);
  const { licence } = candidate;
  const isFitted = base.pools.some((each) => each.executionTime.kind === "fitted");
  const backend = engineOf(place.backend, place.parts[0]?.profile);
  const sets = catalog.coefficients.filter(
    (set) => isFitted && set.backend === backend && !has(base.coefficients, set.id),
  );
  return {
    gpus: has(base.gpus, place.gpu.id) ? base.gpus : [...base.gpus, place.gpu],
    coefficients: sets.length === 0 ? base.coefficients : [...base.coefficients, ...sets],
    licences:
      licence === undefined || has(base.licences, licence.id)
        ? base.licences
        : [...base.licences, licence],
  };
}
