import { describe, expect, it } from "vitest";
import { tierDifferences, tierKey, tierName, tiersText, withTier } from "./tierDifferences.ts";

const own = [
  { abovePromptTokens: 128_000, inputUsdPerMTok: 2, outputUsdPerMTok: 9 },
  { abovePromptTokens: 200_000, inputUsdPerMTok: 3, outputUsdPerMTok: 12 },
];
const other = [
  {
    ...{ abovePromptTokens: 200_000, inputUsdPerMTok: 2.5, outputUsdPerMTok: 12 },
    cachedInputUsdPerMTok: 0.25,
  },
  { abovePromptTokens: 500_000, inputUsdPerMTok: 4, outputUsdPerMTok: 16 },
];

describe("prices for long prompts side by side", () => {
  it("differ threshold by threshold and price by price", () => {
    expect(tierDifferences(own, other).map((each) => [tierKey(each), tierName(each)])).toEqual([
      ["above 128000 gone", "Prompts above 128,000 tokens"],
      ["above 200000 inputUsdPerMTok", "Input above 200,000 tokens"],
      ["above 200000 cachedInputUsdPerMTok", "Cached input above 200,000 tokens"],
      ["above 500000 added", "Prompts above 500,000 tokens"],
    ]);
    expect(tierDifferences(own, own)).toEqual([]);
  });

  it("do not differ in a price that the other side does not name", () => {
    expect(tierDifferences([other[0]], [own[1]]).map(tierKey)).toEqual([
      "above 200000 inputUsdPerMTok",
    ]);
  });

  it("are taken one by one, and all together give the other side's", () => {
    const differences = tierDifferences(own, other);
    const [gone, input] = differences;
    expect(withTier(own, input)).toEqual([own[0], { ...own[1], inputUsdPerMTok: 2.5 }]);
    expect(withTier(own, gone)).toEqual([own[1]]);
    expect(differences.reduce(withTier, own)).toEqual(other);
    expect(own[1].inputUsdPerMTok).toBe(3);
  });

  it("are told in words for a history", () => {
    expect(tiersText([own[1]])).toBe("above 200,000 tokens $3.00 in, $12.00 out");
    expect(tiersText([])).toBe("none");
  });
});
