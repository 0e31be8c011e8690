/** The work of one iteration of a steps file: what its columns mean to the time model. */
import type { IterationWork } from "./iterationWork.ts";

/** One iteration as a steps file describes it. */
export interface Step {
  readonly prefillTokens: number;
  readonly decodeSequences: number;
  /** Context of each decode sequence, and the length of the prompts that the prefill tokens belong to; tokens. 0 where the prefill tokens are one whole prompt. */
  readonly contextTokens: number;
}

/** Work of a step. Prefill tokens are the average chunk of prompts of `contextTokens`: half a prompt of pairs each, and a share of the iterations finishes a prompt. */
export function workOfStep({ prefillTokens, decodeSequences, contextTokens }: Step): IterationWork {
  const promptTokens = contextTokens > 0 ? contextTokens : prefillTokens;
  const finishing = prefillTokens > 0 ? prefillTokens / promptTokens : 0;
  return {
    prefillTokens,
    decodeSequences,
    contextTokens: decodeSequences * contextTokens,
    attentionPairs: (prefillTokens * promptTokens) / 2,
    headRows: decodeSequences + finishing,
    finishingShare: Math.min(1, finishing),
  };
}
