/** Which scenarios are compared, and which of them is the baseline: the chosen ones as a list, the others found by name. */
import { type ReactNode, useState } from "react";
import {
  Button,
  ComboBox,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Text,
  useFilter,
} from "react-aria-components";
import type { ScenarioEntry } from "../../../shared/contract/scenarioMethods.ts";
import { formatCount, formatUsd } from "../../../shared/reports/formatters.ts";
import { InlineMark } from "../../charts/Mark.tsx";
import { useApp, useWindow } from "../../components/useApp.ts";
import { type ComparedName, comparedNames } from "./comparedNames.ts";

/** The most scenarios in one comparison. */
export const mostCompared = 8;
/** Names that are offered at once: a library may hold a thousand; typing finds the others. */
const mostOffered = 40;

function aboutText({ summary, lastRun }: ScenarioEntry): string {
  const gpus =
    summary.gpus === 0
      ? "no own GPUs"
      : `${formatCount(summary.gpus)} ${summary.gpus === 1 ? "GPU" : "GPUs"}`;
  const cost = lastRun === null ? [] : [`${formatUsd(lastRun.monthUsd)} a month`];
  return [gpus, ...summary.providers, ...cost].join(", ");
}

/** The reason without the name that stands beside it. */
function reasonText(reason: string, name: string): string {
  return reason.startsWith(`${name}: `) ? reason.slice(name.length + 2) : reason;
}

interface ChosenProps {
  readonly named: ComparedName;
  readonly isBaseline: boolean;
  readonly problem: string | undefined;
  onRemove(): void;
}

function Chosen({ named, isBaseline, problem, onRemove }: ChosenProps) {
  const app = useApp();
  const { id, name, style } = named;
  return (
    <li className="pick-row" data-left={problem !== undefined}>
      <span className="pick-head">
        <InlineMark style={style} />
        <span className="pick-name">{name}</span>
      </span>
      <span className="pick-note">
        {isBaseline && <span className="pick-badge">baseline</span>}
        {!isBaseline && problem === undefined && (
          <Button
            className="link"
            aria-label={`Make it the baseline: ${name}`}
            onPress={() => void app.set({ baselineScenario: id })}
          >
            Make it the baseline
          </Button>
        )}
      </span>
      <Button
        className="button small quiet"
        aria-label={`Remove ${name} from the comparison`}
        onPress={onRemove}
      >
        Remove
      </Button>
      {problem !== undefined && (
        <p className="pick-problem" role="alert">
          Left out: {reasonText(problem, name)}{" "}
          <Button
            className="link"
            aria-label={`Open it to mend that: ${name}`}
            onPress={() => void app.try(() => app.show(id, "results"))}
          >
            Open it to mend that
          </Button>
        </p>
      )}
    </li>
  );
}

function Adder({
  others,
  onAdd,
}: {
  readonly others: readonly ScenarioEntry[];
  onAdd(id: string): void;
}) {
  const { contains } = useFilter({ sensitivity: "base" });
  const [text, setText] = useState("");
  const found = others.filter(({ name }) => text === "" || contains(name, text));
  return (
    <ComboBox
      className="field pick-adder"
      items={found.slice(0, mostOffered)}
      inputValue={text}
      onInputChange={setText}
      selectedKey={null}
      menuTrigger="focus"
      allowsEmptyCollection
      onSelectionChange={(key) => {
        if (key === null) return;
        setText("");
        onAdd(String(key));
      }}
    >
      <Label>Add a scenario</Label>
      <span className="combo">
        <Input placeholder={`${formatCount(others.length)} more in the library: type a name`} />
        <Button className="combo-open" aria-label="Show the scenarios">
          <span aria-hidden="true">▾</span>
        </Button>
      </span>
      <Popover className="popover">
        <ListBox
          className="list"
          renderEmptyState={() => <p className="empty">No other scenario has that name.</p>}
        >
          {(each: ScenarioEntry) => (
            <ListBoxItem id={each.id} className="list-item" textValue={each.name}>
              <Text slot="label">{each.name}</Text>
              <Text slot="description" className="list-note">
                {aboutText(each)}
              </Text>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

interface PickerProps {
  /** The baseline first. */
  readonly ids: readonly string[];
  /** Why some of them are left out, by id. */
  readonly problems: ReadonlyMap<string, string>;
  /** What else is chosen of the comparison, beside the field that adds a scenario. */
  readonly children: ReactNode;
}

export function ScenarioPicker({ ids, problems, children }: PickerProps) {
  const app = useApp();
  const scenarios = useWindow((state) => state.scenarios);
  const names = comparedNames(ids, scenarios);
  const others = scenarios.filter(({ id }) => !ids.includes(id));
  const baseline = ids.find((id) => !problems.has(id));
  const choose = (next: readonly string[]): void => app.go({ kind: "compare", ids: next });
  return (
    <>
      <ul className="pick-list picker" aria-label="Scenarios to compare">
        {names.map((named) => (
          <Chosen
            key={named.id}
            named={named}
            isBaseline={named.id === baseline}
            problem={problems.get(named.id)}
            onRemove={() => choose(ids.filter((id) => id !== named.id))}
          />
        ))}
      </ul>
      <div className="row compare-controls">
        {ids.length < mostCompared && others.length > 0 && (
          <Adder others={others} onAdd={(id) => choose([...ids, id])} />
        )}
        {children}
      </div>
      {ids.length >= mostCompared && (
        <p className="empty">
          Eight are the most that can be compared at once: remove one to add another.
        </p>
      )}
    </>
  );
}
