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
    if (this.isTooLong) return undefined;
    let peak = 0;
    this.forEachWindow(windowS, (count) => {
      if (count > peak) peak = count;
    });
    return peak / windowS;
  }

  /** Coefficient of variation of the counts per window, the last unfinished one left out; undefined below two windows or where peaks are. */
  countCv(windowS: number): number | undefined {
    if (this.isTooLong) return undefined;
    let windows = 0;
    let sum = 0;
    let squares = 0;
    this.forEachWindow(windowS, (count, isWhole) => {
      if (!isWhole) return;
      windows += 1;
      sum += count;
      squares += count * count;
    });
    if (windows < 2) return undefined;
    const mean = sum / windows;
    return Math.sqrt(Math.max(0, squares / windows - mean * mean)) / mean;
  }

  /** Visits the windows in order; the one in which the last row arrived is not whole. */
  private forEachWindow(windowS: number, visit: (count: number, isWhole: boolean) => void): void {
    const { counts, last } = this;
    let start = 0;
    while (counts[start] === 0) start += 1;
    for (; start <= last; start += windowS) {
      const end = Math.min(start + windowS, counts.length);
      let count = 0;
      for (let i = start; i < end; i += 1) count += counts[i];
      visit(count, start + windowS <= last);
    }
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
