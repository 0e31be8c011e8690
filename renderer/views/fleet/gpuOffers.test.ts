import { describe, expect, it } from "vitest";
import offers from "../../../data/catalog/offers.json" with { type: "json" };
import { gpuOfferSchema } from "../../../shared/schema/catalog.ts";
import { byHand, fromOffer, offerOf } from "./gpuOffers.ts";

const all = offers.entries.map((entry) => gpuOfferSchema.parse(entry));
const h100 = all.filter(({ gpu }) => gpu === "h100-sxm");

describe("the price of a GPU hour", () => {
  it("is known as the offer that it was copied from, for every offer of the catalog", () => {
    for (const offer of all) {
      const same = all.filter(({ gpu }) => gpu === offer.gpu);
      expect(offerOf(same, fromOffer(offer))?.id).toBe(offer.id);
    }
  });

  it("stays known as that offer once it is changed by hand, with what stood before", () => {
    const changed = byHand(fromOffer(h100[0]), 3.1, "2026-11-26");
    expect(changed.usdPerGpuHour).toBe(3.1);
    expect(offerOf(h100, changed)?.id).toBe(h100[0].id);
    expect(changed.provenance[changed.provenance.length - 1].note).toBe("GPU hour: $2.69 before.");
  });

  it("goes back to the offer in one step, without the change by hand", () => {
    const back = fromOffer(h100[0], byHand(fromOffer(h100[0]), 3.1, "2026-11-26"));
    expect(back).toEqual(fromOffer(h100[0]));
  });

  it("keeps the source before it in its history where another offer is taken", () => {
    const other = fromOffer(h100[1], fromOffer(h100[0]));
    expect(other.usdPerGpuHour).toBe(h100[1].usdPerGpuHour);
    expect(other.provenance).toHaveLength(2);
    expect(offerOf(h100, other)?.id).toBe(h100[1].id);
  });

  it("is of no offer where it was given by hand", () => {
    expect(
      offerOf(h100, {
        usdPerGpuHour: 2.69,
        provenance: [{ source: "ours", retrievedOn: "2026-11", basis: "measured" }],
      }),
    ).toBeUndefined();
  });
});
