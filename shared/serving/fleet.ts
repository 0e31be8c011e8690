/** The fleet: routes requests over pools and providers by the policy, holds and releases batch work, and lets time pass. */
import { mostReplicas } from "../schema/fleet.ts";
import { type EventHandler, Simulator } from "../sim/simulator.ts";
import { maxHorizonNs, secondsToNs } from "../units/units.ts";
import { LocalClock } from "../workload/clock.ts";
import { Provider } from "./api/provider.ts";
import { ProviderDesk } from "./api/providerDesk.ts";
import { LifeDesk } from "./autoscaler/lifeDesk.ts";
import type { PoolLife } from "./autoscaler/poolLife.ts";
import { ClosedLoopClients } from "./closedLoops.ts";
import type { FleetInput } from "./fleetInput.ts";
import { requestOfWait, ruleOfWait, timer, waitAt } from "./fleetTimers.ts";
import { HoldDesk } from "./holdDesk.ts";
import { LayoutDesk } from "./layoutDesk.ts";
import { UsageRecorder } from "./metrics/usageRecorder.ts";
import { PoolRuntime } from "./poolRuntime.ts";
import type { ReplicaEngine } from "./replicaEngine.ts";
import { RequestTable, requestState } from "./requestTable.ts";
import { RuleBudgets } from "./router/budget.ts";
import { CompiledRule, rulesOfClass, targetKind } from "./router/compiledRule.ts";

/** One run of a scenario's fleet. */
export class Fleet implements EventHandler {
  readonly table: RequestTable;
  readonly pools: PoolRuntime[] = [];
  readonly providers: Provider[];
  readonly rules: CompiledRule[];
  readonly simulator: Simulator;
  readonly clock: LocalClock;
  /** Requests that no rule took. */
  unroutableCount = 0;
  private readonly input: FleetInput;
  private readonly replicas: ReplicaEngine[] = [];
  private readonly poolOfSlot: number[] = [];
  private readonly rulesByClass: Int32Array[];
  private readonly abandonAfterNs: Float64Array;
  readonly clients: ClosedLoopClients;
  private readonly replicaOf: Int32Array;
  /** The desk of held batch work; also knows deadlines. */
  readonly holds: HoldDesk;
  private readonly providerDesk: ProviderDesk;
  private readonly lives: LifeDesk;
  /** Opens and closes the pools; knows the partitions whose layout changes. */
  readonly layouts: LayoutDesk;
  /** Requests that may still need own capacity or a timer. */
  private liveCount = 0;

  constructor(input: FleetInput) {
    const { scenario, workload, seed } = input;
    this.input = input;
    this.table = new RequestTable(workload);
    this.clock = new LocalClock(scenario.clock);
    scenario.pools.forEach((_, index) => {
      this.addPool(index);
    });
    const { classes } = scenario.traffic;
    this.providers = scenario.providers.map(
      (each) => new Provider(each, this.table, classes.length, seed, scenario.rules),
    );
    this.rules = scenario.rules.map(
      (each, index) => new CompiledRule(each, index, scenario, workload, seed),
    );
    this.rulesByClass = classes.map((_, index) =>
      rulesOfClass(scenario, index, input.expectedOutput[index]),
    );
    this.abandonAfterNs = Float64Array.from(classes, (each) =>
      each.abandonAfterS === undefined ? Infinity : secondsToNs(each.abandonAfterS),
    );
    this.providerDesk = this.buildProviderDesk();
    this.lives = this.buildLives();
    this.layouts = this.buildLayouts();
    this.replicaOf = new Int32Array(workload.count);
    this.clients = new ClosedLoopClients(workload);
    this.simulator = new Simulator(workload.arrivalNs, workload.openCount, this.replicas.length);
    this.holds = new HoldDesk(this.table, this.rules, this.pools, this.clock, classes);
    this.start();
  }

  /** Requests that left a provider for the next rule after a 429 or an error. */
  get failoverCount(): number {
    return this.providerDesk.failoverCount;
  }

  /** Lets up to maxEvents events pass; true while more are to come before the end. */
  advance(maxEvents = Infinity): boolean {
    const { horizonNs, scenario } = this.input;
    const endNs = scenario.run.drain ? Infinity : horizonNs;
    if (this.simulator.run(this, endNs, maxEvents)) return true;
    if (endNs < Infinity) for (const pool of this.pools) pool.settle(endNs);
    return false;
  }

