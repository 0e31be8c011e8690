/** API bills: tokens by kind and context tier at the provider's prices. */
import { tierPrices } from "../catalog/tierPrices.ts";
import type { Provider } from "../schema/routing.ts";
import { billField, billFieldCount } from "../serving/api/provider.ts";
import { InvariantError } from "../units/errors.ts";
import { tokensPerMTok } from "../units/units.ts";
import { type CostFacts, factsOf, type ProviderFacts } from "./costFacts.ts";
import type { ClassApiCost, CostItem, CostLineKind } from "./costReport.ts";

/** Kinds of billed tokens, in the order of the lines. */
const tokenKinds = ["input", "cached", "cacheWrite", "output"] as const;
type TokenKind = (typeof tokenKinds)[number];

const lineKinds: Readonly<Record<Provider["api"], Readonly<Record<TokenKind, CostLineKind>>>> = {
  realTime: {
    input: "apiInput",
    cached: "apiCached",
    cacheWrite: "apiCacheWrite",
    output: "apiOutput",
  },
  batch: {
    input: "apiBatchInput",
    cached: "apiBatchCached",
    cacheWrite: "apiBatchCacheWrite",
    output: "apiBatchOutput",
  },
};

const kindLabels: Readonly<Record<TokenKind, string>> = {
  input: "input",
  cached: "cached input",
  cacheWrite: "cache write",
  output: "output",
};

/** Lines of every provider: input and output of the base tier always, the others where tokens were billed. */
export function apiItems(facts: CostFacts): CostItem[] {
  return facts.scenario.providers.flatMap((provider) =>
    providerItems(provider, factsOf(facts.providers, provider.id)),
  );
}

/** API cost of each class over the horizon and a month. */
export function apiCostByClass(facts: CostFacts, monthFactor: number): ClassApiCost[] {
  return facts.scenario.traffic.classes.map(({ id }, classIndex) => {
    let horizonUsd = 0;
    for (const provider of facts.scenario.providers) {
      horizonUsd += apiClassUsd(provider, factsOf(facts.providers, provider.id), classIndex);
    }
    return { class: id, horizonUsd, monthUsd: horizonUsd * monthFactor };
  });
}

/** What a class cost at a provider over the horizon, USD. */
export function apiClassUsd(provider: Provider, facts: ProviderFacts, classIndex: number): number {
  let usd = 0;
  for (let tier = 0; tier < facts.tierCount; tier++) {
    const prices = tierPrices(provider.price, tier);
    const at = (classIndex * facts.tierCount + tier) * billFieldCount;
    for (const kind of tokenKinds) {
      usd += mTok(provider, facts.bill[at + billField[kind]]) * prices[kind];
    }
  }
  return usd * discountFactor(provider);
}

function providerItems(provider: Provider, facts: ProviderFacts): CostItem[] {
  const tiers = 1 + (provider.price.contextTiers?.length ?? 0);
  if (facts.tierCount !== tiers) {
    throw new InvariantError(
      `bill of "${provider.id}" with ${facts.tierCount} tiers; its rate card has ${tiers}`,
    );
  }
  return Array.from({ length: tiers }, (_, tier) => tierItems(provider, facts, tier)).flat();
}

function tierItems(provider: Provider, facts: ProviderFacts, tier: number): CostItem[] {
  const prices = tierPrices(provider.price, tier);
  const sums = tokenKinds.map((kind) => sumOf(facts, tier, kind));
  return tokenKinds
    .map((kind, index) => ({
      id: `${lineKinds[provider.api][kind]}:provider:${provider.id}:tier${tier}`,
      kind: lineKinds[provider.api][kind],
      label: itemLabel(provider, kind, tier),
      subjectKind: "provider" as const,
      subject: provider.id,
      quantity: mTok(provider, sums[index]),
      unit: "M tokens" as const,
      priceUsd: prices[kind] * discountFactor(provider),
      provenance: provider.price.provenance,
    }))
    .filter(({ quantity }, index) => quantity > 0 || (tier === 0 && index % 3 === 0));
}

function itemLabel(provider: Provider, kind: TokenKind, tier: number): string {
  const { api, name, price } = provider;
  const off = price.batchDiscount;
  const discount = off === undefined ? "at full price" : `${Math.round(off * 100)} % off`;
  const batch = api === "batch" ? `, batch API ${discount}` : "";
  const above =
    tier === 0 ? "" : `, prompts above ${price.contextTiers![tier - 1].abovePromptTokens} tokens`;
  return `${name}, ${kindLabels[kind]}${above}${batch}`;
}

/** Tokens of one kind and tier over all classes. */
function sumOf(facts: ProviderFacts, tier: number, kind: TokenKind): number {
  const stride = facts.tierCount * billFieldCount;
  let sum = 0;
  for (let at = tier * billFieldCount; at < facts.bill.length; at += stride) {
    sum += facts.bill[at + billField[kind]];
  }
  return sum;
}

/** Millions of the provider's tokens. */
function mTok(provider: Provider, tokens: number): number {
  return (tokens * provider.tokenizerFactor) / tokensPerMTok;
}

/** The batch discount holds for every kind of token; without one the batch API costs the full price. */
function discountFactor({ api, price }: Provider): number {
  return api === "batch" ? 1 - (price.batchDiscount ?? 0) : 1;
}
