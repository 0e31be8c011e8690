/** Geometry of timelines: columns of equal windows as lines, thinned to what a screen can show. */
import type { Plot } from "./chartTypes.ts";
import type { TimeWindow } from "./timeWindow.ts";

/** A column of one figure per window of equal width from time 0; null where a window has none. */
export type TimeColumn = ArrayLike<number | null>;

/** Beyond this many points on screen a chart draws on a canvas. */
export const mostSvgPoints = 5000;

/** Half-open range of windows that touch a stretch of time. */
export function windowRange(
  { fromS, toS }: TimeWindow,
  windowS: number,
  count: number,
): { readonly from: number; readonly to: number } {
  return {
    from: Math.max(0, Math.floor(fromS / windowS + 1e-9)),
    to: Math.min(count, Math.ceil(toS / windowS - 1e-9)),
  };
}

/** Greatest value of columns within a stretch; 0 where there is none. */
export function greatestIn(
  columns: readonly TimeColumn[],
  window: TimeWindow,
  windowS: number,
): number {
  let most = 0;
  for (const column of columns) {
    const { from, to } = windowRange(window, windowS, column.length);
    for (let i = from; i < to; i++) most = Math.max(most, column[i] ?? 0);
  }
  return most;
}

/** The line of a column as a path: a step over each window, a gap where there is none. */
export function stepPath(
  column: TimeColumn,
  windowS: number,
  range: { readonly from: number; readonly to: number },
  x: (seconds: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let isDown = false;
  for (let i = range.from; i < range.to; i++) {
    const value = column[i];
    if (value === null || value === undefined) {
      isDown = false;
      continue;
    }
    const at = y(value).toFixed(1);
    path += `${isDown ? "V" : `M${x(i * windowS).toFixed(1)} `}${at}H${x((i + 1) * windowS).toFixed(1)}`;
    isDown = true;
  }
  return path;
}

/** Least and greatest value of a column at each level of coarseness: level k has one pair for 4^k windows. */
export class ExtremesPyramid {
  /** Pairs (least, greatest); NaN where a span has no value. */
  private readonly levels: Float64Array[] = [];
  readonly length: number;

  constructor(column: TimeColumn) {
    this.length = column.length;
    const base = new Float64Array(column.length * 2);
    for (let i = 0; i < column.length; i++) {
      base[2 * i] = base[2 * i + 1] = column[i] ?? NaN;
    }
    this.levels.push(base);
    while (this.levels[this.levels.length - 1].length > 8) {
      this.levels.push(coarser(this.levels[this.levels.length - 1]));
    }
  }

  /** Writes least and greatest of windows from..to (whole numbers) into `out`; NaN where there is none. Looks at no more than about 8 pairs a level. */
  extremes(from: number, to: number, out: Float64Array): void {
    out[0] = out[1] = NaN;
    let low = Math.max(0, from);
    let high = Math.min(this.length, to);
    for (let level = 0; low < high; level++) {
      const isTop = level === this.levels.length - 1;
      while (low < high && (isTop || low % 4 !== 0)) this.take(level, low++, out);
      while (low < high && (isTop || high % 4 !== 0)) this.take(level, --high, out);
      low = Math.floor(low / 4);
      high = Math.floor(high / 4);
    }
  }

  private take(level: number, at: number, out: Float64Array): void {
    const low = this.levels[level][2 * at];
    const high = this.levels[level][2 * at + 1];
    if (!(out[0] <= low)) out[0] = Number.isNaN(low) ? out[0] : low;
    if (!(out[1] >= high)) out[1] = Number.isNaN(high) ? out[1] : high;
  }
}

function coarser(pairs: Float64Array): Float64Array {
  const count = Math.ceil(pairs.length / 8);
  const next = new Float64Array(count * 2).fill(NaN);
  for (let i = 0; i < pairs.length / 2; i++) {
    const at = 2 * Math.floor(i / 4);
    if (!(next[at] <= pairs[2 * i]) && !Number.isNaN(pairs[2 * i])) next[at] = pairs[2 * i];
    const high = pairs[2 * i + 1];
    if (!(next[at + 1] >= high) && !Number.isNaN(high)) next[at + 1] = high;
  }
  return next;
}

/** Draws a column as one vertical stroke per pixel from its least to its greatest value there, joined: nothing is lost to thinning. */
export function traceExtremes(
  context: Pick<CanvasRenderingContext2D, "moveTo" | "lineTo">,
  pyramid: ExtremesPyramid,
  windowS: number,
  { fromS, toS }: TimeWindow,
  plot: Plot,
  y: (value: number) => number,
): void {
  const width = plot.right - plot.left;
  const perPixel = (toS - fromS) / width / windowS;
  const first = fromS / windowS;
  const pair = new Float64Array(2);
  let isDown = false;
  for (let pixel = 0; pixel < width; pixel++) {
    const from = Math.floor(first + pixel * perPixel);
    pyramid.extremes(from, Math.max(from + 1, Math.floor(first + (pixel + 1) * perPixel)), pair);
    if (Number.isNaN(pair[0])) {
      isDown = false;
      continue;
    }
    const x = plot.left + pixel + 0.5;
    if (isDown) context.lineTo(x, y(pair[0]));
    else context.moveTo(x, y(pair[0]));
    context.lineTo(x, y(pair[1]));
    isDown = true;
  }
}

/** Windows whose points keyboard and pointer reach: all, or evenly spread ones where there are more than `most`, always with the last. */
export function reachableWindows(from: number, to: number, most: number): number[] {
  const step = Math.max(1, Math.ceil((to - from) / most));
  const windows: number[] = [];
  for (let i = from; i < to; i += step) windows.push(i);
  return windows;
}
