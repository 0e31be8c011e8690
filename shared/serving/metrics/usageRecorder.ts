/** What the replicas of a pool computed, summed in whole numbers per time window. */

/** Fields of a window, in this order. */
export const usageField = {
  /** Replica-nanoseconds with a batch running. */
  busyNs: 0,
  iterations: 1,
  /** Decode tokens computed (one per sequence and iteration). */
  decodeTokens: 2,
  /** Sum of context lengths over decode sequences and iterations. */
  contextTokens: 3,
  prefillTokens: 4,
  /** Twice the attention pairs of prefill. */
  pairs2: 5,
  /** Rows through the LM head. */
  headRows: 6,
  /** Blocks in use times nanoseconds, while busy. */
  kvBlockNs: 7,
  /** Iterations outside the range to which the time model was fitted. */
  extrapolated: 8,
} as const;
export const usageFieldCount = 9;

/** Sums per window of equal width, the last one cut at the horizon; one more row takes everything after the horizon. */
export class UsageRecorder {
  readonly windowNs: number;
  readonly horizonNs: number;
  readonly windowCount: number;
  /** windowCount + 1 rows of usageFieldCount numbers. */
  readonly sums: Float64Array;

  /** An infinite horizon is one window. */
  constructor(windowNs: number, horizonNs: number) {
    this.windowNs = windowNs;
    this.horizonNs = horizonNs;
    this.windowCount = horizonNs === Infinity ? 1 : Math.max(1, Math.ceil(horizonNs / windowNs));
    this.sums = new Float64Array((this.windowCount + 1) * usageFieldCount);
  }

  /** Index of the window that holds a moment; work that ends at a window's edge belongs to the window before it. */
  windowOf(endNs: number): number {
    if (endNs > this.horizonNs) return this.windowCount;
    const window = Math.ceil(endNs / this.windowNs) - 1;
    return window < 0 ? 0 : window < this.windowCount ? window : this.windowCount - 1;
  }

  /** When a window ends; Infinity for the one after the horizon. */
  endOf(window: number): number {
    if (window >= this.windowCount) return Infinity;
    return window === this.windowCount - 1 ? this.horizonNs : (window + 1) * this.windowNs;
  }

  /** Adds busy time and memory use over an interval, split at window edges. Memory is taken as linear over it. */
  addBusy(startNs: number, endNs: number, startBlocks: number, endBlocks: number): void {
    const last = this.windowOf(endNs);
    const first = Math.min(this.windowOf(startNs + 1), last);
    if (first === last) {
      const at = last * usageFieldCount;
      this.sums[at] += endNs - startNs;
      this.sums[at + 7] += ((startBlocks + endBlocks) / 2) * (endNs - startNs);
      return;
    }
    const slope = (endBlocks - startBlocks) / (endNs - startNs);
    let from = startNs;
    for (let window = first; window <= last; window++) {
      const to = Math.min(this.endOf(window), endNs);
      const middle = startBlocks + slope * ((from + to) / 2 - startNs);
      this.sums[window * usageFieldCount] += to - from;
      this.sums[window * usageFieldCount + 7] += middle * (to - from);
      from = to;
    }
  }

  /** Adds `count` iterations of `decodes` sequences whose context sum starts at `context`, all ending in one window. */
  addDecodes(window: number, count: number, decodes: number, context: number): void {
    const at = window * usageFieldCount;
    const { sums } = this;
    sums[at + 1] += count;
    sums[at + 2] += count * decodes;
    sums[at + 3] += count * context + (decodes * count * (count - 1)) / 2;
    sums[at + 6] += count * decodes;
  }

  /** Adds the prefill part of one iteration. */
  addPrefill(window: number, tokens: number, pairs2: number, finishing: number): void {
    const at = window * usageFieldCount;
    this.sums[at + 4] += tokens;
    this.sums[at + 5] += pairs2;
    this.sums[at + 6] += finishing;
  }

  addExtrapolated(window: number, iterations: number): void {
    this.sums[window * usageFieldCount + 8] += iterations;
  }

  /** Sum of one field over windows from .. to - 1. */
  total(field: number, from = 0, to = this.windowCount + 1): number {
    let sum = 0;
    for (let window = from; window < to; window++) {
      sum += this.sums[window * usageFieldCount + field];
    }
    return sum;
  }
}
