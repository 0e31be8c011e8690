/** How fast a replica finishes requests, for the wait that a gateway estimates. */

/** Weight of the newest gap in the smoothed time between finished requests. */
const smoothing = 0.1;

/** The smoothed time between two finished requests. */
export class FinishPace {
  /** Nanoseconds; 0 before the first request finished. */
  gapNs = 0;
  private lastNs = 0;

  /** The replica takes up work at nowNs after it was idle. */
  resume(nowNs: number): void {
    this.lastNs = nowNs;
  }

  /** `count` requests finished at nowNs. */
  add(count: number, nowNs: number): void {
    const gapNs = (nowNs - this.lastNs) / count;
    this.gapNs += smoothing * (gapNs - this.gapNs);
    this.lastNs = nowNs;
  }
}
