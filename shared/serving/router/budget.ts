/** What each rule has spent at its provider in the current month; a gateway knows it from its own counters. */

/** Months are counted in `monthHours` from the start of the run. A run shorter than a month has its share of the limit, so that the month that its bill is scaled to keeps it. */
export class RuleBudgets {
  private readonly monthNs: number;
  /** Share of a month that a budget period of this run has, 0..1. */
  private readonly share: number;
  private readonly spentUsd: Float64Array;
  private readonly month: Float64Array;

  constructor(ruleCount: number, monthHours: number, horizonNs: number) {
    this.monthNs = monthHours * 3600e9;
    this.share = Math.min(1, horizonNs / this.monthNs);
    this.spentUsd = new Float64Array(ruleCount);
    this.month = new Float64Array(ruleCount);
  }

  /** Whether a rule has spent less than its monthly limit by nowNs. */
  isWithin(ruleIndex: number, limitUsd: number, nowNs: number): boolean {
    if (limitUsd === Infinity) return true;
    const month = Math.floor(nowNs / this.monthNs);
    if (month !== this.month[ruleIndex]) {
      this.month[ruleIndex] = month;
      this.spentUsd[ruleIndex] = 0;
    }
    return this.spentUsd[ruleIndex] < limitUsd * this.share;
  }

  spend(ruleIndex: number, usd: number): void {
    this.spentUsd[ruleIndex] += usd;
  }
}
