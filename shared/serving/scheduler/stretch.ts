/** A stretch: iterations of one unchanging batch, in exact integer time. */
import { ticksPerNs } from "../executionTime/iterationTimes.ts";

/** Sums of ticks beyond this are no longer exact in a float64. */
const maxExactTicks = 9007199254740992 - ticksPerNs;

/**
 * `planned` iterations from `startNs` on, of which the first takes firstTicks and each later one slopeTicks more
 * than the one before. The clock is whole nanoseconds plus `remainder` ticks that are carried and never dropped.
 */
export class Stretch {
  startNs = 0;
  /** Ticks past startNs, 0 .. ticksPerNs - 1. */
  remainder = 0;
  /** 0 when nothing runs. */
  planned = 0;
  firstTicks = 0;
  slopeTicks = 0;

  /** Plans up to `count` iterations, fewer where their sum would not be exact, but one at least. */
  plan(count: number, firstTicks: number, slopeTicks: number): void {
    this.firstTicks = firstTicks;
    this.slopeTicks = slopeTicks;
    this.planned = count;
    while (this.planned > 1 && this.ticksOf(this.planned) > maxExactTicks) {
      this.planned = Math.floor(this.planned / 2);
    }
  }

  /** Carries the remainder over the planned iterations and empties the plan. */
  finish(): void {
    const ticks = this.ticksOf(this.planned) + this.remainder;
    this.remainder = ticks - Math.floor(ticks / ticksPerNs) * ticksPerNs;
    this.planned = 0;
  }

  /** When the m-th iteration ends, whole nanoseconds. */
  boundaryNs(count: number): number {
    return this.startNs + Math.floor((this.remainder + this.ticksOf(count)) / ticksPerNs);
  }

  /** The least m >= 1 whose boundary is not before nowNs: the root of the stretch's parabola, then settled in integers. */
  iterationsEndingBy(nowNs: number): number {
    const ticks = (nowNs - this.startNs) * ticksPerNs - this.remainder;
    if (ticks <= this.firstTicks) return this.boundaryNs(1) >= nowNs ? 1 : 2;
    const b = this.firstTicks - this.slopeTicks / 2;
    const root = (2 * ticks) / (b + Math.sqrt(b * b + 2 * this.slopeTicks * ticks));
    let count = Math.ceil(root);
    while (count > 1 && this.boundaryNs(count - 1) >= nowNs) count--;
    while (this.boundaryNs(count) < nowNs) count++;
    return count;
  }

  private ticksOf(count: number): number {
    return count * this.firstTicks + this.slopeTicks * ((count * (count - 1)) / 2);
  }
}
