/** Prices that hold for prompts above a length. */
import { Button } from "react-aria-components";
import { put } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { today } from "../../components/today.ts";
import { afterHandChange } from "./priceDifferences.ts";
import { useProvider } from "./providerContext.ts";
import { longPrompts, type Tier, tiersText } from "./tierDifferences.ts";

const columns = [
  { key: "abovePromptTokens", label: "Prompts above", unit: "tokens" },
  { key: "inputUsdPerMTok", label: "Input", unit: "$/M" },
  { key: "cachedInputUsdPerMTok", label: "Cached input", unit: "$/M" },
  { key: "outputUsdPerMTok", label: "Output", unit: "$/M" },
] as const;

export function ContextTiers({ index }: { readonly index: number }) {
  const { provider, field, change } = useProvider(index);
  const tiers = provider.price?.contextTiers ?? [];
  const inTiers = (what: string, recipe: (tiers: Tier[]) => void, key?: string): void =>
    change(
      what,
      ({ price }) => {
        const before = tiersText(price.contextTiers);
        price.contextTiers ??= [];
        recipe(price.contextTiers);
        if (price.contextTiers.length === 0) delete price.contextTiers;
        price.provenance = afterHandChange(price.provenance, longPrompts, before, today());
      },
      key,
    );
  const { inputUsdPerMTok = 0, outputUsdPerMTok = 0 } = provider.price ?? {};
  return (
    <div className="stack">
      {tiers.map((tier, i) => (
        <div className="tier-row" key={`contextTiers[${String(i)}]`}>
          {columns.map(({ key, label, unit }) => (
            <AmountField
              key={key}
              label={label}
              unit={unit}
              value={tier[key]}
              {...(key === "cachedInputUsdPerMTok" && { fallback: "as input" })}
              field={`${field}.price.contextTiers[${i}].${key}`}
              onChange={(value) =>
                inTiers(
                  "a context tier",
                  (own) => put(own[i], key, value as Tier[typeof key]),
                  `price.contextTiers[${i}].${key}`,
                )
              }
            />
          ))}
          <Button
            className="button small quiet"
            onPress={() => inTiers("the context tiers", (own) => void own.splice(i, 1))}
          >
            Remove
          </Button>
        </div>
      ))}
      <Button
        className="button small quiet"
        onPress={() =>
          inTiers(
            "the context tiers",
            (own) =>
              void own.push({
                abovePromptTokens: 2 * (own[own.length - 1]?.abovePromptTokens ?? 100_000),
                ...{ inputUsdPerMTok, outputUsdPerMTok },
              }),
          )
        }
      >
        Add a price for long prompts
      </Button>
    </div>
  );
}
