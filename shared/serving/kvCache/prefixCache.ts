/**
 * Paged KV memory of one replica with a hash-chain prefix cache, in whole blocks.
 *
 * A node is one id of a prompt's chain: `size` engine blocks, of which the first `ready` hold computed
 * tokens that later prompts may share. Nodes that no request references keep their blocks and stand in
 * LRU order, to be trimmed from their tail when blocks are needed, as engines do that free a prompt's
 * blocks from its end. The first request that needs a missing part of a node fills it; a second one that
 * arrives meanwhile computes its own copy, private to it. A request shares a node only when it uses all of it, so
 * that it never holds more memory than its own tokens take; part of a node is copied.
 */
import type { PrefixChains } from "../../schema/traceColumns.ts";

/** What admission of a request would take. */
export interface AdmissionPlan {
  /** Prompt blocks found in the cache, all of which cost no prefill. */
  matchedBlocks: number;
  /** Of those, blocks of nodes that the request uses whole and therefore shares; the others are copied. */
  sharedBlocks: number;
  /** Of the shared ones, blocks that no running request references and that would no longer be evictable. */
  lockedBlocks: number;
}

const none = -1;

/** Prefix nodes of one replica. Block counts here are engine blocks of `blockTokens` tokens. */
export class PrefixCache {
  /** Blocks of unreferenced nodes: reusable until they are evicted. */
  evictableBlocks = 0;
  /** Reused between calls; read it before the next call. */
  readonly plan: AdmissionPlan = { matchedBlocks: 0, sharedBlocks: 0, lockedBlocks: 0 };
  private readonly chains: PrefixChains;
  private readonly blockTokens: number;
  private readonly slots = new Map<number, number>();
  private readonly free: number[] = [];
  private id = new Int32Array(256);
  private allocated = new Int32Array(256);
  private ready = new Int32Array(256);
  private references = new Int32Array(256);
  private filler = new Int32Array(256);
  private previous = new Int32Array(256);
  private next = new Int32Array(256);
  private used = 0;
  private oldest = none;
  private newest = none;

  constructor(chains: PrefixChains, blockTokens: number) {
    this.chains = chains;
    this.blockTokens = blockTokens;
  }

  /** Finds how much of a prompt is cached. At most (tokens - 1) / blockTokens blocks: the last token is always computed. */
  match(request: number, promptTokens: number, prefillTokens: number): AdmissionPlan {
    const { plan } = this;
    plan.matchedBlocks = 0;
    plan.sharedBlocks = 0;
    plan.lockedBlocks = 0;
    const limit = Math.floor((prefillTokens - 1) / this.blockTokens);
    const end = this.chains.offsets[request + 1];
    let left = promptTokens;
    for (let at = this.chains.offsets[request]; at < end; at++) {
      const id = this.chains.ids[at];
      const whole = this.wholeBlocks(id);
      const size = this.blocksWithin(whole, left);
      const slot = size === 0 ? undefined : this.slots.get(id);
      if (slot === undefined) break;
      const hit = Math.min(this.ready[slot], size, limit - plan.matchedBlocks);
      if (hit === 0) break;
      plan.matchedBlocks += hit;
      if (hit < this.allocated[slot] || size < whole) break;
      plan.sharedBlocks += hit;
      if (this.references[slot] === 0) plan.lockedBlocks += hit;
      if (hit < size) break;
      left -= this.chains.idTokens[id];
    }
    return plan;
  }

  /** References the nodes that match() found shared, fills the last one's missing part and creates the nodes after it, as far as none of them exists; returns how many leading nodes the request holds. */
  acquire(request: number, promptTokens: number, plan: AdmissionPlan): number {
    this.addedBlocks = 0;
    const start = this.chains.offsets[request];
    const end = this.chains.offsets[request + 1];
    let left = promptTokens;
    let shared = plan.sharedBlocks;
    let copied = plan.matchedBlocks - shared;
    let at = start;
    for (; at < end; at++) {
      const id = this.chains.ids[at];
      const whole = this.wholeBlocks(id);
      const known = this.slots.get(id);
      if (shared === 0 && known !== undefined) {
        if (copied > 0) this.touch(known);
        break;
      }
      if (this.blocksWithin(whole, left) < whole || whole === 0) break;
      const slot = known ?? this.create(id);
      this.reference(slot);
      shared -= this.ready[slot];
      if (this.ready[slot] < whole) {
        this.fill(slot, whole, request);
        shared = 0;
        copied = 0;
      }
      left -= this.chains.idTokens[id];
    }
    return at - start;
  }

  /** Blocks that the last acquire allocated to nodes. */
  addedBlocks = 0;

