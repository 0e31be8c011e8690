import { describe, expect, it } from "vitest";
import offers from "../../../data/catalog/offers.json" with { type: "json" };
import providers from "../../../data/catalog/providers.json" with { type: "json" };
import { gpuOfferSchema } from "../../../shared/schema/catalog.ts";
import { providerSchema } from "../../../shared/schema/routing.ts";
import type { Draft } from "../../components/editing.tsx";
import { fromOffer } from "../fleet/gpuOffers.ts";
import {
  applyRefresh,
  entryFor,
  isChange,
  offerRefreshes,
  plainName,
  providerRefreshes,
} from "./priceRefresh.ts";

const all = providers.entries.map((each) => providerSchema.parse(each));
const gpt = all.find(({ id }) => id === "gpt-4.1")!;
const offer = gpuOfferSchema.parse(offers.entries[0]);

function draft(): Draft {
  return {
    ...{ format: "crossover-scenario", version: 1, name: "t", rules: [] },
    traffic: { sources: [], classes: [] },
    providers: [JSON.parse(JSON.stringify(gpt))],
    pools: [
      {
        ...{ id: "own", gpu: offer.gpu, model: "m", backend: "vllm", replicas: 1 },
        price: fromOffer(offer),
      },
    ],
  };
}

function file(price: object, more: object = {}) {
  const entry = { id: "openai/gpt-4.1", name: "GPT-4.1", model: "gpt-4.1" };
  const provenance = [
    { source: "new list", retrievedOn: "2026-12-01", basis: "list price" as const },
  ];
  return {
    ...{ fileName: "f.json", form: "litellm" as const, offers: [], rejects: [] },
    models: [
      { ...entry, price: { inputUsdPerMTok: 2, outputUsdPerMTok: 8, provenance, ...price } },
    ],
    ...more,
  };
}

describe("a refresh of prices from a file", () => {
  it("finds a provider's entry whatever the spelling of its name", () => {
    expect(plainName("Claude Sonnet 4.6")).toBe(plainName("claude-sonnet-4-6"));
    const models = file({}).models;
    expect(entryFor(models, gpt)?.id).toBe("openai/gpt-4.1");
    expect(entryFor(models, { ...gpt, id: "x", model: "y", name: "z" })).toBeUndefined();
  });

  it("shows what would change before anything does, and leaves prices alone that the file does not name", () => {
    const input = draft();
    const [same] = providerRefreshes(input, file({}));
    expect(isChange(same)).toBe(false);
    const [changed] = providerRefreshes(input, file({ inputUsdPerMTok: 1.5 }));
    expect(changed.differences.map(({ field, own, other }) => [field, own, other])).toEqual([
      ["inputUsdPerMTok", 2, 1.5],
    ]);
    expect(input).toEqual(draft());
  });

  it("takes the prices that were chosen, with their source behind the history", () => {
    const input = draft();
    applyRefresh(input, providerRefreshes(input, file({ inputUsdPerMTok: 1.5 })), [], "f.json");
    const { price } = input.providers![0];
    expect(price.inputUsdPerMTok).toBe(1.5);
    expect(price.cachedInputUsdPerMTok).toBe(0.5);
    expect(price.provenance.map(({ source, note }) => note ?? source)).toEqual([
      gpt.price.provenance[0].source,
      "Input: $2.00 before.",
      "new list",
    ]);
    expect(price.provenance[1]).toMatchObject({
      ...{ source: "Refreshed from f.json", retrievedOn: "2026-12-01" },
    });
  });

  it("takes prices for long prompts one by one, and their history says what stood there", () => {
    const input = draft();
    const wide = (abovePromptTokens: number, inputUsdPerMTok: number) => ({
      ...{ abovePromptTokens, inputUsdPerMTok, outputUsdPerMTok: 12 },
    });
    input.providers![0].price.contextTiers = [wide(200_000, 3)];
    const [refresh] = providerRefreshes(
      input,
      file({ contextTiers: [wide(200_000, 2.5), wide(500_000, 4)] }),
    );
    expect(refresh.tiers).toHaveLength(2);
    applyRefresh(input, [{ ...refresh, tiers: refresh.tiers.slice(1) }], [], "f.json");
    const { price } = input.providers![0];
    expect(price.contextTiers).toEqual([wide(200_000, 3), wide(500_000, 4)]);
    expect(price.provenance[1].note).toBe("Prompts above 500,000 tokens: none before.");
  });

  it("refreshes GPU prices that were copied from an offer of the file", () => {
    const dearer = { ...offer, usdPerGpuHour: 2.99 };
    const input = draft();
    const [refresh] = offerRefreshes(input, file({}, { offers: [dearer] }));
    expect([refresh.id, refresh.own, refresh.offer.usdPerGpuHour]).toEqual(["own", 2.69, 2.99]);
    applyRefresh(input, [], [refresh], "f.json");
    expect(input.pools![0].price!.usdPerGpuHour).toBe(2.99);
    expect(input.pools![0].price!.provenance.map(({ note }) => note)).toContain(
      "GPU hour: $2.69 before.",
    );
    expect(offerRefreshes(input, file({}, { offers: [dearer] }))).toEqual([]);
  });
});
