/**
 * The oracle: a replica that runs every iteration, one by one, over plain objects. It repeats the rules of Replica
 * in their most obvious form (whole lists scanned, memory counted from scratch) and none of its shortcuts; property
 * tests demand that both give the same first-token and finish times to the bit.
 */
import { InvariantError } from "../units/errors.ts";
import { ticksPerNs } from "./executionTime/iterationTimes.ts";
import { PlainKvMemory, type PlainRequest } from "./kvCache/plainKvMemory.ts";
import type { UsageRecorder } from "./metrics/usageRecorder.ts";
import type { ReplicaConfig, ReplicaEngine } from "./replicaEngine.ts";
import { type RequestTable, requestState } from "./requestTable.ts";
import { FinishPace } from "./scheduler/finishPace.ts";

/** A replica that runs every iteration. */
export class PlainReplica implements ReplicaEngine {
  nextNs = Infinity;
  readonly finishedRequests: Int32Array;
  finishedCount = 0;
  preemptions = 0;
  peakBlocks = 0;
  prefixQueryTokens = 0;
  prefixHitTokens = 0;
  readonly capacityBlocks: number;
  private readonly table: RequestTable;
  private readonly config: ReplicaConfig;
  private readonly usage: UsageRecorder;
  private memory: PlainKvMemory;
  /** In the order in which they will be admitted. */
  private waiting: number[] = [];
  /** In order of admission. */
  private running: PlainRequest[] = [];
  private isBusy = false;
  private startNs = 0;
  private remainder = 0;
  private usedAtStart = 0;
  private work = { prefill: 0, decodes: 0, context: 0, finishing: 0, pairs2: 0 };
  private pace = new FinishPace();

