/** Linear fits by least absolute deviations within bounds. */

/** One equation: sum of factors[j] * x[j] should be `target`. */
export interface Equation {
  readonly factors: readonly number[];
  readonly target: number;
}

/** Lowest and highest value of each unknown. */
export type Bounds = readonly (readonly [number, number])[];

/** A figure at one point around which it is taken as linear in the unknowns. */
export interface Linearised {
  /** The figure as predicted. */
  readonly base: number;
  /** The same with unknown j one step further. */
  readonly moved: readonly number[];
  /** Where unknown j stands, in steps. */
  readonly now: readonly number[];
}

/** The equation that makes the figure come to `measured`, as a relative error that counts `weight`; unknowns in steps. */
export function relativeEquation(
  { base, moved, now }: Linearised,
  measured: number,
  weight = 1,
): Equation {
  const factors = moved.map((each) => (weight * (each - base)) / measured);
  const already = factors.reduce((sum, factor, j) => sum + factor * now[j], 0);
  return { factors, target: weight - (weight * base) / measured + already };
}

const reweightings = 60;
const sweeps = 120;

/** The x within `bounds` that makes the sum of |factors . x - target| small, from `start` on: least squares with weights 1 / |residual|, repeated, each solved coordinate by coordinate. */
export function fitLeastAbsolute(
  equations: readonly Equation[],
  bounds: Bounds,
  start: readonly number[],
): number[] {
  let x = [...start];
  const scale = meanSize(equations);
  for (let k = 0; k < reweightings; k++) {
    const floor = scale * Math.max(1e-6, 0.1 * Math.exp(-k / 5));
    const weights = equations.map((each) => 1 / Math.max(floor, Math.abs(residual(each, x))));
    x = solveWeighted(equations, weights, bounds, x);
  }
  return x;
}

function residual({ factors, target }: Equation, x: readonly number[]): number {
  let sum = -target;
  for (let j = 0; j < x.length; j++) sum += factors[j] * x[j];
  return sum;
}

function meanSize(equations: readonly Equation[]): number {
  const sum = equations.reduce((total, { target }) => total + Math.abs(target), 0);
  return equations.length === 0 ? 1 : Math.max(1e-12, sum / equations.length);
}

/** Normal equations, then coordinate descent, which keeps within bounds and converges because the problem is convex. */
function solveWeighted(
  equations: readonly Equation[],
  weights: readonly number[],
  bounds: Bounds,
  start: readonly number[],
): number[] {
  const n = start.length;
  const matrix = Array.from({ length: n }, () => new Float64Array(n));
  const right = new Float64Array(n);
  equations.forEach(({ factors, target }, i) => {
    for (let j = 0; j < n; j++) {
      right[j] += weights[i] * factors[j] * target;
      for (let k = 0; k < n; k++) matrix[j][k] += weights[i] * factors[j] * factors[k];
    }
  });
  const x = [...start];
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let j = 0; j < n; j++) x[j] = best(j, matrix[j], right[j], x, bounds[j]);
  }
  return x;
}

function best(
  j: number,
  row: Float64Array,
  right: number,
  x: readonly number[],
  [low, high]: readonly [number, number],
): number {
  if (row[j] <= 0) return x[j];
  let rest = right;
  for (let k = 0; k < x.length; k++) if (k !== j) rest -= row[k] * x[k];
  return Math.min(high, Math.max(low, rest / row[j]));
}
