/** How many replicas of a pool were provisioned, up and wanted over time, summed in whole replica-nanoseconds per window. */

/** Fields of a window, in this order. */
export const capacityField = {
  /** Replica-nanoseconds that are billed: from request to release. */
  provisionedNs: 0,
  /** Replica-nanoseconds serving. */
  upNs: 1,
  /** Replica-nanoseconds wanted, spares left out. */
  wantedNs: 2,
  /** Nanoseconds with fewer replicas up than wanted. */
  belowNs: 3,
} as const;
const fieldCount = 4;

/** Integrates steps over windows of equal width, the last one cut at the horizon; what comes after it is left out. */
export class CapacityRecorder {
  /** Most replicas provisioned at once within the horizon. */
  peakProvisioned = 0;
  private readonly windowNs: number;
  private readonly horizonNs: number;
  private readonly sums: Float64Array;
  private lastNs = 0;
  private provisioned = 0;
  private up = 0;
  private wanted = 0;

  /** An infinite horizon is one window. */
  constructor(windowNs: number, horizonNs: number) {
    this.windowNs = horizonNs === Infinity ? Infinity : windowNs;
    this.horizonNs = horizonNs;
    const windows = horizonNs === Infinity ? 1 : Math.max(1, Math.ceil(horizonNs / windowNs));
    this.sums = new Float64Array(windows * fieldCount);
  }

  /** From nowNs on these hold; nowNs never goes back. */
  set(nowNs: number, provisioned: number, up: number, wanted: number): void {
    this.addUntil(nowNs);
    this.provisioned = provisioned;
    this.up = up;
    this.wanted = wanted;
    if (nowNs < this.horizonNs && provisioned > this.peakProvisioned) {
      this.peakProvisioned = provisioned;
    }
  }

  /** Sum of a field over windows from .. to - 1, all of them by default, after time was brought to endNs. */
  total(field: number, endNs: number, from = 0, to = Infinity): number {
    this.addUntil(endNs);
    const last = Math.min(to, this.sums.length / fieldCount);
    let sum = 0;
    for (let window = from; window < last; window++) sum += this.sums[window * fieldCount + field];
    return sum;
  }

  private addUntil(nowNs: number): void {
    const endNs = Math.min(nowNs, this.horizonNs);
    const { windowNs, sums } = this;
    let window = windowNs === Infinity ? 0 : Math.floor(this.lastNs / windowNs);
    while (this.lastNs < endNs) {
      const edgeNs = windowNs === Infinity ? endNs : Math.min((window + 1) * windowNs, endNs);
      const spanNs = edgeNs - this.lastNs;
      const at = window * fieldCount;
      sums[at] += this.provisioned * spanNs;
      sums[at + 1] += this.up * spanNs;
      sums[at + 2] += this.wanted * spanNs;
      if (this.up < this.wanted) sums[at + 3] += spanNs;
      this.lastNs = edgeNs;
      window++;
    }
  }
}
