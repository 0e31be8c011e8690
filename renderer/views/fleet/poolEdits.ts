/** Edits of the fleet that touch more than one field: what refers to a pool or a partition goes with it. */
import type { Draft } from "../../components/editing.tsx";
import { freeId } from "../../components/ids.ts";

export type PoolInput = NonNullable<Draft["pools"]>[number];
export type PartitionInput = NonNullable<Draft["partitions"]>[number];
export type RuleInput = Draft["rules"][number];

/** The pools of a draft, there to be written to. */
export function poolsOf(draft: Draft): PoolInput[] {
  draft.pools ??= [];
  return draft.pools;
}

/** The partitions of a draft, there to be written to. */
export function partitionsOf(draft: Draft): PartitionInput[] {
  draft.partitions ??= [];
  return draft.partitions;
}

function sendsTo(rule: RuleInput, pool: string): boolean {
  return (rule.to as { pool?: string }).pool === pool;
}

/** Rules that send to the pool, by id. */
export function rulesTo(rules: readonly RuleInput[], pool: string): string[] {
  return rules.filter((rule) => sendsTo(rule, pool)).map(({ id }) => id);
}

/** Takes a pool out, and the rules that send to it. */
export function removePool(draft: Draft, index: number): void {
  const pools = poolsOf(draft);
  const { id } = pools[index];
  pools.splice(index, 1);
  draft.rules = draft.rules.filter((rule) => !sendsTo(rule, id));
}

/** A copy of a pool right after it, under an id of its own; no rule sends to it yet. */
export function duplicatePool(draft: Draft, index: number): void {
  const pools = poolsOf(draft);
  const copy = JSON.parse(JSON.stringify(pools[index])) as PoolInput;
  pools.splice(index + 1, 0, { ...copy, id: freeId(copy.id, pools) });
}

/** Renames a pool, in the rules too. */
export function renamePool(draft: Draft, index: number, id: string): void {
  const pool = poolsOf(draft)[index];
  for (const rule of draft.rules) {
    if (sendsTo(rule, pool.id)) (rule.to as { pool: string }).pool = id;
  }
  pool.id = id;
}

/** Renames a partition, in the pools too. */
export function renamePartition(draft: Draft, index: number, id: string): void {
  const partition = partitionsOf(draft)[index];
  for (const pool of poolsOf(draft)) {
    if (pool.partition?.id === partition.id) pool.partition.id = id;
  }
  partition.id = id;
}

/** Takes a partition out, and the pools on it with their rules. */
export function removePartition(draft: Draft, index: number): void {
  const partitions = partitionsOf(draft);
  const { id } = partitions[index];
  partitions.splice(index, 1);
  for (let i = poolsOf(draft).length - 1; i >= 0; i--) {
    if (poolsOf(draft)[i].partition?.id === id) removePool(draft, i);
  }
}

/** A rule for everything to a pool, before the last rule, which is the one that takes what is left. */
export function addRuleTo(draft: Draft, pool: string): void {
  const rule = { id: freeId(`to-${pool}`, draft.rules), to: { pool } };
  draft.rules.splice(Math.max(0, draft.rules.length - 1), 0, rule);
}

/** Physical GPUs of a pool; 0 for one on a partition, whose GPUs count there. */
export function gpusOfPool(pool: PoolInput): number {
  if (pool.partition !== undefined) return 0;
  return (pool.tensorParallel ?? 1) * (pool.replicas + (pool.failures?.spares ?? 0));
}

/** Physical GPUs of the scenario. */
export function gpusOf(draft: Draft): number {
  const pools = (draft.pools ?? []).reduce((sum, pool) => sum + gpusOfPool(pool), 0);
  return (draft.partitions ?? []).reduce((sum, { gpus }) => sum + gpus, pools);
}
