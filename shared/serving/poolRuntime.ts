/** A pool while it runs: its replicas, balancer, schedule and what it measures. */
import type { Pool } from "../schema/fleet.ts";
import { type CompiledHours, compileHours, type LocalClock } from "../workload/clock.ts";
import type { Workload } from "../workload/workload.ts";
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
  /** Rules (by index) that hold work for this pool. */
  readonly holdRules: number[] = [];

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

  /** Opens or closes. A replica that is still at work when its pool opens again was provisioned in between. */
  switchTo(isOpen: boolean, nowNs: number): void {
    if (isOpen && !this.isOpen) {
      for (const replica of this.replicas) {
        if (replica.nextNs < Infinity) this.drainNs += nowNs - this.closedAtNs;
      }
    }
    if (!isOpen) this.closedAtNs = nowNs;
    this.isOpen = isOpen;
  }

  /** Books what its replicas have done by the end of a run that stops with work in flight. */
  settle(endNs: number): void {
    for (const replica of this.replicas) {
      replica.settle(endNs);
      if (!this.isOpen && replica.nextNs < Infinity) this.drainNs += endNs - this.closedAtNs;
    }
  }

  /** Replica-nanoseconds provisioned in 0 .. horizonNs by the schedule, without the drain. */
  scheduledNs(clock: LocalClock, horizonNs: number): number {
    return openNs(this.hours, clock, horizonNs) * this.replicas.length;
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
