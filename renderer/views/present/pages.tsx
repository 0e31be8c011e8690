/** What is passed on of a scenario, in four pages: verdict, cost curve, comparison, assumptions. */
import { useCallback, useEffect, useMemo } from "react";
import { useStore } from "zustand";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { formatMs, formatPercent, formatUsd } from "../../../shared/reports/formatters.ts";
import { runSentence } from "../../../shared/reports/runText.ts";
import { BreakEvenChart } from "../../charts/BreakEvenChart.tsx";
import { CostChart } from "../../charts/CostChart.tsx";
import { keepUnits } from "../../charts/keepUnits.ts";
import { Figure } from "../../components/Figure.tsx";
import { useApp, useLive, useWindow } from "../../components/useApp.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { comparedIds } from "../../state/comparedIds.ts";
import { ComparisonRun } from "../../state/comparisonRun.ts";
import { Yardstick } from "../answer/Yardstick.tsx";
import { CompareAnswer } from "../compare/CompareAnswer.tsx";
import { TrafficNote } from "../compare/TrafficNote.tsx";
import { useNames } from "../compare/useNames.ts";
import { whatBinds } from "../results/answerTexts.ts";
import { breakEvenTable, crossingsOf, curvesOf } from "../results/breakEvenCurves.ts";
import { costSentence } from "../results/runSentences.ts";
import { AssumptionsPage } from "./AssumptionsPage.tsx";
import { type BreakEvenState, type KeptStudy, useBreakEven } from "./useBreakEven.ts";

/** What a page is drawn from; studies are under way before their page is turned to. */
export interface PageProps {
  readonly scenario: OpenScenario;
  readonly curve: BreakEvenState;
  readonly comparison: ComparedState;
  /** Pixels. */
  readonly curveHeight: number;
}

/** The comparison of the scenario with others. */
export interface ComparedState {
  readonly run: ComparisonRun;
  readonly ids: readonly string[];
}

function nameOf(scenario: OpenScenario): string {
  const { name } = scenario.document.document;
  return typeof name === "string" ? name : "Scenario";
}

function MainFigures({ report }: { readonly report: RunReport }) {
  const { cost, sloAttainment } = report;
  const wait = report.latency.all.ttftMs.p95;
  return (
    <dl className="present-figures">
      <Figure
        label="A month"
        value={formatUsd(cost.monthUsd)}
        note={`${formatUsd(cost.idleMonthUsd)} of it idle hours`}
      />
      <Figure
        label="Per million tokens"
        value={cost.usdPerMTokReservation === null ? "-" : formatUsd(cost.usdPerMTokReservation)}
        note="reservation-based: every provisioned hour counts"
      />
      <Figure
        label="Requests within all targets"
        value={sloAttainment.all === null ? "no targets" : formatPercent(sloAttainment.all)}
        note={wait === null ? undefined : `95 % have their first token within ${formatMs(wait)}`}
      />
    </dl>
  );
}

/** What the curve says, or where it stands. */
function AgainstOthers({ curve }: Pick<PageProps, "curve">) {
  return (
    <section className="present-others">
      <h2>Against the alternatives</h2>
      <p role="status">{keepUnits(curve.study?.sentence ?? curveText(curve))}</p>
    </section>
  );
}

function Binding({ report }: { readonly report: RunReport }) {
  const lines = [...new Set(whatBinds(report))];
  if (lines.length === 0) return null;
  return (
    <section className="present-others">
      <h2>What binds it</h2>
      {lines.map((line) => (
        <p key={line}>{keepUnits(line)}</p>
      ))}
    </section>
  );
}

/** The answer in one sentence and three numbers. */
export function VerdictHead({ scenario }: Pick<PageProps, "scenario">) {
  const report = useLive(scenario, (state) => state.report);
  return (
    <>
      <h1>{nameOf(scenario)}</h1>
      {report === undefined ? (
        <p className="present-verdict">The first answer is on its way.</p>
      ) : (
        <>
          <Yardstick {...{ scenario, report }} />
          <p className="present-verdict">{keepUnits(runSentence(report))}</p>
          <MainFigures report={report} />
        </>
      )}
    </>
  );
}

/** How the answer stands: against the alternatives, and against its own limits. */
export function VerdictReasons({ scenario, curve }: PageProps) {
  const report = useLive(scenario, (state) => state.report);
  if (report === undefined) return null;
  return (
    <div className="present-column">
      <AgainstOthers curve={curve} />
      <Binding report={report} />
    </div>
  );
}

/** Where a month's money goes. */
export function Bill({ scenario }: Pick<PageProps, "scenario">) {
  const report = useLive(scenario, (state) => state.report);
  if (report === undefined) return null;
  return (
    <CostChart
      title="The month's bill"
      summary={costSentence(report.cost)}
      {...(report.cost.lines.length === 0 && {
        empty: "Nothing is billed: the scenario has neither GPUs nor an API in use.",
      })}
      cost={report.cost}
    />
  );
}

