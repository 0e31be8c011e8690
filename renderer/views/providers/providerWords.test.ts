import { describe, expect, it } from "vitest";
import providers from "../../../data/catalog/providers.json" with { type: "json" };
import { providerSchema } from "../../../shared/schema/routing.ts";
import { entryWords, limitWords, serviceWords, sourceSpread } from "./providerWords.ts";

const all = providers.entries.map((each) => providerSchema.parse(each));
const named = (id: string) => all.find((each) => each.id === id)!;

describe("a provider's folded parts in a few words", () => {
  it("say its limits, the context first", () => {
    expect(limitWords(named("gpt-4.1"))).toBe(
      "context of 1,047,576 tokens; 10,000 requests, 30,000,000 tokens a minute",
    );
    const bare = { ...named("gpt-4.1"), limits: undefined, maxContextTokens: undefined };
    expect(limitWords(bare)).toBe("none known");
  });

  it("say what goes wrong, what is tried again and what is cached", () => {
    expect(serviceWords(named("gpt-4.1"))).toBe(
      "no errors, 5 tries, prompt cache by prefix for 5 min",
    );
    const batch = { ...named("gpt-4.1-batch"), errorRate: 0.02, retry: { maxAttempts: 1 } };
    expect(serviceWords(batch)).toContain("2.00 % of calls fail, 1 try");
    expect(serviceWords(batch)).toContain("answers within 24 h");
  });

  it("say where the newest price is from and what others ask for the same model", () => {
    expect(entryWords(named("gpt-4.1").price.provenance)).toBe("list price, developers.openai.com");
    expect(entryWords(undefined)).toBe("no source is given");
    expect(sourceSpread(named("llama-3.3-70b-groq"), all)).toBe(
      "; 2 others serve the model, input $0.10 to $1.04",
    );
    expect(sourceSpread(named("gpt-4.1"), all)).toBe("");
  });
});
