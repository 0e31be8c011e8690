/** The figures of the newest answer, as tables: the same as on the command line. */
import {
  costTable,
  destinationTable,
  latencyTable,
  poolTable,
  providerTable,
  targetTable,
} from "../../shared/reports/runTables.ts";
import type { Table } from "../../shared/reports/table.ts";
import { DataTable } from "../components/DataTable.tsx";
import { useLive } from "../components/useApp.ts";
import type { OpenScenario } from "../state/appState.ts";
import { Timelines } from "./results/Timelines.tsx";

function TableSection({ heading, table }: { readonly heading: string; readonly table: Table }) {
  return (
    <section>
      <h2>{heading}</h2>
      <DataTable
        caption={heading}
        columns={table.columns.map((column) => ({
          heading: column.title,
          isFigure: column.align === "right",
        }))}
        rows={table.rows}
      />
    </section>
  );
}

export function ResultsPart({ scenario }: { readonly scenario: OpenScenario }) {
  const report = useLive(scenario, (state) => state.report);
  if (report === undefined) {
    return <p className="empty">The first answer is on its way; its figures will stand here.</p>;
  }
  return (
    <>
      <Timelines report={report} />
      <TableSection heading="Cost" table={costTable(report)} />
      <TableSection heading="Latency" table={latencyTable(report)} />
      {report.targets.length > 0 && <TableSection heading="Targets" table={targetTable(report)} />}
      <TableSection heading="Served" table={destinationTable(report)} />
      {report.pools.length > 0 && <TableSection heading="Own GPUs" table={poolTable(report)} />}
      {report.providers.length > 0 && (
        <TableSection heading="Providers" table={providerTable(report)} />
      )}
      {[...report.warnings, ...report.notes].length > 0 && (
        <section>
          <h2>What to know</h2>
          <ul className="notes">
            {[...report.warnings, ...report.notes].map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      )}
      <p className="hash">
        Engine {report.engineVersion} · run <code data-testid="run-hash">{report.hash}</code>
      </p>
    </>
  );
}
