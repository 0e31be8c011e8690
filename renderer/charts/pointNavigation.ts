/** Which point comes next: by key, and under the pointer. */
import type { ChartPoint } from "./chartTypes.ts";

/** Keys that move between points. */
const pageLength = 10;

/** Points of one series in their order, as indices. */
function seriesOf(points: readonly ChartPoint[], series: number): number[] {
  return points.flatMap((point, i) => (point.series === series ? [i] : []));
}

function within(row: readonly number[], place: number): number {
  return row[Math.max(0, Math.min(row.length - 1, place))];
}

/** The point of the series after (by = 1) or before that is nearest in x; the same point where there is no such series. */
function otherSeries(points: readonly ChartPoint[], from: number, by: 1 | -1): number {
  const all = [...new Set(points.map(({ series }) => series))].sort((a, b) => a - b);
  const next = all[all.indexOf(points[from].series) + by];
  if (next === undefined) return from;
  const row = seriesOf(points, next);
  const gap = (i: number): number => Math.abs(points[i].x - points[from].x);
  return row.reduce((best, i) => (gap(i) < gap(best) ? i : best), row[0]);
}

/** Index of the point that a key moves to; undefined for keys that move nowhere. */
export function movePoint(
  points: readonly ChartPoint[],
  from: number,
  key: string,
): number | undefined {
  if (points.length === 0) return undefined;
  const current = Math.max(0, Math.min(points.length - 1, from));
  const row = seriesOf(points, points[current].series);
  const place = row.indexOf(current);
  switch (key) {
    case "ArrowRight":
      return within(row, place + 1);
    case "ArrowLeft":
      return within(row, place - 1);
    case "PageDown":
      return within(row, place + pageLength);
    case "PageUp":
      return within(row, place - pageLength);
    case "Home":
      return row[0];
    case "End":
      return row[row.length - 1];
    case "ArrowDown":
      return otherSeries(points, current, 1);
    case "ArrowUp":
      return otherSeries(points, current, -1);
    default:
      return undefined;
  }
}

/** Index of the point nearest to a place: by x alone ("column"), by y alone ("row") or by both; undefined where none is within `reach` pixels. */
export function nearestPoint(
  points: readonly ChartPoint[],
  at: { readonly x: number; readonly y: number },
  by: "column" | "row" | "both",
  reach: number,
): number | undefined {
  let best: number | undefined;
  let least = Infinity;
  points.forEach((point, i) => {
    const dx = by === "row" ? 0 : point.x - at.x;
    const dy = by === "column" ? 0 : point.y - at.y;
    const main = Math.hypot(dx, dy);
    const gap = main + Math.hypot(point.x - at.x, point.y - at.y) / 1e4;
    if (main <= reach && gap < least) {
      best = i;
      least = gap;
    }
  });
  return best;
}

/** The points that a readout shows together: all at the same x as one, at most one of each series. */
export function columnOf(points: readonly ChartPoint[], index: number): number[] {
  const { x } = points[index];
  const seen = new Set<number>();
  return points.flatMap((point, i) => {
    if (Math.abs(point.x - x) > 0.75 || seen.has(point.series)) return [];
    seen.add(point.series);
    return [i];
  });
}
