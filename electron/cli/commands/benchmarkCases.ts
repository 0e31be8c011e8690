/** `crossover benchmark --cases`: every row of a calibration file, predicted and compared. */
import type { Catalog } from "../../../shared/catalog/catalog.ts";
import { requiredCalibrationColumns } from "../../../shared/planning/benchmark/calibrationRow.ts";
import {
  addedCaseCells,
  addedCaseColumns,
  CasePredictor,
  type GroupError,
  type RowPrediction,
  summarizeCases,
} from "../../../shared/planning/benchmark/predictCases.ts";
import { formatPercent } from "../../../shared/reports/formatters.ts";
import { figureColumn, formatTextTable, textColumn } from "../../../shared/reports/table.ts";
import type { CommandIo, ParsedArgs } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { errorCells, errorJson, listUnpredicted, readCases, writeCases } from "./caseFile.ts";

const progressEveryMs = 200;

/** Predicts the rows of a file in their order. Resolves to exit code 0: a row without a prediction says why and fails nothing. */
export async function runBenchmarkCases(
  io: CommandIo,
  args: ParsedArgs,
  path: string,
  catalog: Catalog,
): Promise<number> {
  const table = await readCases(args, path, requiredCalibrationColumns);
  const startMs = io.now();
  const rows = predictAll(io, new CasePredictor(table, catalog), table.rows.length);
  writeCases(args, table, addedCaseColumns, (index) => addedCaseCells(rows[index]));
  const wallS = (io.now() - startMs) / 1000;
  io.stdout(args.values.json === true ? jsonText(rows, wallS) : summaryText(rows, wallS));
  listUnpredicted(
    io,
    rows.filter((row) => row.predicted === undefined),
  );
  return exitCodes.ok;
}

function predictAll(io: CommandIo, predictor: CasePredictor, count: number): RowPrediction[] {
  const rows: RowPrediction[] = [];
  let shownMs = io.now();
  for (let index = 0; index < count; index++) {
    rows.push(predictor.predict(index));
    if (!io.isTerminal || io.now() - shownMs < progressEveryMs) continue;
    shownMs = io.now();
    io.stderr(`\r${index + 1} of ${count} cases\u001b[K`);
  }
  if (io.isTerminal) io.stderr("\r\u001b[K");
  return rows;
}

function jsonText(rows: readonly RowPrediction[], wallS: number): string {
  const groups = summarizeCases(rows).map((each) => {
    const [kind, backend, model, precision] = each.group;
    return { figure: each.figure, kind, backend, model, precision, ...errorJson(each) };
  });
  const predictedCount = rows.filter((row) => row.predicted !== undefined).length;
  const extrapolatedCount = rows.filter(isExtrapolated).length;
  const all = { rowCount: rows.length, predictedCount, extrapolatedCount, wallS, groups, rows };
  return `${JSON.stringify(all, undefined, 1)}\n`;
}

/** Whether any iteration of the row lay outside what the times were fitted to. */
function isExtrapolated({ extrapolatedShare = 0 }: RowPrediction): boolean {
  return extrapolatedShare > 0;
}

/** How many rows are concerned, and by how much. */
function extrapolationLine(rows: readonly RowPrediction[]): string {
  const concerned = rows.filter(isExtrapolated);
  if (concerned.length === 0)
    return "No iteration lies outside the range to which times were fitted.";
  const whole = concerned.filter((row) => row.extrapolatedShare === 1).length;
  const sum = concerned.reduce((total, { extrapolatedShare = 0 }) => total + extrapolatedShare, 0);
  return `Extrapolated: ${concerned.length} rows have iterations outside the range, GPUs, models or precisions to which times were fitted, ${whole} of them all, on average ${formatPercent(sum / concerned.length)}; column extrapolated_share.`;
}

function summaryText(rows: readonly RowPrediction[], wallS: number): string {
  const predictedCount = rows.filter((row) => row.predicted !== undefined).length;
  return [
    ...groupTable(summarizeCases(rows)),
    "",
    `${predictedCount} of ${rows.length} rows predicted in ${wallS.toFixed(2)} s. Errors are |predicted - measured| / measured.`,
    extrapolationLine(rows),
    "TPOT counts rows of quality A and B, TTFT and throughput rows of quality A; groups of five rows and more, and all of a kind together.",
    "Kinds tool_agg and tool_static are an estimator's own figures, compared with kernel time without the host's share.",
    "",
  ].join("\n");
}

function groupTable(groups: readonly GroupError[]): string[] {
  return formatTextTable({
    columns: [
      ...["figure", "kind", "backend", "model", "precision"].map(textColumn),
      ...["rows", "median %", "p90 %", "bias %"].map(figureColumn),
    ],
    rows: groups.map((each) => [each.figure, ...each.group, ...errorCells(each)]),
  });
}
