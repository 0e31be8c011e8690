/** What a month costs whatever is served. */
import { Button } from "react-aria-components";
import { formatUsd } from "../../../shared/reports/formatters.ts";
import { type Draft, useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { TextEntry } from "../../components/fields/TextEntry.tsx";
import { freeId } from "../../components/ids.ts";
import { ProvenanceList } from "../../components/Provenance.tsx";
import { Term } from "../../components/Term.tsx";
import { today } from "../../components/today.ts";
import { afterHandChange, handSource } from "../providers/priceDifferences.ts";

type FixedCost = NonNullable<Draft["fixedCosts"]>[number];

function costsOf(draft: Draft): FixedCost[] {
  draft.fixedCosts ??= [];
  return draft.fixedCosts;
}

function CostRow({ index }: { readonly index: number }) {
  const { input, edit } = useEditing();
  const cost = input.fixedCosts![index];
  const field = `fixedCosts[${index}]`;
  return (
    <div className="cost-row" data-field={field}>
      <TextEntry
        label="For"
        value={cost.label}
        field={`${field}.label`}
        onChange={(label) =>
          edit(
            "rename a fixed cost",
            (draft) => Object.assign(costsOf(draft)[index], { label }),
            `${field}.label`,
          )
        }
      />
      <AmountField
        label="Amount"
        unit="$ a month"
        value={cost.usdPerMonth}
        field={`${field}.usdPerMonth`}
        onChange={(usd) =>
          edit(
            `change the cost of ${cost.label}`,
            (draft) => {
              const own = costsOf(draft)[index];
              const before = formatUsd(own.usdPerMonth);
              own.provenance = afterHandChange(own.provenance ?? [], "Amount", before, today());
              own.usdPerMonth = usd ?? 0;
            },
            `${field}.usdPerMonth`,
          )
        }
      />
      <ProvenanceList entries={cost.provenance} emptyText="No source is given." />
      <Button
        className="button small quiet"
        aria-label={`Remove ${cost.label}`}
        onPress={() =>
          edit(`remove the cost of ${cost.label}`, (draft) => void costsOf(draft).splice(index, 1))
        }
      >
        Remove
      </Button>
    </div>
  );
}

export function FixedCosts() {
  const { input, edit } = useEditing();
  const costs = input.fixedCosts ?? [];
  const add = (): void =>
    edit("add a fixed cost", (draft) => {
      const own = costsOf(draft);
      own.push({
        id: freeId("cost", own),
        label: "Operations",
        usdPerMonth: 0,
        provenance: [{ source: handSource, retrievedOn: today(), basis: "estimated" }],
      });
    });
  return (
    <section>
      <h2>
        <Term word="fixed cost">Fixed costs</Term>
      </h2>
      {costs.length === 0 && (
        <p className="source">
          None: people, network and colocation are not counted. Add what self-hosting really takes.
        </p>
      )}
      {costs.map((_, i) => (
        <CostRow key={`fixedCosts[${String(i)}]`} index={i} />
      ))}
      <Button className="button small" onPress={add}>
        Add a fixed cost
      </Button>
    </section>
  );
}
