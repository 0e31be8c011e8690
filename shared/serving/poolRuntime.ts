/** A pool while it runs: its replicas, balancer, schedule and what it measures. */
import type { Pool } from "../schema/fleet.ts";
import { type CompiledHours, compileHours, type LocalClock } from "../workload/clock.ts";
import type { Workload } from "../workload/workload.ts";
import { capacityField } from "./autoscaler/capacityRecorder.ts";
import type { PoolLife } from "./autoscaler/poolLife.ts";
import type { UsageRecorder } from "./metrics/usageRecorder.ts";
import type { ReplicaConfig, ReplicaEngine } from "./replicaEngine.ts";
import type { RequestTable } from "./requestTable.ts";
import { type Balancer, createBalancer } from "./router/balancers.ts";

/** Makes the engine of one replica; the skipping one in the product, the plain one as its oracle. */
export type ReplicaFactory = (
  table: RequestTable,
  config: ReplicaConfig,
  usage: UsageRecorder,
) => ReplicaEngine;

/** What a pool knows of its partition's changing layout. */
export interface PoolLayouts {
  becomeIdle(nowNs: number): void;
  heldNs(pool: PoolRuntime, horizonNs: number): number;
}

/** Replicas of one kind behind one balancer. */
export class PoolRuntime {
  readonly spec: Pool;
  readonly config: ReplicaConfig;
  readonly usage: UsageRecorder;
  readonly replicas: readonly ReplicaEngine[];
  readonly balancer: Balancer;
  /** Number of its first replica among all slots of the run. */
  readonly firstSlot: number;
  /** Undefined when always on. */
  readonly hours: CompiledHours | undefined;
  isOpen = true;
  /** When it closed last. */
  closedAtNs = 0;
  /** Replica-nanoseconds spent finishing work after closing; provisioned and billed. */
  drainNs = 0;
  /** Undefined where all replicas are there whenever the pool is open. */
  life: PoolLife | undefined;
  /** Undefined where its instances are there for good: not on a partition whose layout changes. */
  layouts: PoolLayouts | undefined;
  /** Rules (by index) that hold work for this pool. */
  readonly holdRules: number[] = [];
  /** Times that a rule passed a request on because its prompt is longer than the context. */
  tooLongCount = 0;
  /** Times that a rule passed a request on because it wants tokens, which an embedding model does not yield. */
  wantsTokensCount = 0;

  constructor(
    spec: Pool,
    config: ReplicaConfig,
    usage: UsageRecorder,
    replicas: readonly ReplicaEngine[],
    firstSlot: number,
    workload: Workload,
    seed: number,
  ) {
    this.spec = spec;
    this.config = config;
    this.usage = usage;
    this.replicas = replicas;
    this.firstSlot = firstSlot;
    this.balancer = createBalancer(spec.balancer, spec.id, workload, seed);
    this.hours = spec.schedule.kind === "always" ? undefined : compileHours(spec.schedule.hours);
  }

  /** The replicas up. */
  get live(): readonly ReplicaEngine[] {
    return this.life === undefined ? this.replicas : this.life.live;
  }

  /** Number of a replica, from its place among those up. */
  numberAt(place: number): number {
    return this.life === undefined ? place : this.life.numbers[place];
  }

  /** Number of the replica that the balancer chooses; -1 when none is up. */
  pick(request: number): number {
    if (this.life !== undefined) return this.life.pick(request);
    return this.balancer.pick(request, this.replicas);
  }

  /** Opens or closes. A replica that is still at work when its pool opens again was provisioned in between. */
  switchTo(isOpen: boolean, nowNs: number): void {
    if (this.life !== undefined) {
      if (isOpen && !this.isOpen) this.life.open(nowNs);
      if (!isOpen && this.isOpen) this.life.close(nowNs);
    } else if (isOpen && !this.isOpen) {
      for (const replica of this.replicas) {
        if (replica.nextNs < Infinity) this.drainNs += nowNs - this.closedAtNs;
      }
    }
    if (!isOpen) this.closedAtNs = nowNs;
    this.isOpen = isOpen;
  }

  /** A replica has no work left: one of a closed pool is free from now on. */
  becomeIdle(replica: number, nowNs: number): void {
    if (this.life !== undefined) this.life.becomeIdle(replica, nowNs);
    else if (this.layouts !== undefined) this.layouts.becomeIdle(nowNs);
    else if (!this.isOpen) this.drainNs += nowNs - this.closedAtNs;
  }

  /** Books what its replicas have done by the end of a run that stops with work in flight. */
  settle(endNs: number): void {
    for (const replica of this.replicas) {
      replica.settle(endNs);
      if (this.life !== undefined || this.isOpen) continue;
      if (replica.nextNs < Infinity) this.drainNs += endNs - this.closedAtNs;
    }
  }

  /** Replica-nanoseconds provisioned in 0 .. horizonNs: by its life, by its partition's layouts, or by its schedule with what it drained after closing. */
  provisionedNs(clock: LocalClock, horizonNs: number): number {
    if (this.life !== undefined) {
      return this.life.capacity.total(capacityField.provisionedNs, horizonNs);
    }
    if (this.layouts !== undefined) {
      return this.layouts.heldNs(this, horizonNs) * this.replicas.length;
    }
    const scheduled = openNs(this.hours, clock, horizonNs) * this.replicas.length;
    return Math.min(scheduled + this.drainNs, horizonNs * this.replicas.length);
  }
}

/** Nanoseconds of 0 .. horizonNs that lie in the hours; all of them for undefined. */
export function openNs(
  hours: CompiledHours | undefined,
  clock: LocalClock,
  horizonNs: number,
): number {
  if (hours === undefined) return horizonNs;
  let open = 0;
  let at = clock.nextOpenNs(hours, 0);
  while (at < horizonNs) {
    const close = Math.min(clock.nextCloseNs(hours, at), horizonNs);
    open += close - at;
    at = close < horizonNs ? clock.nextOpenNs(hours, close) : horizonNs;
  }
  return open;
}
