/** The traffic of a scenario, with its volume ready to be changed. */
import { Button, Group, Input, Label, NumberField } from "react-aria-components";
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import { formatGiven } from "../../shared/reports/formatters.ts";
import { DataTable } from "../components/DataTable.tsx";
import { useDocument } from "../components/useApp.ts";
import type { OpenScenario } from "../state/appState.ts";

type Entry = Record<string, unknown>;

function entriesOf(value: unknown): Entry[] {
  if (!Array.isArray(value)) return [];
  return value.filter((each): each is Entry => typeof each === "object" && each !== null);
}

function entryAt(value: unknown): Entry {
  return typeof value === "object" && value !== null ? (value as Entry) : {};
}

function text(value: unknown): string {
  if (typeof value === "number") return formatGiven(value);
  return value === undefined || value === null ? "" : String(value);
}

interface AmountProps {
  readonly label: string;
  readonly value: number;
  readonly unit?: string;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  onChange(value: number): void;
  onDone(): void;
}

function Amount({ label, value, unit, min, max, step, onChange, onDone }: AmountProps) {
  return (
    <NumberField
      className="field"
      value={value}
      minValue={min}
      maxValue={max}
      {...(step !== undefined && { step })}
      formatOptions={{ maximumFractionDigits: 6 }}
      onChange={(next) => {
        if (!Number.isNaN(next)) onChange(next);
      }}
      onBlur={onDone}
    >
      <Label>{label}</Label>
      <Group className="amount">
        <Input />
        {unit !== undefined && <span className="unit">{unit}</span>}
        <Button slot="decrement" className="stepper">
          −
        </Button>
        <Button slot="increment" className="stepper">
          +
        </Button>
      </Group>
    </NumberField>
  );
}

interface PartProps {
  readonly scenario: OpenScenario;
  readonly document: ScenarioDocument;
}

function Traffic({ scenario, document }: PartProps) {
  const traffic = entryAt(document.traffic);
  const sources = entriesOf(traffic.sources);
  return (
    <>
      {sources.map((source, i) => (
        <section key={text(source.id)}>
          <h2>{text(source.id)}</h2>
          <p className="lead">
            {text(source.kind)}
            {source.file !== undefined && ` from ${text(source.file)}`}
          </p>
          {source.kind === "trace" && (
            <Amount
              label="Volume"
              unit="times the trace"
              value={Number(entryAt(source.transforms).volume ?? 1)}
              min={0.001}
              max={1000}
              onChange={(volume) =>
                scenario.document.edit(
                  "change the volume",
                  (draft) => {
                    const own = entriesOf(entryAt(draft.traffic).sources)[i];
                    own.transforms = { ...entryAt(own.transforms), volume };
                  },
                  `volume:${i}`,
                )
              }
              onDone={() => scenario.document.seal()}
            />
          )}
        </section>
      ))}
      <section>
        <h2>Classes</h2>
        <DataTable
          caption="Traffic classes"
          columns={[{ heading: "Class" }, { heading: "Tier" }, { heading: "Targets" }]}
          rows={entriesOf(traffic.classes).map((each) => [
            text(each.id),
            text(each.tier),
            Object.entries(entryAt(each.targets))
              .map(([metric, target]) => `${metric.toUpperCase()} ${text(entryAt(target).ms)} ms`)
              .join(", "),
          ])}
        />
      </section>
    </>
  );
}

interface InputsPartProps {
  readonly scenario: OpenScenario;
}

export function InputsPart({ scenario }: InputsPartProps) {
  const document = useDocument(scenario, (state) => state.history.value);
  return <Traffic scenario={scenario} document={document} />;
}
