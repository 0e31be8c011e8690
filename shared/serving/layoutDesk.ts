/** Pools that open and close: by their own hours, or with the MIG layout of their partition, which changes by drain, change and start. */
import { type Partition, partitionLayouts } from "../schema/fleet.ts";
import { InvariantError } from "../units/errors.ts";
import { secondsToNs } from "../units/units.ts";
import { type CompiledHours, compileHours, type LocalClock } from "../workload/clock.ts";
import { timer } from "./fleetTimers.ts";
import type { PoolRuntime } from "./poolRuntime.ts";

/** What the desk asks of the fleet. */
export interface LayoutPorts {
  /** A timer, unless it lies beyond the longest simulated time. */
  setTimer(timeNs: number, kind: number, payload: number): void;
  releaseHeld(pool: PoolRuntime, nowNs: number): void;
  hasWork(): boolean;
  /** True when no request is left and no billed time either. */
  isOver(nowNs: number): boolean;
}

/** From when a partition took nothing new until it served again, and when its last request in between had ended; nanoseconds. */
export interface LayoutChange {
  readonly from: number;
  readonly to: number;
  readonly drainStartNs: number;
  /** Undefined while it drains. */
  clearNs: number | undefined;
  /** Undefined until the new instances serve. */
  readyNs: number | undefined;
}

const phaseOf = { serving: 0, draining: 1, changing: 2 } as const;

/**
 * A partition whose layout changes at stated hours. All its GPUs change together: every instance takes nothing new and ends what it
 * was sent, then the instances are cleared and created (changeS) and the engines start (startS), with empty caches.
 */
export class PartitionLife {
  readonly spec: Partition;
  /** Changes in order; the last one may be under way. */
  readonly changes: LayoutChange[] = [];
  private readonly index: number;
  private readonly pools: readonly PoolRuntime[];
  private readonly clock: LocalClock;
  private readonly ports: LayoutPorts;
  private readonly layouts: readonly (readonly string[])[];
  private readonly hours: readonly CompiledHours[];
  private readonly outNs: number;
  /** Layout of each stretch of service, from, to; the last one is open. */
  private readonly stretches: { layout: number; fromNs: number; toNs: number }[] = [];
  private phase: number = phaseOf.serving;
  private current = 0;
  private wanted = 0;

  constructor(
    spec: Partition,
    index: number,
    pools: readonly PoolRuntime[],
    clock: LocalClock,
    ports: LayoutPorts,
  ) {
    const { reconfiguration } = spec;
    if (reconfiguration === undefined) throw new InvariantError(`${spec.id} keeps its layout`);
    this.spec = spec;
    this.index = index;
    this.pools = pools;
    this.clock = clock;
    this.ports = ports;
    this.layouts = partitionLayouts(spec);
    this.hours = reconfiguration.layouts.map((each) => compileHours(each.hours));
    this.outNs = secondsToNs(reconfiguration.changeS) + secondsToNs(reconfiguration.startS);
    for (const pool of pools) pool.layouts = this;
  }

  /** The run begins in the layout of its first moment. */
  start(): void {
    this.wanted = this.layoutAt(0);
    this.serve(this.wanted, 0);
    this.scheduleNext(0);
  }

  /** The hours of a layout begin or end. */
  onBoundary(nowNs: number): void {
    this.wanted = this.layoutAt(nowNs);
    if (!this.ports.isOver(nowNs)) this.scheduleNext(nowNs);
    if (this.phase === phaseOf.serving && this.wanted !== this.current) this.drain(nowNs);
  }

  /** A replica of one of its pools has no work left. */
  becomeIdle(nowNs: number): void {
    if (this.phase === phaseOf.draining && this.isIdle()) this.clear(nowNs);
  }

  /** The new instances serve. */
  onReady(nowNs: number): void {
    const change = this.changes[this.changes.length - 1];
    change.readyNs = nowNs;
    this.serve(change.to, nowNs);
    if (this.wanted !== this.current) this.drain(nowNs);
  }

  /** Nanoseconds of 0 .. horizonNs in which the pool's instances existed, drains included. */
  heldNs(pool: PoolRuntime, horizonNs: number): number {
    const { profile } = pool.spec.partition!;
    return this.stretches
      .filter(({ layout }) => this.layouts[layout].includes(profile))
      .reduce((sum, each) => sum + withinHorizon(each.fromNs, each.toNs, horizonNs), 0);
  }

  /** Nanoseconds of 0 .. horizonNs in which the layout stood, drains included. */
  stoodNs(layout: number, horizonNs: number): number {
    return this.stretches
      .filter((each) => each.layout === layout)
      .reduce((sum, each) => sum + withinHorizon(each.fromNs, each.toNs, horizonNs), 0);
  }

