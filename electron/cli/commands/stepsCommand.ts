/** `crossover steps`: times of single iterations against a file of them. */
import {
  addedStepCells,
  addedStepColumns,
  predictSteps,
  requiredStepColumns,
  type StepPrediction,
  summarizeSteps,
} from "../../../shared/planning/benchmark/predictSteps.ts";
import { formatPercent } from "../../../shared/reports/formatters.ts";
import { figureColumn, formatTextTable, textColumn } from "../../../shared/reports/table.ts";
import { loadCatalog } from "../../services/catalogFiles.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import {
  errorCells,
  errorJson,
  listUnpredicted,
  readCases,
  textOption,
  writeCases,
} from "./caseFile.ts";

/** The command. A row that cannot be predicted is reported and does not fail the run. */
export const stepsCommand: Command = {
  name: "steps",
  summary: "predict iteration times and compare them with a file of them",
  usage: "steps --cases FILE.csv [--out FILE.csv] [--json]",
  options: {
    cases: {
      type: "string",
      help: `CSV with the columns ${requiredStepColumns.join(", ")}; latency_ms to compare with`,
    },
    out: { type: "string", help: `write the rows with ${addedStepColumns.join(", ")} added` },
  },
  run: runSteps,
};

async function runSteps(io: CommandIo, args: ParsedArgs): Promise<number> {
  const path = textOption(args, "cases");
  if (path === undefined || args.positionals.length > 0) {
    throw new UsageError("steps takes a file of cases", stepsCommand.usage);
  }
  const table = await readCases(args, path, requiredStepColumns);
  const startMs = io.now();
  const rows = predictSteps(table, loadCatalog());
  writeCases(args, table, addedStepColumns, (index) => addedStepCells(rows[index]));
  const wallS = (io.now() - startMs) / 1000;
  const unpredicted = rows.filter((row) => row.predictedMs === undefined);
  io.stdout(args.values.json === true ? jsonText(rows, wallS) : summaryText(rows, wallS));
  listUnpredicted(io, unpredicted);
  return exitCodes.ok;
}

function jsonText(rows: readonly StepPrediction[], wallS: number): string {
  const groups = summarizeSteps(rows).map((each) => {
    const [kind, backend, model, precision] = each.group;
    return { kind, backend, model, precision, ...errorJson(each) };
  });
  return `${JSON.stringify({ ...counts(rows), wallS, groups, rows }, undefined, 1)}\n`;
}

function counts(rows: readonly StepPrediction[]) {
  const predicted = rows.filter((row) => row.predictedMs !== undefined);
  return {
    rowCount: rows.length,
    predictedCount: predicted.length,
    extrapolatedCount: predicted.filter((row) => row.isExtrapolated).length,
  };
}

function summaryText(rows: readonly StepPrediction[], wallS: number): string {
  const { rowCount, predictedCount, extrapolatedCount } = counts(rows);
  const columns = [
    ...["kind", "backend", "model", "precision"].map(textColumn),
    ...["rows", "median %", "p90 %", "bias %"].map(figureColumn),
  ];
  const lines = formatTextTable({
    columns,
    rows: summarizeSteps(rows).map((each) => [...each.group, ...errorCells(each)]),
  });
  return [
    ...lines,
    "",
    `${predictedCount} of ${rowCount} rows predicted, ${extrapolatedCount} of them (${formatPercent(extrapolatedCount / Math.max(1, predictedCount))}) extrapolated, in ${wallS.toFixed(2)} s.`,
    "Kernel time only, as such files hold it; the host's share is not in it. Errors are |predicted - given| / given.",
    "",
  ].join("\n");
}
