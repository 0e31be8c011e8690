/** A cost curve of several strategies in characters: both axes logarithmic. */
import { formatTokens, formatUsd } from "./formatters.ts";

/** A curve: one letter at each of its points. */
export interface ChartCurve {
  /** One capital letter; its small letter marks a point that is not to be trusted. */
  readonly letter: string;
  readonly points: readonly ChartPoint[];
}

/** A point; both values above 0. */
export interface ChartPoint {
  readonly monthTokens: number;
  readonly monthUsd: number;
  readonly isDoubtful: boolean;
}

const width = 72;
const height = 16;
const labelWidth = 9;

interface Axis {
  readonly low: number;
  readonly high: number;
}

function axisOf(values: readonly number[]): Axis {
  const low = Math.log(Math.min(...values));
  const high = Math.log(Math.max(...values));
  return high > low ? { low, high } : { low: low - 0.5, high: high + 0.5 };
}

/** Place of a value along an axis of `cells` cells, 0 for the least. */
function cellOf(value: number, { low, high }: Axis, cells: number): number {
  return Math.round(((Math.log(value) - low) / (high - low)) * (cells - 1));
}

function valueAt(cell: number, { low, high }: Axis, cells: number): number {
  return Math.exp(low + ((high - low) * cell) / (cells - 1));
}

/** Lines of the chart, at most 82 characters wide. Where letters meet stands "*"; `mark` is a volume shown under the axis. No lines without points. */
export function costChart(curves: readonly ChartCurve[], mark?: number): string[] {
  const all = curves.flatMap((each) => each.points).filter((each) => each.monthUsd > 0);
  if (all.length === 0) return [];
  const x = axisOf(all.map((each) => each.monthTokens));
  const y = axisOf(all.map((each) => each.monthUsd));
  const cells = Array.from({ length: height }, () => new Array<string>(width).fill(" "));
  for (const { letter, points } of curves) {
    for (const { monthTokens, monthUsd, isDoubtful } of points) {
      if (!(monthUsd > 0)) continue;
      const row = cells[height - 1 - cellOf(monthUsd, y, height)];
      const at = cellOf(monthTokens, x, width);
      const own = isDoubtful ? letter.toLowerCase() : letter;
      row[at] = row[at] === " " || row[at] === own ? own : "*";
    }
  }
  const lines = cells.map((row, index) => {
    const isLabelled = index % 5 === 0 || index === height - 1;
    const label = isLabelled ? formatUsd(valueAt(height - 1 - index, y, height)) : "";
    return `${label.padStart(labelWidth)} |${row.join("")}`.trimEnd();
  });
  return [...lines, `${" ".repeat(labelWidth)} +${"-".repeat(width)}`, ...xLabels(x, mark)];
}

function xLabels(x: Axis, mark: number | undefined): string[] {
  const labels = [0, 1, 2, 3].map((third) => {
    const cell = Math.round((third * (width - 1)) / 3);
    return { cell, text: formatTokens(valueAt(cell, x, width)) };
  });
  let line = "";
  for (const { cell, text } of labels) {
    const start = Math.min(width - text.length, Math.max(0, cell - Math.floor(text.length / 2)));
    line = line.padEnd(start) + text;
  }
  const indent = " ".repeat(labelWidth + 2);
  const lines = [`${indent}${line}`];
  if (mark === undefined) return lines;
  const at = cellOf(mark, x, width);
  if (at < 0 || at >= width) return lines;
  return [...lines, `${indent}${" ".repeat(at)}^ the traffic's own volume`];
}
