/** The newest run: where the money goes, what happened over time, how long requests waited, by class and destination. */
import type { RunReport } from "../../../shared/planning/runReport.ts";
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
import { costSentence } from "./runSentences.ts";
import { Notes, TableSection } from "./TableSection.tsx";
import { Timelines } from "./Timelines.tsx";

function Latencies({ report }: { readonly report: RunReport }) {
  return (
    <>
      <TableSection heading="Latency by class" table={latencyTable(report)} />
      {hasShakyPercentile(report) && (
        <p className="chart-rule">
          In parentheses: fewer than ten samples lie beyond the percentile, so that it says little.
          A longer horizon settles it.
        </p>
      )}
      {report.targets.length > 0 && <TableSection heading="Targets" table={targetTable(report)} />}
    </>
  );
}

function Fleet({ report }: { readonly report: RunReport }) {
  const capacity = capacityTable(report);
  const partitions = partitionTable(report);
  return (
    <>
      <TableSection heading="Served" table={destinationTable(report)} />
      {report.pools.length > 0 && <TableSection heading="Own GPUs" table={poolTable(report)} />}
      {capacity.rows.length > 0 && <TableSection heading="Capacity" table={capacity} />}
      {partitions.rows.length > 0 && <TableSection heading="MIG layouts" table={partitions} />}
      {report.providers.length > 0 && (
        <TableSection heading="Providers" table={providerTable(report)} />
      )}
    </>
  );
}

export function RunResults({ report }: { readonly report: RunReport }) {
  const { cost, replications } = report;
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
        />
      </section>
      <Timelines report={report} />
      <Latencies report={report} />
      <Fleet report={report} />
      <TableSection heading="Every line of the bill" table={costTable(report)} />
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
