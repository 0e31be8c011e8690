/** What is passed on of a scenario, in four pages: verdict, cost curve, comparison, assumptions. */
import { useCallback, useEffect, useMemo } from "react";
import { useStore } from "zustand";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { formatMs, formatPercent, formatUsd } from "../../../shared/reports/formatters.ts";
import { runSentence } from "../../../shared/reports/runText.ts";
import { BreakEvenChart } from "../../charts/BreakEvenChart.tsx";
import { scenarioStyle } from "../../charts/optionStyles.ts";
import { DataTable } from "../../components/DataTable.tsx";
import { Figure } from "../../components/Figure.tsx";
import { useApp, useDocument, useLive, useWindow } from "../../components/useApp.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { assumptionsOf } from "../../state/assumptions.ts";
import { ComparisonRun } from "../../state/comparisonRun.ts";
import { scenarioPlaces } from "../../state/scenarioPlaces.ts";
import { CompareAnswer } from "../compare/CompareAnswer.tsx";
import { breakEvenTable, crossingsOf, curvesOf } from "../results/breakEvenCurves.ts";
import { type BreakEvenState, type KeptStudy, useBreakEven } from "./useBreakEven.ts";

/** What a page is drawn from; studies are under way before their page is turned to. */
export interface PageProps {
  readonly scenario: OpenScenario;
  readonly curve: BreakEvenState;
  readonly comparison: ComparedState;
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

/** The answer in one sentence and three numbers. */
export function VerdictPage({ scenario }: PageProps) {
  const report = useLive(scenario, (state) => state.report);
  return (
    <>
      <h1>{nameOf(scenario)}</h1>
      {report === undefined ? (
        <p className="present-verdict">The first answer is on its way.</p>
      ) : (
        <>
          <p className="present-verdict">{runSentence(report)}</p>
          <MainFigures report={report} />
        </>
      )}
    </>
  );
}

function Curve({ study }: { readonly study: KeptStudy }) {
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
        height={420}
      />
      <p className="chart-rule">{study.validityRule}</p>
    </>
  );
}

function curveText({ share, problem }: BreakEvenState): string {
  if (problem !== undefined) return `There is no curve: ${problem}`;
  return `The curve is being simulated, ${formatPercent(share)} of it is done.`;
}

/** What each option costs over the volume. */
export function CurvePage({ curve: state }: PageProps) {
  return (
    <>
      <h1>Where own GPUs and APIs cross</h1>
      {state.study === undefined ? (
        <p className="lead" role="status">
          {curveText(state)}
        </p>
      ) : (
        <Curve study={state.study} />
      )}
    </>
  );
}

const mostCompared = 4;

/** Ids to compare: the baseline first, then this one, then the newest others. */
function useComparedIds(scenario: OpenScenario): readonly string[] {
  const scenarios = useWindow((state) => state.scenarios);
  const baseline = useWindow((state) => state.settings.baselineScenario);
  const own = scenario.document.store.getState().id;
  return useMemo(() => {
    const others = scenarios.map(({ id }) => id).filter((id) => id !== own);
    const first = baseline !== null && others.includes(baseline) ? baseline : own;
    const rest = [own, ...others].filter((id) => id !== first);
    return [first, ...rest].slice(0, mostCompared);
  }, [scenarios, baseline, own]);
}

/** Starts what the pages show. */
export function usePages(scenario: OpenScenario): PageProps {
  const app = useApp();
  const curve = useBreakEven(scenario);
  const ids = useComparedIds(scenario);
  const run = useMemo(() => new ComparisonRun(app.client), [app]);
  useEffect(() => run.listen(), [run]);
  useEffect(() => {
    if (ids.length > 1) void app.flush().then(() => run.run({ ids, replications: 5 }));
  }, [app, run, ids]);
  return { scenario, curve, comparison: { run, ids } };
}

/** This scenario beside the baseline and others. */
export function ComparisonPage({ comparison: { run, ids } }: PageProps) {
  const scenarios = useWindow((state) => state.scenarios);
  const { comparison, answered, share, error } = useStore(run.store);
  const names = useMemo(() => {
    const places = scenarioPlaces(answered?.ids ?? [], scenarios);
    return (answered?.ids ?? []).map((id) => ({
      id,
      name: scenarios.find((each) => each.id === id)?.name ?? id,
      style: scenarioStyle(places.get(id) ?? 0),
    }));
  }, [answered, scenarios]);
  return (
    <>
      <h1>Beside the others</h1>
      {ids.length < 2 ? (
        <p className="lead">
          There is no other scenario in the library to compare with: duplicate this one and change
          it.
        </p>
      ) : comparison === undefined ? (
        <p className="lead" role="status">
          {error?.message ?? `Simulating all with the same requests, ${formatPercent(share)} done.`}
        </p>
      ) : (
        <CompareAnswer comparison={comparison} names={names} />
      )}
    </>
  );
}

/** Where every figure comes from, and what makes the run the same again. */
export function AssumptionsPage({ scenario }: PageProps) {
  const document = useDocument(scenario, (state) => state.history.value);
  const report = useLive(scenario, (state) => state.report);
  const rows = useMemo(() => assumptionsOf(document), [document]);
  const notes = [...(report?.warnings ?? []), ...(report?.notes ?? [])];
  return (
    <>
      <h1>What it assumes</h1>
      <DataTable
        caption="Assumptions with their sources"
        columns={["Assumption", "Figures", "Source", "Of", "Basis"].map((heading) => ({ heading }))}
        rows={rows.map(({ path, figures, source, retrievedOn, basis }) => [
          ...[path, figures, source, retrievedOn, basis],
        ])}
        emptyText="The scenario names no sources: nothing in it has a price or a part of the catalog."
      />
      {notes.length > 0 && (
        <ul className="notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {report !== undefined && (
        <p className="hash">
          Engine {report.engineVersion}, run <code>{report.hash}</code>. The same file, seed and
          engine give the same bytes.
        </p>
      )}
    </>
  );
}

export const presentPages = [
  { name: "Verdict", Page: VerdictPage },
  { name: "Cost curve", Page: CurvePage },
  { name: "Comparison", Page: ComparisonPage },
  { name: "Assumptions", Page: AssumptionsPage },
] as const;
