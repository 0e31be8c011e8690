/** Prices for long prompts of two rate cards side by side: what differs, threshold by threshold and price by price, and taking one of it. */
import { formatCount } from "../../../shared/reports/formatters.ts";
import type { RateCard } from "../../../shared/schema/catalog.ts";

/** What a change of these prices is called in a history. */
export const longPrompts = "Long prompts";

/** Prices that hold for prompts above a length. */
export type Tier = NonNullable<RateCard["contextTiers"]>[number];

/** The prices of a tier that are one number. */
export const tierFields = ["inputUsdPerMTok", "cachedInputUsdPerMTok", "outputUsdPerMTok"] as const;
export type TierField = (typeof tierFields)[number];

const fieldNames: Readonly<Record<TierField, string>> = {
  inputUsdPerMTok: "Input",
  cachedInputUsdPerMTok: "Cached input",
  outputUsdPerMTok: "Output",
};

/** One price of one tier that differs, a tier that only the other side has, or one that only this side has. */
export type TierDifference =
  | {
      readonly kind: "price";
      readonly abovePromptTokens: number;
      readonly field: TierField;
      readonly own: number | undefined;
      readonly other: number;
    }
  | { readonly kind: "added"; readonly abovePromptTokens: number; readonly tier: Tier }
  | { readonly kind: "gone"; readonly abovePromptTokens: number; readonly tier: Tier };

/** Names one difference within a rate card. */
export function tierKey(difference: TierDifference): string {
  const what = difference.kind === "price" ? difference.field : difference.kind;
  return `above ${difference.abovePromptTokens} ${what}`;
}

/** "Input above 200,000 tokens", "Prompts above 200,000 tokens". */
export function tierName(difference: TierDifference): string {
  const above = `above ${formatCount(difference.abovePromptTokens)} tokens`;
  return difference.kind === "price"
    ? `${fieldNames[difference.field]} ${above}`
    : `Prompts ${above}`;
}

function usd(value: number | undefined): string {
  return value === undefined ? "none" : `$${value.toFixed(2)}`;
}

/** "$2.50 in, $15.00 out". */
export function tierPriceText({ inputUsdPerMTok, outputUsdPerMTok }: Tier): string {
  return `${usd(inputUsdPerMTok)} in, ${usd(outputUsdPerMTok)} out`;
}

/** Tiers in words: "above 200,000 tokens $2.50 in, $15.00 out"; "none" without any. */
export function tiersText(tiers: readonly Tier[] | undefined): string {
  if (tiers === undefined || tiers.length === 0) return "none";
  return tiers
    .map((each) => `above ${formatCount(each.abovePromptTokens)} tokens ${tierPriceText(each)}`)
    .join("; ");
}

function byThreshold(tiers: readonly Tier[]): Map<number, Tier> {
  return new Map(tiers.map((each) => [each.abovePromptTokens, each]));
}

function pricesOf(own: Tier, other: Tier): TierDifference[] {
  return tierFields.flatMap((field) => {
    const value = other[field];
    if (value === undefined || value === own[field]) return [];
    const { abovePromptTokens } = own;
    return [{ kind: "price" as const, abovePromptTokens, field, own: own[field], other: value }];
  });
}

/** What differs, in the order of the thresholds. A price that the other side does not name is no difference. */
export function tierDifferences(own: readonly Tier[], other: readonly Tier[]): TierDifference[] {
  const [mine, theirs] = [byThreshold(own), byThreshold(other)];
  const thresholds = [...new Set([...mine.keys(), ...theirs.keys()])].sort((a, b) => a - b);
  return thresholds.flatMap((abovePromptTokens): TierDifference[] => {
    const [here, there] = [mine.get(abovePromptTokens), theirs.get(abovePromptTokens)];
    if (here === undefined) return [{ kind: "added", abovePromptTokens, tier: there! }];
    if (there === undefined) return [{ kind: "gone", abovePromptTokens, tier: here }];
    return pricesOf(here, there);
  });
}

/** The tiers with a difference taken over, in the order of their thresholds. */
export function withTier(tiers: readonly Tier[], difference: TierDifference): Tier[] {
  const { abovePromptTokens } = difference;
  const others = tiers.filter((each) => each.abovePromptTokens !== abovePromptTokens);
  if (difference.kind === "gone") return others;
  const now = tiers.find((each) => each.abovePromptTokens === abovePromptTokens);
  const next =
    difference.kind === "added"
      ? { ...difference.tier }
      : { ...now!, [difference.field]: difference.other };
  return [...others, next].sort((a, b) => a.abovePromptTokens - b.abovePromptTokens);
}
