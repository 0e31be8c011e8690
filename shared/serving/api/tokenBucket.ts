/** A token bucket: capacity b, refilled at a steady rate; in any window T it lets at most b + rate * T through. */

/** One limit of a provider. Amounts are requests or tokens. */
export class TokenBucket {
  private readonly capacity: number;
  private readonly perNs: number;
  private level: number;
  private lastNs = 0;

  /** `perMinute` is the limit; the bucket holds `burstS` seconds of it, at least one unit, and starts full. */
  constructor(perMinute: number, burstS: number) {
    this.capacity = Math.max(1, (perMinute * burstS) / 60);
    this.perNs = perMinute / 60e9;
    this.level = this.capacity;
  }

  /** Whether `amount` can pass now. What is larger than the bucket passes when the bucket is full. */
  allows(amount: number, nowNs: number): boolean {
    this.level = Math.min(this.capacity, this.level + (nowNs - this.lastNs) * this.perNs);
    this.lastNs = nowNs;
    return this.level >= Math.min(amount, this.capacity);
  }

  /** Takes `amount`; the level may fall below zero for an amount larger than the bucket. */
  take(amount: number): void {
    this.level -= amount;
  }
}
