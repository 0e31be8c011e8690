/** What is printed of a scenario, as it will lie on paper: verdict, curve, comparison, assumptions, one under the other; to a printer or a PDF file. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { useStore } from "zustand";
import type { PaperSize } from "../../../shared/contract/hostMethods.ts";
import { formatCount } from "../../../shared/reports/formatters.ts";
import { PlainChoice } from "../../components/PlainChoice.tsx";
import { useApp, useDocument, useLive, useWindow } from "../../components/useApp.ts";
import type { App, OpenScenario } from "../../state/appState.ts";
import { fileNameOf } from "../../state/passOn.ts";
import { AssumptionsPage } from "./AssumptionsPage.tsx";
import {
  Bill,
  ComparisonPage,
  CurvePage,
  type PageProps,
  usePages,
  VerdictHead,
  VerdictReasons,
} from "./pages.tsx";

/** What must be on the first sheet: the answer, and the curve behind it. */
function Verdict(props: PageProps) {
  return (
    <>
      <VerdictHead scenario={props.scenario} />
      <VerdictReasons {...props} />
    </>
  );
}

const printParts = [
  { name: "Verdict", Part: Verdict },
  { name: "Cost curve", Part: CurvePage },
  { name: "Bill", Part: Bill },
  { name: "Comparison", Part: ComparisonPage },
  { name: "Assumptions", Part: AssumptionsPage },
] as const;

/** A letter where letters are used, A4 elsewhere. */
function usualPaper(): PaperSize {
  return /-(US|CA|MX|PH|CL|CO|VE)$/i.test(navigator.language) ? "Letter" : "A4";
}

const paperNames: Readonly<Record<PaperSize, string>> = { A4: "A4", Letter: "US Letter" };

/** Asks where to, and has the host write the page as PDF. */
async function savePdf(app: App, name: string, paper: PaperSize): Promise<void> {
  const { target } = await app.client.call("files.chooseTarget", {
    ...{ purpose: "report", suggestedName: fileNameOf(name, "pdf") },
  });
  if (target === null) return;
  const { fileName, pages } = await app.client.call("host.printPdf", {
    ...{ target: target.token, paper },
  });
  app.notify("info", `${fileName} is written: ${formatCount(pages)} pages.`);
}

function Actions({ name, isReady }: { readonly name: string; readonly isReady: boolean }) {
  const app = useApp();
  const [paper, setPaper] = useState(usualPaper);
  const [isWriting, setWriting] = useState(false);
  const save = (): void => {
    setWriting(true);
    void app.try(() => savePdf(app, name, paper)).finally(() => setWriting(false));
  };
  if (!app.client.hasDialogs) {
    return (
      <>
        <Button className="button primary" autoFocus onPress={() => window.print()}>
          Print, or save as PDF
        </Button>
        <span className="drop-hint">
          {isReady
            ? "Opens the browser's print dialog: choose PDF there for a file."
            : "Figures are still on their way: wait for them."}
        </span>
      </>
    );
  }
  return (
    <>
      <Button className="button primary" autoFocus isDisabled={isWriting} onPress={save}>
        Save as PDF
      </Button>
      <Button className="button" onPress={() => window.print()}>
        Print
      </Button>
      <PlainChoice
        label="Paper"
        isBare
        value={paper}
        options={(Object.keys(paperNames) as PaperSize[]).map((id) => ({
          id,
          name: paperNames[id],
        }))}
        onChange={(value) => setPaper(value as PaperSize)}
      />
      {!isReady && (
        <span className="drop-hint">Figures are still on their way: wait for them.</span>
      )}
    </>
  );
}

function todayText(): string {
  const form = { day: "numeric", month: "long", year: "numeric" } as const;
  return new Date().toLocaleDateString("en-GB", form);
}

function Foot({ scenario }: { readonly scenario: OpenScenario }) {
  const report = useLive(scenario, (state) => state.report);
  const version = useWindow((state) => state.info?.version);
  const saved = useDocument(scenario, ({ baseVersion, saveState }) =>
    saveState === "saved"
      ? `version ${baseVersion}`
      : `version ${baseVersion} with unsaved changes`,
  );
  return (
    <footer className="print-foot">
      Simulated by Crossover {version} from {saved} of the scenario, printed on {todayText()}
      {report !== undefined && `, run ${report.hash.slice(0, 16)}`}. Amounts are estimates to three
      significant digits; prices as of the dates above.
    </footer>
  );
}

/** Whether everything that is printed is there. */
function useIsReady({ curve, comparison, scenario }: PageProps): boolean {
  const hasReport = useLive(
    scenario,
    ({ report, isRunning }) => report !== undefined && !isRunning,
  );
  const isComparing = useStore(comparison.run.store, (state) => state.isRunning);
  const hasCurve = curve.study !== undefined || curve.problem !== undefined;
  return hasReport && hasCurve && !isComparing;
}

function Print({ id, scenario }: { readonly id: string; readonly scenario: OpenScenario }) {
  const app = useApp();
  const pages = usePages(scenario, 250);
  const isReady = useIsReady(pages);
  const name = useDocument(scenario, ({ history }) => String(history.value.name ?? "Scenario"));
  return (
    <div className="print-view">
      <div className="row print-actions no-print">
        <Actions name={name} isReady={isReady} />
        <Button
          className="button quiet"
          onPress={() => app.go({ kind: "scenario", id, part: "results" })}
        >
          Back
        </Button>
      </div>
      <article className="print-body paper-white" data-ready={isReady}>
        <p className="print-head">
          <span>Own GPUs against per-token APIs</span>
          <span>{todayText()}</span>
        </p>
        {printParts.map(({ name: part, Part }) => (
          <section key={part} className="print-page" data-page={part} aria-label={part}>
            <Part {...pages} />
          </section>
        ))}
        <Foot scenario={scenario} />
      </article>
    </div>
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