/** The answer with the bill behind it, and how it stands against the alternatives. */
export function VerdictPage(props: PageProps) {
  return (
    <>
      <VerdictHead scenario={props.scenario} />
      <div className="present-columns">
        <Bill scenario={props.scenario} />
        <VerdictReasons {...props} />
      </div>
    </>
  );
}

function Curve({ study, height }: { readonly study: KeptStudy; readonly height: number }) {
  const curves = useMemo(() => curvesOf(study, "month"), [study]);
  const crossings = useMemo(() => crossingsOf(study, "month"), [study]);
  const table = useCallback(() => breakEvenTable(study), [study]);
  return (
    <>
      <BreakEvenChart
        title="A month's cost over its volume"
        summary={study.sentence}
        {...{ table, curves, crossings }}
        ownTokens={study.measured.monthTokens}
        unit="USD a month, logarithmic"
        height={height}
      />
      <p className="chart-rule">{study.validityRule}</p>
    </>
  );
}

function curveText({ share, problem }: BreakEvenState): string {
  if (problem !== undefined) return `There is no curve: ${problem}`;
  return `The cost over the volume is being simulated, ${formatPercent(share)} of it is done.`;
}

/** What each option costs over the volume. */
export function CurvePage({ curve: state, curveHeight }: PageProps) {
  return (
    <>
      <h1>Where own GPUs and APIs cross</h1>
      {state.study === undefined ? (
        <p className="lead" role="status">
          {curveText(state)}
        </p>
      ) : (
        <Curve study={state.study} height={curveHeight} />
      )}
    </>
  );
}

const mostCompared = 8;

/** Ids to compare: what was compared last with this one, else others of its traffic. */
function useComparedIds(scenario: OpenScenario): readonly string[] {
  const scenarios = useWindow((state) => state.scenarios);
  const baseline = useWindow((state) => state.settings.baselineScenario);
  const lastCompared = useWindow((state) => state.lastCompared);
  const own = scenario.document.store.getState().id;
  const text = useMemo(
    () => comparedIds({ scenarios, baseline, lastCompared }, own, mostCompared).join(" "),
    [scenarios, baseline, lastCompared, own],
  );
  // The list of the library is read anew often: the same ids are the same choice.
  return useMemo(() => text.split(" "), [text]);
}

/** Starts what the pages show. */
export function usePages(scenario: OpenScenario, curveHeight: number): PageProps {
  const app = useApp();
  const curve = useBreakEven(scenario);
  const ids = useComparedIds(scenario);
  const run = useMemo(() => new ComparisonRun(app.client), [app]);
  useEffect(() => run.listen(), [run]);
  useEffect(() => {
    if (ids.length > 1) void app.flush().then(() => run.run({ ids, replications: 5 }));
  }, [app, run, ids]);
  return { scenario, curve, comparison: { run, ids }, curveHeight };
}

function Compared({ comparison: { run } }: Pick<PageProps, "comparison">) {
  const { comparison, answered, share, error, leftOut } = useStore(run.store);
  const names = useNames(answered?.ids ?? noIds);
  if (error !== undefined) return <p className="lead">There is no comparison: {error.message}</p>;
  const left = leftOut.map(({ id, reason }) => (
    <p key={id} className="chart-rule">
      Left out: {reason}
    </p>
  ));
  if (comparison === undefined) {
    const isUnderWay = run.store.getState().isRunning || leftOut.length === 0;
    return (
      <>
        <p className="lead" role="status">
          {isUnderWay
            ? `Simulating all with the same requests, ${formatPercent(share)} done.`
            : "There is no other scenario that can be simulated to compare with."}
        </p>
        {left}
      </>
    );
  }
  return (
    <>
      <TrafficNote comparison={comparison} names={names} />
      <CompareAnswer comparison={comparison} names={names} />
      {left}
    </>
  );
}

const noIds: readonly string[] = [];

/** This scenario beside the baseline and others. */
export function ComparisonPage({ comparison }: PageProps) {
  return (
    <>
      <h1>Beside the others</h1>
      {comparison.ids.length < 2 ? (
        <p className="lead">
          There is no other scenario of the same traffic to compare with: duplicate this one and
          change it, or choose some under Compare first.
        </p>
      ) : (
        <Compared comparison={comparison} />
      )}
    </>
  );
}

/** The pages in their order. */
export const presentPages = [
  { name: "Verdict", Page: VerdictPage },
  { name: "Cost curve", Page: CurvePage },
  { name: "Comparison", Page: ComparisonPage },
  { name: "Assumptions", Page: AssumptionsPage },
] as const;
