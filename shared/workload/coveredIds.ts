/** How many tokens the ids of prompts really cover, which decides what a cache can share of them. */
import type { PrefixChains } from "../schema/traceColumns.ts";

/**
 * Prompt tokens that each id covers: the most in any of the prompts, 0 for an id in none. An id that only ever ends prompts covers
 * less than its trace's block; a cache that waited for the whole block would never share it.
 */
export function coveredIdTokens(promptTokens: Int32Array, chains: PrefixChains): Int32Array {
  const { offsets, ids, idTokens } = chains;
  const covered = new Int32Array(idTokens.length);
  for (let request = 0; request < promptTokens.length; request++) {
    let left = promptTokens[request];
    for (let at = offsets[request]; at < offsets[request + 1] && left > 0; at++) {
      const tokens = Math.min(left, idTokens[ids[at]]);
      if (tokens > covered[ids[at]]) covered[ids[at]] = tokens;
      left -= tokens;
    }
  }
  return covered;
}
