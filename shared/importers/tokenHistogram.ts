/** Counts of token lengths: exact quantiles at a memory that does not grow with the rows. */

const exactBits = 20;
const exactBelow = 1 << exactBits;
/** Lengths above share a bucket with others within this fraction: 2^-10. */
const stepsPerOctave = 1024;

/** A distribution of token counts. */
export interface TokenQuantiles {
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Counts lengths one by one below 2^20 tokens, and to 0.1 % above. */
export class TokenHistogram {
  count = 0;
  total = 0;
  zeros = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = 0;
  private exact = new Uint32Array(4096);
  private readonly coarse = new Float64Array((31 - exactBits) * stepsPerOctave);

  /** `tokens` is a whole number from 0 to 2^31 - 1. */
  add(tokens: number): void {
    this.count += 1;
    this.total += tokens;
    if (tokens < this.min) this.min = tokens;
    if (tokens > this.max) this.max = tokens;
    if (tokens === 0) this.zeros += 1;
    if (tokens < this.exact.length) this.exact[tokens] += 1;
    else if (tokens < exactBelow) this.addGrowing(tokens);
    else this.coarse[coarseIndex(tokens)] += 1;
  }

  /** The quantiles, interpolated between neighbours (as numpy does); undefined when nothing was added. */
  quantiles(): TokenQuantiles | undefined {
    if (this.count === 0) return undefined;
    const [p50, p90, p95, p99] = this.quantilesAt([0.5, 0.9, 0.95, 0.99]);
    const { min, max } = this;
    return { mean: this.total / this.count, min, p50, p90, p95, p99, max };
  }

  /** The quantiles for ascending p, 0 <= p <= 1: each at rank (n - 1) p, between the lengths on both sides of it. */
  private quantilesAt(ps: readonly number[]): number[] {
    const ranks = ps.map((p) => (this.count - 1) * p);
    const lows = this.atRanks(ranks.map(Math.floor));
    const highs = this.atRanks(ranks.map(Math.ceil));
    return ranks.map((rank, i) => lows[i] + (highs[i] - lows[i]) * (rank - Math.floor(rank)));
  }

  private addGrowing(tokens: number): void {
    let length = this.exact.length;
    while (length <= tokens) length *= 2;
    const larger = new Uint32Array(length);
    larger.set(this.exact);
    larger[tokens] += 1;
    this.exact = larger;
  }

  /** The lengths of the rows with so many shorter or equal ones before them; ranks in ascending order. */
  private atRanks(ranks: readonly number[]): number[] {
    const lengths: number[] = [];
    let seen = 0;
    const take = (count: number, length: number) => {
      seen += count;
      while (lengths.length < ranks.length && seen > ranks[lengths.length]) lengths.push(length);
    };
    for (let tokens = this.min; tokens < this.exact.length; tokens += 1) {
      if (this.exact[tokens] > 0) take(this.exact[tokens], tokens);
    }
    for (let index = 0; index < this.coarse.length; index += 1) {
      if (this.coarse[index] > 0) take(this.coarse[index], Math.min(coarseMiddle(index), this.max));
    }
    return lengths;
  }
}

function coarseIndex(tokens: number): number {
  const octave = 31 - Math.clz32(tokens);
  const step = (tokens - (1 << octave)) >> (octave - 10);
  return (octave - exactBits) * stepsPerOctave + step;
}

function coarseMiddle(index: number): number {
  const octave = exactBits + Math.floor(index / stepsPerOctave);
  const width = (1 << octave) / stepsPerOctave;
  return (1 << octave) + ((index % stepsPerOctave) + 0.5) * width;
}
