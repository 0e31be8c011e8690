/** One API: its prices against the catalog's, tiers, limits, latency, retries. */
import { Button } from "react-aria-components";
import { formatGiven } from "../../../shared/reports/formatters.ts";
import { DataTable } from "../../components/DataTable.tsx";
import { useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { SwitchField } from "../../components/fields/SwitchField.tsx";
import { TextEntry } from "../../components/fields/TextEntry.tsx";
import { asId } from "../../components/ids.ts";
import { More } from "../../components/More.tsx";
import { PartHead } from "../../components/PartHead.tsx";
import { ProvenanceList } from "../../components/Provenance.tsx";
import { today } from "../../components/today.ts";
import { useCatalog } from "../../components/useCatalog.ts";
import { ContextTiers } from "./ContextTiers.tsx";
import {
  differenceText,
  type PriceField,
  priceDifferences,
  priceFields,
  priceNames,
  pricesAsOf,
} from "./priceDifferences.ts";
import { useProvider } from "./providerContext.ts";
import {
  addRuleToProvider,
  catalogEntryOf,
  duplicateProvider,
  priceText,
  removeProvider,
  renameProvider,
  resetPrice,
  rulesToProvider,
  setPrice,
} from "./providerEdits.ts";
import { entryWords, limitWords, serviceWords, sourceSpread } from "./providerWords.ts";
import { LatencyFields, LimitFields, RetryFields } from "./ServiceFields.tsx";

function Head({ index }: { readonly index: number }) {
  const { provider, field, change } = useProvider(index);
  const { edit } = useEditing();
  const { id, name } = provider;
  return (
    <PartHead
      kind="api"
      heading={name}
      name={name}
      nameLabel={`Name of the provider ${id}`}
      nameField={`${field}.name`}
      onRename={(next) => change("the name", (own) => Object.assign(own, { name: next }), "name")}
      onDuplicate={() => edit(`duplicate ${id}`, (draft) => duplicateProvider(draft, index))}
      onRemove={() => edit(`remove ${id} and its rules`, (draft) => removeProvider(draft, index))}
    >
      <code>{id}</code>, prices as of {pricesAsOf(provider.price?.provenance) ?? "no date"}
    </PartHead>
  );
}

/** Beneath a price that differs from the catalog's: that one, by how much, and the way back. */
function Override({ index, price }: { readonly index: number; readonly price: PriceField }) {
  const { provider, change } = useProvider(index);
  const entry = catalogEntryOf(useCatalog().providers, provider);
  if (entry === undefined) return null;
  const difference = priceDifferences(provider.price, entry.price).find(
    ({ field }) => field === price,
  );
  if (difference === undefined) return null;
  const relative = differenceText(difference.relative);
  return (
    <span className="override">
      <span className="override-mark">changed</span> catalog {priceText(price, difference.other)}
      {relative !== undefined && ` (${relative})`}{" "}
      <Button
        className="link"
        aria-label={`${priceNames[price]} of ${provider.id} back to the catalog's`}
        onPress={() =>
          change(`${priceNames[price].toLowerCase()} back to the catalog`, (own) =>
            resetPrice(own, price, entry),
          )
        }
      >
        Back
      </Button>
    </span>
  );
}

function Prices({ index }: { readonly index: number }) {
  const { provider, field, change } = useProvider(index);
  return (
    <div className="field-grid prices">
      {priceFields.map((price) => {
        const isShare = price === "batchDiscount";
        return (
          <div key={price} className="stack tight">
            <AmountField
              label={priceNames[price]}
              unit={isShare ? "%" : "$/M"}
              value={provider.price?.[price]}
              field={`${field}.price.${price}`}
              fallback={
                price === "cachedInputUsdPerMTok" || price === "cacheWriteUsdPerMTok"
                  ? "as input"
                  : "none"
              }
              {...(isShare && { scale: 100 })}
              min={0}
              onChange={(value) =>
                change(
                  `the ${priceNames[price].toLowerCase()} price`,
                  (own) => setPrice(own, price, value, today()),
                  `price.${price}`,
                )
              }
            />
            <Override index={index} price={price} />
          </div>
        );
      })}
    </div>
  );
}

/** What a batch API bills once its discount is taken off. */
function BatchLine({ index }: { readonly index: number }) {
  const { provider } = useProvider(index);
  const { inputUsdPerMTok, outputUsdPerMTok, batchDiscount = 0 } = provider.price ?? {};
  if (provider.api !== "batch" || batchDiscount === 0) return null;
  const billed = (usd: number | undefined): string =>
    priceText("inputUsdPerMTok", usd === undefined ? undefined : usd * (1 - batchDiscount));
  return (
    <p className="source">
      Billed, after the discount: {billed(inputUsdPerMTok)} in and {billed(outputUsdPerMTok)} out
      per million tokens.
    </p>
  );
}

function RulesLine({ index }: { readonly index: number }) {
  const { provider, input } = useProvider(index);
  const { edit } = useEditing();
  const rules = rulesToProvider(input.rules ?? [], provider.id);
  if (rules.length > 0) {
    return (
      <>
        <p className="source">
          Work comes by {rules.length === 1 ? "the rule" : "the rules"} {rules.join(", ")}.
        </p>
        {provider.production === false && (
          <p className="field-note" data-tone="warn" role="status">
            ▲ It is for trials, not for production, and work is sent to it. Send production traffic
            elsewhere, or say under Identity that it is allowed.
          </p>
        )}
      </>
    );
  }
  return (
    <p className="source">
      No rule sends to it: its prices are here to compare.{" "}
      <Button
        className="link"
        onPress={() =>
          edit(`add a rule to ${provider.id}`, (draft) => addRuleToProvider(draft, provider.id))
        }
      >
        Add a rule before the last one
      </Button>
    </p>
  );
}

/** Names by which classes and rules know it, and which API it is. */
function Identity({ index }: { readonly index: number }) {
  const { provider, field, change } = useProvider(index);
  const { edit } = useEditing();
  return (
    <More
      title="Identity"
      summary={`${provider.model}, ${provider.api === "batch" ? "batch API" : "real time"}`}
    >
      <div className="field-grid">
        <TextEntry
          label="Id"
          isMono
          value={provider.id}
          field={`${field}.id`}
          onChange={(text) =>
            edit(
              `rename ${provider.id}`,
              (draft) => renameProvider(draft, index, asId(text)),
              `${field}.id`,
            )
          }
        />
        <TextEntry
          label="Model, as classes name it"
          isMono
          value={provider.model}
          field={`${field}.model`}
          onChange={(text) =>
            change("the model", (own) => Object.assign(own, { model: asId(text) }), "model")
          }
        />
        <ChoiceField
          label="Kind of API"
          value={provider.api ?? "realTime"}
          field={`${field}.api`}
          choices={[
            { id: "realTime", name: "real time" },
            { id: "batch", name: "batch", note: "answers within its window, at the discount" },
          ]}
          onChange={(api) => change("the kind of API", (own) => Object.assign(own, { api }))}
        />
        <SwitchField
          value={provider.production ?? true}
          field={`${field}.production`}
          onChange={(production) => change("the use", (own) => Object.assign(own, { production }))}
        >
          Allowed for production
        </SwitchField>
      </div>
    </More>
  );
}

/** The same model elsewhere in the catalog, and the catalog's own card, against the prices here. */
function SourceTable({ index }: { readonly index: number }) {
  const { provider } = useProvider(index);
  const { providers } = useCatalog();
  const own = catalogEntryOf(providers, provider);
  const others = providers.filter((each) => each === own || each.model === provider.model);
  const against = (field: PriceField, value: number | undefined): string => {
    const here = provider.price?.[field];
    if (value === undefined) return "-";
    const relative = here === undefined || here === 0 ? undefined : (value - here) / here;
    const difference = relative === 0 ? undefined : differenceText(relative);
    return `${priceText(field, value)}${difference === undefined ? "" : ` (${difference})`}`;
  };
  return (
    <DataTable
      caption="The same model in the catalog"
      columns={[
        { heading: "In the catalog" },
        { heading: "Input, $/M", isFigure: true },
        { heading: "Cached", isFigure: true },
        { heading: "Output", isFigure: true },
        { heading: "As of", isDate: true },
      ]}
      rows={others.map((each) => [
        each.name,
        against("inputUsdPerMTok", each.price.inputUsdPerMTok),
        against("cachedInputUsdPerMTok", each.price.cachedInputUsdPerMTok),
        against("outputUsdPerMTok", each.price.outputUsdPerMTok),
        pricesAsOf(each.price.provenance) ?? "",
      ])}
      emptyText="The catalog does not have this model: there is nothing to compare with."
    />
  );
}

export function ProviderEditor({ index }: { readonly index: number }) {
  const { provider, field } = useProvider(index);
  const catalog = useCatalog();
  const { latency = {}, price } = provider;
  const tiers = price?.contextTiers ?? [];
  return (
    <section className="part-card" aria-label={`Provider ${provider.id}`} data-field={field}>
      <Head index={index} />
      <Prices index={index} />
      <BatchLine index={index} />
      <RulesLine index={index} />
      <div className="more-list">
        <More
          title="Prices by context length"
          summary={
            tiers.length === 0
              ? "the same at any length"
              : `${tiers.length} ${tiers.length === 1 ? "tier" : "tiers"}`
          }
          field={`${field}.price.contextTiers`}
        >
          <ContextTiers index={index} />
        </More>
        <More title="Limits" summary={limitWords(provider)} field={`${field}.limits`}>
          <LimitFields index={index} />
        </More>
        <More
          title="Latency"
          summary={`first token ${formatGiven(latency.ttftMedianS ?? 0.5)} s, ${formatGiven(latency.outputTokensPerS ?? 70)} tokens/s`}
          field={`${field}.latency`}
        >
          <LatencyFields index={index} />
        </More>
        <More
          title="Errors, retries, prompt cache, batch"
          summary={serviceWords(provider)}
          field={`${field}.retry`}
        >
          <RetryFields index={index} />
        </More>
        <More
          title="Sources and price history"
          summary={`${entryWords(price?.provenance)}${sourceSpread(provider, catalog.providers)}`}
          field={`${field}.price.provenance`}
        >
          <ProvenanceList entries={price?.provenance} />
          <SourceTable index={index} />
        </More>
        <Identity index={index} />
      </div>
    </section>
  );
}
