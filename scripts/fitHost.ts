/** Fits the host terms of the execution-time model to measured serving points, through the engine, and reports errors before, after and cross-validated: node scripts/fitHost.ts [FILE.csv] */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadCatalog } from "../electron/services/catalogFiles.ts";
import { type Catalog, findCoefficientSet } from "../shared/catalog/catalog.ts";
import {
  readCalibrationRow,
  requiredCalibrationColumns,
} from "../shared/planning/benchmark/calibrationRow.ts";
import { CaseReader, readCaseTable } from "../shared/planning/benchmark/caseTable.ts";
import { type ErrorSummary, summarizeErrors } from "../shared/planning/benchmark/errorGroups.ts";
import {
  crossValidate,
  fitHostTerms,
  type HostTerms,
  type MeasuredPoint,
  type PointPrediction,
  predictPoints,
} from "../shared/planning/benchmark/fitHostTerms.ts";
import { figureColumn, formatTextTable, textColumn } from "../shared/reports/table.ts";
import { HashedUniform } from "../shared/sim/random.ts";

const defaultPath = fileURLToPath(new URL("../data/fidelity/servingPoints.csv", import.meta.url));
const folds = 5;
const leastPoints = 5;

interface Group {
  readonly name: string;
  readonly setId: string;
  readonly host: HostTerms;
  readonly points: readonly MeasuredPoint[];
}

/** Points of kind concurrency and quality A or B by backend, model, precision and coefficient set, in a seeded order, so that folds have no pattern. */
function readGroups(path: string, catalog: Catalog): Group[] {
  const table = readCaseTable(readFileSync(path, "utf8"), requiredCalibrationColumns);
  const reader = new CaseReader(table.columns);
  const order = new HashedUniform(1, "folds");
  const groups = new Map<string, Group & { points: MeasuredPoint[] }>();
  const rows = table.rows
    .map((row, index) => ({ row, place: order.at(index) }))
    .sort((a, b) => a.place - b.place);
  for (const { row } of rows) {
    const quality = reader.text(row, "quality").slice(0, 1);
    const tpotMs = reader.number(row, "tpot_ms");
    const isUsed = reader.text(row, "kind") === "concurrency" && "AB".includes(quality);
    if (!isUsed || quality === "" || tpotMs === undefined) continue;
    const read = readCalibrationRow(row, reader, catalog);
    const { target } = read.case.input;
    const { set } = findCoefficientSet(
      catalog.coefficients,
      target.backend,
      target.precision,
      target.kvPrecision,
    );
    const name = [read.group.backend, read.group.model, read.group.precision].join(" ");
    const group = groups.get(name) ?? { name, setId: set.id, host: set.host, points: [] };
    const ttftMs = quality === "A" ? reader.number(row, "ttft_ms") : undefined;
    group.points.push({ input: read.case.input, tpotMs, ttftMs });
    groups.set(name, group);
  }
  return [...groups.values()].filter(({ points }) => points.length >= leastPoints);
}

function errorsOf(
  figure: "tpotMs" | "ttftMs",
  points: readonly MeasuredPoint[],
  predictions: readonly PointPrediction[],
): ErrorSummary | undefined {
  const samples = points.flatMap((point, i) => {
    const measured = point[figure];
    if (measured === undefined) return [];
    return [{ group: [], errorPct: 100 * (predictions[i][figure] / measured - 1) }];
  });
  return summarizeErrors(samples)[0];
}

function errorText(summary: ErrorSummary | undefined): string {
  if (summary === undefined) return "-";
  return `${summary.medianPct.toFixed(1)} / ${summary.p90Pct.toFixed(1)}`;
}

function termsText(host: HostTerms): string[] {
  return [
    host.gpuScale.toFixed(3),
    host.oIterUs.toFixed(0),
    host.oSeqUs.toFixed(1),
    host.oTpUs.toFixed(0),
    host.oReqMs.toFixed(1),
  ];
}

function describe(group: Group, catalog: Catalog) {
  const { points, host } = group;
  const fitted = fitHostTerms(points, catalog.coefficients, host);
  const before = predictPoints(points, host, catalog.coefficients);
  const after = predictPoints(points, fitted, catalog.coefficients);
  const validated = crossValidate(points, catalog.coefficients, folds, host);
  const row = (label: string, terms: string[], predictions: readonly PointPrediction[]) => [
    group.name,
    group.setId,
    label,
    String(points.length),
    ...terms,
    errorText(errorsOf("tpotMs", points, predictions)),
    errorText(errorsOf("ttftMs", points, predictions)),
  ];
  return {
    fitted,
    rows: [
      row("now", termsText(host), before),
      row("fitted", termsText(fitted), after),
      row(`${folds} folds`, ["", "", "", "", ""], validated),
    ],
  };
}

const catalog = loadCatalog();
const results = readGroups(process.argv[2] ?? defaultPath, catalog).map((group) => ({
  group,
  ...describe(group, catalog),
}));
const columns = [
  ...["group", "coefficients", "terms"].map(textColumn),
  ...["points", "gpuScale", "oIterUs", "oSeqUs", "oTpUs", "oReqMs"].map(figureColumn),
  ...["TPOT median / p90 %", "TTFT median / p90 %"].map(figureColumn),
];
const table = formatTextTable({ columns, rows: results.flatMap(({ rows }) => rows) });
process.stdout.write(`${table.join("\n")}\n\n`);
for (const { group, fitted } of results) {
  process.stdout.write(
    `${JSON.stringify({ coefficients: group.setId, group: group.name, host: fitted })}\n`,
  );
}
