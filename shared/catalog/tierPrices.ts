/** Prices of one context tier of a rate card. */
import type { RateCard } from "../schema/catalog.ts";

/** USD per million tokens of each kind. */
export interface TierPrices {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
}

/**
 * USD per million tokens in one context tier (0 is the base). Cached tokens without a price of their own cost as input.
 * A tier's cache write keeps the base card's ratio to input, as providers quote it as a multiple of the input price.
 */
export function tierPrices(card: RateCard, tier: number): TierPrices {
  const base = card.cacheWriteUsdPerMTok ?? card.inputUsdPerMTok;
  const prices = tier === 0 ? card : card.contextTiers![tier - 1];
  const input = prices.inputUsdPerMTok;
  return {
    input,
    cached: prices.cachedInputUsdPerMTok ?? input,
    cacheWrite:
      tier === 0 || card.inputUsdPerMTok === 0 ? base : (base * input) / card.inputUsdPerMTok,
    output: prices.outputUsdPerMTok,
  };
}
