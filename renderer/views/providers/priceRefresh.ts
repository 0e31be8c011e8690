/** Prices of a file held against those of the scenario: what would change, and the change itself. */
import type { PriceFileReply } from "../../../shared/contract/priceMethods.ts";
import { formatUsdCents } from "../../../shared/reports/formatters.ts";
import type { GpuOffer } from "../../../shared/schema/catalog.ts";
import type { Provenance } from "../../../shared/schema/common.ts";
import type { Draft } from "../../components/editing.tsx";
import { fromOffer, offerOf } from "../fleet/gpuOffers.ts";
import { partitionsOf, poolsOf } from "../fleet/poolEdits.ts";
import {
  joinHistory,
  type PriceDifference,
  priceDifferences,
  priceNames,
  pricesAsOf,
  withoutHandChange,
} from "./priceDifferences.ts";
import { type ProviderInput, priceText, providersOf } from "./providerEdits.ts";
import {
  longPrompts,
  type TierDifference,
  tierDifferences,
  tierName,
  tierPriceText,
  withTier,
} from "./tierDifferences.ts";

export type FilePrice = PriceFileReply["models"][number];

/** A provider of the scenario and what the file says of it. */
export interface ProviderRefresh {
  readonly kind: "provider";
  readonly index: number;
  readonly id: string;
  /** The entry of the file; undefined where it has none. */
  readonly entry: FilePrice | undefined;
  readonly differences: readonly PriceDifference[];
  /** Prices for long prompts that differ; none where the file has none. */
  readonly tiers: readonly TierDifference[];
}

/** A pool or partition whose GPU price was copied from an offer that the file has too. */
export interface OfferRefresh {
  readonly kind: "pool" | "partition";
  readonly index: number;
  readonly id: string;
  readonly offer: GpuOffer;
  readonly own: number;
}

/** A name without what spellings differ in: "claude-sonnet-4.6" and "Claude Sonnet 4-6" are the same. */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** The file's entry for a provider: of its id, of its model, of its name; in that order. */
export function entryFor(
  models: readonly FilePrice[],
  { id, model, name }: ProviderInput,
): FilePrice | undefined {
  const wanted = [id, model, name].map(plainName);
  for (const each of wanted) {
    const found =
      models.find((entry) => plainName(entry.id) === each) ??
      models.find((entry) => plainName(entry.model) === each);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Prices that a file has: a price that it does not name stays as it is. */
function known(provider: ProviderInput, entry: FilePrice): readonly PriceDifference[] {
  return priceDifferences(provider.price, entry.price).filter(({ other }) => other !== undefined);
}

/** What a file would change of each provider, in the scenario's order. */
export function providerRefreshes(input: Draft, file: PriceFileReply): ProviderRefresh[] {
  return (input.providers ?? []).map((provider, index) => {
    const entry = entryFor(file.models, provider);
    const tiers = entry?.price.contextTiers;
    return {
      ...{ kind: "provider", index, id: provider.id, entry },
      differences: entry === undefined ? [] : known(provider, entry),
      tiers: tiers === undefined ? [] : tierDifferences(provider.price.contextTiers ?? [], tiers),
    };
  });
}

/** What a file would change of GPU prices: those whose offer it has, at another price. */
export function offerRefreshes(input: Draft, file: PriceFileReply): OfferRefresh[] {
  const find = (kind: OfferRefresh["kind"], list: Draft["pools"] | Draft["partitions"]) =>
    (list ?? []).flatMap(({ id, gpu, price }, index) => {
      if (price === undefined) return [];
      const offer = offerOf(
        file.offers.filter((each) => each.gpu === gpu),
        price,
      );
      if (offer === undefined || offer.usdPerGpuHour === price.usdPerGpuHour) return [];
      return [{ kind, index, id, offer, own: price.usdPerGpuHour }];
    });
  return [...find("pool", input.pools), ...find("partition", input.partitions)];
}

/** Whether the file would change anything of a provider. */
export function isChange({ differences, tiers }: ProviderRefresh): boolean {
  return differences.length > 0 || tiers.length > 0;
}

/** What stood before, as an entry of the history, dated as the prices that replace it. */
function replacedEntry(fileName: string, before: readonly string[], asOf: string): Provenance {
  return {
    source: `Refreshed from ${fileName}`,
    ...{ retrievedOn: asOf, basis: "list price", note: `${before.join("; ")} before.` },
  };
}

function replacedPrices({ differences, tiers }: ProviderRefresh): string[] {
  return [
    ...differences.map(({ field, own }) => `${priceNames[field]}: ${priceText(field, own)}`),
    ...tiers.map((each) => {
      const was =
        each.kind === "price"
          ? priceText(each.field, each.own)
          : each.kind === "gone"
            ? tierPriceText(each.tier)
            : "none";
      return `${tierName(each)}: ${was}`;
    }),
  ];
}

function takeProvider(draft: Draft, refresh: ProviderRefresh, fileName: string): void {
  const { index, entry, differences, tiers } = refresh;
  if (entry === undefined) return;
  const { price } = providersOf(draft)[index];
  for (const { field, other } of differences) price[field] = other!;
  const nextTiers = tiers.reduce(withTier, [...(price.contextTiers ?? [])]);
  if (nextTiers.length > 0) price.contextTiers = nextTiers;
  else delete price.contextTiers;
  const { provenance } = entry.price;
  const asOf = pricesAsOf(provenance) ?? "";
  const replaced = replacedEntry(fileName, replacedPrices(refresh), asOf);
  // What was typed and is now replaced stands in the entry of the refresh.
  const names = [
    ...differences.map(({ field }) => priceNames[field]),
    ...(tiers.length > 0 ? [longPrompts] : []),
  ];
  const kept = names.reduce(withoutHandChange, price.provenance);
  price.provenance = joinHistory(kept, [replaced, ...provenance]);
}

function takeOffer(draft: Draft, refresh: OfferRefresh, fileName: string): void {
  const { kind, index, offer, own } = refresh;
  const part = kind === "pool" ? poolsOf(draft)[index] : partitionsOf(draft)[index];
  const next = fromOffer(offer, part.price);
  const asOf = pricesAsOf(offer.provenance) ?? "";
  const replaced = replacedEntry(fileName, [`GPU hour: $${formatUsdCents(own)}`], asOf);
  part.price = { ...next, provenance: joinHistory([replaced], next.provenance) };
}

/** Takes the file's prices for the providers and GPUs named; what they replace and their sources are put behind the history. */
export function applyRefresh(
  draft: Draft,
  providers: readonly ProviderRefresh[],
  offers: readonly OfferRefresh[],
  fileName: string,
): void {
  for (const each of providers) takeProvider(draft, each, fileName);
  for (const each of offers) takeOffer(draft, each, fileName);
}
