/**
 * The life of a pool's replicas: asked for, up, draining, failed, released.
 *
 * A replica is provisioned, and billed, from the moment it is asked for until it is released. It serves while it is up; one that
 * is no longer wanted takes nothing new, ends its work and goes. A failed one loses its memory and its requests, is repaired and
 * comes back. Requests that find none up wait at the door.
 */
import type { Pool } from "../../schema/fleet.ts";
import { secondsToNs } from "../../units/units.ts";
import { timer } from "../fleetTimers.ts";
import type { ReplicaConfig, ReplicaEngine } from "../replicaEngine.ts";
import { type RequestTable, requestState } from "../requestTable.ts";
import type { Balancer } from "../router/balancers.ts";
import type { CapacityRecorder } from "./capacityRecorder.ts";
import { FailureClock } from "./failureClock.ts";
import { PoolDoor } from "./poolDoor.ts";
import { Scaler } from "./scaler.ts";

/** States of a replica. Provisioned are all but those that are off. */
const stateOf = { off: 0, coming: 1, up: 2, draining: 3, failed: 4 } as const;

/** What happened to a pool's replicas over a run, warm starts at time 0 left out. */
export interface LifeCounts {
  /** Decisions of the autoscaler for more replicas and for fewer. */
  scaleUps: number;
  scaleDowns: number;
  /** Replicas that had to be provisioned and loaded. */
  coldStarts: number;
  failures: number;
  /** Requests that ran or waited on a replica that failed; one request counts each time. */
  hitRunning: number;
  hitWaiting: number;
  /** Output tokens that were produced and lost. */
  lostOutputTokens: number;
}

/** What a life asks of the fleet. Replicas go by their number within the pool. */
export interface LifePorts {
  /** A timer of one replica, or of the pool. */
  setReplicaTimer(timeNs: number, kind: number, replica: number, epoch: number): void;
  setPoolTimer(timeNs: number, kind: number): void;
  /** Enqueues a request at a replica that is up. */
  send(request: number, replica: number, nowNs: number): void;
  /** Notes that a request stands at no replica. */
  takeOff(request: number): void;
  /** Offers a request to the rules from the first one on. */
  reroute(request: number, nowNs: number): void;
  /** The replica's next event is off. */
  silence(replica: number): void;
  /** Lets go what is held for the pool. */
  releaseHeld(nowNs: number): void;
  /** True when neither requests nor billed time are left: nothing needs to be planned any more. */
  isOver(nowNs: number): boolean;
}

/** The parts of a pool that its life works on. */
export interface LifeParts {
  readonly spec: Pool;
  readonly config: ReplicaConfig;
  readonly replicas: readonly ReplicaEngine[];
  readonly balancer: Balancer;
  readonly table: RequestTable;
  readonly capacity: CapacityRecorder;
  readonly seed: number;
  readonly ports: LifePorts;
}

/** Whether the replicas of a pool come and go by themselves. */
export function hasLife(spec: Pool): boolean {
  return spec.autoscaler !== undefined || spec.failures !== undefined;
}

/** Replicas of one pool that come, go and fail. */
export class PoolLife {
  readonly door: PoolDoor;
  readonly capacity: CapacityRecorder;
  readonly counts: LifeCounts = {
    ...{ scaleUps: 0, scaleDowns: 0, coldStarts: 0, failures: 0 },
    ...{ hitRunning: 0, hitWaiting: 0, lostOutputTokens: 0 },
  };
  /** Replicas up, in order of their numbers. */
  live: ReplicaEngine[] = [];
  /** Their numbers. */
  numbers: number[] = [];
  private readonly placeOf: Int16Array;
  private readonly parts: LifeParts;
  private readonly scaler: Scaler | undefined;
  private readonly failures: FailureClock | undefined;
  private readonly spares: number;
  private readonly meanRepairNs: number;
  private readonly states: Uint8Array;
  /** Goes up with each new phase of a replica; a timer of an earlier one means nothing any more. */
  private readonly epochs: Int32Array;
  /** When a replica that comes or is repaired is expected up. */
  private readonly dueNs: Float64Array;
  private readonly byState = new Int32Array(5);
  private isOpen = false;
  /** Replicas wanted, spares left out. */
  private wanted = 0;

  constructor(parts: LifeParts) {
    const { spec, config, replicas, seed, table } = parts;
    const { autoscaler, failures } = spec;
    this.parts = parts;
    this.capacity = parts.capacity;
    if (autoscaler !== undefined) {
      this.scaler = new Scaler(autoscaler, spec.replicas, config.maxNumSeqs);
    }
    if (failures !== undefined) {
      this.failures = new FailureClock(failures, spec, replicas.length, seed);
    }
    this.spares = failures?.spares ?? 0;
    this.meanRepairNs = secondsToNs(failures?.repairS ?? 0);
    this.door = new PoolDoor(table, config, () => this.expectedUpNs());
    this.states = new Uint8Array(replicas.length);
    this.epochs = new Int32Array(replicas.length);
    this.dueNs = new Float64Array(replicas.length).fill(Infinity);
    this.placeOf = new Int16Array(replicas.length).fill(-1);
    this.byState[stateOf.off] = replicas.length;
  }

