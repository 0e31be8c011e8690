/**
 * The least that must be paid to APIs when own capacity is limited: the continuous knapsack of requests by what they save
 * against the busy time that they take, by its dual. For every price of busy time, sum min(api, price * busy) - price * capacity
 * is at most the true optimum; the best of a fine grid of prices is taken. Requests are binned by their ratio once, so that
 * any capacity is answered from a few hundred bins.
 */

const binsPerE = 100;
const lowestLog = -60;
const highestLog = 30;
const binCount = (highestLog - lowestLog) * binsPerE;

/** What is saved and spent, sorted by how much a nanosecond saves. */
export class SpillCurve {
  /** Busy nanoseconds of requests that must be on the pool. */
  mustNs = 0;
  /** Busy nanoseconds of those that may be. */
  mayNs = 0;
  private usd = new Float64Array(binCount + 1);
  private ns = new Float64Array(binCount + 1);
  private lowest = binCount;
  private highest = 0;
  private edges: number[] = [];
  private usdBelow: number[] = [];
  private nsAbove: number[] = [];

  /** A request that may be served for busyNs instead of for usd. */
  add(usd: number, busyNs: number): void {
    this.mayNs += busyNs;
    if (usd <= 0) return;
    const bin = binOf(usd / busyNs);
    this.usd[bin] += usd;
    this.ns[bin] += busyNs;
    if (bin < this.lowest) this.lowest = bin;
    if (bin > this.highest) this.highest = bin;
  }

  /** A request that the pool must serve. */
  addMust(busyNs: number): void {
    this.mustNs += busyNs;
  }

  /** Call once after the last request. */
  seal(): void {
    const { lowest, highest } = this;
    if (lowest > highest) return;
    const above = new Float64Array(highest - lowest + 2);
    for (let bin = highest; bin >= lowest; bin--) {
      above[bin - lowest] = above[bin - lowest + 1] + this.ns[bin];
    }
    let below = 0;
    for (let bin = lowest; bin <= highest + 1; bin++) {
      this.edges.push(edgeOf(bin));
      this.usdBelow.push(below);
      this.nsAbove.push(above[bin - lowest]);
      below += this.usd[bin];
    }
    this.usd = new Float64Array(0);
    this.ns = this.usd;
  }

  /** USD at least for what `capacityNs` cannot serve; further busy time may be had at `usdPerNs` (Infinity for none). Infinity when what must be served is more than the capacity and none can be had. */
  leastUsd(capacityNs: number, usdPerNs = Infinity): number {
    const free = capacityNs - this.mustNs;
    if (free < 0 && usdPerNs === Infinity) return Infinity;
    if (free === Infinity) return 0;
    const first = this.edges[0] ?? Infinity;
    let best = first > usdPerNs ? usdPerNs * ((this.nsAbove[0] ?? 0) - free) : 0;
    for (let at = 0; at < this.edges.length && this.edges[at] <= usdPerNs; at++) {
      const rounding = 1e-12 * (this.nsAbove[at] + Math.abs(free));
      const usd = this.usdBelow[at] + this.edges[at] * (this.nsAbove[at] - free - rounding);
      best = Math.max(best, usd);
    }
    best = Math.max(0, best);
    return free < 0 ? Math.max(best, -free * usdPerNs) : best;
  }
}

function binOf(ratio: number): number {
  const at = Math.floor((Math.log(ratio) - lowestLog) * binsPerE);
  return Math.max(0, Math.min(binCount - 1, at));
}

/** The lower edge of a bin; a little low, so that rounding never puts a request on the wrong side of it. */
function edgeOf(bin: number): number {
  return Math.exp(lowestLog + bin / binsPerE);
}
