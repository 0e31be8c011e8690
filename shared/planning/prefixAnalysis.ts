/** How much of a trace's prompts a prefix cache finds: the prompts one after another through the cache of the engine, without time. */
import type { PrefixChains, TraceColumns } from "../schema/traceColumns.ts";
import { PrefixCache } from "../serving/kvCache/prefixCache.ts";
import { InputError, InvariantError } from "../units/errors.ts";
import { coveredIdTokens } from "../workload/coveredIds.ts";

/** The cache that the prompts are put through. */
export interface PrefixReuseOptions {
  /** Blocks kept between requests, a whole number from 1 on, or Infinity. Beyond it the least recently used go first, a prompt's end before its beginning. */
  readonly capacityBlocks: number;
  /** Tokens of an engine block; it divides the tokens of every id. Undefined: each id of the trace is a block, also the partly filled last one of a prompt. */
  readonly blockTokens?: number;
}

/** What was found. Counts are sums over all requests; shares are 0..1, undefined where there is nothing to share. */
export interface PrefixReuse {
  readonly capacityBlocks: number;
  readonly blockTokens: number | undefined;
  readonly requests: number;
  /** Requests of whose prompt at least one block was found. */
  readonly requestsWithHit: number;
  readonly promptTokens: number;
  readonly foundTokens: number;
  /** Blocks that the prompts take, the last one of each counted whole. */
  readonly promptBlocks: number;
  readonly foundBlocks: number;
  readonly tokenShare: number | undefined;
  readonly blockShare: number | undefined;
  /** The most blocks kept after any request: the capacity beyond which nothing more is found. */
  readonly mostBlocksKept: number;
  readonly evictedBlocks: number;
}

/** The prompts as the cache is asked about them; lengths in the unit of `chains.idTokens`. */
interface PromptView {
  readonly chains: PrefixChains;
  readonly unitsPerBlock: number;
  /** Length of a request's prompt. */
  lengthOf(request: number): number;
  /** Length that must be computed where nothing is cached, as given to match(), which leaves its last unit out. */
  neededOf(request: number): number;
  blocksOf(request: number): number;
  /** Prompt tokens in the first `blocks` blocks of a request. */
  tokensIn(request: number, blocks: number): number;
}

/**
 * Puts every prompt, by arrival, through a prefix cache that serves one request at a time: each finds what earlier ones
 * left, is computed, and leaves. By ids of the trace everything that was seen before is found. By engine blocks only
 * whole blocks are, and a prompt's last token is computed in any case. Throws InputError for a trace without ids, a
 * capacity that is none, and a block that does not divide the ids.
 */
export function analysePrefixReuse(
  columns: TraceColumns,
  options: PrefixReuseOptions,
): PrefixReuse {
  const chains = requireChains(columns);
  checkCapacity(options.capacityBlocks);
  const view =
    options.blockTokens === undefined
      ? viewByIds(columns, chains)
      : viewByEngineBlocks(columns, chains, options.blockTokens);
  return replay(columns, view, options);
}

function requireChains({ prefix }: TraceColumns): PrefixChains {
  if (prefix !== undefined) return prefix;
  throw new InputError(
    "The trace says nothing about what its prompts share. Wanted ids of prompt blocks on its rows (hash_ids, as in Mooncake and Bailian traces); take such a trace.",
    { field: "hash_ids" },
  );
}

function checkCapacity(capacityBlocks: number): void {
  if (capacityBlocks === Infinity) return;
  if (Number.isSafeInteger(capacityBlocks) && capacityBlocks >= 1) return;
  throw new InputError(
    `A cache of ${capacityBlocks} blocks cannot be. Wanted a whole number from 1 on; or leave the limit out.`,
    { field: "capacityBlocks" },
  );
}

