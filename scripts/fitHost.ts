/** Fits the host terms of the execution-time model to measured serving points, through the engine, and reports errors before, after and cross-validated: node scripts/fitHost.ts [FILE.csv] [--write] */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { atomicWriteFile } from "../electron/files/atomicWrite.ts";
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

/** A measured point and the group that users see its errors in. */
interface GroupedPoint extends MeasuredPoint {
  readonly group: string;
}

/** The points that one coefficient set is fitted to. */
interface SetPoints {
  readonly setId: string;
  readonly host: HostTerms;
  readonly points: readonly GroupedPoint[];
}

/** Points of kind concurrency and quality A or B by coefficient set, in a seeded order, so that folds have no pattern. Groups of a set count alike, whatever their number of points. */
function readSets(path: string, catalog: Catalog): SetPoints[] {
  const table = readCaseTable(readFileSync(path, "utf8"), requiredCalibrationColumns);
  const reader = new CaseReader(table.columns);
  const order = new HashedUniform(1, "folds");
  const sets = new Map<string, SetPoints & { points: GroupedPoint[] }>();
  const rows = table.rows
    .map((row, index) => ({ row, place: order.at(index) }))
    .sort((a, b) => a.place - b.place);
  for (const { row } of rows) {
    const quality = reader.text(row, "quality").slice(0, 1);
    const tpotMs = reader.number(row, "tpot_ms");
    const isUsed = reader.text(row, "kind") === "concurrency" && "AB".includes(quality);
    if (!isUsed || quality === "" || tpotMs === undefined) continue;
    const read = readCalibrationRow(row, reader, catalog);
    const { backend, precision, kvPrecision } = read.case.input.target;
    const { set } = findCoefficientSet(catalog.coefficients, backend, precision, kvPrecision);
    const group = [read.group.backend, read.group.model, read.group.precision].join(" ");
    const host = { prefillShare: 0, blockPrefillShare: 0, ...set.host };
    const own = sets.get(set.id) ?? { setId: set.id, host, points: [] };
    const ttftMs = quality === "A" ? reader.number(row, "ttft_ms") : undefined;
    own.points.push({ input: read.case.input, tpotMs, ttftMs, group });
    sets.set(set.id, own);
  }
  return [...sets.values()].map((set) => ({ ...set, points: weighted(set.points) }));
}

function weighted(points: readonly GroupedPoint[]): GroupedPoint[] {
  const count = (group: string): number => points.filter((each) => each.group === group).length;
  const large = points.filter((each) => count(each.group) >= leastPoints);
  const groups = new Set(large.map((each) => each.group)).size;
  return large.map((each) => ({
    ...each,
    weight: large.length / groups / count(each.group),
  }));
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
    host.prefillShare.toFixed(2),
    host.blockPrefillShare.toFixed(2),
  ];
}

/** Errors of one group, "median / p90" in percent. */
interface ServingErrors {
  readonly group: string;
  readonly points: number;
  readonly fitted: { readonly tpot: string; readonly ttft: string };
  readonly crossValidated: { readonly tpot: string; readonly ttft: string };
}

function describe(set: SetPoints, catalog: Catalog) {
  const { points, host } = set;
  const fitted = fitHostTerms(points, catalog.coefficients, host);
  const predictions = {
    now: predictPoints(points, host, catalog.coefficients),
    fitted: predictPoints(points, fitted, catalog.coefficients),
    crossValidated: crossValidate(points, catalog.coefficients, folds, host),
  };
  const terms: Record<string, string[]> = { now: termsText(host), fitted: termsText(fitted) };
  const serving: ServingErrors[] = [];
  const rows = [...new Set(points.map((each) => each.group))].flatMap((group) => {
    const own = points.map((each, i) => (each.group === group ? i : -1)).filter((i) => i >= 0);
    const ownPoints = own.map((i) => points[i]);
    const errors = (all: readonly PointPrediction[]) => {
      const of = own.map((i) => all[i]);
      return {
        tpot: errorText(errorsOf("tpotMs", ownPoints, of)),
        ttft: errorText(errorsOf("ttftMs", ownPoints, of)),
      };
    };
    serving.push({
      group,
      points: own.length,
      fitted: errors(predictions.fitted),
      crossValidated: errors(predictions.crossValidated),
    });
    return Object.entries(predictions).map(([label, all]) => {
      const { tpot, ttft } = errors(all);
      return [
        ...[group, set.setId, label, String(own.length)],
        ...(terms[label] ?? ["", "", "", "", "", "", ""]),
        ...[tpot, ttft],
      ];
    });
  });
  return { fitted, rows, serving };
}

