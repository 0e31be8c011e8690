/** One next-event time per slot: a linear scan for few slots, a winner tree for many. */

/** Slots up to this many are scanned; measured to be faster than a tree there. */
const scanLimit = 16;

/** Keeps the earliest of `count` next-event times. Equal times resolve to the lowest slot. */
export class SlotQueue {
  /** Earliest time, Infinity when no slot has an event. */
  nextNs = Infinity;
  /** Slot of the earliest time, -1 when none. */
  nextSlot = -1;
  private readonly times: Float64Array;
  private readonly winners: Int32Array;
  private readonly leaves: number;

  constructor(count: number) {
    this.leaves = 1;
    while (this.leaves < count) this.leaves *= 2;
    this.times = new Float64Array(this.leaves).fill(Infinity);
    this.winners = new Int32Array(count > scanLimit ? 2 * this.leaves : 0);
    if (this.winners.length === 0) return;
    for (let i = 0; i < this.leaves; i++) this.winners[this.leaves + i] = i;
    for (let i = this.leaves - 1; i > 0; i--) this.winners[i] = this.winners[2 * i];
  }

  /** Sets the next event of a slot; Infinity for none. */
  set(slot: number, timeNs: number): void {
    if (this.times[slot] === timeNs) return;
    this.times[slot] = timeNs;
    if (this.winners.length > 0) this.replay(slot);
    else this.scan(slot, timeNs);
  }

  private scan(slot: number, timeNs: number): void {
    if (timeNs < this.nextNs || (timeNs === this.nextNs && slot < this.nextSlot)) {
      this.nextNs = timeNs;
      this.nextSlot = slot;
      return;
    }
    if (slot !== this.nextSlot) return;
    let best = Infinity;
    let bestSlot = -1;
    const times = this.times;
    for (let i = 0; i < times.length; i++) {
      if (times[i] < best) {
        best = times[i];
        bestSlot = i;
      }
    }
    this.nextNs = best;
    this.nextSlot = bestSlot;
  }

  private replay(slot: number): void {
    const { times, winners } = this;
    for (let i = (this.leaves + slot) >> 1; i > 0; i >>= 1) {
      const left = winners[2 * i];
      const right = winners[2 * i + 1];
      winners[i] = times[right] < times[left] ? right : left;
    }
    const winner = winners[1];
    this.nextNs = times[winner];
    this.nextSlot = this.nextNs === Infinity ? -1 : winner;
  }
}
