/** Gives the pools whose replicas come and go their lives, and passes their timers on. */
import { epochOf, slotAt, slotOf, timer } from "../fleetTimers.ts";
import type { PoolRuntime } from "../poolRuntime.ts";
import type { RequestTable } from "../requestTable.ts";
import { CapacityRecorder } from "./capacityRecorder.ts";
import { hasLife, type LifePorts, PoolLife } from "./poolLife.ts";

/** What the desk asks of the fleet; slots are replicas among all of the run. */
export interface LifeDeskPorts {
  setTimer(timeNs: number, kind: number, payload: number): void;
  send(pool: PoolRuntime, replica: number, request: number, nowNs: number): void;
  /** Notes that a request stands at no replica. */
  takeOff(request: number): void;
  reroute(request: number, nowNs: number): void;
  silence(slot: number): void;
  releaseHeld(pool: PoolRuntime, nowNs: number): void;
  isOver(nowNs: number): boolean;
}

/** The lives of a run's pools. */
export class LifeDesk {
  private readonly pools: readonly PoolRuntime[];
  private readonly ports: LifeDeskPorts;

  constructor(
    pools: readonly PoolRuntime[],
    table: RequestTable,
    seed: number,
    ports: LifeDeskPorts,
  ) {
    this.pools = pools;
    this.ports = ports;
    pools.forEach((pool, index) => {
      if (!hasLife(pool.spec)) return;
      const { spec, config, replicas, balancer } = pool;
      const capacity = new CapacityRecorder(pool.usage.windowNs, pool.usage.horizonNs);
      const own = this.portsOf(pool, index);
      const parts = { spec, config, replicas, balancer, table, capacity, seed, ports: own };
      pool.life = new PoolLife(parts);
    });
  }

  /** Handles the kinds of timers that concern lives. */
  onTimer(kind: number, payload: number, nowNs: number): void {
    if (kind === timer.evaluate) this.pools[payload].life!.evaluate(nowNs);
    else if (kind === timer.openDoor) this.pools[payload].life!.openDoor(nowNs);
    else {
      const slot = slotOf(payload);
      const pool = this.poolOf(slot);
      const replica = slot - pool.firstSlot;
      if (kind === timer.replicaUp) pool.life!.comeUp(replica, epochOf(payload), nowNs);
      else pool.life!.fail(replica, epochOf(payload), nowNs);
    }
  }

  private poolOf(slot: number): PoolRuntime {
    return this.pools.find(
      ({ firstSlot, replicas }) => slot >= firstSlot && slot < firstSlot + replicas.length,
    )!;
  }

  private portsOf(pool: PoolRuntime, index: number): LifePorts {
    const { ports } = this;
    const { firstSlot } = pool;
    return {
      setReplicaTimer: (timeNs, kind, replica, epoch) =>
        ports.setTimer(timeNs, kind, slotAt(firstSlot + replica, epoch)),
      setPoolTimer: (timeNs, kind) => ports.setTimer(timeNs, kind, index),
      send: (request, replica, nowNs) => ports.send(pool, replica, request, nowNs),
      takeOff: (request) => ports.takeOff(request),
      reroute: (request, nowNs) => ports.reroute(request, nowNs),
      silence: (replica) => ports.silence(firstSlot + replica),
      releaseHeld: (nowNs) => ports.releaseHeld(pool, nowNs),
      isOver: (nowNs) => ports.isOver(nowNs),
    };
  }
}
