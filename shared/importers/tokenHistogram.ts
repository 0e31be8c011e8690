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
  private exact = new Float64Array(4096);
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
    return {
      mean: this.total / this.count,
      min: this.min,
      p50: this.quantile(0.5),
      p90: this.quantile(0.9),
      p95: this.quantile(0.95),
      p99: this.quantile(0.99),
      max: this.max,
    };
  }

  /** The p-quantile, 0 <= p <= 1: at rank (n - 1) p, between the lengths on both sides of it. */
  quantile(p: number): number {
    const rank = (this.count - 1) * p;
    const below = Math.floor(rank);
    const low = this.atRank(below);
    const high = rank === below ? low : this.atRank(below + 1);
    return low + (high - low) * (rank - below);
  }

  private addGrowing(tokens: number): void {
    let length = this.exact.length;
    while (length <= tokens) length *= 2;
    const larger = new Float64Array(length);
    larger.set(this.exact);
    larger[tokens] += 1;
    this.exact = larger;
  }

  /** The length of the row with `rank` shorter or equal ones before it. */
  private atRank(rank: number): number {
    let seen = 0;
    for (let tokens = 0; tokens < this.exact.length; tokens += 1) {
      seen += this.exact[tokens];
      if (seen > rank) return tokens;
    }
    for (let index = 0; index < this.coarse.length; index += 1) {
      seen += this.coarse[index];
      if (seen > rank) return Math.min(coarseMiddle(index), this.max);
    }
    return this.max;
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
