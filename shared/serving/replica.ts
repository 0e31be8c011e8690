/**
 * One replica with continuous batching, skipping over identical iterations.
 *
 * Reading guide. `begin` forms a batch at an iteration boundary: decodes get their blocks (preempting the last
 * admitted when there are none), the rest of the token budget goes to prefill chunks, running first, then waiting.
 * With prefill in the batch one iteration is planned; without, a stretch of as many iterations as nothing can
 * change in: until the first completion, or until blocks might run out. `complete` applies what was planned. A
 * stretch of m iterations takes m * first + slope * m (m - 1) / 2 ticks, all integers, so one stretch and m single
 * iterations end at the same tick; `cutAt` shortens a stretch when a request arrives that might join.
 */
import { InvariantError } from "../units/errors.ts";
import { BlockPool } from "./kvCache/blockPool.ts";
import { recordStretch } from "./metrics/recordStretch.ts";
import type { UsageRecorder } from "./metrics/usageRecorder.ts";
import type { ReplicaConfig, ReplicaEngine } from "./replicaEngine.ts";
import { RequestSizes } from "./requestSizes.ts";
import { type RequestTable, requestState } from "./requestTable.ts";
import { CompletionHeap } from "./scheduler/completionHeap.ts";
import { FinishPace } from "./scheduler/finishPace.ts";
import { sortByAdmission } from "./scheduler/sortByAdmission.ts";
import { Stretch } from "./scheduler/stretch.ts";
import { WaitingQueue } from "./scheduler/waitingQueue.ts";

/** A replica that advances in stretches. */
export class Replica implements ReplicaEngine {
  nextNs = Infinity;
  readonly finishedRequests: Int32Array;
  finishedCount = 0;
  outstandingTokens = 0;
  preemptions = 0;
  peakBlocks = 0;
  prefixQueryTokens = 0;
  prefixHitTokens = 0;
  readonly capacityBlocks: number;
  private readonly table: RequestTable;
  private readonly config: ReplicaConfig;
  private readonly usage: UsageRecorder;
  private readonly waiting: WaitingQueue;
  private readonly sizes: RequestSizes;
  private decoding: CompletionHeap;
  private blocks: BlockPool;
  /** Prefilling requests of the current batch; all but the last finish their prompt in it. */
  private readonly prefillRequest: Int32Array;
  private prefillCount = 0;
  /** Of the last prefilling request: tokens to prefill and tokens in memory before and after this iteration. */
  private partialTarget = 0;
  private partialDone = 0;
  private admissions = 0;
  private iteration = 0;
  /** Sum of the decodes' context lengths in the next iteration. */
  private context = 0;
  private readonly stretch = new Stretch();
  private blocksAtStart = 0;
  private pace = new FinishPace();
  private isDropping = false;
  private readonly batch = { tokens: 0, pairs2: 0, finishing: 0 };

  constructor(table: RequestTable, config: ReplicaConfig, usage: UsageRecorder) {
    this.table = table;
    this.config = config;
    this.usage = usage;
    this.sizes = new RequestSizes(table, config);
    this.waiting = new WaitingQueue(config.levelCount);
    this.decoding = new CompletionHeap(config.maxNumSeqs);
    this.blocks = new BlockPool(table, config);
    this.capacityBlocks = config.capacityBlocks;
    this.prefillRequest = new Int32Array(config.maxNumSeqs + 1);
    this.finishedRequests = new Int32Array(config.maxNumSeqs + 1);
  }

  get waitingCount(): number {
    return this.waiting.size;
  }

  get runningCount(): number {
    return this.decoding.size + this.prefillCount;
  }

  enqueue(request: number, nowNs: number): void {
    this.table.state[request] = requestState.waiting;
    this.outstandingTokens += this.sizes.weightOf(request);
    this.waiting.pushBack(request, this.config.levelOfClass[this.table.classIndex[request]]);
    if (this.nextNs === Infinity) {
      this.stretch.remainder = 0;
      this.pace.resume(nowNs);
      this.nextNs = nowNs;
    } else if (this.stretch.planned > 1 && this.waiting.first === request) {
      const { maxNumSeqs, maxNumBatchedTokens } = this.config;
      const decodes = this.decoding.size;
      if (this.runningCount < maxNumSeqs && decodes < maxNumBatchedTokens) this.cutAt(nowNs);
    }
  }