/** One block for each id. One unit is asked for beyond the prompt, so that its last block may be found. */
function viewByIds(columns: TraceColumns, chains: PrefixChains): PromptView {
  const { offsets, ids } = chains;
  const lengthOf = (request: number) => offsets[request + 1] - offsets[request];
  return {
    chains: { offsets, ids, idTokens: new Int32Array(chains.idTokens.length).fill(1) },
    unitsPerBlock: 1,
    lengthOf,
    neededOf: (request) => lengthOf(request) + 1,
    blocksOf: lengthOf,
    tokensIn(request, blocks) {
      let tokens = 0;
      const end = offsets[request] + blocks;
      for (let at = offsets[request]; at < end; at++) tokens += chains.idTokens[ids[at]];
      return Math.min(tokens, columns.promptTokens[request]);
    },
  };
}

function viewByEngineBlocks(
  columns: TraceColumns,
  chains: PrefixChains,
  blockTokens: number,
): PromptView {
  checkBlock(blockTokens, chains.idTokens);
  const { promptTokens } = columns;
  return {
    chains: { ...chains, idTokens: coveredIdTokens(columns.promptTokens, chains) },
    unitsPerBlock: blockTokens,
    lengthOf: (request) => promptTokens[request],
    neededOf: (request) => promptTokens[request],
    blocksOf: (request) => Math.ceil(promptTokens[request] / blockTokens),
    tokensIn: (_, blocks) => blocks * blockTokens,
  };
}

function checkBlock(blockTokens: number, idTokens: Int32Array): void {
  const isWhole = Number.isSafeInteger(blockTokens) && blockTokens >= 1;
  const odd = idTokens.find((tokens) => tokens % blockTokens !== 0);
  if (isWhole && odd === undefined) return;
  throw new InputError(
    `An engine block of ${blockTokens} tokens does not divide the ${odd ?? idTokens[0]} tokens of the trace's ids. Wanted a divisor, as 16 is of 512; with another one, blocks and ids share no bounds.`,
    { field: "blockTokens" },
  );
}

/** Matches, acquires, computes and releases each prompt, then evicts what is beyond the capacity. */
function replay(columns: TraceColumns, view: PromptView, options: PrefixReuseOptions): PrefixReuse {
  const { capacityBlocks, blockTokens } = options;
  const cache = new PrefixCache(view.chains, view.unitsPerBlock);
  const sums = { hits: 0, promptTokens: 0, foundTokens: 0, promptBlocks: 0, foundBlocks: 0 };
  let mostBlocksKept = 0;
  let evictedBlocks = 0;
  for (let request = 0; request < columns.count; request++) {
    const found = admitAndLeave(cache, view, request);
    if (found > 0) sums.hits++;
    sums.foundBlocks += found;
    sums.foundTokens += view.tokensIn(request, found);
    sums.promptBlocks += view.blocksOf(request);
    sums.promptTokens += columns.promptTokens[request];
    const excess = Math.max(0, cache.evictableBlocks - capacityBlocks);
    cache.evict(excess);
    evictedBlocks += excess;
    mostBlocksKept = Math.max(mostBlocksKept, cache.evictableBlocks);
  }
  checkKept(cache);
  return {
    capacityBlocks,
    blockTokens,
    requests: columns.count,
    requestsWithHit: sums.hits,
    promptTokens: sums.promptTokens,
    foundTokens: sums.foundTokens,
    promptBlocks: sums.promptBlocks,
    foundBlocks: sums.foundBlocks,
    tokenShare: shareOf(sums.foundTokens, sums.promptTokens),
    blockShare: shareOf(sums.foundBlocks, sums.promptBlocks),
    mostBlocksKept,
    evictedBlocks,
  };
}

/** One request from admission to its end; the blocks found. */
function admitAndLeave(cache: PrefixCache, view: PromptView, request: number): number {
  const length = view.lengthOf(request);
  const plan = cache.match(request, length, view.neededOf(request));
  const { matchedBlocks } = plan;
  const held = cache.acquire(request, length, plan);
  cache.publish(request, held, length, length);
  cache.release(request, held);
  return matchedBlocks;
}

/** With no request inside, every block of the cache can be evicted. */
function checkKept(cache: PrefixCache): void {
  const inNodes = cache.countNodeBlocks();
  if (inNodes === cache.evictableBlocks) return;
  throw new InvariantError(
    `The prefix cache holds ${inNodes} blocks and calls ${cache.evictableBlocks} of them evictable, with no request inside.`,
  );
}

function shareOf(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}
