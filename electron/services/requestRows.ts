/** The requests of an ended run as CSV, one row each. */
import { decimalSeconds } from "../../shared/importers/canonicalCsv.ts";
import { destinationIds, type EndedRun } from "../../shared/planning/endedRun.ts";
import { csvCell } from "../../shared/reports/csv.ts";
import { isAnswered } from "../../shared/serving/metrics/requestOutcomes.ts";
import { type RequestTable, requestState } from "../../shared/serving/requestTable.ts";
import { nsPerMs } from "../../shared/units/units.ts";

/** The columns of the file, in order. */
export const requestColumns = [
  "index",
  "arrival_s",
  "class",
  "destination",
  "state",
  "spilled",
  "queue_ms",
  "ttft_ms",
  "tpot_ms",
  "e2e_ms",
  "prompt_tokens",
  "cached_tokens",
  "output_tokens",
] as const;

/** Names of the states by their codes. */
const stateNames = Object.fromEntries(
  Object.entries(requestState).map(([name, code]) => [code, name]),
);

/**
 * The header, then a line for each request in the order of the run's table, each with its line end. Times are exact to the
 * nanosecond. A cell is empty where there is nothing to tell: no destination, never admitted, no first token; e2e and tpot are
 * those of answered requests, as in the report. For a run whose report was made, which settles what was in flight.
 */
export function* requestCsvLines(run: EndedRun): Generator<string, void, undefined> {
  const { table } = run.fleet;
  const destinations = destinationIds(run.scenario).map(csvCell);
  const classes = run.scenario.traffic.classes.map((each) => csvCell(each.id));
  yield `${requestColumns.join(",")}\n`;
  for (let i = 0; i < table.count; i++) {
    const arrivalNs = table.arrivalNs[i];
    const cells = [
      i,
      Number.isNaN(arrivalNs) ? "" : decimalSeconds(arrivalNs),
      classes[table.classIndex[i]],
      destinations[table.destination[i]] ?? "",
      stateNames[table.state[i]],
      table.spilled[i] === 1,
      ...latencies(table, i),
      table.promptTokens[i],
      table.cachedTokens[i],
      table.generated[i],
    ];
    yield `${cells.join(",")}\n`;
  }
}

/** Queue time, TTFT, TPOT and end to end, milliseconds. */
function latencies(table: RequestTable, request: number): string[] {
  const arrivalNs = table.arrivalNs[request];
  const firstNs = table.firstTokenNs[request];
  const finishNs = isAnswered(table.state[request]) ? table.finishNs[request] : Number.NaN;
  const gaps = table.generated[request] - 1;
  const spans = [
    table.admittedNs[request] - arrivalNs,
    firstNs - arrivalNs,
    gaps > 0 && finishNs > firstNs ? (finishNs - firstNs) / gaps : Number.NaN,
    finishNs - arrivalNs,
  ];
  return spans.map((ns) => (Number.isNaN(ns) ? "" : String(Math.round(ns) / nsPerMs)));
}
