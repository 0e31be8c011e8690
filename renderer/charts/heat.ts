/** Geometry of a heat strip: a share over a long time, folded into rows of equal length (the days of a week). */
import type { TimeColumn } from "./timeline.ts";

/** A cell: its stretch of time and the mean of what was measured in it. */
export interface HeatCell {
  readonly row: number;
  readonly column: number;
  readonly fromS: number;
  readonly toS: number;
  /** Undefined where nothing was measured. */
  readonly mean: number | undefined;
}

/** How a span of time is folded. */
export interface HeatFold {
  readonly rowS: number;
  readonly cellS: number;
  /** Names of a row and of a place within it. */
  readonly rowName: "day" | "hour" | "run";
  readonly cellsPerRow: number;
  readonly rows: number;
}

const hourS = 3600;
const dayS = 86_400;

/** Days of 24 hours from two days on, hours of 60 minutes from three hours on, else one row; no cell is shorter than a window. */
export function foldOf(spanS: number, windowS: number): HeatFold {
  const [rowS, cellS, rowName] =
    spanS >= 2 * dayS
      ? ([dayS, hourS, "day"] as const)
      : spanS >= 3 * hourS
        ? ([hourS, 60, "hour"] as const)
        : ([spanS, spanS / 60, "run"] as const);
  const cell = Math.max(cellS, windowS);
  const cellsPerRow = Math.max(1, Math.round(rowS / cell));
  return {
    ...{ rowS, rowName, cellsPerRow },
    cellS: rowS / cellsPerRow,
    rows: Math.max(1, Math.ceil(spanS / rowS - 1e-9)),
  };
}

/** What a cell stands for: "hour by hour", "minute by minute"; by windows where those are no round time. */
export function grainText({ cellS }: HeatFold): string {
  if (Math.abs(cellS - hourS) < 1) return "hour by hour";
  return cellS >= 50 && cellS <= 70 ? "minute by minute" : "over the run";
}

/** Mean of a column over a stretch, each window weighted by its overlap. */
export function meanOver(
  column: TimeColumn,
  windowS: number,
  fromS: number,
  toS: number,
): number | undefined {
  let sum = 0;
  let weight = 0;
  const last = Math.min(column.length, Math.ceil(toS / windowS));
  for (let i = Math.floor(fromS / windowS); i < last; i++) {
    const value = column[i];
    const overlap = Math.min(toS, (i + 1) * windowS) - Math.max(fromS, i * windowS);
    if (value === null || value === undefined || overlap <= 1e-9) continue;
    sum += value * overlap;
    weight += overlap;
  }
  return weight > 0 ? sum / weight : undefined;
}

/** The cells of a column over a run. */
export function heatCells(
  column: TimeColumn,
  windowS: number,
  spanS: number,
  fold: HeatFold,
): HeatCell[] {
  const cells: HeatCell[] = [];
  for (let row = 0; row < fold.rows; row++) {
    for (let at = 0; at < fold.cellsPerRow; at++) {
      const fromS = row * fold.rowS + at * fold.cellS;
      if (fromS >= spanS - 1e-6) break;
      const toS = Math.min(spanS, fromS + fold.cellS);
      cells.push({ row, column: at, fromS, toS, mean: meanOver(column, windowS, fromS, toS) });
    }
  }
  return cells;
}
