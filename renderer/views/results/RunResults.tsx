/** The newest run: where the money goes, what happened over time, how long requests waited, by class and destination. */
import { useCallback } from "react";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { figurePath } from "../../../shared/reports/explanation.ts";
import {
  capacityTable,
  costTable,
  destinationTable,
  hasShakyPercentile,
  latencyTable,
  partitionTable,
  poolTable,
  providerTable,
  replicationTable,
  targetTable,
} from "../../../shared/reports/runTables.ts";
import { CostChart } from "../../charts/CostChart.tsx";
import type { OpenScenario } from "../../state/appState.ts";
import { costFigures, latencyFigures, poolFigures, targetFigures } from "./explainedCells.ts";
import { FigureTable } from "./FigureTable.tsx";
import { FlowSection } from "./FlowSection.tsx";
import { LatencySection } from "./LatencySection.tsx";
import { costSentence } from "./runSentences.ts";
import { Notes, TableSection } from "./TableSection.tsx";
import { Timelines } from "./Timelines.tsx";

interface RunResultsProps {
  readonly scenario: OpenScenario;
  readonly report: RunReport;
}

function LatencyTables({ scenario, report }: RunResultsProps) {
  return (
    <>
      <FigureTable
        scenario={scenario}
        heading="Latency by class"
        table={latencyTable(report)}
        figureAt={latencyFigures(report)}
      />
      {hasShakyPercentile(report) && (
        <p className="chart-rule">
          In parentheses: fewer than ten samples lie beyond the percentile, so that it says little.
          A longer horizon settles it.
        </p>
      )}
      {report.targets.length > 0 && (
        <FigureTable
          scenario={scenario}
          heading="Targets"
          table={targetTable(report)}
          figureAt={targetFigures(report)}
        />
      )}
    </>
  );
}

function Fleet({ scenario, report }: RunResultsProps) {
  const capacity = capacityTable(report);
  const partitions = partitionTable(report);
  return (
    <>
      <TableSection heading="Served" table={destinationTable(report)} />
      {report.pools.length > 0 && (
        <FigureTable
          scenario={scenario}
          heading="Own GPUs"
          table={poolTable(report)}
          figureAt={poolFigures(report)}
        />
      )}
      {capacity.rows.length > 0 && <TableSection heading="Capacity" table={capacity} />}
      {partitions.rows.length > 0 && <TableSection heading="MIG layouts" table={partitions} />}
      {report.providers.length > 0 && (
        <TableSection heading="Providers" table={providerTable(report)} />
      )}
    </>
  );
}

export function RunResults({ scenario, report }: RunResultsProps) {
  const { cost, replications } = report;
  const explainLine = useCallback(
    (id: string) => scenario.explained.show(figurePath("line", id)),
    [scenario],
  );
  return (
    <>
      <section>
        <h2>Cost</h2>
        <CostChart
          title="The month's bill"
          summary={costSentence(cost)}
          empty={
            cost.lines.length === 0
              ? "Nothing is billed: the scenario has neither GPUs nor an API in use."
              : undefined
          }
          cost={cost}
          onLine={explainLine}
        />
      </section>
      <Timelines report={report} />
      <LatencySection scenario={scenario} />
      <LatencyTables {...{ scenario, report }} />
      <FlowSection scenario={scenario} />
      <Fleet {...{ scenario, report }} />
      <FigureTable
        scenario={scenario}
        heading="Every line of the bill"
        table={costTable(report)}
        figureAt={costFigures(report)}
      />
      {replications !== undefined && (
        <TableSection
          heading={`Spread over ${replications.count} runs of other draws`}
          table={replicationTable(replications)}
        />
      )}
      <Notes heading="What to know" notes={[...report.warnings, ...report.notes]} />
      <p className="hash">
        Engine {report.engineVersion} · run <code data-testid="run-hash">{report.hash}</code>
      </p>
    </>
  );
}
