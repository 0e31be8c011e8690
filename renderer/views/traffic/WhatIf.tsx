/** What is done to a trace before it is replayed, as figures and as ready steps: volume, growth, bursts, longer outputs, a shift in time. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { formatNumber } from "../../../shared/reports/formatters.ts";
import { type Draft, useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import type { TraceInput } from "./sources.ts";
import { shifted } from "./startClock.ts";
import { grownVolume, isUnchanged, stepped, steps } from "./transforms.ts";

const factors = [
  { key: "volume", label: "Volume", unit: "× requests", min: 0.000001, max: 1000 },
  { key: "timeScale", label: "Time", unit: "× as long", min: 0.000001, max: 1e6 },
  { key: "promptFactor", label: "Prompts", unit: "× tokens", min: 0.000001, max: 10_000 },
  { key: "outputFactor", label: "Outputs", unit: "× tokens", min: 0.000001, max: 10_000 },
] as const;

interface WhatIfProps {
  readonly source: TraceInput;
  readonly index: number;
}

function Growth({
  volume,
  apply,
}: {
  readonly volume: number;
  apply(volume: number, name: string): void;
}) {
  const [percent, setPercent] = useState<number | undefined>(5);
  const [months, setMonths] = useState<number | undefined>(12);
  const grown = grownVolume(volume, percent, months);
  return (
    <div className="row">
      <AmountField label="Growth" unit="% a month" value={percent} onChange={setPercent} />
      <AmountField
        label="for"
        unit="months"
        value={months}
        min={1}
        max={120}
        step={1}
        onChange={setMonths}
      />
      <Button
        className="button small"
        isDisabled={grown === undefined}
        onPress={() => {
          if (grown !== undefined)
            apply(grown, `grow by ${percent} % a month for ${months} months`);
        }}
      >
        {grown === undefined ? "Grow" : `Grow to ${formatNumber(grown)} × the trace`}
      </Button>
    </div>
  );
}

type Transforms = TraceInput["transforms"];
type ChangeTransforms = (name: string, recipe: (before: Transforms) => Transforms) => void;

interface StepsProps {
  readonly transforms: NonNullable<Transforms>;
  readonly change: ChangeTransforms;
}

/** Ready steps, each one undoable. */
function Steps({ transforms, change }: StepsProps) {
  const { edit, done } = useEditing();
  const shift = (hours: number): void => {
    edit(`shift all traffic by ${hours} h`, (draft) => {
      draft.clock = shifted(draft.clock, hours);
    });
    done();
  };
  return (
    <div className="row">
      {steps.map((step) => (
        <Button
          key={step.id}
          className="button small"
          onPress={() => change(step.name.toLowerCase(), (before) => stepped(before, step))}
        >
          {step.name}
        </Button>
      ))}
      {[-6, 6].map((hours) => (
        <Button key={hours} className="button small" onPress={() => shift(hours)}>
          {Math.abs(hours)} h {hours < 0 ? "earlier" : "later"}
        </Button>
      ))}
      {!isUnchanged(transforms) && (
        <Button
          className="button small quiet"
          onPress={() => change("play the trace as it is", () => ({}))}
        >
          As it is
        </Button>
      )}
    </div>
  );
}

export function WhatIf({ source, index }: WhatIfProps) {
  const { edit, done } = useEditing();
  const field = `traffic.sources[${index}].transforms`;
  const transforms = source.transforms ?? {};
  const own = (draft: Draft): TraceInput => draft.traffic.sources[index] as TraceInput;
  const set = (
    key: (typeof factors)[number]["key"],
    label: string,
    value: number | undefined,
  ): void =>
    edit(
      `change the ${label.toLowerCase()} of ${source.id}`,
      (draft) => {
        const { [key]: _, ...others } = own(draft).transforms ?? {};
        own(draft).transforms = value === undefined ? others : { ...others, [key]: value };
      },
      `${field}.${key}`,
    );
  const change: ChangeTransforms = (name, recipe) => {
    edit(name, (draft) => {
      own(draft).transforms = recipe(own(draft).transforms);
    });
    done();
  };
  return (
    <fieldset className="what-if">
      <legend>What if</legend>
      <div className="field-grid">
        {factors.map(({ key, label, ...more }) => (
          <AmountField
            key={key}
            label={label}
            {...more}
            value={transforms[key]}
            field={`${field}.${key}`}
            fallback={1}
            onChange={(value) => set(key, label, value)}
          />
        ))}
      </div>
      <Steps transforms={transforms} change={change} />
      <Growth
        volume={transforms.volume ?? 1}
        apply={(volume, name) => change(name, (before) => ({ ...before, volume }))}
      />
    </fieldset>
  );
}