  onArrival(request: number, nowNs: number): void {
    this.liveCount++;
    const afterNs = this.abandonAfterNs[this.table.classIndex[request]];
    this.setReachable(nowNs + afterNs, timer.abandon, request);
    this.route(request, 0, nowNs, false);
  }

  onSlot(slot: number, nowNs: number): void {
    const replica = this.replicas[slot];
    const pool = this.pools[this.poolOfSlot[slot]];
    const running = replica.runningCount;
    const finished = replica.complete(nowNs);
    if (finished > 0) {
      this.liveCount -= finished;
      if (this.input.workload.closedLoops.length > 0) this.continueLoops(replica);
    }
    if (replica.runningCount < running) this.releaseAllHeld(pool, nowNs);
    replica.begin(nowNs);
    this.simulator.slots.set(slot, replica.nextNs);
    if (replica.nextNs === Infinity) pool.becomeIdle(slot - pool.firstSlot, nowNs);
  }

  onTimer(kind: number, payload: number, nowNs: number): void {
    if (this.layouts.onTimer(kind, payload, nowNs)) return;
    if (kind === timer.holdWindow) this.openHoldWindow(payload, nowNs);
    else if (kind === timer.deadline) this.giveUpWaiting(payload, nowNs);
    else if (kind === timer.spill) this.giveUpWaiting(payload, nowNs);
    else if (kind === timer.abandon) this.abandon(payload, nowNs);
    else if (kind === timer.retry) this.providerDesk.retry(payload, nowNs);
    else if (kind === timer.issue) this.issue(payload, nowNs);
    else this.lives.onTimer(kind, payload, nowNs);
  }

  /** Offers a request to the rules from index `from` on, in order. `hasRefusal` says that an earlier rule that matched could not take it. */
  private route(request: number, from: number, nowNs: number, hasRefusal: boolean): void {
    const list = this.rulesByClass[this.table.classIndex[request]];
    let isRefused = hasRefusal;
    for (let i = 0; i < list.length; i++) {
      const rule = this.rules[list[i]];
      if (rule.index < from || !rule.matches(request, nowNs, this.clock)) continue;
      if (this.take(rule, request, nowNs, isRefused)) return;
      isRefused = true;
    }
    this.unroutableCount++;
    this.end(request, requestState.rejected, nowNs);
  }

  private take(rule: CompiledRule, request: number, nowNs: number, isRefused: boolean): boolean {
    if (rule.targetKind === targetKind.pool) return this.takeToPool(rule, request, nowNs);
    if (rule.targetKind === targetKind.provider) {
      return this.providerDesk.take(rule, request, nowNs, isRefused);
    }
    this.end(request, requestState.rejected, nowNs);
    return true;
  }

  private takeToPool(rule: CompiledRule, request: number, nowNs: number): boolean {
    const pool = this.pools[rule.target];
    const { maxModelLen, isPrefillOnly } = pool.config;
    if (this.table.promptTokens[request] >= maxModelLen) {
      pool.tooLongCount++;
      return false;
    }
    if (isPrefillOnly && this.table.outputTokens[request] > 0) {
      pool.wantsTokensCount++;
      return false;
    }
    if (rule.hold !== undefined) return this.hold(rule, request, nowNs);
    if (!pool.isOpen) return false;
    const index = pool.pick(request);
    if (index < 0) return this.waitAtDoor(rule, pool.life!, request, nowNs);
    if (!rule.guardsHold(pool.replicas[index], pool.config.maxNumSeqs, nowNs)) {
      pool.balancer.refused();
      return false;
    }
    this.dispatch(rule, pool, index, request, nowNs);
    return true;
  }

  private dispatch(
    rule: CompiledRule,
    pool: PoolRuntime,
    index: number,
    request: number,
    nowNs: number,
  ): void {
    this.table.destination[request] = rule.target;
    this.table.rule[request] = rule.index;
    this.send(pool, index, request, nowNs);
    this.setReachable(nowNs + rule.spillAfterNs, timer.spill, waitAt(request, rule.index));
  }

  private send(pool: PoolRuntime, index: number, request: number, nowNs: number): void {
    const replica = pool.replicas[index];
    pool.balancer.sent(request, index);
    this.replicaOf[request] = pool.firstSlot + index;
    replica.enqueue(request, nowNs);
    this.simulator.slots.set(pool.firstSlot + index, replica.nextNs);
  }

