/** Geometry of the break-even curve: cost over volume, both logarithmic, with the steps of whole GPUs. */
import type { Plot } from "./chartTypes.ts";
import type { OptionStyle } from "./optionStyles.ts";
import { logDomain, logScale, px, type Scale } from "./scales.ts";

/** A strategy at a volume. */
export interface CurvePoint {
  readonly monthTokens: number;
  /** What is drawn: USD a month, or per million tokens. */
  readonly usd: number;
  /** Half-width of the 95 % interval; null for one replication. */
  readonly halfWidth95: number | null;
  readonly gpus: number;
  /** Every target is kept. */
  readonly isValid: boolean;
  /** Why the point is hollow, each in a sentence; none for a full one. */
  readonly reasons: readonly string[];
}

/** A strategy over the volumes, in rising order. */
export interface Curve {
  readonly id: string;
  readonly label: string;
  readonly style: OptionStyle;
  readonly points: readonly CurvePoint[];
}

/** A volume at which the cheaper of two changes. */
export interface CurveCrossing {
  readonly monthTokens: number;
  readonly usd: number;
  readonly low: number | null;
  readonly high: number | null;
  /** In words: which is cheaper from here on. */
  readonly text: string;
  /** The same where room is scarce. */
  readonly shortText: string;
  /** Both sides keep every target and have enough requests. */
  readonly isTrusted: boolean;
  /** Whether the option that wins at the traffic's own volume is one of the two: ruled in full. */
  readonly isMain: boolean;
}

/** A crossing whose label has a row of its own where it would cover another. */
export interface PlacedCrossing extends CurveCrossing {
  readonly x: number;
  /** The words that fit. */
  readonly words: string;
  readonly row: number;
  /** Whether the words stand to the left of the rule. */
  readonly isLeft: boolean;
}

/** The first point of a stretch of a curve with the same number of GPUs. */
export interface Tread {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Whether the words end at their point. */
  readonly isBefore: boolean;
}

/** Scales of the chart, with room at the top for the words of crossings. */
export function breakEvenScales(
  curves: readonly Curve[],
  ownTokens: number,
  plot: Plot,
): {
  readonly x: Scale;
  readonly y: Scale;
  readonly tokens: readonly [number, number];
  readonly usd: readonly [number, number];
} {
  const points = curves.flatMap((curve) => curve.points);
  const volumes = [...points.map((point) => point.monthTokens), ownTokens];
  const tokens = logDomain(volumes, 0.02);
  const usd = logDomain(
    points.flatMap(({ usd: each, halfWidth95 }) => [
      each - (halfWidth95 ?? 0),
      each + (halfWidth95 ?? 0),
    ]),
    0.06,
  );
  return {
    ...{ tokens, usd },
    x: logScale(tokens[0], tokens[1], plot.left, plot.right),
    y: logScale(usd[0], usd[1], plot.bottom, plot.top),
  };
}

/** The line of a curve. Where the number of GPUs changes between two volumes the step stands halfway, a riser between two treads: where exactly it lies is not known. */
export function curvePath({ points }: Curve, x: Scale, y: Scale): string {
  let path = "";
  points.forEach((point, i) => {
    const before = points[i - 1];
    const [px0, py0] = [px(x(point.monthTokens)), px(y(point.usd))];
    if (before === undefined) path += `M${px0} ${py0}`;
    else if (before.gpus === point.gpus) path += `L${px0} ${py0}`;
    else {
      const middle = (x(before.monthTokens) + x(point.monthTokens)) / 2;
      path += `L${px(middle)} ${px(y(before.usd))}V${py0}L${px0} ${py0}`;
    }
  });
  return path;
}

/** The 95 % band of a curve, with its steps; empty where no point has one. */
export function bandPath({ points }: Curve, x: Scale, y: Scale): string {
  if (points.every(({ halfWidth95 }) => halfWidth95 === null || halfWidth95 === 0)) return "";
  const edge = (sign: 1 | -1): string[] => {
    const corners: string[] = [];
    const heightOf = ({ usd, halfWidth95 }: CurvePoint): string =>
      px(y(Math.max(usd + sign * (halfWidth95 ?? 0), usd / 1000)));
    points.forEach((point, i) => {
      const before = points[i - 1];
      if (before !== undefined && before.gpus !== point.gpus) {
        const middle = px((x(before.monthTokens) + x(point.monthTokens)) / 2);
        corners.push(`${middle} ${heightOf(before)}`, `${middle} ${heightOf(point)}`);
      }
      corners.push(`${px(x(point.monthTokens))} ${heightOf(point)}`);
    });
    return corners;
  };
  return `M${edge(1).join("L")}L${edge(-1).reverse().join("L")}Z`;
}

/** Room that a tread's words take, pixels. */
const treadWidth = 46;

/** Where "2 GPUs" stands: at the first point of each stretch of equal fleets, unless it would cover the words before it (the readout has every number). Near the right end words stand before their point. */
export function treads({ points }: Curve, x: Scale, y: Scale, right: number): Tread[] {
  const placed: Tread[] = [];
  let taken = -Infinity;
  points.forEach(({ gpus, monthTokens, usd }, i) => {
    if (gpus === 0 || points[i - 1]?.gpus === gpus) return;
    const at = x(monthTokens);
    const isBefore = at > right - treadWidth + 2;
    const from = isBefore ? at - treadWidth : at;
    if (from < taken) return;
    taken = from + treadWidth;
    const text = gpus === 1 ? "1 GPU" : `${gpus} GPUs`;
    placed.push({ x: at, y: y(usd), text, isBefore });
  });
  return placed;
}

const charWidth = 6.3;

/** Crossings from the right, with rows for their words, so that none covers another and no rule runs through words; words that would leave the plot stand to the left of their rule. */
export function placeCrossings(
  crossings: readonly CurveCrossing[],
  x: Scale,
  plot: Plot,
): PlacedCrossing[] {
  const taken: [number, number][][] = [];
  return [...crossings]
    .sort((a, b) => b.monthTokens - a.monthTokens)
    .map((crossing) => {
      const at = x(crossing.monthTokens);
      const room = Math.max(plot.right - at, at - plot.left);
      const words =
        crossing.text.length * charWidth + 10 <= room ? crossing.text : crossing.shortText;
      const width = words.length * charWidth + 10;
      const isLeft = at + width > plot.right && at - width > plot.left;
      const span: [number, number] = isLeft ? [at - width, at] : [at, at + width];
      const isFree = (row: number): boolean =>
        (taken[row] ?? []).every(([from, to]) => span[1] < from || span[0] > to);
      let row = 0;
      while (!isFree(row)) row++;
      taken[row] = [...(taken[row] ?? []), span];
      return { ...crossing, x: at, words, row, isLeft };
    });
}
