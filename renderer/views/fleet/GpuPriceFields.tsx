/** What a GPU hour costs: an offer of the catalog, or a price of one's own, with its sources and how far it is from the offer. */
import { Button } from "react-aria-components";
import { formatUsd, formatUsdCents } from "../../../shared/reports/formatters.ts";
import type { GpuOffer } from "../../../shared/schema/catalog.ts";
import { DataTable } from "../../components/DataTable.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { More } from "../../components/More.tsx";
import { ProvenanceList } from "../../components/Provenance.tsx";
import { shortSource } from "../../components/shortSource.ts";
import { today } from "../../components/today.ts";
import { useCatalog } from "../../components/useCatalog.ts";
import { differenceText, pricesAsOf } from "../providers/priceDifferences.ts";
import { byHand, fromOffer, type GpuPrice, offerOf, offersOf } from "./gpuOffers.ts";

interface GpuPriceFieldsProps {
  readonly gpu: string;
  readonly price: GpuPrice | undefined;
  readonly field: string;
  /** Puts another price in place; a key joins what is typed in a row. */
  change(what: string, price: (before: GpuPrice | undefined) => GpuPrice, key?: string): void;
}

const noPrice: GpuPrice = { usdPerGpuHour: 0, provenance: [] };

/** A price held against its offer: same, or by how much it differs, with the way back. */
function AgainstOffer({ gpu, price, change }: Omit<GpuPriceFieldsProps, "field">) {
  const offers = offersOf(useCatalog(), gpu);
  const offer = price === undefined ? undefined : offerOf(offers, price);
  if (price === undefined || offer === undefined) return null;
  if (offer.usdPerGpuHour === price.usdPerGpuHour) return null;
  const relative = (price.usdPerGpuHour - offer.usdPerGpuHour) / offer.usdPerGpuHour;
  return (
    <p className="override">
      <span className="override-mark">changed</span> The catalog has $
      {formatUsdCents(offer.usdPerGpuHour)} ({differenceText(relative)}).{" "}
      <Button
        className="link"
        onPress={() => change("back to the offer", (b) => fromOffer(offer, b))}
      >
        Back to the catalog's price
      </Button>
    </p>
  );
}

/** What the catalog's sources ask for an hour of the GPU, against the price here. */
function OfferTable({
  offers,
  own,
}: {
  readonly offers: readonly GpuOffer[];
  readonly own: number;
}) {
  return (
    <DataTable
      caption="Offers of this GPU"
      columns={[
        { heading: "Offer" },
        { heading: "$ per GPU hour", isFigure: true },
        { heading: "Against this price", isFigure: true },
        { heading: "Source" },
      ]}
      rows={offers.map(({ name, usdPerGpuHour, provenance }) => [
        name,
        formatUsdCents(usdPerGpuHour),
        own === 0 ? "-" : (differenceText((usdPerGpuHour - own) / own) ?? "-"),
        `${pricesAsOf(provenance)}, ${shortSource(provenance[0].source)}`,
      ])}
      emptyText="The catalog has no offer of this GPU."
    />
  );
}

export function GpuPriceFields({ gpu, price, field, change }: GpuPriceFieldsProps) {
  const offers = offersOf(useCatalog(), gpu);
  const offer = price === undefined ? undefined : offerOf(offers, price);
  const asOf = pricesAsOf(price?.provenance);
  return (
    <div className="price-part">
      <div className="field-grid">
        <ChoiceField
          label="Offer"
          value={offer?.id}
          placeholder={price === undefined ? "No price: counts as $0" : "A price of your own"}
          choices={offers.map(({ id, name, usdPerGpuHour, provenance }) => ({
            id,
            name,
            note: `$${formatUsdCents(usdPerGpuHour)} a GPU hour, as of ${pricesAsOf(provenance)}`,
          }))}
          onChange={(id) => {
            const chosen = offers.find((each) => each.id === id);
            if (chosen) change("the offer", (before) => fromOffer(chosen, before));
          }}
        />
        <AmountField
          label="Price"
          unit="$ per GPU hour"
          value={price?.usdPerGpuHour}
          field={`${field}.usdPerGpuHour`}
          fallback="none"
          min={0}
          step={0.01}
          onChange={(usd) =>
            change(
              "the GPU price",
              (before) => byHand(before ?? noPrice, usd ?? 0, today()),
              "price",
            )
          }
        />
      </div>
      <AgainstOffer gpu={gpu} price={price} change={change} />
      {price !== undefined && (
        <More
          title="Where the price is from"
          summary={`as of ${asOf ?? "no date"}${spread(offers.map(({ usdPerGpuHour }) => usdPerGpuHour))}`}
        >
          <ProvenanceList entries={price.provenance} />
          <OfferTable offers={offers} own={price.usdPerGpuHour} />
        </More>
      )}
    </div>
  );
}

/** How far the catalog's offers of the GPU lie apart. */
function spread(prices: readonly number[]): string {
  if (prices.length < 2) return "";
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  return `; ${prices.length} offers differ from ${formatUsd(least)} to ${formatUsd(most)}`;
}
