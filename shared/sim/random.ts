/** Seeded random streams: one per purpose, named, so that a change in one purpose never shifts another. */

const splitMixIncrement = 0x9e3779b9;

/** One 32-bit SplitMix step on a mutable word; spreads a seed over the generator's state. */
function splitMix32(state: number): number {
  let z = state | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** 32-bit FNV-1a of a string's UTF-16 code units, continued from `hash`. */
function hashText(text: string, hash: number): number {
  let h = hash >>> 0;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return h;
}

/** 52 bits of two random words as a number strictly between 0 and 1; with 53 the half added to the last would round up to 1. */
function openUniform(high: number, low: number): number {
  return ((high >>> 5) * 33554432 + (low >>> 7) + 0.5) / 4503599627370496;
}

/** A seeded stream of uniform variates: xoshiro128++ (Blackman and Vigna), state in plain fields because that is fastest in V8. */
export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(a: number, b: number, c: number, d: number) {
    this.a = a | 0;
    this.b = b | 0;
    this.c = c | 0;
    this.d = (a | b | c | d) === 0 ? 1 : d | 0;
  }

  /** The next 32 random bits as an unsigned integer. */
  nextUint32(): number {
    const sum = (this.a + this.d) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + this.a) >>> 0;
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** Uniform on the open interval (0, 1) with 52 bits; never 0 or 1, so that its logarithm is finite. */
  nextUniform(): number {
    const high = this.nextUint32();
    return openUniform(high, this.nextUint32());
  }

  /** A whole number in 0 .. n - 1, n at most 2^32. */
  nextIndex(n: number): number {
    return Math.floor((this.nextUint32() / 4294967296) * n);
  }
}

/** The stream of one purpose. Equal arguments give equal streams; `name` says the purpose, e.g. "arrivals/chat". */
export function createRandomStream(seed: number, name: string, replication = 0): RandomStream {
  const low = seed >>> 0;
  const high = Math.floor(seed / 4294967296) >>> 0;
  let state = hashText(name, 0x811c9dc5 ^ splitMix32(low ^ splitMixIncrement));
  state = (state ^ splitMix32(high + 0x7f4a7c15) ^ splitMix32(replication + 0x165667b1)) >>> 0;
  const words: number[] = [];
  for (let i = 0; i < 4; i++) {
    state = (state + splitMixIncrement) >>> 0;
    words.push(splitMix32(state ^ hashText(name, low + i * 0x1000193)));
  }
  return new RandomStream(words[0]!, words[1]!, words[2]!, words[3]!);
}

/** A seeded uniform in (0, 1) for row `index`, the same whatever happens to other rows; carves shares out of traces that have nothing else. */
export function hashUniform(seed: number, salt: string, index: number): number {
  return new HashedUniform(seed, salt).at(index);
}

/** hashUniform for one seed and purpose with the purpose hashed once: what hot paths use. `at(i)` equals hashUniform(seed, salt, i). */
export class HashedUniform {
  private readonly base: number;

  constructor(seed: number, salt: string) {
    const high = Math.floor(seed / 4294967296) >>> 0;
    const spread = splitMix32(seed >>> 0) ^ splitMix32((high + 0x7f4a7c15) >>> 0);
    this.base = hashText(salt, 0x811c9dc5) ^ spread;
  }

  /** The uniform in (0, 1) of index i, a whole number below 2^32. */
  at(index: number): number {
    const first = splitMix32((this.base + Math.imul(index + 1, splitMixIncrement)) >>> 0);
    const second = splitMix32((first ^ (index + 0x51ed270b)) >>> 0);
    return openUniform(first, second);
  }
}
