/** Geometry of dot charts: a row for each scenario, a dot at its figure, an interval, all on one axis. */
import { linearScale, logDomain, logScale, type Scale } from "./scales.ts";

/** One row. */
export interface DotRow {
  readonly name: string;
  readonly value: number | null;
  /** Where the figure lies with 95 %, by its difference to the baseline; undefined without one. */
  readonly low?: number;
  readonly high?: number;
}

export const dotRowHeight = 28;

/** The axis of all rows. */
export interface DotAxis {
  readonly scale: Scale;
  readonly least: number;
  readonly most: number;
  /** Whether it is logarithmic: then it does not begin at 0. */
  readonly isLog: boolean;
}

/** Figures further apart than this could not be told apart beside the greatest on a linear axis. */
const farApart = 50;

/** From 0, so that lengths can be compared, to the greatest end with a little room; logarithmic where figures lie far apart and none is 0. */
export function dotScale(rows: readonly DotRow[], left: number, right: number): DotAxis {
  const ends = rows.flatMap(({ value, high }) => [value ?? 0, high ?? 0]);
  const values = rows.flatMap(({ value }) => (value === null ? [] : [value]));
  const most = Math.max(...ends, 0) || 1;
  const least = Math.min(...values);
  if (values.length > 1 && least > 0 && Math.max(...values) > farApart * least) {
    const [from, to] = logDomain([...values, ...ends], 0.06);
    return { scale: logScale(from, to, left, right), least: from, most: to, isLog: true };
  }
  return { scale: linearScale(0, most * 1.04, left, right), least: 0, most, isLog: false };
}