  /** The run begins; what is wanted at once is there, warm. */
  start(isOpen: boolean): void {
    if (isOpen) this.open(0, true);
    const { scaler, parts } = this;
    if (scaler !== undefined) parts.ports.setPoolTimer(scaler.intervalNs, timer.evaluate);
  }

  /** The active hours begin. Without an autoscaler replicas are switched on in time; with one they are asked for now. */
  open(nowNs: number, isWarm = this.scaler === undefined): void {
    this.isOpen = true;
    const wanted = this.scaler?.initial ?? this.parts.spec.replicas;
    this.scaler?.remember(wanted, nowNs);
    this.want(wanted, nowNs, isWarm);
  }

  /** The active hours end: replicas end their work, and one stays for what waits at the door. */
  close(nowNs: number): void {
    this.isOpen = false;
    this.want(this.door.waitingCount > 0 ? 1 : 0, nowNs);
  }

  /** The number of the replica for a request; -1 when none is up. */
  pick(request: number): number {
    if (this.live.length === 0) return -1;
    return this.numbers[this.parts.balancer.pick(request, this.live, this.placeOf)];
  }

  /** A request has come and none is up: a pool that was scaled to zero asks for one replica. */
  wake(nowNs: number): void {
    if (this.scaler === undefined || this.wanted > 0 || !this.isOpen) return;
    this.scaler.remember(1, nowNs);
    this.counts.scaleUps++;
    this.want(1, nowNs);
  }

  /** The autoscaler looks at the pool. */
  evaluate(nowNs: number): void {
    const { scaler, wanted } = this;
    if (scaler === undefined) return;
    if (this.isOpen) {
      const now = scaler.evaluate(this.load(), nowNs);
      if (now > wanted) this.counts.scaleUps++;
      if (now < wanted) this.counts.scaleDowns++;
      this.want(now, nowNs);
    }
    const { ports } = this.parts;
    if (!ports.isOver(nowNs)) ports.setPoolTimer(nowNs + scaler.intervalNs, timer.evaluate);
  }

  /** A replica that was asked for, or repaired, begins to serve. */
  comeUp(replica: number, epoch: number, nowNs: number): void {
    if (this.epochs[replica] !== epoch) return;
    this.bringUp(replica, nowNs);
    this.record(nowNs);
  }

  /** What waited at the door goes to the replicas that are up. */
  openDoor(nowNs: number): void {
    const { ports } = this.parts;
    while (this.live.length > 0 && this.door.waitingCount > 0) {
      const request = this.door.takeFirst();
      ports.send(request, this.pick(request), nowNs);
    }
    if (this.isOpen) ports.releaseHeld(nowNs);
    else if (this.door.waitingCount === 0) this.want(0, nowNs);
  }

  /** A replica has no work left; when it drains, it goes. */
  becomeIdle(replica: number, nowNs: number): void {
    if (this.states[replica] !== stateOf.draining) return;
    this.release(replica, nowNs);
    this.record(nowNs);
  }

  /** A replica fails: its memory is gone, its requests go elsewhere. */
  fail(replica: number, epoch: number, nowNs: number): void {
    const { ports, replicas, balancer } = this.parts;
    if (this.epochs[replica] !== epoch || ports.isOver(nowNs)) return;
    this.counts.failures++;
    const left: number[] = [];
    replicas[replica].stop(nowNs, left);
    ports.silence(replica);
    balancer.forget(replica);
    const isWanted = this.states[replica] === stateOf.up;
    this.enter(replica, isWanted ? stateOf.failed : stateOf.off);
    if (isWanted) {
      this.dueNs[replica] = nowNs + this.meanRepairNs;
      const upNs = nowNs + this.failures!.repairNs(replica);
      ports.setReplicaTimer(upNs, timer.replicaUp, replica, this.epochs[replica]);
    }
    this.record(nowNs);
    for (const request of left) this.moveOn(request, nowNs);
  }

  /** A request of a failed replica: back to the rules from the beginning, or to another replica with what it has. */
  private moveOn(request: number, nowNs: number): void {
    const { table, ports, spec } = this.parts;
    if (table.state[request] === requestState.running) this.counts.hitRunning++;
    else this.counts.hitWaiting++;
    ports.takeOff(request);
    if (spec.failures!.onFailure === "reroute") {
      this.counts.lostOutputTokens += table.generated[request];
      table.generated[request] = 0;
      table.cachedTokens[request] = 0;
      table.admittedNs[request] = NaN;
      table.firstTokenNs[request] = NaN;
      ports.reroute(request, nowNs);
      return;
    }
    const replica = this.pick(request);
    if (replica < 0) this.door.add(request);
    else ports.send(request, replica, nowNs);
  }

