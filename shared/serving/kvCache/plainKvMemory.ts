/** KV memory of the oracle: every quantity is counted from scratch from the requests and nodes that exist. */
import type { PrefixChains } from "../../schema/traceColumns.ts";

/** A running request of the plain engine. */
export interface PlainRequest {
  readonly request: number;
  readonly promptTokens: number;
  /** Tokens that must be in memory at the end of this iteration's or the coming iterations' work. */
  target: number;
  /** Tokens in memory. */
  computed: number;
  /** Prompt and whole output, which the reserve rule holds. */
  readonly lastTokens: number;
  isDecoding: boolean;
  /** Prefix nodes it references, in chain order. */
  nodes: PlainNode[];
  privateBlocks: number;
}

/** One id of a prompt's chain in memory. */
interface PlainNode {
  readonly id: number;
  allocated: number;
  ready: number;
  references: number;
  filler: PlainRequest | undefined;
}

/** An id of a prompt's chain and the blocks of it that the prompt covers. */
interface ChainLink {
  readonly id: number;
  readonly blocks: number;
  readonly isWhole: boolean;
}

/** Cached blocks of one node; shared when the request uses the whole node, else copied. */
interface Match {
  readonly node: PlainNode;
  readonly blocks: number;
  readonly isShared: boolean;
}

interface PlainKvRules {
  readonly capacityBlocks: number;
  readonly blockTokens: number;
  readonly isReserving: boolean;
  readonly watermarkBlocks: number;
  readonly hasPrefixCache: boolean;
}

/** Blocks of one plain replica. */
export class PlainKvMemory {
  private readonly chains: PrefixChains | undefined;
  private readonly rules: PlainKvRules;
  private readonly nodes = new Map<number, PlainNode>();
  /** Unreferenced nodes, least recently released first. */
  private lru: PlainNode[] = [];

  constructor(chains: PrefixChains | undefined, rules: PlainKvRules) {
    this.chains = rules.hasPrefixCache ? chains : undefined;
    this.rules = rules;
  }

  /** Blocks that running requests reference. */
  countUsed(running: readonly PlainRequest[]): number {
    let blocks = 0;
    for (const each of running) blocks += each.privateBlocks;
    for (const node of this.nodes.values()) if (node.references > 0) blocks += node.allocated;
    return blocks;
  }

  countAvailable(running: readonly PlainRequest[]): number {
    return this.rules.capacityBlocks - this.countUsed(running);
  }

  /** Blocks that the running decodes need for their next token. */
  countGrowth(running: readonly PlainRequest[]): number {
    if (this.rules.isReserving) return 0;
    const { blockTokens } = this.rules;
    return running.filter((each) => each.isDecoding && each.computed % blockTokens === 0).length;
  }

  /** A decode has one more token in memory. */
  grow(each: PlainRequest, running: readonly PlainRequest[]): void {
    if (this.rules.isReserving) return;
    if ((each.computed - 1) % this.rules.blockTokens === 0) each.privateBlocks++;
    this.evictExcess(running);
  }

  /** Admits when memory allows: takes the cached prefix, then blocks for the rest. */
  admit(each: PlainRequest, running: readonly PlainRequest[]): boolean {
    const { blockTokens, isReserving, watermarkBlocks } = this.rules;
    const total = Math.ceil((isReserving ? each.lastTokens : each.target) / blockTokens);
    const matched = this.match(each);
    const blocksIn = (list: Match[]) => list.reduce((sum, one) => sum + one.blocks, 0);
    const shared = matched.filter((one) => one.isShared);
    const locked = blocksIn(shared.filter((one) => one.node.references === 0));
    const left = this.countAvailable(running) - locked - (total - blocksIn(shared));
    if (left < (running.length === 0 ? 0 : watermarkBlocks)) return false;
    const added = this.reference(each, matched);
    each.computed = blocksIn(matched) * blockTokens;
    each.privateBlocks = total - blocksIn(shared) - added;
    this.evictExcess([...running, each]);
    return true;
  }

