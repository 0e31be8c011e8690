/** Closed-loop clients of a run: who sends the next request, and when. */
import type { ClosedLoop, Workload } from "../workload/workload.ts";

/** Hands out closed-loop requests in order. */
export class ClosedLoopClients {
  private readonly loops: readonly ClosedLoop[];
  private readonly issued: Int32Array;

  constructor(workload: Workload) {
    this.loops = workload.closedLoops;
    this.issued = new Int32Array(this.loops.length);
  }

  /** The first request of each client, with its time. */
  start(send: (request: number, timeNs: number) => void): void {
    this.loops.forEach((loop, index) => {
      const clients = Math.min(loop.clientStartNs.length, loop.requestCount);
      for (let i = 0; i < clients; i++) send(loop.firstRequest + i, loop.clientStartNs[i]);
      this.issued[index] = clients;
    });
  }

  /** Requests handed out so far. */
  get issuedCount(): number {
    return this.issued.reduce((sum, each) => sum + each, 0);
  }

  /** After `request` ended at endNs its client sends the next one, if any is left. */
  next(request: number, endNs: number, send: (request: number, timeNs: number) => void): void {
    const index = this.loops.findIndex(
      (loop) => request >= loop.firstRequest && request < loop.firstRequest + loop.requestCount,
    );
    const loop = this.loops[index];
    const position = this.issued[index];
    if (position >= loop.requestCount) return;
    this.issued[index]++;
    send(loop.firstRequest + position, endNs + loop.thinkNs[position]);
  }
}
