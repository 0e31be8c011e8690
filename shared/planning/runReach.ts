/** How far a run under way has come in its own time, and its first figures as they settle. */
import type { RequestTable } from "../serving/requestTable.ts";

/** What a run under way tells of itself: small, and never needed for correctness. */
export interface RunReach {
  /** Seconds of the traffic's time that have passed. */
  readonly simulatedS: number;
  /** Seconds until the horizon; null where closed loops end when they are done. */
  readonly horizonS: number | null;
  /** Requests that have arrived, those that closed loops will send at their next turn included. */
  readonly arrived: number;
  /** All requests of the run. */
  readonly requests: number;
  /** Mean time to first token of the requests answered so far, ms; null before the first of them. */
  readonly ttftMeanMs: number | null;
  /** Share of the requests looked at that were sent on to an API; null before the first of them. */
  readonly spilledShare: number | null;
}

/**
 * First figures over the requests that had arrived by the last look: those have had a step's time to be answered. Each request
 * is looked at once, so that all looks of a run together take one pass over its requests.
 */
export class FirstFigures {
  private readonly table: RequestTable;
  private seen = 0;
  private arrivedBefore = 0;
  private answered = 0;
  private ttftSumMs = 0;
  private spilled = 0;

  constructor(table: RequestTable) {
    this.table = table;
  }

  /** Looks further; `arrived`: how many requests have arrived by now, in the order of the table (those of closed loops follow no order and are left out). */
  look(arrived: number): Pick<RunReach, "ttftMeanMs" | "spilledShare"> {
    const { arrivalNs, firstTokenNs, spilled } = this.table;
    for (let i = this.seen; i < this.arrivedBefore; i++) {
      this.spilled += spilled[i];
      if (Number.isNaN(firstTokenNs[i])) continue;
      this.answered++;
      this.ttftSumMs += (firstTokenNs[i] - arrivalNs[i]) / 1e6;
    }
    this.seen = Math.max(this.seen, this.arrivedBefore);
    this.arrivedBefore = arrived;
    return {
      ttftMeanMs: this.answered === 0 ? null : this.ttftSumMs / this.answered,
      spilledShare: this.seen === 0 ? null : this.spilled / this.seen,
    };
  }
}
