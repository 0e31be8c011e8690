/** KV memory of one replica in blocks: what running requests use, how decoding grows it, what the prefix cache keeps. */
import type { RequestTable } from "../requestTable.ts";
import { PrefixCache } from "./prefixCache.ts";

/** Size and rules of a replica's KV memory. */
export interface BlockPoolConfig {
  readonly capacityBlocks: number;
  readonly blockTokens: number;
  /** Reserve prompt + output at admission instead of allocating as tokens come. */
  readonly isReserving: boolean;
  /** Blocks that admission leaves free while others run. */
  readonly watermarkBlocks: number;
  readonly hasPrefixCache: boolean;
}

/**
 * Counts blocks, never lists them: a decoding request with c tokens in memory needs a new block exactly when
 * c is a multiple of the block size, so counting requests by (c - iteration) mod block size is enough to know
 * the growth over any number of iterations.
 */
export class BlockPool {
  readonly capacity: number;
  /** Blocks referenced by admitted requests. */
  used = 0;
  readonly cache: PrefixCache | undefined;
  readonly blockTokens: number;
  private readonly isReserving: boolean;
  private readonly watermark: number;
  private readonly table: RequestTable;
  private readonly residues: Int32Array;
  private decodes = 0;

  constructor(table: RequestTable, config: BlockPoolConfig) {
    this.table = table;
    this.capacity = config.capacityBlocks;
    this.blockTokens = config.blockTokens;
    this.isReserving = config.isReserving;
    this.watermark = config.watermarkBlocks;
    this.residues = new Int32Array(config.blockTokens);
    const { prefix } = table.workload;
    this.cache =
      config.hasPrefixCache && prefix !== undefined
        ? new PrefixCache(prefix, config.blockTokens)
        : undefined;
  }

  /** Blocks that could still be allocated, evictable ones included. */
  get available(): number {
    return this.capacity - this.used;
  }

  /** Blocks that `tokens` tokens take. */
  blocksOf(tokens: number): number {
    return Math.ceil(tokens / this.blockTokens);
  }

  /** Tries to admit a request that must prefill `prefillTokens`; returns the cached tokens, or -1 when memory does not allow it. `lastTokens` is what the reserve rule must hold. */
  tryAdmit(request: number, prefillTokens: number, lastTokens: number, isAlone: boolean): number {
    const total = this.blocksOf(this.isReserving ? lastTokens : prefillTokens);
    const floor = isAlone ? 0 : this.watermark;
    if (this.cache === undefined) {
      if (this.available - total < floor) return -1;
      this.used += total;
      return 0;
    }
    const { table, cache } = this;
    const promptTokens = table.promptTokens[request];
    const plan = cache.match(request, promptTokens, prefillTokens);
    const { sharedBlocks, lockedBlocks } = plan;
    if (this.available - lockedBlocks - (total - sharedBlocks) < floor) return -1;
    table.heldNodes[request] = cache.acquire(request, promptTokens, plan);
    table.sharedBlocks[request] = sharedBlocks + cache.addedBlocks;
    this.allocate(lockedBlocks + total - sharedBlocks);
    return plan.matchedBlocks * this.blockTokens;
  }

  /** Makes the first `computedTokens` of a request's prompt shareable. */
  publish(request: number, computedTokens: number): void {
    if (this.cache === undefined) return;
    const { heldNodes, promptTokens } = this.table;
    this.cache.publish(request, heldNodes[request], promptTokens[request], computedTokens);
  }

  /** Frees a request that holds memory for `tokens` tokens (the reserve rule: `lastTokens`). */
  release(request: number, tokens: number, lastTokens: number): void {
    const total = this.blocksOf(this.isReserving ? lastTokens : tokens);
    if (this.cache === undefined) {
      this.used -= total;
      return;
    }
    const { heldNodes, sharedBlocks } = this.table;
    this.used -= total - sharedBlocks[request];
    this.used -= this.cache.release(request, heldNodes[request]);
    heldNodes[request] = 0;
    sharedBlocks[request] = 0;
  }

  /** The request's memory is lost with all of the pool. */
  forget(request: number): void {
    if (this.cache === undefined) return;
    this.table.heldNodes[request] = 0;
    this.table.sharedBlocks[request] = 0;
  }

  /** A request with `tokens` tokens in memory decodes from `iteration` on. */
  addDecode(tokens: number, iteration: number): void {
    this.residues[this.bucket(tokens - iteration)]++;
    this.decodes++;
  }

  /** The request that addDecode counted with these tokens at this iteration (or as many later for both) leaves. */
  removeDecode(tokens: number, iteration: number): void {
    this.residues[this.bucket(tokens - iteration)]--;
    this.decodes--;
  }

  /** Blocks that the decodes of `iteration` must newly have. */
  neededAt(iteration: number): number {
    return this.isReserving ? 0 : this.residues[this.bucket(-iteration)];
  }

  /** Blocks that the decodes of iterations first .. first + count - 1 need together. */
  growth(first: number, count: number): number {
    if (this.isReserving || count <= 0) return 0;
    const { blockTokens, residues } = this;
    const cycles = Math.floor(count / blockTokens);
    let blocks = cycles * this.decodes;
    let bucket = this.bucket(-first);
    for (let i = count - cycles * blockTokens; i > 0; i--) {
      blocks += residues[bucket];
      bucket = bucket === 0 ? blockTokens - 1 : bucket - 1;
    }
    return blocks;
  }

  /** The most iterations, up to `count`, from `first` on whose growth fits into what is available. */
  iterationsThatFit(first: number, count: number): number {
    const room = this.available;
    if ((Math.floor(count / this.blockTokens) + 1) * this.decodes <= room) return count;
    if (this.growth(first, count) <= room) return count;
    let low = 0;
    let high = count;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.growth(first, middle) <= room) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Takes blocks, evicting unreferenced prefix blocks where memory is full. */
  allocate(blocks: number): void {
    this.used += blocks;
    if (this.cache === undefined) return;
    const excess = this.used + this.cache.evictableBlocks - this.capacity;
    if (excess > 0) this.cache.evict(excess);
  }

  private bucket(value: number): number {
    const residue = value % this.blockTokens;
    return residue < 0 ? residue + this.blockTokens : residue;
  }
}
