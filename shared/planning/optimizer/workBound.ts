/**
 * A lower bound on the time that requests keep a replica busy, whatever the schedule: no order, no batching and no luck can
 * do the work of an iteration in less than the iteration takes, so a linear function of an iteration's work that never exceeds
 * its time, summed over requests, never exceeds the time of all iterations that served them.
 */
import { type IterationTimes, ticksPerNs } from "../../serving/executionTime/iterationTimes.ts";

/** Nanoseconds of busy time that each unit of work takes at least. */
export interface WorkRates {
  readonly perPrefillTokenNs: number;
  /** Per output token after the first. */
  readonly perDecodeTokenNs: number;
  /** Per decode token and token of its context. */
  readonly perContextTokenNs: number;
  /** Per attention pair of prefill. */
  readonly perPairNs: number;
  readonly perPromptNs: number;
}

/** Work of one request on a replica. */
export interface RequestWork {
  readonly prefillTokens: number;
  readonly decodeTokens: number;
  readonly contextTokens: number;
  readonly pairs: number;
}

/** Sums of work, to which the rates are fitted: any rates are valid for any work, these are the tightest for theirs. */
export type WorkSums = Pick<RequestWork, "prefillTokens" | "decodeTokens">;

/** Batch sizes at which times are looked up: all up to 256, then 1 % apart. Between two of them the time is at least that of the smaller one, for it never falls. */
function sizesUpTo(most: number): number[] {
  const sizes: number[] = [];
  for (let size = 1; size <= most; size = size < 256 ? size + 1 : Math.ceil(size * 1.01)) {
    sizes.push(size);
  }
  return sizes;
}

const trials = 17;

/**
 * The rates for a replica. An iteration of p prefill tokens and n > 0 decodes takes A(p + n) + a p + H(n), A and H never
 * falling; for every b up to the least A(k) / k, the rate a + b for prefill and b + min over n of (min over k >= n of
 * (A(k) - b k) + H(n)) / n for decode never exceed it. The b that gives `sums` the most is chosen.
 */
export function workRates(
  times: IterationTimes,
  limits: { readonly maxNumSeqs: number; readonly maxNumBatchedTokens: number },
  sums: WorkSums,
): WorkRates {
  const { parts } = times;
  const sizes = sizesUpTo(Math.max(limits.maxNumBatchedTokens, limits.maxNumSeqs));
  const spent = sizes.map((size) => parts.ofTokens(size) + parts.fixedS);
  const ends = sizes.map((size, at) => (at + 1 < sizes.length ? sizes[at + 1] - 1 : size));
  const last = Math.max(limits.maxNumBatchedTokens, limits.maxNumSeqs);
  ends[ends.length - 1] = last;
  const steepest = Math.min(...spent.map((seconds, at) => seconds / ends[at]));
  const decodeAt = (slope: number): number => {
    let least = Infinity;
    let rate = Infinity;
    for (let at = sizes.length - 1; at >= 0; at--) {
      least = Math.min(least, spent[at] - slope * ends[at]);
      const decodes = Math.min(ends[at], limits.maxNumSeqs);
      if (sizes[at] > limits.maxNumSeqs) continue;
      const own = parts.ofHeadRows(sizes[at]) + (parts.withDecodesS ?? 0);
      rate = Math.min(rate, (least + own) / decodes);
    }
    return slope + rate + parts.perDecodeS;
  };
  let best = { slope: 0, decode: decodeAt(0) };
  const worth = (slope: number, decode: number): number =>
    slope * sums.prefillTokens + decode * sums.decodeTokens;
  for (let trial = 1; trial < trials; trial++) {
    const slope = (steepest * trial) / (trials - 1);
    const decode = decodeAt(slope);
    if (worth(slope, decode) > worth(best.slope, best.decode)) best = { slope, decode };
  }
  return {
    perPrefillTokenNs: (best.slope + parts.perPrefillTokenS) * 1e9 * safe,
    perDecodeTokenNs: best.decode * 1e9 * safe,
    perContextTokenNs: (times.contextTicks / ticksPerNs) * safe,
    perPairNs: parts.perAttentionPairS * 1e9 * safe,
    perPromptNs: parts.perFinishingPromptS * 1e9 * safe,
  };
}

/** Room for the rounding of ticks and of sums. */
const safe = 1 - 1e-6;

/** Nanoseconds that a request's work takes at least. */
export function leastBusyNs(work: RequestWork, rates: WorkRates): number {
  return (
    work.prefillTokens * rates.perPrefillTokenNs +
    work.decodeTokens * rates.perDecodeTokenNs +
    work.contextTokens * rates.perContextTokenNs +
    work.pairs * rates.perPairNs +
    rates.perPromptNs
  );
}

/** The work of a request without queueing, preemption or luck: its output ends at the context's limit; where prompts may be found in a prefix cache only the last token is sure to be computed. */
export function requestWork(
  promptTokens: number,
  outputTokens: number,
  maxModelLen: number,
  mayHitPrefix: boolean,
): RequestWork {
  const output = Math.min(outputTokens, maxModelLen - promptTokens);
  const decodeTokens = Math.max(0, output - 1);
  return {
    prefillTokens: mayHitPrefix ? Math.min(1, promptTokens) : promptTokens,
    decodeTokens,
    contextTokens: decodeTokens * promptTokens + (decodeTokens * (decodeTokens + 1)) / 2,
    pairs: mayHitPrefix ? Math.max(0, promptTokens - 0.5) : (promptTokens * promptTokens) / 2,
  };
}
