/** What is printed of a scenario: verdict, curve, comparison, assumptions, one under the other; print or save as PDF. */
import { Button } from "react-aria-components";
import { useApp, useLive, useWindow } from "../../components/useApp.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { presentPages, usePages } from "./pages.tsx";

function Foot({ scenario }: { readonly scenario: OpenScenario }) {
  const report = useLive(scenario, (state) => state.report);
  const version = useWindow((state) => state.info?.version);
  return (
    <footer className="print-foot">
      Crossover {version} · printed {new Date().toLocaleDateString()}
      {report !== undefined && ` · run ${report.hash.slice(0, 16)}`}
    </footer>
  );
}

function Print({ id, scenario }: { readonly id: string; readonly scenario: OpenScenario }) {
  const app = useApp();
  const pages = usePages(scenario);
  const isReady = pages.curve.study !== undefined || pages.curve.problem !== undefined;
  return (
    <article className="sheet-body print-body">
      <div className="row no-print">
        <Button className="button primary" autoFocus onPress={() => window.print()}>
          Print, or save as PDF
        </Button>
        <Button
          className="button"
          onPress={() => app.go({ kind: "scenario", id, part: "results" })}
        >
          Back
        </Button>
        {!isReady && <span className="drop-hint">The curve is on its way: wait for it.</span>}
      </div>
      {presentPages.map(({ name, Page }) => (
        <section key={name} className="print-page" aria-label={name}>
          <Page {...pages} />
        </section>
      ))}
      <Foot scenario={scenario} />
    </article>
  );
}

export function PrintView({ id }: { readonly id: string }) {
  const app = useApp();
  const scenario = app.scenario(id);
  const isKnown = useWindow((state) => state.scenarios.some((each) => each.id === id));
  if (scenario === undefined || !isKnown) {
    return <p className="empty">This scenario is no longer in the library.</p>;
  }
  return <Print {...{ id, scenario }} />;
}