  withdraw(request: number, nowNs: number): void {
    this.outstandingTokens -= this.sizes.weightOf(request);
    const level = this.config.levelOfClass[this.table.classIndex[request]];
    const wasFirst = this.waiting.remove(request, level);
    if (wasFirst && this.stretch.planned > 1) this.cutAt(nowNs);
  }

  abort(_request: number): void {
    this.isDropping = true;
  }

  kvUsageAt(nowNs: number): number {
    const { planned } = this.stretch;
    if (planned <= 1) return this.blocks.used / this.capacityBlocks;
    const over = Math.min(this.stretch.iterationsEndingBy(nowNs), planned) - 1;
    return (this.blocks.used + this.blocks.growth(this.iteration + 1, over)) / this.capacityBlocks;
  }

  estimatedWaitNs(): number {
    return this.waiting.size * this.pace.gapNs;
  }

  settle(endNs: number): void {
    const { nextNs } = this;
    this.bookUntil(endNs + 1);
    this.nextNs = nextNs;
  }

  stop(nowNs: number, left: number[]): void {
    const fromNs = this.bookUntil(nowNs);
    const { decoding, prefillRequest, table, waiting, blocks, finishedRequests: running } = this;
    if (this.runningCount > 0) this.usage.addBusy(fromNs, nowNs, blocks.used, blocks.used);
    let count = 0;
    for (let i = 0; i < decoding.size; i++) running[count++] = decoding.requestAt(i);
    for (let i = 0; i < this.prefillCount; i++) running[count++] = prefillRequest[i];
    sortByAdmission(running, count, table.admission);
    for (let i = 0; i < count; i++) {
      blocks.forget(running[i]);
      if (table.state[running[i]] !== requestState.aborted) left.push(running[i]);
    }
    for (; waiting.size > 0; waiting.removeFirst()) left.push(waiting.first);
    this.decoding = new CompletionHeap(this.config.maxNumSeqs);
    this.blocks = new BlockPool(table, this.config);
    this.stretch.planned = 0;
    this.prefillCount = 0;
    this.context = 0;
    this.outstandingTokens = 0;
    this.pace = new FinishPace();
    this.isDropping = false;
    this.nextNs = Infinity;
  }

  /** Books the iterations that ended before nowNs and counts the output so far; returns when the one under way began. */
  private bookUntil(nowNs: number): number {
    const { stretch, decoding, table } = this;
    let fromNs = stretch.startNs;
    if (stretch.planned > 1) {
      const over = Math.min(stretch.planned, stretch.iterationsEndingBy(nowNs) - 1);
      if (over > 0) {
        fromNs = stretch.boundaryNs(over);
        stretch.planned = over;
        this.complete(fromNs);
        this.blocks.allocate(this.blocks.neededAt(this.iteration));
        this.peakBlocks = Math.max(this.peakBlocks, this.blocks.used);
      }
    }
    for (let i = 0; i < decoding.size; i++) {
      const request = decoding.requestAt(i);
      table.generated[request] =
        this.sizes.outputOf(request) - (decoding.keyAt(i) - this.iteration);
    }
    return fromNs;
  }

  complete(nowNs: number): number {
    this.finishedCount = 0;
    const { stretch, decoding, blocks } = this;
    const count = stretch.planned;
    if (count === 0) return 0;
    if (count > 1) blocks.allocate(blocks.growth(this.iteration + 1, count - 1));
    if (blocks.used > this.peakBlocks) this.peakBlocks = blocks.used;
    this.usage.addBusy(stretch.startNs, nowNs, this.blocksAtStart, blocks.used);
    recordStretch(this.usage, stretch, nowNs, decoding.size, this.context, this.batch, this.config);
    stretch.finish();
    this.iteration += count;
    this.context += decoding.size * count;
    if (decoding.firstKey <= this.iteration) this.finishDecodes(nowNs);
    if (this.prefillCount > 0) this.completePrefills(nowNs);
    if (this.finishedCount > 0) this.pace.add(this.finishedCount, nowNs);
    return this.finishedCount;
  }

