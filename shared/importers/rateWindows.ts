/** Arrivals per second of the trace, and the peaks in longer windows made of them. */

/** Seconds that are counted at most, about 194 days. */
const maxWindows = 1 << 24;

/** Counts arrivals in windows of one second that begin at the first row's arrival. */
export class RateWindows {
  private counts = new Uint32Array(4096);
  /** Index in `counts` of the second in which the first row arrived. */
  private zero = 0;
  private last = 0;
  private isTooLong = false;

  /** `offsetNs` is the time after the first row's arrival; negative for rows out of order. */
  add(offsetNs: number): void {
    const index = Math.floor(offsetNs / 1e9) + this.zero;
    if (index >= 0 && index < this.counts.length) {
      this.counts[index] += 1;
      if (index > this.last) this.last = index;
      return;
    }
    this.makeRoom(index);
    if (!this.isTooLong) this.add(offsetNs);
  }

  /** The highest rate in windows of `windowS` whole seconds on end, requests per second; undefined for a trace longer than 194 days. */
  peakRps(windowS: number): number | undefined {
    const windows = this.windowCounts(windowS);
    if (windows === undefined) return undefined;
    return windows.reduce((peak, count) => Math.max(peak, count), 0) / windowS;
  }

  /** Coefficient of variation of the counts per window, the last unfinished one left out; undefined below two windows or where peaks are. */
  countCv(windowS: number): number | undefined {
    const windows = this.windowCounts(windowS)?.subarray(0, -1);
    if (windows === undefined || windows.length < 2) return undefined;
    const mean = windows.reduce((sum, count) => sum + count, 0) / windows.length;
    const squares = windows.reduce((sum, count) => sum + (count - mean) * (count - mean), 0);
    return Math.sqrt(squares / windows.length) / mean;
  }

  private windowCounts(windowS: number): Float64Array | undefined {
    if (this.isTooLong) return undefined;
    const first = this.counts.findIndex((count) => count > 0);
    const seconds = this.last - first + 1;
    const windows = new Float64Array(Math.ceil(seconds / windowS));
    for (let i = 0; i < seconds; i += 1) windows[Math.floor(i / windowS)] += this.counts[first + i];
    return windows;
  }

  private makeRoom(index: number): void {
    const before = index < 0 ? Math.max(-index, this.counts.length) : 0;
    const wanted = Math.max(this.counts.length + before, index + 1);
    if (wanted > maxWindows) {
      this.isTooLong = true;
      return;
    }
    const larger = new Uint32Array(Math.min(maxWindows, Math.max(wanted, this.counts.length * 2)));
    larger.set(this.counts, before);
    this.counts = larger;
    this.zero += before;
    this.last += before;
  }
}
