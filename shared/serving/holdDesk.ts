/** Batch work that is held: for a window, for idle capacity, and never past its deadline. */
import type { TrafficClass } from "../schema/traffic.ts";
import { secondsToNs } from "../units/units.ts";
import { type LocalClock, secondOfDay } from "../workload/clock.ts";
import type { PoolRuntime } from "./poolRuntime.ts";
import type { ReplicaEngine } from "./replicaEngine.ts";
import { type RequestTable, requestState } from "./requestTable.ts";
import type { CompiledRule } from "./router/compiledRule.ts";
import { RequestDeque } from "./scheduler/waitingQueue.ts";

/** One queue of held requests per rule that holds, first in first out. */
export class HoldDesk {
  private readonly table: RequestTable;
  private readonly pools: readonly PoolRuntime[];
  private readonly clock: LocalClock;
  private readonly classes: readonly TrafficClass[];
  private readonly queues: (RequestDeque | undefined)[];

  constructor(
    table: RequestTable,
    rules: readonly CompiledRule[],
    pools: readonly PoolRuntime[],
    clock: LocalClock,
    classes: readonly TrafficClass[],
  ) {
    this.table = table;
    this.pools = pools;
    this.clock = clock;
    this.classes = classes;
    this.queues = rules.map((rule) => (rule.hold === undefined ? undefined : new RequestDeque()));
    for (const rule of rules) {
      if (rule.hold !== undefined) pools[rule.target].holdRules.push(rule.index);
    }
  }

  /** When a held request must go on to the next rule to meet its deadline; Infinity without a deadline. */
  giveUpNs(rule: CompiledRule, request: number): number {
    const { deadline } = this.classes[this.table.classIndex[request]];
    if (deadline === undefined) return Infinity;
    const dueNs = this.dueNs(request);
    return dueNs - rule.hold!.releaseBeforeDeadlineNs;
  }

  /** Deadline of a request, nanoseconds; Infinity when its class has none. One by the clock is the first such time after the notice, so that no request is due before any server could answer. */
  dueNs(request: number): number {
    const { deadline } = this.classes[this.table.classIndex[request]];
    const arrivalNs = this.table.arrivalNs[request];
    if (deadline === undefined) return Infinity;
    if ("withinS" in deadline) return arrivalNs + secondsToNs(deadline.withinS as number);
    const noticedNs = arrivalNs + secondsToNs(deadline.noticeS as number);
    return this.clock.nextTimeOfDayNs(noticedNs, secondOfDay(deadline.by as string));
  }

  add(rule: CompiledRule, request: number): void {
    this.table.state[request] = requestState.held;
    this.queues[rule.index]!.pushBack(request);
  }

  remove(rule: CompiledRule, request: number): void {
    this.queues[rule.index]!.remove(request);
  }

  takeFirst(rule: CompiledRule): number {
    const queue = this.queues[rule.index]!;
    const request = queue.first;
    queue.removeFirst();
    return request;
  }

  /** The replica that can take the next held request of a rule now; -1 when none can or none is held. Work that could go wakes a pool that sleeps. */
  replicaFor(rule: CompiledRule, nowNs: number): number {
    const queue = this.queues[rule.index]!;
    const pool = this.pools[rule.target];
    if (queue.size === 0 || !pool.isOpen) return -1;
    const { window, belowShare } = rule.hold!;
    if (window !== undefined && !this.clock.isWithin(window, nowNs)) return -1;
    const { live } = pool;
    if (live.length === 0) {
      pool.life?.wake(nowNs);
      return -1;
    }
    const limit = belowShare * pool.config.maxNumSeqs;
    const isFree = (each: ReplicaEngine): boolean => each.runningCount + each.waitingCount < limit;
    const picked = pool.pick(queue.first);
    if (isFree(pool.replicas[picked])) return picked;
    for (let i = 0; i < live.length; i++) if (isFree(live[i])) return pool.numberAt(i);
    return -1;
  }
}