  /** Marks what a request has computed as shareable: the first `computedTokens` of its prompt are in memory. */
  publish(request: number, held: number, promptTokens: number, computedTokens: number): void {
    const start = this.chains.offsets[request];
    let position = 0;
    for (let at = start; at < start + held && position < computedTokens; at++) {
      const id = this.chains.ids[at];
      const slot = this.slots.get(id)!;
      if (this.filler[slot] === request) {
        const tokens = Math.min(computedTokens, promptTokens) - position;
        const blocks = Math.min(this.allocated[slot], Math.floor(tokens / this.blockTokens));
        if (blocks > this.ready[slot]) this.ready[slot] = blocks;
        if (blocks === this.allocated[slot]) this.filler[slot] = none;
      }
      position += this.chains.idTokens[id];
    }
  }

  /** Drops the request's references, the tail of its chain first; returns the blocks that are free or evictable again. */
  release(request: number, held: number): number {
    const start = this.chains.offsets[request];
    let released = 0;
    for (let at = start + held - 1; at >= start; at--) {
      const slot = this.slots.get(this.chains.ids[at])!;
      if (this.filler[slot] === request) {
        released += this.allocated[slot] - this.ready[slot];
        this.allocated[slot] = this.ready[slot];
        this.filler[slot] = none;
      }
      if (--this.references[slot] > 0) continue;
      released += this.allocated[slot];
      this.retire(slot);
    }
    return released;
  }

  /** Evicts `blocks` blocks, least recently released first. The caller knows that as many are evictable. */
  evict(blocks: number): void {
    let left = blocks;
    while (left > 0) {
      const slot = this.oldest;
      const trimmed = Math.min(left, this.allocated[slot]);
      left -= trimmed;
      this.allocated[slot] -= trimmed;
      this.ready[slot] = this.allocated[slot];
      this.evictableBlocks -= trimmed;
      if (this.allocated[slot] === 0) {
        this.unlink(slot);
        this.destroy(slot);
      }
    }
  }

  /** Blocks held by nodes in all; for the conservation law. */
  countNodeBlocks(): number {
    let blocks = 0;
    for (const slot of this.slots.values()) blocks += this.allocated[slot];
    return blocks;
  }

  /** Blocks of a node when the prompt covers all of its tokens. */
  private wholeBlocks(id: number): number {
    return Math.floor(this.chains.idTokens[id] / this.blockTokens);
  }

  private blocksWithin(blocks: number, tokens: number): number {
    return Math.min(blocks, Math.floor(tokens / this.blockTokens));
  }

  private fill(slot: number, whole: number, request: number): void {
    this.addedBlocks += whole - this.allocated[slot];
    this.allocated[slot] = whole;
    this.filler[slot] = request;
  }

  /** A node that was copied from counts as used now. */
  private touch(slot: number): void {
    if (this.references[slot] > 0) return;
    this.unlink(slot);
    this.append(slot);
  }

  private reference(slot: number): void {
    if (this.references[slot]++ > 0 || this.allocated[slot] === 0) return;
    this.unlink(slot);
    this.evictableBlocks -= this.allocated[slot];
  }

  private retire(slot: number): void {
    if (this.allocated[slot] === 0) {
      this.destroy(slot);
      return;
    }
    this.evictableBlocks += this.allocated[slot];
    this.append(slot);
  }

  private append(slot: number): void {
    this.previous[slot] = this.newest;
    this.next[slot] = none;
    if (this.newest === none) this.oldest = slot;
    else this.next[this.newest] = slot;
    this.newest = slot;
  }

  private unlink(slot: number): void {
    const before = this.previous[slot];
    const after = this.next[slot];
    if (before === none) this.oldest = after;
    else this.next[before] = after;
    if (after === none) this.newest = before;
    else this.previous[after] = before;
  }

  private create(id: number): number {
    const slot = this.free.length > 0 ? this.free.pop()! : this.used++;
    if (slot === this.id.length) this.grow();
    this.id[slot] = id;
    this.allocated[slot] = 0;
    this.ready[slot] = 0;
    this.references[slot] = 0;
    this.filler[slot] = none;
    this.slots.set(id, slot);
    return slot;
  }

  private destroy(slot: number): void {
    this.slots.delete(this.id[slot]);
    this.free.push(slot);
  }

  private grow(): void {
    const widen = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(from.length * 2);
      to.set(from);
      return to;
    };
    this.id = widen(this.id);
    this.allocated = widen(this.allocated);
    this.ready = widen(this.ready);
    this.references = widen(this.references);
    this.filler = widen(this.filler);
    this.previous = widen(this.previous);
    this.next = widen(this.next);
  }
}
