/** The inputs of a part, with the few that decide most ready to be changed: volume, replicas, GPU price. */
import { Button, Group, Input, Label, NumberField } from "react-aria-components";
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import { formatGiven } from "../../shared/reports/formatters.ts";
import { DataTable } from "../components/DataTable.tsx";
import { useDocument } from "../components/useApp.ts";
import type { OpenScenario, ScenarioPart } from "../state/appState.ts";

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

function Fleet({ scenario, document }: PartProps) {
  const pools = entriesOf(document.pools);
  if (pools.length === 0)
    return <p className="empty">No GPUs of its own: all traffic goes to APIs.</p>;
  const edit = (name: string, i: number, key: string, change: (pool: Entry) => void): void =>
    scenario.document.edit(name, (draft) => change(entriesOf(draft.pools)[i]), `${key}:${i}`);
  const done = (): void => scenario.document.seal();
  return pools.map((pool, i) => (
    <section key={text(pool.id)}>
      <h2>{text(pool.id)}</h2>
      <p className="lead">
        {text(pool.model)}, {text(pool.precision)}, {text(pool.backend)}, tensor parallel{" "}
        {text(pool.tensorParallel ?? 1)} on {text(pool.gpu)}
      </p>
      <div className="row">
        <Amount
          label="Replicas"
          value={Number(pool.replicas ?? 1)}
          min={1}
          max={4096}
          step={1}
          onChange={(replicas) =>
            edit("change the replicas", i, "replicas", (own) => Object.assign(own, { replicas }))
          }
          onDone={done}
        />
        {pool.price !== undefined && (
          <Amount
            label="Price"
            unit="$ per GPU hour"
            value={Number(entryAt(pool.price).usdPerGpuHour ?? 0)}
            min={0}
            max={1000}
            onChange={(usdPerGpuHour) =>
              edit("change the GPU price", i, "price", (own) => {
                own.price = { ...entryAt(own.price), usdPerGpuHour };
              })
            }
            onDone={done}
          />
        )}
      </div>
    </section>
  ));
}

function Providers({ document }: PartProps) {
  return (
    <DataTable
      caption="Providers"
      columns={[
        { heading: "Provider" },
        { heading: "Model" },
        { heading: "Input, $/M", isFigure: true },
        { heading: "Cached, $/M", isFigure: true },
        { heading: "Output, $/M", isFigure: true },
      ]}
      rows={entriesOf(document.providers).map((each) => {
        const price = entryAt(each.price);
        return [
          text(each.name),
          text(each.model),
          text(price.inputUsdPerMTok),
          text(price.cachedInputUsdPerMTok),
          text(price.outputUsdPerMTok),
        ];
      })}
      emptyText="No providers: all traffic stays on own GPUs."
    />
  );
}

function Routing({ document }: PartProps) {
  return (
    <DataTable
      caption="Rules, in order"
      columns={[
        { heading: "Rule" },
        { heading: "Matches" },
        { heading: "Sends to" },
        { heading: "While" },
      ]}
      rows={entriesOf(document.rules).map((rule) => {
        const to = entryAt(rule.to);
        const match = Object.entries(entryAt(rule.match)).map(
          ([key, value]) => `${key} ${text(value)}`,
        );
        const guards = Object.entries(entryAt(rule.guards)).map(
          ([key, value]) => `${key} ${text(value)}`,
        );
        return [
          text(rule.id),
          match.join(", ") || "everything",
          text(to.pool ?? to.provider ?? "rejection"),
          guards.join(", ") || "always",
        ];
      })}
    />
  );
}

const parts = { traffic: Traffic, fleet: Fleet, providers: Providers, routing: Routing } as const;

interface InputsPartProps {
  readonly scenario: OpenScenario;
  readonly part: Exclude<ScenarioPart, "results">;
}

export function InputsPart({ scenario, part }: InputsPartProps) {
  const document = useDocument(scenario, (state) => state.history.value);
  const Part = parts[part];
  return <Part scenario={scenario} document={document} />;
}
