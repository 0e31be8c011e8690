/** GPU offers of the catalog held against the price that a pool has. */
import type { Catalog } from "../../../shared/catalog/catalog.ts";
import { formatUsdCents } from "../../../shared/reports/formatters.ts";
import type { GpuOffer } from "../../../shared/schema/catalog.ts";
import type { Draft } from "../../components/editing.tsx";
import { afterHandChange, handSource, joinHistory } from "../providers/priceDifferences.ts";
import type { PoolInput } from "./poolEdits.ts";

export type GpuPrice = NonNullable<PoolInput["price"]>;

/** Offers of a GPU, cheapest first. */
export function offersOf(catalog: Catalog, gpu: string): GpuOffer[] {
  return catalog.offers
    .filter((offer) => offer.gpu === gpu)
    .sort((a, b) => a.usdPerGpuHour - b.usdPerGpuHour);
}

/** The offer from which a price was copied: one of its sources is the price's. Undefined for a price from elsewhere. */
export function offerOf(offers: readonly GpuOffer[], price: GpuPrice): GpuOffer | undefined {
  const newestFirst = [...price.provenance].reverse().filter(({ source }) => source !== handSource);
  for (const entry of newestFirst) {
    const found = offers.filter((offer) =>
      offer.provenance.some(({ source, note }) => source === entry.source && note === entry.note),
    );
    if (found.length > 0) {
      return found.find(({ usdPerGpuHour }) => usdPerGpuHour === price.usdPerGpuHour) ?? found[0];
    }
  }
  return undefined;
}

/** A price as the offer has it; the history of the price before stays behind it. */
export function fromOffer(offer: GpuOffer, before?: GpuPrice): GpuPrice {
  const kept = (before?.provenance ?? []).filter(({ source }) => source !== handSource);
  const others = kept.filter(
    (each) =>
      !offer.provenance.some(({ note, source }) => source === each.source && note === each.note),
  );
  return {
    usdPerGpuHour: offer.usdPerGpuHour,
    provenance: joinHistory(others, offer.provenance),
  };
}

/** A price changed by hand; what stood before is in its history. */
export function byHand(price: GpuPrice, usdPerGpuHour: number, day: string): GpuPrice {
  const before = `$${formatUsdCents(price.usdPerGpuHour)}`;
  return {
    usdPerGpuHour,
    provenance: afterHandChange(price.provenance, "GPU hour", before, day),
  };
}

/** Rent of the scenario's GPUs for a month of always-on hours. */
export function monthRentUsd(input: Draft, usdPerGpuHour: number, gpus: number): number {
  return (input.monthHours ?? 730) * usdPerGpuHour * gpus;
}
