/** Prices of a file held against those of the scenario: what would change, and the change itself. */
import type { PriceFileReply } from "../../../shared/contract/priceMethods.ts";
import type { GpuOffer } from "../../../shared/schema/catalog.ts";
import type { Draft } from "../../components/editing.tsx";
import { fromOffer, offerOf } from "../fleet/gpuOffers.ts";
import { partitionsOf, poolsOf } from "../fleet/poolEdits.ts";
import {
  handSource,
  joinHistory,
  type PriceDifference,
  priceDifferences,
} from "./priceDifferences.ts";
import { type ProviderInput, providersOf } from "./providerEdits.ts";

export type FilePrice = PriceFileReply["models"][number];

/** A provider of the scenario and what the file says of it. */
export interface ProviderRefresh {
  readonly kind: "provider";
  readonly index: number;
  readonly id: string;
  /** The entry of the file; undefined where it has none. */
  readonly entry: FilePrice | undefined;
  readonly differences: readonly PriceDifference[];
  /** Whether prices for long prompts differ. */
  readonly hasOtherTiers: boolean;
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
      hasOtherTiers:
        tiers !== undefined &&
        JSON.stringify(tiers) !== JSON.stringify(provider.price.contextTiers ?? []),
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
export function isChange({ differences, hasOtherTiers }: ProviderRefresh): boolean {
  return differences.length > 0 || hasOtherTiers;
}

/** Takes the file's prices for the providers and GPUs named; sources are put behind the history. */
export function applyRefresh(
  draft: Draft,
  providers: readonly ProviderRefresh[],
  offers: readonly OfferRefresh[],
): void {
  for (const { index, entry, differences, hasOtherTiers } of providers) {
    if (entry === undefined) continue;
    const { price } = providersOf(draft)[index];
    for (const { field, other } of differences) price[field] = other!;
    if (hasOtherTiers) price.contextTiers = entry.price.contextTiers;
    const kept = price.provenance.filter(({ source }) => source !== handSource);
    price.provenance = joinHistory(kept, entry.price.provenance);
  }
  for (const { kind, index, offer } of offers) {
    const part = kind === "pool" ? poolsOf(draft)[index] : partitionsOf(draft)[index];
    part.price = fromOffer(offer, part.price);
  }
}
