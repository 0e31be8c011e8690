/** Edits of providers that touch more than one field. */

import { formatGiven } from "../../../shared/reports/formatters.ts";
import type { Provider } from "../../../shared/schema/routing.ts";
import type { Draft } from "../../components/editing.tsx";
import { freeId } from "../../components/ids.ts";
import {
  afterHandChange,
  joinHistory,
  type PriceField,
  priceNames,
  withoutHandChange,
} from "./priceDifferences.ts";
import type { TierField } from "./tierDifferences.ts";

export type ProviderInput = NonNullable<Draft["providers"]>[number];
type RuleInput = Draft["rules"][number];

/** The providers of a draft, there to be written to. */
export function providersOf(draft: Draft): ProviderInput[] {
  draft.providers ??= [];
  return draft.providers;
}

function sendsTo(rule: RuleInput, provider: string): boolean {
  return (rule.to as { provider?: string }).provider === provider;
}

/** Rules that send to the provider, by id. */
export function rulesToProvider(rules: readonly RuleInput[], provider: string): string[] {
  return rules.filter((rule) => sendsTo(rule, provider)).map(({ id }) => id);
}

/** Takes a provider out, and the rules that send to it. */
export function removeProvider(draft: Draft, index: number): void {
  const [{ id }] = providersOf(draft).splice(index, 1);
  draft.rules = draft.rules.filter((rule) => !sendsTo(rule, id));
}

/** Renames a provider, in the rules too. */
export function renameProvider(draft: Draft, index: number, id: string): void {
  const provider = providersOf(draft)[index];
  for (const rule of draft.rules) {
    if (sendsTo(rule, provider.id)) (rule.to as { provider: string }).provider = id;
  }
  provider.id = id;
}

/** A copy of a provider right after it, under an id of its own. */
export function duplicateProvider(draft: Draft, index: number): void {
  const providers = providersOf(draft);
  const copy = JSON.parse(JSON.stringify(providers[index])) as ProviderInput;
  providers.splice(index + 1, 0, { ...copy, id: freeId(copy.id, providers) });
}

/** A provider with nothing but prices of nothing, to be filled in. */
export function blankProvider(draft: Draft, day: string): ProviderInput {
  return {
    ...{ id: freeId("my-api", providersOf(draft)), name: "An API of your own", model: "my-model" },
    price: {
      ...{ inputUsdPerMTok: 0, outputUsdPerMTok: 0 },
      provenance: [
        {
          source: "Entered by hand",
          retrievedOn: day,
          basis: "estimated",
          note: "New: all prices are still to be entered.",
        },
      ],
    },
  };
}

/** A rule for everything to a provider, before the last one. */
export function addRuleToProvider(draft: Draft, provider: string): void {
  const rule = { id: freeId(`to-${provider}`, draft.rules), to: { provider } };
  draft.rules.splice(Math.max(0, draft.rules.length - 1), 0, rule);
}

/** A price as text with its unit, as it stands in a history. */
export function priceText(field: PriceField | TierField, value: number | undefined): string {
  if (value === undefined) return "none";
  if (field === "batchDiscount") return `${formatGiven(Number((value * 100).toPrecision(9)))} %`;
  return `$${formatGiven(value, 2)}`;
}

/** Changes one price by hand; what stood before is in the history. Taking a price out that must be there leaves none for the check to name. */
export function setPrice(
  provider: ProviderInput,
  field: PriceField,
  value: number | undefined,
  day: string,
): void {
  const { price } = provider;
  const before = priceText(field, price[field]);
  price.provenance = afterHandChange(price.provenance, priceNames[field], before, day);
  if (value === undefined) delete (price as Partial<typeof price>)[field];
  else price[field] = value;
}

/** Puts one price back to that of the catalog. */
export function resetPrice(provider: ProviderInput, field: PriceField, from: Provider): void {
  const { price } = provider;
  const value = from.price[field];
  if (value === undefined) delete (price as Partial<typeof price>)[field];
  else price[field] = value;
  price.provenance = joinHistory(
    withoutHandChange(price.provenance, priceNames[field]),
    from.price.provenance,
  );
}

/** The entry of the catalog that a provider is a copy of: by id, else by name. */
export function catalogEntryOf(
  providers: readonly Provider[],
  { id, name }: ProviderInput,
): Provider | undefined {
  return providers.find((each) => each.id === id) ?? providers.find((each) => each.name === name);
}
