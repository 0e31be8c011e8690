/** Geometry of dot charts: a row for each scenario, a dot at its figure, an interval, all on one axis. */
import { linearScale, type Scale } from "./scales.ts";

/** One row. */
export interface DotRow {
  readonly name: string;
  readonly value: number | null;
  /** Where the figure lies with 95 %, by its difference to the baseline; undefined without one. */
  readonly low?: number;
  readonly high?: number;
}

export const dotRowHeight = 28;

/** The axis of all rows: from 0, so that lengths can be compared, to the greatest end with a little room. */
export function dotScale(
  rows: readonly DotRow[],
  left: number,
  right: number,
): { readonly scale: Scale; readonly most: number } {
  const ends = rows.flatMap(({ value, high }) => [value ?? 0, high ?? 0]);
  const most = Math.max(...ends, 0) || 1;
  return { scale: linearScale(0, most * 1.04, left, right), most };
}
