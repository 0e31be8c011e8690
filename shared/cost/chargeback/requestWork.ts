/** How much of a pool's GPU time each request's work is worth, by the pool's own time model. */
import { usageField } from "../../serving/metrics/usageRecorder.ts";
import type { PoolRuntime } from "../../serving/poolRuntime.ts";
import type { RequestTable } from "../../serving/requestTable.ts";

/** Prices of a pool's work in ticks of its time model. Only their proportions matter: the time that was paid for is divided by them. */
export interface WorkPrices {
  /** Per prompt token that was computed, at a full chunk of the engine. */
  readonly prefillToken: number;
  /** Per twice an attention pair of prefill. */
  readonly pair2: number;
  /** Per output token after the first: its part of a decode iteration at the pool's mean batch. */
  readonly decodeStep: number;
  /** Per token of context that a decode step reads. */
  readonly contextToken: number;
}

/** The prices of a pool that has run. */
export function workPrices({ config, usage }: PoolRuntime): WorkPrices {
  const { times, maxNumBatchedTokens: chunk, maxNumSeqs } = config;
  const plain = times.mixedTicks(chunk, 0, 1, 0);
  const steps = usage.total(usageField.decodeTokens);
  const meanBatch = Math.round(steps / Math.max(1, usage.total(usageField.iterations)));
  const batch = Math.min(Math.max(1, meanBatch), maxNumSeqs);
  return {
    prefillToken: plain / chunk,
    pair2: (times.mixedTicks(chunk, 0, 1, chunk * chunk) - plain) / (chunk * chunk),
    decodeStep: times.decodeTicks(batch) / batch,
    contextToken: times.contextTicks,
  };
}

/**
 * Work of a request that a pool has admitted, in ticks: its prompt without what the prefix cache had, and one step for each
 * output token after the first with the context that it reads. What preemption computed again is not in it; a prompt counts
 * whole also where its request was aborted or cut off by the end of the run.
 */
export function requestWork(table: RequestTable, request: number, prices: WorkPrices): number {
  const prompt = table.promptTokens[request];
  const cached = table.cachedTokens[request];
  const steps = Math.max(0, table.generated[request] - 1);
  const context = steps * prompt + (steps * (steps + 1)) / 2;
  return (
    (prompt - cached) * prices.prefillToken +
    (prompt * prompt - cached * cached) * prices.pair2 +
    steps * prices.decodeStep +
    context * prices.contextToken
  );
}