  private load() {
    let waiting = this.door.waitingCount;
    let running = 0;
    for (const each of this.live) {
      waiting += each.waitingCount;
      running += each.runningCount;
    }
    return { waiting, running };
  }

  /** Brings the replicas to what is wanted and its spares. */
  private want(wanted: number, nowNs: number, isWarm = false): void {
    this.wanted = wanted;
    const { byState } = this;
    const all = wanted > 0 ? wanted + this.spares : 0;
    const held = (): number =>
      byState[stateOf.coming] + byState[stateOf.up] + byState[stateOf.failed];
    while (held() < all) this.addOne(nowNs, isWarm);
    while (held() > all) this.dropOne(nowNs);
    this.record(nowNs);
  }

  /** Calls off a drain, else asks for a new replica. */
  private addOne(nowNs: number, isWarm: boolean): void {
    const draining = this.states.indexOf(stateOf.draining);
    if (draining >= 0) {
      this.setState(draining, stateOf.up);
      this.parts.ports.setPoolTimer(nowNs, timer.openDoor);
      return;
    }
    const replica = this.states.indexOf(stateOf.off);
    if (isWarm) {
      this.bringUp(replica, nowNs);
      return;
    }
    this.counts.coldStarts++;
    this.enter(replica, stateOf.coming);
    const upNs = nowNs + this.parts.config.coldStartNs;
    this.dueNs[replica] = upNs;
    this.parts.ports.setReplicaTimer(upNs, timer.replicaUp, replica, this.epochs[replica]);
  }

  /** Gives up the replica that would come up last, else that with the fewest requests; of equals the last. */
  private dropOne(nowNs: number): void {
    const { states, dueNs } = this;
    const { replicas } = this.parts;
    let latest = -1;
    let least = -1;
    const loadOf = (i: number): number => replicas[i].runningCount + replicas[i].waitingCount;
    for (let i = 0; i < states.length; i++) {
      if (states[i] === stateOf.coming || states[i] === stateOf.failed) {
        if (latest < 0 || dueNs[i] >= dueNs[latest]) latest = i;
      } else if (states[i] === stateOf.up && (least < 0 || loadOf(i) <= loadOf(least))) least = i;
    }
    if (latest >= 0) this.enter(latest, stateOf.off);
    else if (replicas[least].nextNs === Infinity) this.release(least, nowNs);
    else this.setState(least, stateOf.draining);
  }

  private bringUp(replica: number, nowNs: number): void {
    const { ports } = this.parts;
    this.enter(replica, stateOf.up);
    this.dueNs[replica] = Infinity;
    ports.setPoolTimer(nowNs, timer.openDoor);
    if (this.failures === undefined || ports.isOver(nowNs)) return;
    const failsNs = nowNs + this.failures.lifeNs(replica);
    ports.setReplicaTimer(failsNs, timer.replicaFails, replica, this.epochs[replica]);
  }

  /** Whoever is asked for next in its place starts with an empty cache. */
  private release(replica: number, nowNs: number): void {
    const { replicas, balancer } = this.parts;
    replicas[replica].stop(nowNs, []);
    balancer.forget(replica);
    this.enter(replica, stateOf.off);
  }

  /** A new phase: timers of the one before are void. */
  private enter(replica: number, state: number): void {
    this.epochs[replica]++;
    this.setState(replica, state);
  }

  private setState(replica: number, state: number): void {
    const before = this.states[replica];
    this.byState[before]--;
    this.byState[state]++;
    this.states[replica] = state;
    if (before !== stateOf.up && state !== stateOf.up) return;
    const { replicas } = this.parts;
    this.numbers = [];
    this.states.forEach((each, i) => {
      this.placeOf[i] = each === stateOf.up ? this.numbers.push(i) - 1 : -1;
    });
    this.live = this.numbers.map((i) => replicas[i]);
  }

  private record(nowNs: number): void {
    const { byState, parts } = this;
    const failed = parts.spec.failures?.billRepair === false ? 0 : byState[stateOf.failed];
    const billed =
      byState[stateOf.coming] + byState[stateOf.up] + byState[stateOf.draining] + failed;
    this.capacity.set(nowNs, billed, byState[stateOf.up], this.wanted);
  }

  private expectedUpNs(): number {
    let first = Infinity;
    this.states.forEach((state, i) => {
      const isAwaited = state === stateOf.coming || state === stateOf.failed;
      if (isAwaited && this.dueNs[i] < first) first = this.dueNs[i];
    });
    return first;
  }
}
