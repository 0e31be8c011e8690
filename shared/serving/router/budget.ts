/** What each rule has spent at its provider in the current month; a gateway knows it from its own counters. */

/** Months are counted in `monthHours` from the start of the run. */
export class RuleBudgets {
  private readonly monthNs: number;
  private readonly spentUsd: Float64Array;
  private readonly month: Float64Array;

  constructor(ruleCount: number, monthHours: number) {
    this.monthNs = monthHours * 3600e9;
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
    return this.spentUsd[ruleIndex] < limitUsd;
  }

  spend(ruleIndex: number, usd: number): void {
    this.spentUsd[ruleIndex] += usd;
  }
}
