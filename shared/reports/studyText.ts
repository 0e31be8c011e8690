/** A study's result as text for a terminal and as CSV. */

import type {
  StudyFigure,
  StudyResult,
  StudyResultPoint,
} from "../planning/studies/studyResult.ts";
import type { JsonValue } from "../schema/jsonText.ts";
import { type CsvValue, formatCsv } from "./csv.ts";
import {
  formatCount,
  formatMs,
  formatNumber,
  formatPercent,
  formatTokens,
  formatUsd,
  noValue,
} from "./formatters.ts";
import { figureColumn, formatTextTable, textColumn } from "./table.ts";
import { wrapText } from "./wrapText.ts";

/** Points that a table on a terminal has at most; the rest is in --csv and --json. */
const shownPoints = 200;
const proseWidth = 100;

/** The table of points with what it rests on; ends with a line break. */
export function formatStudy(result: StudyResult): string {
  const { pointResults, warnings } = result;
  const shown = pointResults.slice(0, shownPoints);
  const left = pointResults.length - shown.length;
  const lines = [
    ...wrapText(title(result), proseWidth, ""),
    "",
    ...pointTable(result, shown),
    ...(left > 0
      ? ["", `and ${formatCount(left)} more points: --csv FILE or --json has them all`]
      : []),
    "",
    ...notes(result).flatMap((note) => wrapText(note, proseWidth, "")),
    ...warnings.flatMap((warning) => wrapText(`warning: ${warning}`, proseWidth, "  ")),
    `hash ${result.hash}`,
  ];
  return `${lines.join("\n")}\n`;
}

function title(result: StudyResult): string {
  const { name, scenario, points, replications, design, partial } = result;
  const done =
    partial === undefined
      ? ""
      : `PARTIAL: ${formatCount(partial.runs)} of ${formatCount(partial.of)} runs. `;
  const runs = replications === 1 ? "one run each" : `${formatCount(replications)} runs each`;
  return `${done}Study "${name}" of "${scenario}": ${formatCount(points)} ${points === 1 ? "point" : "points"} (${design}), ${runs}.`;
}

function pointTable(result: StudyResult, points: readonly StudyResultPoint[]): string[] {
  const { paths, outputs, units } = result;
  const columns = [
    figureColumn("point"),
    ...paths.map(figureColumn),
    ...outputs.map(figureColumn),
    ...(points.some(({ problem }) => problem !== undefined)
      ? [textColumn("could not be run")]
      : []),
  ];
  const rows = points.map((point) => [
    String(point.index + 1),
    ...paths.map((path) => valueText(point.inputs[path])),
    ...outputs.map((name) => cell(point.figures[name], units[name])),
    ...(columns.length > 1 + paths.length + outputs.length ? [point.problem ?? ""] : []),
  ]);
  return formatTextTable({ columns, rows });
}

function valueText(value: JsonValue | undefined): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

/** A mean in its unit with half of its interval; a percentile with too few samples is in brackets. */
function cell(figure: StudyFigure | undefined, unit: string | undefined): string {
  if (figure === undefined || figure.mean === null) return noValue;
  const { mean, high95, hasEnoughSamples } = figure;
  const half = high95 === null ? "" : ` ±${inUnit(high95 - mean, unit)}`;
  const text = `${inUnit(mean, unit)}${half}`;
  return hasEnoughSamples === false ? `(${text})` : text;
}

/** A figure in its unit. */
export function inUnit(value: number, unit: string | undefined): string {
  if (unit === "share") return formatPercent(value);
  if (unit === "ms") return formatMs(value);
  if (unit?.startsWith("USD") === true) return formatUsd(value);
  if (unit === "tokens") return formatTokens(value);
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
}

function notes({ replications, commonRandomNumbers, pointResults }: StudyResult): string[] {
  const all = pointResults.flatMap((point) => Object.values(point.figures));
  const interval =
    replications > 1
      ? "± is half of the 95 % t interval of the mean over the runs of a point."
      : "One run a point: no interval. --replications N gives one.";
  const draws = commonRandomNumbers
    ? "All points draw the same random numbers: differences between them are steadier than their intervals tell."
    : "Every point draws its own random numbers.";
  const isShaky = all.some(({ hasEnoughSamples }) => hasEnoughSamples === false);
  return [
    interval,
    draws,
    ...(isShaky
      ? ["In brackets: a percentile with fewer than ten samples beyond it in a run."]
      : []),
  ];
}

/** One row a point: its number, its inputs, then mean, low and high end of the 95 % interval of each figure, and why it could not be run. */
export function studyCsv(result: StudyResult): string {
  const { paths, outputs } = result;
  const header = [
    "point",
    ...paths,
    "runs",
    ...outputs.flatMap((name) => [name, `${name}.low95`, `${name}.high95`]),
    "problem",
  ];
  const rows = result.pointResults.map((point): CsvValue[] => [
    point.index + 1,
    ...paths.map((path) => csvValue(point.inputs[path])),
    point.fingerprints.length,
    ...outputs.flatMap((name) => {
      const figure = point.figures[name];
      return [figure?.mean, figure?.low95, figure?.high95];
    }),
    point.problem,
  ]);
  return formatCsv(header, rows);
}

function csvValue(value: JsonValue | undefined): CsvValue {
  return typeof value === "object" ? JSON.stringify(value) : value;
}
