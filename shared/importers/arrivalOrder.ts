/** Order, repeats and tick of arrivals, watched as they come. */

/** Ticks below this are the clock's own resolution and not worth a word: 100 ms. */
const shortestTickNs = 1e8;

/** Watches arrivals in the order in which they are added. */
export class ArrivalOrder {
  count = 0;
  /** Rows that arrived before the row above them. */
  outOfOrder = 0;
  /** Rows with the very arrival of the row above them. */
  duplicates = 0;
  /** Largest step of which all arrivals are multiples apart; 0 while all are equal or the step is short. */
  private tickNs = 0;
  private isTicking = true;
  private lastNs = 0;

  /** `arrivalNs` is a whole number from any fixed zero. */
  add(arrivalNs: number): void {
    const gapNs = arrivalNs - this.lastNs;
    this.lastNs = arrivalNs;
    this.count += 1;
    if (this.count === 1) return;
    if (gapNs < 0) this.outOfOrder += 1;
    else if (gapNs === 0) this.duplicates += 1;
    if (this.isTicking && gapNs !== 0) this.narrowTick(Math.abs(gapNs));
  }

  get isSorted(): boolean {
    return this.outOfOrder === 0;
  }

  /** Step on which all arrivals lie, when it is at least 100 ms and they repeat; else undefined. */
  get tickS(): number | undefined {
    const repeats = this.count >= 100 && this.duplicates * 2 >= this.count;
    return this.isTicking && this.tickNs >= shortestTickNs && repeats
      ? this.tickNs / 1e9
      : undefined;
  }

  /** Sentences on repeats; `distinct` says on how many times the rows stand. */
  tickNotes(): string[] {
    const { tickS } = this;
    if (tickS === undefined) return [];
    const distinct = this.count - this.duplicates;
    return [
      `Arrivals are quantised: ${this.count} rows stand on ${distinct} distinct times, ${tickS} s apart or multiples of it. Peaks and the variation of gaps are artefacts of this; set the transform spreadWithinTickS to ${tickS} to spread rows within their tick.`,
    ];
  }

  private narrowTick(gapNs: number): void {
    let a = this.tickNs;
    let b = gapNs;
    while (b !== 0) [a, b] = [b, a % b];
    this.tickNs = a;
    this.isTicking = a >= shortestTickNs;
  }
}