  /** No replica is up: the request wakes the pool and waits for one, unless the guards send it on. */
  private waitAtDoor(rule: CompiledRule, life: PoolLife, request: number, nowNs: number): boolean {
    life.wake(nowNs);
    if (!rule.guardsHold(life.door, Infinity, nowNs)) return false;
    this.table.destination[request] = rule.target;
    this.table.rule[request] = rule.index;
    this.replicaOf[request] = -1;
    life.door.add(request);
    this.setReachable(nowNs + rule.spillAfterNs, timer.spill, waitAt(request, rule.index));
    return true;
  }

  private hold(rule: CompiledRule, request: number, nowNs: number): boolean {
    const giveUpNs = this.holds.giveUpNs(rule, request);
    if (giveUpNs <= nowNs) return false;
    this.table.destination[request] = rule.target;
    this.table.rule[request] = rule.index;
    this.holds.add(rule, request);
    this.setReachable(giveUpNs, timer.deadline, waitAt(request, rule.index));
    this.releaseHeld(rule.index, nowNs);
    return true;
  }

  private releaseHeld(ruleIndex: number, nowNs: number): void {
    const rule = this.rules[ruleIndex];
    const pool = this.pools[rule.target];
    for (;;) {
      const index = this.holds.replicaFor(rule, nowNs);
      if (index < 0) return;
      this.dispatch(rule, pool, index, this.holds.takeFirst(rule), nowNs);
    }
  }

  private releaseAllHeld(pool: PoolRuntime, nowNs: number): void {
    for (const rule of pool.holdRules) this.releaseHeld(rule, nowNs);
  }

  /** A request that waited too long at a rule, or whose deadline nears, goes on to the next rule unless it was admitted. */
  private giveUpWaiting(wait: number, nowNs: number): void {
    const { table } = this;
    const request = requestOfWait(wait);
    const rule = this.rules[ruleOfWait(wait)];
    if (table.rule[request] !== rule.index) return;
    const state = table.state[request];
    if (state === requestState.held) this.holds.remove(rule, request);
    else if (state === requestState.waiting && Number.isNaN(table.admittedNs[request])) {
      this.withdraw(request, nowNs);
    } else return;
    this.route(request, rule.index + 1, nowNs, true);
  }

  private withdraw(request: number, nowNs: number): void {
    const slot = this.replicaOf[request];
    if (slot < 0) {
      this.pools[this.table.destination[request]].life!.door.remove(request);
      return;
    }
    const replica = this.replicas[slot];
    replica.withdraw(request, nowNs);
    this.simulator.slots.set(slot, replica.nextNs);
    this.releaseAllHeld(this.pools[this.poolOfSlot[slot]], nowNs);
  }

  /** The client leaves when it has no first token yet. */
  private abandon(request: number, nowNs: number): void {
    const { table } = this;
    const state = table.state[request];
    const hasToken = table.firstTokenNs[request] <= nowNs;
    if (hasToken || state >= requestState.finished) return;
    if (state === requestState.held) this.holds.remove(this.rules[table.rule[request]], request);
    else if (state === requestState.waiting) this.withdraw(request, nowNs);
    else if (state === requestState.running) {
      if (!Number.isNaN(table.firstTokenNs[request])) return;
      this.replicas[this.replicaOf[request]].abort(request);
    } else if (state === requestState.inFlight) table.firstTokenNs[request] = NaN;
    this.end(request, requestState.aborted, nowNs);
  }

  private end(request: number, state: number, endNs: number): void {
    this.table.state[request] = state;
    this.table.finishNs[request] = endNs;
    this.leave(request, endNs);
  }

  /** Nothing more is to be done for a request but what is planned; its client sends the next one after endNs. */
  private leave(request: number, endNs: number): void {
    this.liveCount--;
    if (request >= this.input.workload.openCount) this.sendNext(request, endNs);
  }

  private continueLoops(replica: ReplicaEngine): void {
    for (let i = 0; i < replica.finishedCount; i++) {
      const request = replica.finishedRequests[i];
      if (request >= this.input.workload.openCount) {
        this.sendNext(request, this.table.finishNs[request]);
      }
    }
  }

  private sendNext(request: number, endNs: number): void {
    this.clients.next(request, endNs, (next, timeNs) => {
      this.liveCount++;
      this.setTimer(timeNs, timer.issue, next);
    });
  }