  begin(nowNs: number): void {
    this.stretch.startNs = nowNs;
    const { batch } = this;
    batch.tokens = 0;
    batch.pairs2 = 0;
    batch.finishing = 0;
    const hasPreempted = this.decoding.size > 0 && this.growDecodes();
    const decodes = this.decoding.size;
    if (this.prefillCount > 0 || this.waiting.size > 0) {
      let budget = this.config.maxNumBatchedTokens - decodes;
      if (this.prefillCount > 0) budget = this.addChunk(budget);
      if (!hasPreempted) this.admit(budget, nowNs);
    }
    this.blocksAtStart = this.blocks.used;
    if (this.blocksAtStart > this.peakBlocks) this.peakBlocks = this.blocksAtStart;
    if (batch.tokens > 0) this.planMixed(decodes);
    else if (decodes > 0) this.planStretch(decodes, hasPreempted);
    else this.becomeIdle();
  }

  /** Decodes take the blocks of this iteration; true when that took preemption. */
  private growDecodes(): boolean {
    const { blocks } = this;
    let hasPreempted = false;
    let needed = blocks.neededAt(this.iteration);
    while (needed > blocks.available) {
      this.preemptLast();
      hasPreempted = true;
      needed = blocks.neededAt(this.iteration);
    }
    if (needed > 0) blocks.allocate(needed);
    return hasPreempted;
  }

  /** Gives the last prefilling request its chunk; returns the budget left. */
  private addChunk(budget: number): number {
    const past = this.partialDone;
    const left = this.partialTarget - past;
    const chunk = left < budget ? left : budget;
    if (chunk <= 0) return budget;
    const { batch } = this;
    batch.tokens += chunk;
    batch.pairs2 += chunk * (2 * past + chunk);
    this.partialDone = past + chunk;
    if (chunk === left) batch.finishing++;
    this.blocks.publish(this.prefillRequest[this.prefillCount - 1], past + chunk);
    return budget - chunk;
  }

  /** Admits waiting requests in order while sequences, token budget and blocks last. */
  private admit(budgetTokens: number, nowNs: number): void {
    const { table, waiting, config } = this;
    let budget = budgetTokens;
    while (waiting.size > 0 && budget > 0 && this.runningCount < config.maxNumSeqs) {
      const request = waiting.first;
      const prompt = table.promptTokens[request];
      const target = prompt + table.generated[request];
      const isAlone = this.runningCount === 0;
      const cached = this.blocks.tryAdmit(
        request,
        target,
        prompt + this.sizes.outputOf(request),
        isAlone,
      );
      if (cached < 0) return;
      waiting.removeFirst();
      if (Number.isNaN(table.admittedNs[request])) {
        table.admittedNs[request] = nowNs;
        table.cachedTokens[request] = cached;
        this.prefixQueryTokens += prompt;
        this.prefixHitTokens += cached;
      }
      table.state[request] = requestState.running;
      table.admission[request] = this.admissions++;
      this.prefillRequest[this.prefillCount++] = request;
      this.partialTarget = target;
      this.partialDone = cached;
      budget = this.addChunk(budget);
    }
  }

  private planMixed(decodes: number): void {
    const { batch, stretch } = this;
    const { times } = this.config;
    const ticks = times.mixedTicks(batch.tokens, decodes, batch.finishing, batch.pairs2);
    stretch.plan(1, ticks + times.contextTicks * this.context, 0);
    this.nextNs = stretch.boundaryNs(1);
  }

  private planStretch(decodes: number, hasPreempted: boolean): void {
    const { times } = this.config;
    let count = this.decoding.firstKey - this.iteration;
    if (hasPreempted && this.waiting.size > 0) count = 1;
    if (count > 1) count = 1 + this.blocks.iterationsThatFit(this.iteration + 1, count - 1);
    const firstTicks = times.decodeTicks(decodes) + times.contextTicks * this.context;
    this.stretch.plan(count, firstTicks, times.contextTicks * decodes);
    this.nextNs = this.stretch.boundaryNs(this.stretch.planned);
  }

  private becomeIdle(): void {
    if (this.waiting.size > 0) {
      throw new InvariantError(
        `an empty replica cannot admit request ${this.waiting.first}: ${this.blocks.available} of ${this.capacityBlocks} blocks available`,
      );
    }
    this.nextNs = Infinity;
  }

