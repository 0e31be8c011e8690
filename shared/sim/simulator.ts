/**
 * The event kernel.
 *
 * Reading guide. Three kinds of events exist: arrivals, a sorted stream outside any queue; timers, in a heap; and
 * slot events, one next time per slot. At equal times timers run first (a window that opens at 22:00 is open to what
 * arrives at 22:00), then arrivals, then slots (what arrives at the end of an iteration can join the next one); equal
 * timers run by priority and then in the order in which they were set, equal slots by number. Time is whole
 * nanoseconds and never goes back. The kernel knows nothing of what the events mean.
 */
import { InvariantError } from "../units/errors.ts";
import { SlotQueue } from "./slotQueue.ts";
import { TimerHeap } from "./timerHeap.ts";

/** What the events do. */
export interface EventHandler {
  onArrival(index: number, nowNs: number): void;
  onTimer(kind: number, payload: number, nowNs: number): void;
  onSlot(slot: number, nowNs: number): void;
}

/** Runs events in order until none is left or the end is reached. */
export class Simulator {
  readonly timers = new TimerHeap();
  readonly slots: SlotQueue;
  /** Time of the event that runs or ran last. */
  nowNs = 0;
  /** Events run so far. */
  eventCount = 0;
  /** Arrivals delivered so far. */
  arrivedCount = 0;
  private readonly arrivalNs: Float64Array;
  private readonly arrivalCount: number;

  constructor(arrivalNs: Float64Array, arrivalCount: number, slotCount: number) {
    this.arrivalNs = arrivalNs;
    this.arrivalCount = arrivalCount;
    this.slots = new SlotQueue(Math.max(1, slotCount));
  }

  /** Runs up to `maxEvents` events not after endNs; true while events remain. */
  run(handler: EventHandler, endNs: number, maxEvents = Infinity): boolean {
    const { timers, slots, arrivalNs, arrivalCount } = this;
    for (let left = maxEvents; left > 0; left--) {
      const index = this.arrivedCount;
      const arrival = index < arrivalCount ? arrivalNs[index] : Infinity;
      const slotNs = slots.nextNs;
      const timerNs = timers.nextNs;
      const next = timerNs <= arrival && timerNs <= slotNs ? timerNs : Math.min(arrival, slotNs);
      if (next > endNs || next === Infinity) return false;
      if (!(next >= this.nowNs)) {
        throw new InvariantError(`time runs from ${this.nowNs} ns back to ${next} ns`);
      }
      this.nowNs = next;
      this.eventCount++;
      if (timerNs === next) {
        const kind = timers.nextKind;
        const payload = timers.nextPayload;
        timers.removeNext();
        handler.onTimer(kind, payload, next);
      } else if (arrival === next) {
        this.arrivedCount = index + 1;
        handler.onArrival(index, next);
      } else handler.onSlot(slots.nextSlot, next);
    }
    return true;
  }
}