  private issue(request: number, nowNs: number): void {
    this.liveCount--;
    this.table.arrivalNs[request] = nowNs;
    this.onArrival(request, nowNs);
  }

  private openHoldWindow(ruleIndex: number, nowNs: number): void {
    this.releaseHeld(ruleIndex, nowNs);
    this.scheduleHoldWindow(ruleIndex, nowNs);
  }

  private scheduleHoldWindow(ruleIndex: number, nowNs: number): void {
    const { hold } = this.rules[ruleIndex];
    if (hold?.window === undefined || !this.hasWork()) return;
    const closeNs = this.clock.nextCloseNs(hold.window, nowNs);
    const nextNs = this.clock.nextOpenNs(hold.window, closeNs);
    if (nextNs > nowNs) this.setReachable(nextNs, timer.holdWindow, ruleIndex);
  }

  private hasWork(): boolean {
    return this.liveCount > 0 || this.simulator.arrivedCount < this.input.workload.openCount;
  }

  /** True when no request is left and no billed time either. */
  private isOver(nowNs: number): boolean {
    const { horizonNs } = this.input;
    return !this.hasWork() && (nowNs >= horizonNs || horizonNs === Infinity);
  }

  private buildProviderDesk(): ProviderDesk {
    const { scenario, horizonNs } = this.input;
    const budgets = new RuleBudgets(this.rules.length, scenario.monthHours, horizonNs);
    return new ProviderDesk(
      { providers: this.providers, rules: this.rules, budgets, table: this.table },
      { poolCount: this.pools.length, abandonAfterNs: this.abandonAfterNs },
      {
        setTimer: (timeNs, kind, payload) => this.setTimer(timeNs, kind, payload),
        route: (request, from, nowNs, hasRefusal) => this.route(request, from, nowNs, hasRefusal),
        end: (request, state, endNs) => this.end(request, state, endNs),
        leave: (request, endNs) => this.leave(request, endNs),
      },
    );
  }

  private buildLives(): LifeDesk {
    return new LifeDesk(this.pools, this.table, this.input.seed, {
      setTimer: (timeNs, kind, payload) => this.setReachable(timeNs, kind, payload),
      send: (pool, replica, request, nowNs) => this.send(pool, replica, request, nowNs),
      takeOff: (request) => {
        this.replicaOf[request] = -1;
      },
      reroute: (request, nowNs) => this.route(request, 0, nowNs, false),
      silence: (slot) => this.simulator.slots.set(slot, Infinity),
      releaseHeld: (pool, nowNs) => this.releaseAllHeld(pool, nowNs),
      isOver: (nowNs) => this.isOver(nowNs),
    });
  }

  private buildLayouts(): LayoutDesk {
    return new LayoutDesk(this.pools, this.input.scenario.partitions, this.clock, {
      setTimer: (timeNs, kind, payload) => this.setReachable(timeNs, kind, payload),
      releaseHeld: (pool, nowNs) => this.releaseAllHeld(pool, nowNs),
      hasWork: () => this.hasWork(),
      isOver: (nowNs) => this.isOver(nowNs),
    });
  }

  private setTimer(timeNs: number, kind: number, payload: number): void {
    this.simulator.timers.add(timeNs, kind, kind, payload);
  }

  /** A timer for those who wait, unless it lies beyond the longest simulated time, where nobody sees it. */
  private setReachable(timeNs: number, kind: number, payload: number): void {
    if (timeNs <= maxHorizonNs) this.setTimer(timeNs, kind, payload);
  }

  private addPool(index: number): void {
    const { scenario, workload, configs, seed, windowNs, horizonNs, createReplica } = this.input;
    const spec = scenario.pools[index];
    const usage = new UsageRecorder(windowNs, horizonNs);
    const firstSlot = this.replicas.length;
    const own: ReplicaEngine[] = [];
    for (let i = 0; i < mostReplicas(spec); i++) {
      own.push(createReplica(this.table, configs[index], usage));
      this.poolOfSlot.push(index);
    }
    this.replicas.push(...own);
    this.pools.push(new PoolRuntime(spec, configs[index], usage, own, firstSlot, workload, seed));
  }

  private start(): void {
    this.clients.start((request, timeNs) => {
      this.liveCount++;
      this.setTimer(timeNs, timer.issue, request);
    });
    this.layouts.start();
    for (const rule of this.rules) this.scheduleHoldWindow(rule.index, 0);
  }
}
