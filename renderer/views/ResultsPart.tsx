/** What came of the scenario: the newest run, and the studies that ask more of it. */
import { type ReactNode, useEffect } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useApp, useLive } from "../components/useApp.ts";
import type { OpenScenario } from "../state/appState.ts";
import { AlternativesView } from "./results/AlternativesView.tsx";
import { BreakEvenView } from "./results/BreakEvenView.tsx";
import { ClaimsView } from "./results/ClaimsView.tsx";
import { FidelityView } from "./results/FidelityView.tsx";
import { RequestsView } from "./results/RequestsView.tsx";
import { RunBar } from "./results/RunBar.tsx";
import { RunResults } from "./results/RunResults.tsx";
import { UncertaintyView } from "./results/UncertaintyView.tsx";

const tabs = [
  ["run", "This run"],
  ["requests", "Requests"],
  ["breakeven", "Break-even"],
  ["uncertainty", "How sure"],
  ["alternatives", "Alternatives"],
  ["claims", "Published claims"],
  ["fidelity", "Fidelity"],
] as const;
type ResultTab = (typeof tabs)[number][0];

function Run({ scenario }: { readonly scenario: OpenScenario }) {
  const report = useLive(scenario, (state) => state.report);
  const error = useLive(scenario, (state) => state.error);
  const waiting =
    error === undefined
      ? "The first answer is on its way; its figures will stand here."
      : "There is no answer yet: what stands beside says what to mend.";
  return (
    <>
      <RunBar scenario={scenario} />
      {report === undefined ? (
        <p className="empty">{waiting}</p>
      ) : (
        <RunResults {...{ scenario, report }} />
      )}
    </>
  );
}

function contentOf(tab: ResultTab, scenario: OpenScenario): ReactNode {
  switch (tab) {
    case "run":
      return <Run scenario={scenario} />;
    case "requests":
      return <RequestsView scenario={scenario} />;
    case "breakeven":
      return <BreakEvenView scenario={scenario} />;
    case "uncertainty":
      return <UncertaintyView scenario={scenario} />;
    case "alternatives":
      return <AlternativesView scenario={scenario} />;
    case "claims":
      return <ClaimsView />;
    case "fidelity":
      return <FidelityView />;
  }
}

/** Which tab each scenario was left at, for as long as the window lives. */
const lastTabs = new WeakMap<OpenScenario, ResultTab>();

export function ResultsPart({ scenario }: { readonly scenario: OpenScenario }) {
  const app = useApp();
  useEffect(() => {
    void app.try(() => scenario.studies.readKept(scenario.document.document));
  }, [app, scenario]);
  return (
    <Tabs
      className="result-tabs"
      defaultSelectedKey={lastTabs.get(scenario) ?? "run"}
      onSelectionChange={(key) => lastTabs.set(scenario, key as ResultTab)}
    >
      <TabList className="tab-list" aria-label="Results">
        {tabs.map(([id, name]) => (
          <Tab key={id} id={id} className="tab">
            {name}
          </Tab>
        ))}
      </TabList>
      {tabs.map(([id, name]) => (
        <TabPanel key={id} id={id} className="tab-panel">
          <h2 className="visually-hidden">{name}</h2>
          {contentOf(id, scenario)}
        </TabPanel>
      ))}
    </Tabs>
  );
}
