/** The card's part on measured serving: errors of every group of data/fidelity/servingPoints.csv, fitted and cross-validated. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Catalog } from "../../shared/catalog/catalog.ts";
import { requiredCalibrationColumns } from "../../shared/planning/benchmark/calibrationRow.ts";
import {
  CaseReader,
  type CaseTable,
  readCaseTable,
} from "../../shared/planning/benchmark/caseTable.ts";
import { errorPct } from "../../shared/planning/benchmark/errorGroups.ts";
import {
  CasePredictor,
  comparedFigures,
  type FigureName,
  type GroupError,
  type RowPrediction,
  summarizeCases,
} from "../../shared/planning/benchmark/predictCases.ts";
import type { ErrorPair, FidelityCard, ServingGroup } from "../../shared/schema/fidelityCard.ts";
import { estimatorError, servingBar } from "./bars.ts";
import type { HostFit } from "./hostFit.ts";
import type { EarlierFit } from "./offlineFit.ts";

export const servingPath = join(import.meta.dirname, "../../data/fidelity/servingPoints.csv");
const rowsReadOn = "2026-11-24";

/** Figures of a row as found by a fit without it. */
type LeftOut = Partial<Record<FigureName, number>>;
export type LeftOutByLine = ReadonlyMap<number, LeftOut>;

/** The measured points. */
export function readServingPoints(path = servingPath): CaseTable {
  return readCaseTable(readFileSync(path, "utf8"), requiredCalibrationColumns);
}

/** What the fits found of each row without it. */
export function leftOutFigures(hosts: readonly HostFit[], earlier: readonly EarlierFit[]) {
  const byLine = new Map<number, LeftOut>();
  for (const { leftOut } of hosts) {
    for (const [line, { tpotMs, ttftMs, tokensPerS }] of leftOut) {
      byLine.set(line, { tpot: tpotMs, ttft: ttftMs, throughput: tokensPerS });
    }
  }
  for (const { leftOut } of earlier) {
    for (const [line, throughput] of leftOut) byLine.set(line, { throughput });
  }
  return byLine;
}

/** Errors of the catalog as it stands, in every group of five measured rows and more. */
export function fittedGroups(table: CaseTable, catalog: Catalog): GroupError[] {
  return groupsOf(predictAll(table, catalog));
}

function predictAll(table: CaseTable, catalog: Catalog): RowPrediction[] {
  const predictor = new CasePredictor(table, catalog);
  return table.rows.map((_, index) => predictor.predict(index));
}

function groupsOf(rows: readonly RowPrediction[]): GroupError[] {
  return summarizeCases(rows).filter(({ group: [, backend] }) => backend !== "all");
}

/** The card's groups. `leftOut` is by line. */
export function servingGroups(
  table: CaseTable,
  catalog: Catalog,
  leftOut: LeftOutByLine,
): ServingGroup[] {
  const rows = predictAll(table, catalog);
  const heldBack = groupsOf(heldBackErrors(table, rows, leftOut));
  return groupsOf(rows).map((fitted) => {
    const [kind, backend, model, precision] = fitted.group;
    const { figure, rows: count } = fitted;
    const group = { figure, kind, backend, model, precision };
    const held = heldBack.find((each) => keyOf(each) === keyOf(fitted) && each.rows === count);
    return {
      ...group,
      rows: count,
      fitted: pairOf(fitted),
      crossValidated: held ? pairOf(held) : null,
      bar: servingBar(group),
      estimator: estimatorError(group),
    };
  });
}

function keyOf({ figure, group }: GroupError): string {
  return [figure, ...group].join(" ");
}

/** The rows with errors of figures that were found without them; without an error where there are none. */
function heldBackErrors(
  table: CaseTable,
  rows: readonly RowPrediction[],
  leftOut: LeftOutByLine,
): RowPrediction[] {
  const reader = new CaseReader(table.columns);
  return rows.map((row, i) => {
    const found = leftOut.get(row.line) ?? {};
    const errors = comparedFigures.map(({ name, measured }) => [
      name,
      errorPct(found[name], reader.number(table.rows[i], measured)),
    ]);
    return { ...row, errorsPct: Object.fromEntries(errors) };
  });
}

/** Rounded to 0.01 %. */
function pairOf({ medianPct, p90Pct }: GroupError): ErrorPair {
  const rounded = (value: number): number => Math.round(value * 100) / 100;
  return { medianPct: rounded(medianPct), p90Pct: rounded(p90Pct) };
}

/** The card's part. */
export function servingPart(groups: ServingGroup[]): FidelityCard["serving"] {
  return {
    about:
      "Absolute relative error of simulated benchmarks against measured ones, percent: median and 90th percentile. Kind concurrency: closed-loop clients, TPOT on rows of quality A and B, TTFT and throughput on quality A; offline_max and mig_offline: every prompt queued at the start, output tokens per second. crossValidated: five folds of points held back from the fit of the host terms; each maximum of an earlier engine held back alone from the fit of what such engines did otherwise; null where nothing was fitted to the rows. estimator: NVIDIA aiconfigurator on the same points.",
    rows: {
      file: "servingPoints.csv",
      sha256: createHash("sha256").update(readFileSync(servingPath)).digest("hex"),
      readOn: rowsReadOn,
      source: "measured points, the source in each row; the calibration half",
    },
    groups,
  };
}