  /** What a request has computed of its prompt can be shared from now on. */
  publish(each: PlainRequest): void {
    const { blockTokens } = this.rules;
    let position = 0;
    for (const node of each.nodes) {
      if (node.filler === each) {
        const tokens = Math.min(each.computed, each.promptTokens) - position;
        const blocks = Math.min(node.allocated, Math.floor(tokens / blockTokens));
        node.ready = Math.max(node.ready, blocks);
        if (node.ready === node.allocated) node.filler = undefined;
      }
      position += this.chains!.idTokens[node.id];
    }
  }

  /** A request leaves; its nodes are released from the end of the chain. */
  release(each: PlainRequest): void {
    for (const node of [...each.nodes].reverse()) {
      if (node.filler === each) {
        node.filler = undefined;
        node.allocated = node.ready;
      }
      node.references--;
      if (node.references === 0 && node.allocated > 0) this.lru.push(node);
      if (node.references === 0 && node.allocated === 0) this.nodes.delete(node.id);
    }
    each.nodes = [];
    each.privateBlocks = 0;
  }

  private chainOf(each: PlainRequest): ChainLink[] {
    const chain: ChainLink[] = [];
    if (this.chains === undefined) return chain;
    const { offsets, ids, idTokens } = this.chains;
    let left = each.promptTokens;
    for (let at = offsets[each.request]; at < offsets[each.request + 1]; at++) {
      const tokens = Math.min(left, idTokens[ids[at]]);
      const blocks = Math.floor(tokens / this.rules.blockTokens);
      if (blocks <= 0) break;
      const whole = Math.floor(idTokens[ids[at]] / this.rules.blockTokens);
      chain.push({ id: ids[at], blocks, isWhole: blocks === whole });
      left -= idTokens[ids[at]];
    }
    return chain;
  }

  private match(each: PlainRequest): Match[] {
    const found: Match[] = [];
    let left = Math.floor((each.target - 1) / this.rules.blockTokens);
    for (const { id, blocks, isWhole } of this.chainOf(each)) {
      const node = this.nodes.get(id);
      const hit = node === undefined ? 0 : Math.min(node.ready, blocks, left);
      if (node === undefined || hit === 0) break;
      const isShared = isWhole && hit === node.allocated;
      found.push({ node, blocks: hit, isShared });
      left -= hit;
      if (!isShared || hit < blocks) break;
    }
    return found;
  }

  /** References the shared nodes, fills the last one's missing part and creates the nodes after it, as far as none of them exists; returns the blocks added. */
  private reference(each: PlainRequest, matched: readonly Match[]): number {
    let added = 0;
    for (const [index, { id, blocks, isWhole }] of this.chainOf(each).entries()) {
      const hit = matched[index];
      if (hit !== undefined && !hit.isShared) {
        if (hit.node.references === 0) {
          this.lru = [...this.lru.filter((one) => one !== hit.node), hit.node];
        }
        break;
      }
      if (!isWhole || (hit === undefined && this.nodes.has(id))) break;
      const node = hit?.node ?? { id, allocated: 0, ready: 0, references: 0, filler: undefined };
      this.nodes.set(id, node);
      this.lru = this.lru.filter((one) => one !== node);
      node.references++;
      each.nodes.push(node);
      if (node.ready === blocks) continue;
      added += blocks - node.allocated;
      node.allocated = blocks;
      node.filler = each;
    }
    return added;
  }

  private evictExcess(running: readonly PlainRequest[]): void {
    const kept = () => this.lru.reduce((sum, node) => sum + node.allocated, 0);
    while (this.countUsed(running) + kept() > this.rules.capacityBlocks) {
      const node = this.lru[0];
      node.allocated--;
      node.ready--;
      if (node.allocated === 0) {
        this.lru.shift();
        this.nodes.delete(node.id);
      }
    }
  }
}