  private layoutAt(nowNs: number): number {
    return this.hours.findIndex((each) => this.clock.isWithin(each, nowNs)) + 1;
  }

  private scheduleNext(nowNs: number): void {
    const next = this.hours.map((each) =>
      this.clock.isWithin(each, nowNs)
        ? this.clock.nextCloseNs(each, nowNs)
        : this.clock.nextOpenNs(each, nowNs),
    );
    this.ports.setTimer(Math.min(...next), timer.layoutHours, this.index);
  }

  private isIdle(): boolean {
    return this.pools.every((pool) => pool.replicas.every((each) => each.nextNs === Infinity));
  }

  private drain(nowNs: number): void {
    this.phase = phaseOf.draining;
    this.changes.push({
      from: this.current,
      to: this.wanted,
      drainStartNs: nowNs,
      clearNs: undefined,
      readyNs: undefined,
    });
    for (const pool of this.pools) if (pool.isOpen) pool.switchTo(false, nowNs);
    if (this.isIdle()) this.clear(nowNs);
  }

  private clear(nowNs: number): void {
    this.phase = phaseOf.changing;
    this.changes[this.changes.length - 1].clearNs = nowNs;
    this.stretches[this.stretches.length - 1].toNs = nowNs;
    for (const pool of this.pools) for (const each of pool.replicas) each.stop(nowNs, []);
    this.ports.setTimer(nowNs + this.outNs, timer.layoutReady, this.index);
  }

  private serve(layout: number, nowNs: number): void {
    this.phase = phaseOf.serving;
    this.current = layout;
    this.stretches.push({ layout, fromNs: nowNs, toNs: Infinity });
    for (const pool of this.pools) {
      pool.isOpen = this.layouts[layout].includes(pool.spec.partition!.profile);
      if (pool.isOpen && nowNs > 0) this.ports.releaseHeld(pool, nowNs);
    }
  }
}

function withinHorizon(fromNs: number, toNs: number, horizonNs: number): number {
  return Math.max(0, Math.min(toNs, horizonNs) - fromNs);
}

/** Opens and closes the pools of a run. */
export class LayoutDesk {
  /** Partitions whose layout changes. */
  readonly partitions: readonly PartitionLife[];
  private readonly pools: readonly PoolRuntime[];
  private readonly clock: LocalClock;
  private readonly ports: LayoutPorts;

  constructor(
    pools: readonly PoolRuntime[],
    partitions: readonly Partition[],
    clock: LocalClock,
    ports: LayoutPorts,
  ) {
    this.pools = pools;
    this.clock = clock;
    this.ports = ports;
    this.partitions = partitions
      .filter((each) => each.reconfiguration !== undefined)
      .map((each, index) => {
        const own = pools.filter((pool) => pool.spec.partition?.id === each.id);
        return new PartitionLife(each, index, own, clock, ports);
      });
  }

  /** The run begins. */
  start(): void {
    this.pools.forEach((pool, index) => {
      if (pool.hours !== undefined) pool.isOpen = this.clock.isWithin(pool.hours, 0);
      pool.life?.start(pool.isOpen);
      this.scheduleSwitch(index, 0);
    });
    for (const each of this.partitions) each.start();
  }

  /** Handles the kinds of timers that open and close pools; false for another kind. */
  onTimer(kind: number, payload: number, nowNs: number): boolean {
    if (kind === timer.poolSwitch) this.switchPool(payload, nowNs);
    else if (kind === timer.layoutHours) this.partitions[payload].onBoundary(nowNs);
    else if (kind === timer.layoutReady) this.partitions[payload].onReady(nowNs);
    else return false;
    return true;
  }

  private switchPool(index: number, nowNs: number): void {
    const pool = this.pools[index];
    pool.switchTo(this.clock.isWithin(pool.hours!, nowNs), nowNs);
    if (pool.isOpen) this.ports.releaseHeld(pool, nowNs);
    this.scheduleSwitch(index, nowNs);
  }

  private scheduleSwitch(index: number, nowNs: number): void {
    const pool = this.pools[index];
    if (pool.hours === undefined) return;
    if (pool.life === undefined ? !this.ports.hasWork() : this.ports.isOver(nowNs)) return;
    const nextNs = pool.isOpen
      ? this.clock.nextCloseNs(pool.hours, nowNs)
      : this.clock.nextOpenNs(pool.hours, nowNs);
    this.ports.setTimer(nextNs, timer.poolSwitch, index);
  }
}
