/** What leaves the app: several scenarios as files at once, and the other forms in which work is passed on. */
import { useState } from "react";
import { Button, Checkbox } from "react-aria-components";
import type { ScenarioEntry } from "../../../shared/contract/scenarioMethods.ts";
import { formatCount, formatUsd } from "../../../shared/reports/formatters.ts";
import { useApp, useWindow } from "../../components/useApp.ts";
import { shortcutText } from "../../state/commands.ts";
import { exportScenarios } from "../../state/passOn.ts";
import { isMac } from "../../state/platform.ts";

/** As many as core gives places for at once. */
const mostFiles = 200;

interface RowProps {
  readonly scenario: ScenarioEntry;
  readonly isTaken: boolean;
  onTake(isTaken: boolean): void;
}

function Row({ scenario, isTaken, onTake }: RowProps) {
  const { name, hasDraft, lastRun, version } = scenario;
  return (
    <li className="pick-row">
      <Checkbox className="checkbox" isSelected={isTaken} onChange={onTake}>
        <span className="checkbox-box" aria-hidden="true" />
        <span className="pick-name">{name}</span>
      </Checkbox>
      <span className="pick-note">
        version {formatCount(version)}
        {hasDraft && <span className="dirty"> and unsaved changes</span>}
      </span>
      <span className="pick-figure">
        {lastRun === null ? (
          <span className="unit">not simulated</span>
        ) : (
          <>
            {formatUsd(lastRun.monthUsd)}
            <span className="unit"> a month</span>
          </>
        )}
      </span>
    </li>
  );
}

const printKey = shortcutText("Mod+P", isMac);

/** What else can be passed on, and what is to come. */
const otherForms: readonly { readonly name: string; readonly how: string }[] = [
  {
    name: "A report, on paper or as PDF",
    how: `Open the scenario and press ${printKey}: verdict, cost curve, comparison, assumptions.`,
  },
  { name: "A table as CSV", how: "The word CSV stands at every table." },
  {
    name: "A chart as PNG or SVG, its figures as CSV",
    how: "Under Copy or save, at the head of every chart.",
  },
  {
    name: "A deck, a workbook",
    how: "Not written by this version; they will stand here. Until then: pictures for slides, CSV for a spreadsheet.",
  },
];

function OtherForms() {
  return (
    <section>
      <h2>Other forms</h2>
      <dl className="forms">
        {otherForms.map(({ name, how }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{how}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Chooser({ scenarios }: { readonly scenarios: readonly ScenarioEntry[] }) {
  const app = useApp();
  const [left, setLeft] = useState<ReadonlySet<string>>(
    () => new Set(scenarios.slice(mostFiles).map(({ id }) => id)),
  );
  const chosen = scenarios.filter(({ id }) => !left.has(id));
  const take = (id: string, isTaken: boolean): void =>
    setLeft((known) => {
      const others = [...known].filter((each) => each !== id);
      return new Set(isTaken ? others : [...others, id]);
    });
  return (
    <>
      <div className="row">
        <Button
          className="button primary"
          isDisabled={chosen.length === 0 || chosen.length > mostFiles}
          onPress={() => void app.try(() => exportScenarios(app, chosen))}
        >
          Save {chosen.length === 1 ? "1 file" : `${formatCount(chosen.length)} files`}
        </Button>
        <Button className="button small quiet" onPress={() => setLeft(new Set())}>
          All
        </Button>
        <Button
          className="button small quiet"
          onPress={() => setLeft(new Set(scenarios.map(({ id }) => id)))}
        >
          None
        </Button>
        {chosen.length > mostFiles && (
          <span className="drop-hint">
            {formatCount(mostFiles)} files are the most at once: leave some for the next time.
          </span>
        )}
      </div>
      <ul className="pick-list" aria-label="Scenarios to save">
        {scenarios.map((scenario) => (
          <Row
            key={scenario.id}
            scenario={scenario}
            isTaken={!left.has(scenario.id)}
            onTake={(isTaken) => take(scenario.id, isTaken)}
          />
        ))}
      </ul>
    </>
  );
}

export function ExportView() {
  const scenarios = useWindow((state) => state.scenarios);
  return (
    <article className="sheet-body">
      <header>
        <h1>Save scenarios as files</h1>
        <p className="lead">
          Each file holds everything but the rows of its trace: inputs, prices with their sources,
          models, coefficients, seed. It means the same in a year, on any machine. Unsaved changes
          are saved as a version first.
        </p>
      </header>
      {scenarios.length === 0 ? (
        <p className="empty">The library has no scenarios to save.</p>
      ) : (
        <Chooser scenarios={scenarios} />
      )}
      <OtherForms />
    </article>
  );
}