  constructor(table: RequestTable, config: ReplicaConfig, usage: UsageRecorder) {
    this.table = table;
    this.config = config;
    this.usage = usage;
    this.memory = new PlainKvMemory(table.workload.prefix, config);
    this.capacityBlocks = config.capacityBlocks;
    this.finishedRequests = new Int32Array(config.maxNumSeqs + 1);
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  get runningCount(): number {
    return this.running.length;
  }

  get outstandingTokens(): number {
    const requests = [...this.waiting, ...this.running.map((each) => each.request)];
    const { promptTokens, classIndex } = this.table;
    const weight = (r: number) => promptTokens[r] + this.config.expectedOutput[classIndex[r]];
    return requests.reduce((sum, request) => sum + weight(request), 0);
  }

  enqueue(request: number, nowNs: number): void {
    this.table.state[request] = requestState.waiting;
    const after = this.waiting.findIndex((each) => this.levelOf(each) > this.levelOf(request));
    this.waiting.splice(after < 0 ? this.waiting.length : after, 0, request);
    if (this.nextNs !== Infinity) return;
    this.remainder = 0;
    this.pace.resume(nowNs);
    this.nextNs = nowNs;
  }

  withdraw(request: number): void {
    this.waiting.splice(this.waiting.indexOf(request), 1);
  }

  abort(): void {}

  settle(): void {}

  stop(nowNs: number, left: number[]): void {
    if (this.running.length > 0) {
      this.usage.addBusy(this.startNs, nowNs, this.usedAtStart, this.usedAtStart);
    }
    for (const { request } of this.running) {
      if (this.table.state[request] !== requestState.aborted) left.push(request);
    }
    left.push(...this.waiting);
    this.waiting = [];
    this.running = [];
    this.memory = new PlainKvMemory(this.table.workload.prefix, this.config);
    this.isBusy = false;
    this.pace = new FinishPace();
    this.nextNs = Infinity;
  }

  kvUsageAt(): number {
    return this.memory.countUsed(this.running) / this.capacityBlocks;
  }

  estimatedWaitNs(): number {
    return this.waiting.length * this.pace.gapNs;
  }

  complete(nowNs: number): number {
    this.finishedCount = 0;
    if (!this.isBusy) return 0;
    this.isBusy = false;
    this.record(nowNs);
    for (const each of [...this.running]) {
      if (this.table.state[each.request] === requestState.aborted) this.leave(each);
      else if (each.computed === each.target) this.emitToken(each, nowNs);
    }
    if (this.finishedCount > 0) this.pace.add(this.finishedCount, nowNs);
    return this.finishedCount;
  }

  begin(nowNs: number): void {
    this.work = { prefill: 0, decodes: 0, context: 0, finishing: 0, pairs2: 0 };
    const hasPreempted = this.preemptUntilDecodesFit();
    for (const each of this.running.filter((one) => one.isDecoding)) this.addDecode(each);
    let budget = this.config.maxNumBatchedTokens - this.work.decodes;
    for (const each of this.running.filter((one) => !one.isDecoding)) {
      budget = this.addChunk(each, budget);
    }
    while (!hasPreempted && budget > 0 && this.waiting.length > 0) {
      const admitted = this.admitFirst(nowNs);
      if (admitted === undefined) break;
      budget = this.addChunk(admitted, budget);
    }
    this.usedAtStart = this.memory.countUsed(this.running);
    this.peakBlocks = Math.max(this.peakBlocks, this.usedAtStart);
    this.schedule(nowNs);
  }

  private schedule(nowNs: number): void {
    const { prefill, decodes, context, finishing, pairs2 } = this.work;
    if (prefill + decodes === 0) {
      if (this.waiting.length > 0) throw new InvariantError("an empty replica cannot admit");
      this.nextNs = Infinity;
      return;
    }
    const { times } = this.config;
    const ticks =
      this.remainder +
      times.mixedTicks(prefill, decodes, finishing, pairs2) +
      times.contextTicks * context;
    this.isBusy = true;
    this.startNs = nowNs;
    this.nextNs = nowNs + Math.floor(ticks / ticksPerNs);
    this.remainder = ticks % ticksPerNs;
  }

  private preemptUntilDecodesFit(): boolean {
    let hasPreempted = false;
    while (this.memory.countGrowth(this.running) > this.memory.countAvailable(this.running)) {
      const last = this.running[this.running.length - 1];
      this.leave(last);
      this.preemptions++;
      this.table.state[last.request] = requestState.waiting;
      const level = this.levelOf(last.request);
      const at = this.waiting.findIndex((each) => this.levelOf(each) >= level);
      this.waiting.splice(at < 0 ? this.waiting.length : at, 0, last.request);
      hasPreempted = true;
    }
    return hasPreempted;
  }

  private addDecode(each: PlainRequest): void {
    each.target++;
    each.computed++;
    this.memory.grow(each, this.running);
    this.work.decodes++;
    this.work.context += each.computed;
  }

  private addChunk(each: PlainRequest, budget: number): number {
    const chunk = Math.min(budget, each.target - each.computed);
    if (chunk <= 0) return budget;
    this.work.prefill += chunk;
    this.work.pairs2 += chunk * (2 * each.computed + chunk);
    each.computed += chunk;
    if (each.computed === each.target) this.work.finishing++;
    this.memory.publish(each);
    return budget - chunk;
  }

  private admitFirst(nowNs: number): PlainRequest | undefined {
    if (this.running.length >= this.config.maxNumSeqs) return undefined;
    const { table } = this;
    const request = this.waiting[0];
    const promptTokens = table.promptTokens[request];
    const each: PlainRequest = {
      request,
      promptTokens,
      target: promptTokens + table.generated[request],
      computed: 0,
      lastTokens: promptTokens + this.outputOf(request),
      isDecoding: false,
      nodes: [],
      privateBlocks: 0,
    };
    if (!this.memory.admit(each, this.running)) return undefined;
    this.waiting.shift();
    if (Number.isNaN(table.admittedNs[request])) {
      table.admittedNs[request] = nowNs;
      table.cachedTokens[request] = each.computed;
      this.prefixQueryTokens += promptTokens;
      this.prefixHitTokens += each.computed;
    }
    table.state[request] = requestState.running;
    this.running.push(each);
    return each;
  }

  private emitToken(each: PlainRequest, nowNs: number): void {
    const { table } = this;
    const { request } = each;
    const clientNs = nowNs + this.config.times.requestOverheadNs;
    each.isDecoding = true;
    if (++table.generated[request] === 1) table.firstTokenNs[request] = clientNs;
    if (table.generated[request] < this.outputOf(request)) return;
    table.generated[request] = this.outputOf(request);
    this.leave(each);
    const isCapped = this.outputOf(request) < table.outputTokens[request];
    table.state[request] = isCapped ? requestState.lengthCapped : requestState.finished;
    table.finishNs[request] = clientNs;
    this.finishedRequests[this.finishedCount++] = request;
  }

  private leave(each: PlainRequest): void {
    this.running.splice(this.running.indexOf(each), 1);
    this.memory.release(each);
  }

  private record(nowNs: number): void {
    const { prefill, decodes, context, finishing, pairs2 } = this.work;
    const used = this.memory.countUsed(this.running);
    this.usage.addBusy(this.startNs, nowNs, used, used);
    const window = this.usage.windowOf(nowNs);
    this.usage.addDecodes(window, 1, decodes, context);
    if (prefill > 0) this.usage.addPrefill(window, prefill, pairs2, finishing);
    const isBeyond =
      decodes > this.config.fittedBatch ||
      prefill > this.config.fittedPrefillTokens ||
      context > this.config.fittedMeanContext * decodes;
    if (isBeyond) this.usage.addExtrapolated(window, 1);
  }

  private outputOf(request: number): number {
    const room = this.config.maxModelLen - this.table.promptTokens[request];
    return Math.min(this.table.outputTokens[request], room);
  }

  private levelOf(request: number): number {
    return this.config.levelOfClass[this.table.classIndex[request]];
  }
}
