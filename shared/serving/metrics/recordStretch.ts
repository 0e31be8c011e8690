/** Books a finished stretch of iterations into the pool's usage windows. */
import type { Stretch } from "../scheduler/stretch.ts";
import type { UsageRecorder } from "./usageRecorder.ts";

/** The prefill part of a batch; zero in decode-only stretches. */
export interface PrefillBatch {
  tokens: number;
  /** Twice the attention pairs. */
  pairs2: number;
  /** Prompts that finish in the iteration. */
  finishing: number;
}

/** Range of work to which the time model was fitted. */
export interface FittedRange {
  readonly fittedPrefillTokens: number;
  readonly fittedMeanContext: number;
  readonly fittedBatch: number;
}

/** Books what a stretch of `decodes` sequences with context sum `context` computed; each iteration counts in the window in which it ends. */
export function recordStretch(
  usage: UsageRecorder,
  stretch: Stretch,
  endNs: number,
  decodes: number,
  context: number,
  batch: PrefillBatch,
  range: FittedRange,
): void {
  const { planned } = stretch;
  const last = usage.windowOf(endNs);
  let window = planned > 1 ? usage.windowOf(stretch.boundaryNs(1)) : last;
  let done = 0;
  while (done < planned) {
    const upTo =
      window === last ? planned : stretch.iterationsEndingBy(usage.endOf(window) + 1) - 1;
    const count = upTo - done;
    if (count > 0) {
      usage.addDecodes(window, count, decodes, context + decodes * done);
      const beyond = countExtrapolated(count, decodes, context + decodes * done, batch, range);
      if (beyond > 0) usage.addExtrapolated(window, beyond);
    }
    done = upTo;
    window++;
  }
  if (batch.tokens > 0) usage.addPrefill(last, batch.tokens, batch.pairs2, batch.finishing);
}

/** Iterations of `count` that lie outside the fitted range: too many prefill tokens, too wide a batch, too long a mean context. */
function countExtrapolated(
  count: number,
  decodes: number,
  context: number,
  batch: PrefillBatch,
  range: FittedRange,
): number {
  if (decodes > range.fittedBatch || batch.tokens > range.fittedPrefillTokens) return count;
  const limit = range.fittedMeanContext * decodes;
  if (context + decodes * (count - 1) <= limit) return 0;
  const within = context > limit ? 0 : Math.floor((limit - context) / decodes) + 1;
  return count - within;
}
