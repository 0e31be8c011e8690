/** What else would keep the targets: the cheapest fleets and routings, as cost against latency; one opens as a scenario of its own. */
import { useMemo, useState } from "react";
import { Button } from "react-aria-components";
import type { ScenarioDocument } from "../../../shared/contract/common.ts";
import type { Alternative } from "../../../shared/planning/optimizer/alternatives.ts";
import type { OptimizeResult } from "../../../shared/planning/optimizer/optimize.ts";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { formatMs, formatUsd, noValue } from "../../../shared/reports/formatters.ts";
import { optimumSentence } from "../../../shared/reports/optimizeText.ts";
import { type OptionStyle, optionStyles } from "../../charts/optionStyles.ts";
import { type DrawnOption, ParetoChart } from "../../charts/ParetoChart.tsx";
import { useApp, useLive, useStudy } from "../../components/useApp.ts";
import type { App, OpenScenario } from "../../state/appState.ts";
import { Choice } from "./Choice.tsx";
import { CountField } from "./CountField.tsx";
import { StudyBar } from "./StudyBar.tsx";
import { Notes } from "./TableSection.tsx";

type KeptResult = OptimizeResult & { readonly scenarios: readonly ScenarioDocument[] };
type Metric = "ttftMs" | "tpotMs" | "e2eMs";

const metricNames: Readonly<Record<Metric, string>> = {
  ttftMs: "TTFT p95, all requests",
  tpotMs: "TPOT p95, all requests",
  e2eMs: "end to end p95, all requests",
};

function styleOf({ gpus, cost }: Alternative): OptionStyle {
  if (gpus === 0) return optionStyles.api;
  return cost.apiUsd > 0 ? optionStyles.hybrid : optionStyles.own;
}

/** Puts an alternative into the library and shows it. */
async function openAlternative(app: App, document: ScenarioDocument, text: string): Promise<void> {
  await app.try(async () => {
    const name = `${String(document.name ?? "Scenario")}: ${text}`.slice(0, 200);
    const { id } = await app.client.call("scenario.create", { document: { ...document, name } });
    await app.readScenarios();
    await app.show(id, "results");
  });
}

/** The scenario as it stands, by its own run. */
function presentOption(report: RunReport, metric: Metric): DrawnOption | undefined {
  const { p95 } = report.latency.all[metric];
  if (p95 === null) return undefined;
  const missed = report.targets.filter(({ isMet }) => isMet === false).length;
  const style =
    report.pools.length === 0 ? "api" : report.providers.length === 0 ? "own" : "hybrid";
  return {
    ...{ id: "now", name: "now", label: "the scenario as it is", style: optionStyles[style] },
    ...{ usd: report.cost.monthUsd, latencyMs: p95 },
    ...(missed > 0 && { missed: missed === 1 ? "It misses a target." : "It misses targets." }),
  };
}

function optionsOf(result: KeptResult, metric: Metric, app: App): DrawnOption[] {
  return result.alternatives.flatMap((each, i) => {
    const { p95 } = each.latency[metric];
    if (p95 === null) return [];
    const document = result.scenarios[i];
    return [
      {
        ...{
          id: String(each.rank),
          name: String(each.rank),
          label: `${each.rank}. ${each.text}`,
          usd: each.monthUsd,
          latencyMs: p95,
        },
        style: styleOf(each),
        ...(document && { open: () => void openAlternative(app, document, each.text) }),
      },
    ];
  });
}

function dearerText({ rank, difference: { usd } }: Alternative): string {
  if (rank === 1) return noValue;
  return usd < 0.005 ? "the same" : `+${formatUsd(usd)}`;
}

/** What binds it, as sentences. */
function bindingText({ binding }: Alternative): string {
  const { target, resources, oneStepLess } = binding;
  return [target?.text, ...resources, oneStepLess]
    .filter((text) => text !== undefined && text !== null && text !== "")
    .map((text) => `${text?.charAt(0).toUpperCase()}${text?.slice(1)}.`)
    .join(" ");
}

