/** Curves of a report as SVG: logarithmic axes, direct labels, a mark and a dash for each kind, so that it reads in black and white too. */
import { formatTokens, formatUsd } from "./formatters.ts";
import { escapeHtml } from "./htmlText.ts";
import type { Curve } from "./reportDocument.ts";

const width = 860;
const height = 380;
const left = 80;
const right = 240;
const top = 16;
const bottom = 46;

interface Axis {
  readonly low: number;
  readonly high: number;
}

/** Quotient of logarithms that are the same on every host. */
function log10(value: number): number {
  return Math.log(value) / Math.LN10;
}

function axisOf(values: readonly number[]): Axis {
  const low = log10(Math.min(...values));
  const high = log10(Math.max(...values));
  return high > low ? { low, high } : { low: low - 0.3, high: high + 0.3 };
}

/** 1, 2 and 5 times powers of ten within an axis. */
function ticksOf({ low, high }: Axis): number[] {
  const ticks: number[] = [];
  for (let exponent = Math.floor(low); exponent <= Math.ceil(high); exponent++) {
    for (const digit of [1, 2, 5]) {
      const value = Number(`${digit}e${exponent}`);
      const place = log10(value);
      if (place >= low - 1e-9 && place <= high + 1e-9) ticks.push(value);
    }
  }
  return ticks;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The picture; a sentence in its place where there is nothing to draw. */
export function curveSvg(curve: Curve): string {
  const all = curve.series.flatMap(({ points }) => points);
  if (all.length === 0) return "<p>There is no point to draw: no volume was simulated.</p>";
  const x = axisOf([...all.map((each) => each.x), ...(curve.mark === null ? [] : [curve.mark.x])]);
  const y = axisOf(all.map((each) => each.y));
  const atX = (value: number): number =>
    round(left + ((log10(value) - x.low) / (x.high - x.low)) * (width - left - right));
  const atY = (value: number): number =>
    round(height - bottom - ((log10(value) - y.low) / (y.high - y.low)) * (height - top - bottom));
  const parts = [
    ...ticksOf(y).map((value) => gridLine(atY(value), formatUsd(value))),
    ...ticksOf(x).map((value) => tickLabel(atX(value), formatTokens(value))),
    `<text class="axis" x="${left}" y="${height - 6}">${escapeHtml(curve.xLabel)}</text>`,
    ...(curve.mark === null ? [] : [markLine(atX(curve.mark.x), curve.mark.label)]),
    ...seriesPaths(curve, atX, atY),
  ];
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(curve.title)}">${parts.join("")}</svg>`;
}

function gridLine(y: number, label: string): string {
  return `<line class="grid" x1="${left}" x2="${width - right}" y1="${y}" y2="${y}"/><text class="tick" text-anchor="end" x="${left - 8}" y="${y + 4}">${escapeHtml(label)}</text>`;
}

function tickLabel(x: number, label: string): string {
  return `<text class="tick" text-anchor="middle" x="${x}" y="${height - bottom + 18}">${escapeHtml(label)}</text>`;
}

function markLine(x: number, label: string): string {
  return `<line class="mark" x1="${x}" x2="${x}" y1="${top}" y2="${height - bottom}"><title>${escapeHtml(label)}</title></line>`;
}

/** Least distance between two labels. */
const labelGap = 14;

/** Curves with their labels at their ends, moved apart where they would overlap. */
function seriesPaths(
  { series }: Curve,
  atX: (value: number) => number,
  atY: (value: number) => number,
): string[] {
  const drawn = series.filter(({ points }) => points.length > 0);
  const ends = drawn.map(({ points }, index) => ({ index, y: atY(points[points.length - 1].y) }));
  ends.sort((a, b) => a.y - b.y);
  const labelY = new Map<number, number>();
  let lowest = Number.NEGATIVE_INFINITY;
  for (const { index, y } of ends) {
    lowest = Math.max(y, lowest + labelGap);
    labelY.set(index, round(lowest));
  }
  return drawn.map((each, index) => seriesPath(each, labelY.get(index)!, atX, atY));
}

function seriesPath(
  { label, kind, points }: Curve["series"][number],
  labelY: number,
  atX: (value: number) => number,
  atY: (value: number) => number,
): string {
  const known = ["own", "api", "hybrid"].includes(kind) ? kind : "other";
  const path = points.map(({ x, y }) => `${atX(x)},${atY(y)}`).join(" ");
  const dots = points.map(
    ({ x, y, isDoubtful }) =>
      `<circle class="${known}${isDoubtful ? " doubtful" : ""}" cx="${atX(x)}" cy="${atY(y)}" r="3"/>`,
  );
  const shown = label.length > 40 ? `${label.slice(0, 39)}…` : label;
  return `<polyline class="${known}" points="${path}"/>${dots.join("")}<text class="label" x="${width - right + 8}" y="${labelY + 4}">${escapeHtml(shown)}</text>`;
}