const catalog = loadCatalog();
const results = readSets(
  process.argv.slice(2).find((each) => !each.startsWith("--")) ?? defaultPath,
  catalog,
).map((set) => ({
  set,
  ...describe(set, catalog),
}));
const columns = [
  ...["group", "coefficients", "terms"].map(textColumn),
  ...[
    "points",
    "gpuScale",
    "oIterUs",
    "oSeqUs",
    "oTpUs",
    "oReqMs",
    "prefillShare",
    "blockPrefillShare",
  ].map(figureColumn),
  ...["TPOT median / p90 %", "TTFT median / p90 %"].map(figureColumn),
];
const table = formatTextTable({ columns, rows: results.flatMap(({ rows }) => rows) });
process.stdout.write(`${table.join("\n")}\n\n`);
for (const { set, fitted } of results) {
  process.stdout.write(`${JSON.stringify({ coefficients: set.setId, host: fitted })}\n`);
}

/** Sets without points of their own take the host terms of the one that does the same work. */
const heirs: Readonly<Record<string, string>> = { "trtllm-fp8": "trtllm-fp8kv" };

interface StoredSet {
  readonly id: string;
  host: Record<string, number>;
  statedError: string;
}

/** Writes host terms and serving errors into the catalog and the fidelity card. */
function store(): void {
  const path = fileURLToPath(new URL("../data/catalog/coefficients.json", import.meta.url));
  const file = JSON.parse(readFileSync(path, "utf8")) as { entries: StoredSet[] };
  for (const entry of file.entries) {
    const result = results.find(({ set }) => set.setId === (heirs[entry.id] ?? entry.id));
    if (result === undefined) continue;
    entry.host = Object.fromEntries(
      Object.entries(result.fitted).map(([name, value]) => [name, Number(value.toPrecision(6))]),
    );
    const [before] = entry.statedError.split(/ Measured serving:| The error of this set against/);
    entry.statedError = `${before} Measured serving: ${result.serving.map(errorSentence).join("; ")}.`;
  }
  atomicWriteFile(path, `${JSON.stringify(file, undefined, 2)}\n`);
  const cardPath = fileURLToPath(new URL("../data/fidelity/fidelityCard.json", import.meta.url));
  const card = JSON.parse(readFileSync(cardPath, "utf8")) as Record<string, unknown>;
  card.serving = {
    about:
      "Absolute relative error of simulated closed-loop benchmarks against measured serving points (data/fidelity/servingPoints.csv, quality A and B for TPOT, A for TTFT), percent: median / 90th percentile. crossValidated: five folds of points held back from the fit of the host terms.",
    rows: results.flatMap(({ serving }) => serving),
  };
  atomicWriteFile(cardPath, `${JSON.stringify(card, undefined, 2)}\n`);
}

function errorSentence({ group, points, crossValidated }: ServingErrors): string {
  const ttft = crossValidated.ttft === "-" ? "" : `, TTFT ${crossValidated.ttft} %`;
  return `${group}, ${points} points, cross-validated median / p90: TPOT ${crossValidated.tpot} %${ttft}`;
}

if (process.argv.includes("--write")) store();