function Row({
  each,
  document,
}: {
  readonly each: Alternative;
  readonly document: ScenarioDocument | undefined;
}) {
  const app = useApp();
  return (
    <tr>
      <td className="figure-cell">{each.rank}</td>
      <td>
        {each.text}
        <p className="alternative-binds">{bindingText(each)}</p>
      </td>
      <td className="figure-cell">{formatUsd(each.monthUsd)}</td>
      <td className="figure-cell">{dearerText(each)}</td>
      <td className="figure-cell">
        {each.latency.ttftMs.p95 === null ? noValue : formatMs(each.latency.ttftMs.p95)}
      </td>
      <td className="figure-cell">
        {document !== undefined && (
          <Button
            className="button small"
            onPress={() => void openAlternative(app, document, each.text)}
          >
            Open
          </Button>
        )}
      </td>
    </tr>
  );
}

function Ranking({ result }: { readonly result: KeptResult }) {
  const { alternatives, scenarios } = result;
  return (
    <section>
      <h2>Ranked by cost</h2>
      <div className="table-frame">
        <table>
          <caption className="visually-hidden">Alternatives by cost</caption>
          <thead>
            <tr>
              <th scope="col" className="figure-cell">
                rank
              </th>
              <th scope="col">own GPUs, engine, routing; what binds it</th>
              <th scope="col" className="figure-cell">
                USD a month
              </th>
              <th scope="col" className="figure-cell">
                dearer by
              </th>
              <th scope="col" className="figure-cell">
                TTFT p95
              </th>
              <th scope="col">
                <span className="visually-hidden">open</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {alternatives.map((each, i) => (
              <Row key={each.rank} each={each} document={scenarios[i]} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The bound of a perfect system, where it lies near enough to be drawn without pressing the options together. */
function drawnBound({ perfectUsd, alternatives }: KeptResult): number | undefined {
  const isNear = alternatives.length > 0 && perfectUsd * 2 >= alternatives[0].monthUsd;
  return isNear ? perfectUsd : undefined;
}

/** The report of the scenario in front, where the study is of the same document. */
function usePresentReport(scenario: OpenScenario): RunReport | undefined {
  const { answered } = useStudy(scenario, "optimize");
  const report = useLive(scenario, (state) => state.report);
  const isSame = useLive(scenario, (state) => state.answered === answered);
  return isSame ? report : undefined;
}

function Answer({
  scenario,
  result,
}: {
  readonly scenario: OpenScenario;
  readonly result: KeptResult;
}) {
  const app = useApp();
  const [metric, setMetric] = useState<Metric>("ttftMs");
  const present = usePresentReport(scenario);
  const options = useMemo(() => {
    const now = present && presentOption(present, metric);
    return [...optionsOf(result, metric, app), ...(now ? [now] : [])];
  }, [result, metric, app, present]);
  const nobody = result.infeasible === null ? undefined : optimumSentence(result);
  return (
    <>
      <Choice
        label="Latency"
        value={metric}
        options={[
          ["ttftMs", "TTFT"],
          ["tpotMs", "TPOT"],
          ["e2eMs", "End to end"],
        ]}
        onChange={setMetric}
      />
      <ParetoChart
        title="Cost against latency"
        summary={optimumSentence(result)}
        empty={
          nobody ??
          (options.length === 0 ? "No alternative has enough requests for a latency." : undefined)
        }
        options={options}
        metric={metricNames[metric]}
        leastUsd={drawnBound(result)}
      />
      {result.alternatives.length > 0 && <Ranking result={result} />}
      <Notes
        heading="What to know"
        notes={[
          `The scenario as it is costs ${formatUsd(result.current.monthUsd)} a month${result.current.missed.length > 0 ? ` and misses: ${result.current.missed.join("; ")}` : ""}.`,
          `A perfect system, every GPU at its peak and nobody waiting, would cost at least ${formatUsd(result.perfectUsd)} a month.`,
          ...result.notes,
        ]}
      />
    </>
  );
}

export function AlternativesView({ scenario }: { readonly scenario: OpenScenario }) {
  const { answer } = useStudy(scenario, "optimize");
  const [top, setTop] = useState(8);
  return (
    <>
      <StudyBar
        scenario={scenario}
        question={{ kind: "optimize", top, tryRouting: true }}
        about="Searches GPU types and numbers, MIG layouts, tensor parallel, precisions, engines and routing thresholds for the least month that keeps your targets, and simulates the best. Which class goes where stays as the rules have it: Break-even tells what all of it on own GPUs, or at one API, comes to."
        action="Find alternatives"
      >
        <CountField label="Alternatives" value={top} least={1} most={50} onChange={setTop} />
      </StudyBar>
      {answer !== undefined && (
        <Answer scenario={scenario} result={answer.result as object as KeptResult} />
      )}
    </>
  );
}
