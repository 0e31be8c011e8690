/** Licence modes of the scenario with their prices, held against the catalog. */
import { Button } from "react-aria-components";
import { formatGiven } from "../../../shared/reports/formatters.ts";
import { type Draft, useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { More } from "../../components/More.tsx";
import { ProvenanceList } from "../../components/Provenance.tsx";
import { Term } from "../../components/Term.tsx";
import { today } from "../../components/today.ts";
import { useCatalog } from "../../components/useCatalog.ts";
import { gpusUnder, licenceSentence } from "../fleet/licenceRule.ts";
import { afterHandChange, joinHistory, withoutHandChange } from "../providers/priceDifferences.ts";

type LicenceInput = NonNullable<Draft["licences"]>[number];

const amounts = [
  { key: "usdPerGpuYear", label: "Per GPU and year", unit: "$" },
  { key: "usdPerGpuHour", label: "Per GPU-hour", unit: "$" },
] as const;
type AmountKey = (typeof amounts)[number]["key"];

function LicenceAmount({
  index,
  amount,
}: {
  readonly index: number;
  readonly amount: (typeof amounts)[number];
}) {
  const { input, edit } = useEditing();
  const { key, label, unit } = amount;
  const licence = input.licences![index];
  const entry = useCatalog().licences.find(({ id }) => id === licence.id);
  const differs = entry !== undefined && entry[key] !== (licence[key] ?? 0);
  const set = (what: string, recipe: (own: LicenceInput) => void, isTyped: boolean): void =>
    edit(
      `${what} of ${licence.id}`,
      (draft) => recipe(draft.licences![index]),
      isTyped ? `licences[${index}].${key}` : undefined,
    );
  return (
    <div className="stack tight">
      <AmountField
        label={label}
        unit={unit}
        value={licence[key]}
        field={`licences[${index}].${key}`}
        fallback={0}
        min={0}
        onChange={(value) =>
          set("change the price", (own) => setAmount(own, key, label, value), true)
        }
      />
      {differs && (
        <span className="override">
          <span className="override-mark">changed</span> catalog ${formatGiven(entry[key])}{" "}
          <Button
            className="link"
            onPress={() =>
              set(
                "put back the price",
                (own) => {
                  own[key] = entry[key];
                  own.provenance = joinHistory(
                    withoutHandChange(own.provenance, label),
                    entry.provenance,
                  );
                },
                false,
              )
            }
          >
            Back
          </Button>
        </span>
      )}
    </div>
  );
}

function setAmount(
  own: LicenceInput,
  key: AmountKey,
  label: string,
  value: number | undefined,
): void {
  const before = `$${formatGiven(own[key] ?? 0)}`;
  own.provenance = afterHandChange(own.provenance, label, before, today());
  own[key] = value ?? 0;
}

function LicenceRow({ index }: { readonly index: number }) {
  const { input } = useEditing();
  const licence = input.licences![index];
  const gpus = gpusUnder(input, licence.id);
  return (
    <div className="licence-row" data-field={`licences[${index}]`}>
      <div>
        <strong>{licence.name}</strong>
        <p className="source">
          {licenceSentence(licence)};{" "}
          {gpus === 0 ? "no GPU is" : gpus === 1 ? "1 GPU is" : `${gpus} GPUs are`} under it.
        </p>
      </div>
      <div className="field-grid">
        {amounts.map((amount) => (
          <LicenceAmount key={amount.key} index={index} amount={amount} />
        ))}
      </div>
      <More
        title="Sources"
        summary={`${licence.provenance.length} ${licence.provenance.length === 1 ? "entry" : "entries"}`}
      >
        <ProvenanceList entries={licence.provenance} />
      </More>
    </div>
  );
}

export function Licences() {
  const { input } = useEditing();
  const licences = input.licences ?? [];
  return (
    <section>
      <h2>Licence modes</h2>
      <p className="source">
        Chosen for each pool in the fleet, charged per physical GPU. <Term word="NIM" /> is free to
        develop with; production needs NVIDIA AI Enterprise.
      </p>
      {licences.length === 0 && <p className="source">No pool names a licence.</p>}
      {licences.map((_, i) => (
        <LicenceRow key={`licences[${String(i)}]`} index={i} />
      ))}
    </section>
  );
}
