import { describe, expect, it } from "vitest";
import { keepUnits, moved, type RuleInput, ruleSentence, whyNotTotal } from "./ruleSentence.ts";

const last: RuleInput = { id: "rest", to: { provider: "gpt-4.1" } };

describe("the sentence of a rule", () => {
  it("names the requests, the target, the guards and the spill", () => {
    const rule: RuleInput = {
      id: "near",
      match: { tiers: ["nearLine"] },
      to: { pool: "own-h100" },
      guards: { maxWaiting: 8, maxKvUsage: 0.95 },
      spillAfterS: 4,
    };
    expect(ruleSentence(rule)).toBe(
      "Near-line requests go to own-h100 while at most 8 wait per replica and the KV cache is at most 95 % full; after 4 s of waiting they go on to the next rule.",
    );
  });

  it("reads a rule without conditions as everything that is left", () => {
    expect(ruleSentence(last)).toBe("Everything that is left goes to gpt-4.1.");
    expect(ruleSentence({ id: "no", to: { reject: true } })).toBe(
      "Everything that is left is rejected.",
    );
    expect(ruleSentence({ id: "own", to: { pool: "p" }, spillAfterS: 30 })).toBe(
      "Everything that is left goes to p; after 30 s of waiting it goes on to the next rule.",
    );
  });

  it("says every condition of a match, and the share", () => {
    const rule: RuleInput = {
      id: "r",
      match: {
        classes: ["chat", "code"],
        models: ["llama-3.3-70b"],
        tenants: ["acme"],
        promptTokens: { min: 2000 },
        outputTokens: { min: 1, max: 500 },
        hours: {
          from: "08:00",
          to: "18:00",
          days: ["monday", "tuesday", "wednesday", "thursday", "friday"],
        },
      },
      share: 0.3,
      to: { provider: "gpt-4.1" },
      guards: { monthlyBudgetUsd: 1500, withinProviderLimits: true },
    };
    expect(ruleSentence(rule)).toBe(
      "30 % of requests of chat or code for llama-3.3-70b of tenant acme with a prompt of at least 2,000 tokens and an expected output of 1 to 500 tokens from 08:00 to 18:00, Monday to Friday go to gpt-4.1 while the month's bill there is below $1,500 and the provider's limits have room.",
    );
  });

  it("keeps a unit on the line of its figure", () => {
    expect(keepUnits("at most 95 % full; after 4.00 s of waiting, 3 spare")).toBe(
      "at most 95\u00a0% full; after 4.00\u00a0s of waiting, 3 spare",
    );
  });

  it("tells when held work runs", () => {
    const rule: RuleInput = {
      id: "night",
      match: { tiers: ["batch"] },
      to: { pool: "own" },
      hold: { window: { from: "22:00", to: "06:00" }, whenRunningBelow: 0.5 },
    };
    expect(ruleSentence(rule)).toBe(
      "Batch requests go to own, held, to run from 22:00 to 06:00 or while fewer than 50 % of the running places are taken, and released 30 min before a deadline at the latest.",
    );
  });
});

describe("the rules as a whole", () => {
  it("are total with a last rule that takes everything, and say what keeps them from it", () => {
    expect(whyNotTotal([last])).toBeUndefined();
    expect(whyNotTotal([])).toContain("There is no rule");
    expect(
      whyNotTotal([{ ...last, share: 0.5, guards: { withinProviderLimits: true } }]),
    ).toContain("a share below 100 % and a guard");
    expect(whyNotTotal([{ ...last, guards: { withinProviderLimits: false } }])).toBeUndefined();
  });

  it("are moved one at a time, and stay as they are beyond the ends", () => {
    expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
    const list = ["a", "b"];
    expect(moved(list, 1, 2)).toBe(list);
    expect(moved(list, 0, -1)).toBe(list);
  });
});
