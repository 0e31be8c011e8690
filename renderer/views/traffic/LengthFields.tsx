/** How long prompts and outputs are: drawn from distributions, or together from the rows of a trace. */
import { type Draft, useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { changedKind, distributionFields, distributionKinds } from "./distributions.ts";
import {
  chatLengths,
  type DistributionInput,
  distributionText,
  type LengthsInput,
  type SyntheticInput,
} from "./sources.ts";

interface DistributionProps {
  readonly index: number;
  readonly side: "prompt" | "output";
  readonly value: DistributionInput;
}

function DistributionRow({ index, side, value }: DistributionProps) {
  const { edit } = useEditing();
  const field = `traffic.sources[${index}].lengths.${side}`;
  const name = side === "prompt" ? "prompts" : "outputs";
  const set = (
    what: string,
    next: (own: DistributionInput) => DistributionInput,
    key: string,
  ): void =>
    edit(
      what,
      (draft) => {
        const { lengths } = draft.traffic.sources[index] as SyntheticInput;
        if ("prompt" in lengths) lengths[side] = next(lengths[side] as DistributionInput);
      },
      `${field}.${key}`,
    );
  return (
    <div className="field-grid" data-field={field}>
      <ChoiceField
        label={side === "prompt" ? "Prompts are" : "Outputs are"}
        value={value.kind}
        field={`${field}.kind`}
        choices={distributionKinds.filter(
          ({ id }) => id !== "histogram" || value.kind === "histogram",
        )}
        onChange={(kind) =>
          set(`change the spread of ${name}`, (own) => changedKind(own, kind), "kind")
        }
      />
      {distributionFields(value).map(({ key, label, unit, min, max }) => (
        <AmountField
          key={key}
          label={label}
          name={`${label} of ${name}`}
          {...(unit !== undefined && { unit })}
          {...{ min, max }}
          value={Number((value as Record<string, unknown>)[key])}
          field={`${field}.${key}`}
          onChange={(next) => {
            if (next === undefined) return;
            set(
              `change the length of ${name}`,
              (own) => ({ ...own, [key]: next }) as DistributionInput,
              key,
            );
          }}
        />
      ))}
      {value.kind === "histogram" && <p className="part-words">{distributionText(value)}</p>}
    </div>
  );
}

interface LengthFieldsProps {
  readonly index: number;
  readonly lengths: LengthsInput;
}

export function LengthFields({ index, lengths }: LengthFieldsProps) {
  const { edit, input } = useEditing();
  const traces = input.traffic.sources.filter(({ kind }) => kind === "trace");
  const field = `traffic.sources[${index}].lengths`;
  const choose = (from: string): void =>
    edit("change where lengths come from", (draft: Draft) => {
      const own = draft.traffic.sources[index] as SyntheticInput;
      own.lengths = from === "own" ? chatLengths : { fromTrace: from.slice("trace:".length) };
    });
  const isFrom = "fromTrace" in lengths;
  return (
    <>
      {(isFrom || traces.length > 0) && (
        <div className="field-grid">
          <ChoiceField
            label="Lengths are drawn from"
            value={isFrom ? `trace:${lengths.fromTrace}` : "own"}
            field={`${field}.fromTrace`}
            choices={[
              { id: "own", name: "distributions" },
              ...traces.map(({ id }) => ({ id: `trace:${id}`, name: `the rows of ${id}` })),
            ]}
            onChange={choose}
          />
        </div>
      )}
      {!isFrom && (
        <>
          <DistributionRow index={index} side="prompt" value={lengths.prompt} />
          <DistributionRow index={index} side="output" value={lengths.output} />
        </>
      )}
    </>
  );
}