  /** Finishes the decodes that are due, in order of admission. */
  private finishDecodes(nowNs: number): void {
    const { decoding, finishedRequests } = this;
    let due = 0;
    while (decoding.firstKey <= this.iteration) {
      finishedRequests[due++] = decoding.firstRequest;
      decoding.removeFirst();
    }
    if (due > 1) sortByAdmission(finishedRequests, due, this.table.admission);
    for (let i = 0; i < due; i++) {
      const request = finishedRequests[i];
      const output = this.sizes.outputOf(request);
      const tokens = this.table.promptTokens[request] + output - 1;
      this.context -= tokens + 1;
      this.blocks.removeDecode(tokens, this.iteration);
      this.finish(request, output, tokens, nowNs);
    }
  }

  /** The prompts that are prefilled emit a token; a partial last one stays; aborted ones leave. */
  private completePrefills(nowNs: number): void {
    const { prefillRequest, table } = this;
    const count = this.prefillCount;
    this.prefillCount = 0;
    for (let i = 0; i < count; i++) {
      const request = prefillRequest[i];
      if (this.isDropping && table.state[request] === requestState.aborted) this.drop(request);
      else if (i < count - 1 || this.partialDone === this.partialTarget) {
        this.completePrefill(request, nowNs);
      } else prefillRequest[this.prefillCount++] = request;
    }
    this.isDropping = false;
  }

  private completePrefill(request: number, nowNs: number): void {
    const { table } = this;
    const generated = ++table.generated[request];
    if (generated === 1) table.firstTokenNs[request] = nowNs + this.config.times.requestOverheadNs;
    const tokens = table.promptTokens[request] + generated - 1;
    const output = this.sizes.outputOf(request);
    if (generated >= output) {
      this.finish(request, output, tokens, nowNs);
      return;
    }
    this.decoding.add(this.iteration + output - generated, request);
    this.blocks.addDecode(tokens, this.iteration);
    this.context += tokens + 1;
  }

  private finish(request: number, output: number, tokens: number, nowNs: number): void {
    const { table } = this;
    this.blocks.release(request, tokens, this.sizes.lastTokensOf(request));
    this.outstandingTokens -= this.sizes.weightOf(request);
    table.generated[request] = output;
    table.finishNs[request] = nowNs + this.config.times.requestOverheadNs;
    table.state[request] =
      output < table.outputTokens[request] ? requestState.lengthCapped : requestState.finished;
    this.finishedRequests[this.finishedCount++] = request;
  }

  /** Takes an aborted request that was prefilling out of memory. */
  private drop(request: number): void {
    const target = this.table.promptTokens[request] + this.table.generated[request];
    this.outstandingTokens -= this.sizes.weightOf(request);
    this.blocks.release(request, target, this.sizes.lastTokensOf(request));
  }

  /** Preempts the request admitted last: it loses its blocks and waits first in line to prefill prompt and output again. */
  private preemptLast(): void {
    const { table, decoding } = this;
    this.preemptions++;
    let request: number;
    if (this.prefillCount > 0) {
      request = this.prefillRequest[--this.prefillCount];
      const target = table.promptTokens[request] + table.generated[request];
      this.blocks.release(request, target, this.sizes.lastTokensOf(request));
    } else {
      let at = 0;
      for (let i = 1; i < decoding.size; i++) {
        const isLater =
          table.admission[decoding.requestAt(i)] > table.admission[decoding.requestAt(at)];
        if (isLater) at = i;
      }
      request = decoding.requestAt(at);
      const left = decoding.keyAt(at) - this.iteration;
      decoding.removeAt(at);
      table.generated[request] = this.sizes.outputOf(request) - left;
      const tokens = table.promptTokens[request] + table.generated[request] - 1;
      this.context -= tokens + 1;
      this.blocks.removeDecode(tokens, this.iteration);
      this.blocks.release(request, tokens, this.sizes.lastTokensOf(request));
    }
    table.state[request] = requestState.waiting;
    this.waiting.pushFront(request, this.config.levelOfClass[table.classIndex[request]]);
  }

  /** Shortens the planned stretch to the first boundary not before nowNs. */
  private cutAt(nowNs: number): void {
    const { stretch } = this;
    const count = stretch.iterationsEndingBy(nowNs);
    if (count >= stretch.planned) return;
    stretch.planned = count;
    this.nextNs = stretch.boundaryNs(count);
  }
}
