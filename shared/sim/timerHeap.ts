/** A typed 4-ary heap of timers ordered by (time, priority, sequence). */

/** Timers carry a kind and an integer payload; equal times run by priority, then in the order in which they were set. */
export class TimerHeap {
  private timeNs = new Float64Array(64);
  /** priority * 2^45 + sequence: one comparison settles ties. */
  private order = new Float64Array(64);
  private kinds = new Uint8Array(64);
  private payloads = new Float64Array(64);
  private length = 0;
  private sequence = 0;

  /** Number of pending timers. */
  get size(): number {
    return this.length;
  }

  /** Time of the earliest timer in nanoseconds; Infinity when there is none. */
  get nextNs(): number {
    return this.length === 0 ? Infinity : this.timeNs[0];
  }

  /** Kind of the earliest timer; undefined behaviour when empty. */
  get nextKind(): number {
    return this.kinds[0];
  }

  /** Payload of the earliest timer. */
  get nextPayload(): number {
    return this.payloads[0];
  }

  /** Sets a timer. `priority` is 0 .. 255, lower first. */
  add(timeNs: number, priority: number, kind: number, payload: number): void {
    if (this.length === this.kinds.length) this.grow();
    const order = priority * 35184372088832 + this.sequence++;
    let i = this.length++;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      if (!this.isAfter(parent, timeNs, order)) break;
      this.copy(parent, i);
      i = parent;
    }
    this.put(i, timeNs, order, kind, payload);
  }

  /** Removes the earliest timer. */
  removeNext(): void {
    const last = --this.length;
    if (last <= 0) return;
    const timeNs = this.timeNs[last];
    const order = this.order[last];
    const kind = this.kinds[last];
    const payload = this.payloads[last];
    let i = 0;
    for (;;) {
      const child = this.earliestChild(i);
      if (child < 0 || this.isAfter(child, timeNs, order)) break;
      this.copy(child, i);
      i = child;
    }
    this.put(i, timeNs, order, kind, payload);
  }

  private earliestChild(i: number): number {
    const first = 4 * i + 1;
    if (first >= this.length) return -1;
    const end = Math.min(first + 4, this.length);
    let best = first;
    for (let child = first + 1; child < end; child++) {
      if (this.isAfter(best, this.timeNs[child], this.order[child])) best = child;
    }
    return best;
  }

  private isAfter(i: number, timeNs: number, order: number): boolean {
    const own = this.timeNs[i];
    return own > timeNs || (own === timeNs && this.order[i] > order);
  }

  private copy(from: number, to: number): void {
    this.put(to, this.timeNs[from], this.order[from], this.kinds[from], this.payloads[from]);
  }

  private put(i: number, timeNs: number, order: number, kind: number, payload: number): void {
    this.timeNs[i] = timeNs;
    this.order[i] = order;
    this.kinds[i] = kind;
    this.payloads[i] = payload;
  }

  private grow(): void {
    const size = this.kinds.length * 2;
    const widen = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const to = new Float64Array(size);
      to.set(from);
      return to;
    };
    this.timeNs = widen(this.timeNs);
    this.order = widen(this.order);
    this.payloads = widen(this.payloads);
    const kinds = new Uint8Array(size);
    kinds.set(this.kinds);
    this.kinds = kinds;
  }
}
