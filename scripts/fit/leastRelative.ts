/** Fits non-negative coefficients to the relative errors of a linear model, re-weighted towards the median. */
import { nonNegativeMinimum } from "./nonNegative.ts";

/** Errors below this count squared, above it in proportion. */
const knee = 0.05;
const ridge = 1e-6;
const rounds = 10;

/** The features of a row over its measured value, and which columns are ever above 0. */
export type ScaledRow = Float64Array;

/** Coefficients x >= 0 that make row . x close to 1 for the rows at `chosen` (features divided by the measured value). A column that is 0 in all of them gets 0. Deterministic. */
export function fitRelative(rows: readonly ScaledRow[], chosen: readonly number[]): Float64Array {
  const scale = columnScale(rows, chosen);
  const used = [...scale.keys()].filter((j) => scale[j] > 0);
  const matrix = chosen.map((i) => Float64Array.from(used, (j) => rows[i][j] / scale[j]));
  const weights = new Float64Array(matrix.length).fill(1);
  let x: Float64Array | undefined;
  for (let round = 0; round < rounds; round++) {
    const { gram, right } = normalEquations(matrix, weights);
    x = nonNegativeMinimum(gram, right, x);
    for (let i = 0; i < matrix.length; i++) {
      weights[i] = 1 / Math.max(Math.abs(dot(matrix[i], x) - 1), knee);
    }
  }
  const whole = new Float64Array(scale.length);
  used.forEach((column, k) => {
    whole[column] = (x?.[k] ?? 0) / scale[column];
  });
  return whole;
}

/** Sum of products. */
export function dot(row: Float64Array, x: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += row[j] * x[j];
  return sum;
}

function columnScale(rows: readonly ScaledRow[], chosen: readonly number[]): Float64Array {
  const squares = new Float64Array(rows[0].length);
  for (const i of chosen) {
    for (let j = 0; j < squares.length; j++) squares[j] += rows[i][j] * rows[i][j];
  }
  return squares.map((each) => Math.sqrt(each / chosen.length));
}

function normalEquations(
  matrix: readonly Float64Array[],
  weights: Float64Array,
): { gram: Float64Array; right: Float64Array } {
  const n = matrix[0].length;
  const gram = new Float64Array(n * n);
  const right = new Float64Array(n);
  matrix.forEach((row, i) => {
    for (let j = 0; j < n; j++) {
      const weighted = row[j] * weights[i];
      if (weighted === 0) continue;
      right[j] += weighted;
      for (let k = 0; k <= j; k++) gram[j * n + k] += weighted * row[k];
    }
  });
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) gram[k * n + j] = gram[j * n + k];
    gram[j * n + j] += ridge * matrix.length;
  }
  return { gram, right };
}
