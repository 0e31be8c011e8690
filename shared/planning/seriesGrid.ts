/** The windows of a time series. */

/** Windows from 0 to the horizon, the last one cut there. */
export interface Grid {
  readonly windowNs: number;
  readonly horizonNs: number;
  readonly windows: number;
}

/** Width of one window, nanoseconds. */
export function widthOf(grid: Grid, window: number): number {
  return Math.min(grid.windowNs, grid.horizonNs - window * grid.windowNs);
}

/** Window of a moment; the horizon itself belongs to the last one; -1 beyond it and for NaN. */
export function windowAt(grid: Grid, timeNs: number): number {
  if (!(timeNs <= grid.horizonNs)) return -1;
  return Math.min(Math.floor(timeNs / grid.windowNs), grid.windows - 1);
}
