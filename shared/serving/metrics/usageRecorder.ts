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

/** Sums per window of equal width; the last window takes everything after the horizon. */
export class UsageRecorder {
  readonly windowNs: number;
  readonly windowCount: number;
  /** windowCount + 1 rows of usageFieldCount numbers. */
  readonly sums: Float64Array;

  constructor(windowNs: number, windowCount: number) {
    this.windowNs = windowNs;
    this.windowCount = windowCount;
    this.sums = new Float64Array((windowCount + 1) * usageFieldCount);
  }

  /** Index of the window that holds a moment; work that ends at a window's edge belongs to the window before it. */
  windowOf(endNs: number): number {
    const window = Math.ceil(endNs / this.windowNs) - 1;
    return window < 0 ? 0 : window < this.windowCount ? window : this.windowCount;
  }

  /** When a window ends; Infinity for the last. */
  endOf(window: number): number {
    return window < this.windowCount ? (window + 1) * this.windowNs : Infinity;
  }

  /** Adds busy time and memory use over an interval, split at window edges. Memory is taken as linear over it. */
  addBusy(startNs: number, endNs: number, startBlocks: number, endBlocks: number): void {
    const last = this.windowOf(endNs);
    const first = Math.min(Math.floor(startNs / this.windowNs), last);
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
