/** Where requests wait for a pool of which no replica is up: the gateway's buffer, in order of priority and arrival. */
import { type RequestTable, requestState } from "../requestTable.ts";
import type { GuardedQueue } from "../router/compiledRule.ts";
import { WaitingQueue } from "../scheduler/waitingQueue.ts";

/** To the guards of rules it looks like a replica with nothing running that begins when the first replica is expected up. */
export class PoolDoor implements GuardedQueue {
  readonly runningCount = 0;
  private readonly table: RequestTable;
  private readonly levelOfClass: Uint8Array;
  private readonly queue: WaitingQueue;
  private readonly expectedUpNs: () => number;

  /** `expectedUpNs` tells when the first replica should come up. */
  constructor(
    table: RequestTable,
    levels: { levelOfClass: Uint8Array; levelCount: number },
    expectedUpNs: () => number,
  ) {
    this.table = table;
    this.levelOfClass = levels.levelOfClass;
    this.queue = new WaitingQueue(levels.levelCount);
    this.expectedUpNs = expectedUpNs;
  }

  get waitingCount(): number {
    return this.queue.size;
  }

  estimatedWaitNs(nowNs: number): number {
    return Math.max(0, this.expectedUpNs() - nowNs);
  }

  kvUsageAt(): number {
    return 0;
  }

  add(request: number): void {
    this.table.state[request] = requestState.waiting;
    this.queue.pushBack(request, this.levelOf(request));
  }

  remove(request: number): void {
    this.queue.remove(request, this.levelOf(request));
  }

  /** The next request, taken out; -1 when none waits. */
  takeFirst(): number {
    const request = this.queue.first;
    if (request >= 0) this.queue.removeFirst();
    return request;
  }

  private levelOf(request: number): number {
    return this.levelOfClass[this.table.classIndex[request]];
  }
}
