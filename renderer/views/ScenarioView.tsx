/** The scenario in front: its name, its parts, what is saved of it. */
import { Button, Input, TextField } from "react-aria-components";
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import { ErrorBoundary } from "../components/ErrorBoundary.tsx";
import { EditingScope } from "../components/editing.tsx";
import { useApp, useDocument, useWindow } from "../components/useApp.ts";
import { type OpenScenario, type ScenarioPart, scenarioParts } from "../state/appState.ts";
import { AnswerPanel } from "./AnswerPanel.tsx";
import { FleetPart } from "./fleet/FleetPart.tsx";
import { partNames } from "./partNames.ts";
import { ProvidersPart } from "./providers/ProvidersPart.tsx";
import { ResultsPart } from "./ResultsPart.tsx";
import { RoutingPart } from "./routing/RoutingPart.tsx";
import { TargetsPart } from "./targets/TargetsPart.tsx";
import { TrafficPart } from "./traffic/TrafficPart.tsx";
import { Versions } from "./Versions.tsx";

const saveTexts = {
  saved: "Saved",
  unsaved: "Unsaved changes",
  saving: "Saving …",
  failed: "Not saved",
  conflict: "Changed elsewhere",
} as const;

function nameIn(document: ScenarioDocument): string {
  return typeof document.name === "string" ? document.name : "";
}

/** Two windows changed one scenario: nothing is written over the other's work before the person has chosen. */
function Conflict({ scenario }: { readonly scenario: OpenScenario }) {
  const app = useApp();
  const { document } = scenario;
  const { id } = document.store.getState();
  return (
    <div className="row conflict">
      <Button className="button small" onPress={() => void app.try(() => app.splitConflict(id))}>
        Save this as a copy
      </Button>
      <Button className="button small" onPress={() => void app.try(() => document.takeTheirs())}>
        Take over the other
      </Button>
      <Button className="button small" onPress={() => void app.try(() => document.keepMine())}>
        Keep this instead
      </Button>
    </div>
  );
}

function Head({ scenario }: { readonly scenario: OpenScenario }) {
  const app = useApp();
  const { history, saveState, kept, problem, isRestored } = useDocument(scenario, (state) => state);
  const { document } = scenario;
  const rename = (name: string): void =>
    document.edit("rename", (draft) => Object.assign(draft, { name }), "rename");
  return (
    <header className="scenario-head">
      <h1 className="visually-hidden">{nameIn(history.value)}</h1>
      <TextField
        className="title-field"
        aria-label="Name of the scenario"
        value={nameIn(history.value)}
        onChange={rename}
        onBlur={() => document.seal()}
      >
        <Input />
      </TextField>
      <span className="save-state" data-state={saveState} title={problem}>
        {saveTexts[saveState]}
        {saveState === "unsaved" && kept === history.value ? ", kept" : ""}
        {isRestored && saveState === "unsaved" ? " from before" : ""}
      </span>
      <Button
        className="button small"
        isDisabled={["saved", "saving", "conflict"].includes(saveState)}
        onPress={() => app.commands.run("scenario.save")}
      >
        Save
      </Button>
      <Versions scenario={scenario} />
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {saveState === "conflict" && <Conflict scenario={scenario} />}
    </header>
  );
}

function Parts({ id, part }: { readonly id: string; readonly part: ScenarioPart }) {
  const app = useApp();
  return (
    <nav className="parts" aria-label="Parts of the scenario">
      {scenarioParts.map((each) => (
        <Button
          key={each}
          className="part"
          aria-current={each === part ? "page" : undefined}
          onPress={() => app.go({ kind: "scenario", id, part: each })}
        >
          {partNames[each]}
        </Button>
      ))}
    </nav>
  );
}

interface PartBodyProps {
  readonly scenario: OpenScenario;
  readonly part: ScenarioPart;
}

function PartBody({ scenario, part }: PartBodyProps) {
  switch (part) {
    case "traffic":
      return <TrafficPart />;
    case "fleet":
      return <FleetPart />;
    case "providers":
      return <ProvidersPart />;
    case "routing":
      return <RoutingPart />;
    case "targets":
      return <TargetsPart />;
    case "results":
      return <ResultsPart scenario={scenario} />;
  }
}

export function ScenarioView({ id, part }: { readonly id: string; readonly part: ScenarioPart }) {
  const app = useApp();
  const scenario = app.scenario(id);
  const isKnown = useWindow((state) => state.scenarios.some((each) => each.id === id));
  if (scenario === undefined || !isKnown) {
    return <p className="empty">This scenario is no longer in the library.</p>;
  }
  return (
    <>
      <div className="sheet-body">
        <Head scenario={scenario} />
        <Parts id={id} part={part} />
        <ErrorBoundary place={partNames[part]} key={part}>
          <EditingScope scenario={scenario}>
            <PartBody scenario={scenario} part={part} />
          </EditingScope>
        </ErrorBoundary>
      </div>
      <ErrorBoundary place="Answer">
        <AnswerPanel scenario={scenario} />
      </ErrorBoundary>
    </>
  );
}
