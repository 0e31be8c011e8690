import { describe, expect, it } from "vitest";
import offers from "../../data/catalog/offers.json" with { type: "json" };
import providers from "../../data/catalog/providers.json" with { type: "json" };
import { readPriceFile } from "./priceFile.ts";

const origin = { fileName: "prices.json", readOn: "2026-11-26" };

describe("a price file", () => {
  it("of the catalog's own form gives every entry back", () => {
    const read = readPriceFile(providers, origin);
    expect(read.form).toBe("catalog");
    expect(read.models.map(({ id }) => id)).toEqual(providers.entries.map(({ id }) => id));
    expect(read.models[0].price).toEqual(providers.entries[0].price);
    expect(readPriceFile(offers, origin).offers).toHaveLength(offers.entries.length);
    expect(read.rejects).toEqual([]);
  });

  it("may be a scenario: the prices of its providers are read", () => {
    const scenario = {
      format: "crossover-scenario",
      version: 1,
      providers: [providers.entries[4]],
    };
    const read = readPriceFile(scenario, origin);
    expect(read.form).toBe("scenario");
    expect(read.models.map(({ id }) => id)).toEqual([providers.entries[4].id]);
  });

  it("of LiteLLM is read per million tokens, with batch, cache and long prompts", () => {
    const list = {
      sample_spec: { litellm_provider: "one of ...", input_cost_per_token: 0 },
      "gpt-4.1": {
        litellm_provider: "openai",
        mode: "chat",
        input_cost_per_token: 2e-6,
        output_cost_per_token: 8e-6,
        cache_read_input_token_cost: 5e-7,
        input_cost_per_token_batches: 1e-6,
        output_cost_per_token_batches: 4e-6,
      },
      "gemini/gemini-2.5-pro": {
        litellm_provider: "gemini",
        mode: "chat",
        source: "https://ai.google.dev/pricing",
        input_cost_per_token: 1.25e-6,
        output_cost_per_token: 1e-5,
        input_cost_per_token_above_200k_tokens: 2.5e-6,
        output_cost_per_token_above_200k_tokens: 1.5e-5,
      },
      "dall-e-3": { litellm_provider: "openai", mode: "image_generation", input_cost_per_pixel: 1 },
    };
    const { form, models, rejects } = readPriceFile(list, origin);
    expect(form).toBe("litellm");
    expect(rejects).toEqual([]);
    expect(models.map(({ id, model }) => [id, model])).toEqual([
      ["gpt-4.1", "gpt-4.1"],
      ["gemini/gemini-2.5-pro", "gemini-2.5-pro"],
    ]);
    expect(models[0].price).toEqual({
      inputUsdPerMTok: 2,
      outputUsdPerMTok: 8,
      cachedInputUsdPerMTok: 0.5,
      batchDiscount: 0.5,
      provenance: [{ source: "prices.json", retrievedOn: "2026-11-26", basis: "list price" }],
    });
    expect(models[1].price.contextTiers).toEqual([
      { abovePromptTokens: 200_000, inputUsdPerMTok: 2.5, outputUsdPerMTok: 15 },
    ]);
    expect(models[1].price.provenance[0].source).toBe(
      "https://ai.google.dev/pricing (via prices.json)",
    );
  });

  it("names the entries that cannot be read, and drops none in silence", () => {
    const broken = {
      entries: [{ id: "a", price: { inputUsdPerMTok: -1 } }, providers.entries[0], 7],
    };
    const { models, rejects } = readPriceFile(broken, origin);
    expect(models).toHaveLength(1);
    expect(rejects.map(({ entry }) => entry)).toEqual(["a", "entry 3"]);
    expect(rejects[0].reason).toContain("inputUsdPerMTok");
    const free = { x: { litellm_provider: "p", mode: "chat", input_cost_per_token: -1 } };
    expect(readPriceFile(free, origin).rejects[0].entry).toBe("x");
  });

  it("of another kind is refused with the forms that are read", () => {
    for (const value of [[], {}, "text", { models: [] }]) {
      expect(() => readPriceFile(value, origin)).toThrow(/found no prices.*LiteLLM/s);
    }
  });

  it("has no batch discount where input and output differ in it", () => {
    const list = {
      m: {
        ...{ litellm_provider: "p", mode: "chat", input_cost_per_token: 2e-6 },
        ...{ output_cost_per_token: 8e-6, input_cost_per_token_batches: 1e-6 },
        output_cost_per_token_batches: 6e-6,
      },
    };
    expect(readPriceFile(list, origin).models[0].price.batchDiscount).toBeUndefined();
  });
});
