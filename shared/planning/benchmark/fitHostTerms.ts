/** Fits the host terms of a coefficient set to measured benchmarks: through the engine, not through a formula. */
import type { CoefficientSet } from "../../schema/catalog.ts";
import { InputError } from "../../units/errors.ts";
import type { BenchmarkCase } from "./benchmarkCase.ts";
import { type Equation, fitLeastAbsolute } from "./leastAbsolute.ts";
import { runBenchmark } from "./runBenchmark.ts";

/** Host terms as a coefficient set has them. */
export type HostTerms = Record<"gpuScale" | "oIterUs" | "oSeqUs" | "oTpUs" | "oReqMs", number>;

/** A measured point: its case, its mean TPOT and, where its client is trusted, its mean TTFT. */
export interface MeasuredPoint {
  readonly input: BenchmarkCase;
  readonly tpotMs: number;
  readonly ttftMs?: number;
}

/** What the engine gives at a point. */
export interface PointPrediction {
  readonly tpotMs: number;
  readonly ttftMs: number;
}

/** The fitted terms of TPOT, their bounds, and a step that shows their effect. */
const unknowns = [
  { name: "gpuScale", bounds: [0.5, 1.6], step: 0.02 },
  { name: "oIterUs", bounds: [0, 4000], step: 50 },
  { name: "oSeqUs", bounds: [0, 60], step: 1 },
  { name: "oTpUs", bounds: [0, 1500], step: 50 },
] as const;

/** Where a fit begins when nothing is known. */
export const usualHostTerms: HostTerms = {
  gpuScale: 1,
  oIterUs: 300,
  oSeqUs: 7,
  oTpUs: 100,
  oReqMs: 0,
};

/** Linearisations until the terms hardly move. */
const rounds = 5;

/** Predictions with the given host terms. Throws InputError for a point that does not fit in memory or has one output token. */
export function predictPoints(
  points: readonly MeasuredPoint[],
  host: HostTerms,
  coefficients: readonly CoefficientSet[],
): PointPrediction[] {
  return points.map(({ input }) => {
    const { target, load } = input;
    const outcome = runBenchmark({ target: { ...target, host }, load }, coefficients);
    if (!outcome.fits) throw new InputError(`A measured point does not fit: ${outcome.reason}`);
    const { tpotMs, ttftMs } = outcome.figures;
    if (tpotMs.mean === null || ttftMs.mean === null) {
      throw new InputError(
        "A measured point has one output token, so no TPOT. Leave it out of the fit.",
        { field: "osl" },
      );
    }
    return { tpotMs: tpotMs.mean, ttftMs: ttftMs.mean };
  });
}

/** Host terms with the least mean absolute relative error of TPOT over the points; then oReqMs, the median of what TTFT lacks at points that have one (the start's own where none has). Each round runs the engine around the last terms for the effect of each, and solves the linear problem. Throws InputError for no points. */
export function fitHostTerms(
  points: readonly MeasuredPoint[],
  coefficients: readonly CoefficientSet[],
  start: HostTerms = usualHostTerms,
): HostTerms {
  if (points.length === 0) throw new InputError("There is no measured point to fit to.");
  let host = start;
  let least = { host, error: Infinity };
  for (let round = 0; round < rounds; round++) {
    const base = predictPoints(points, host, coefficients);
    const error = meanError(points, base);
    if (error < least.error) least = { host, error };
    host = improve(points, coefficients, host, base);
  }
  const last = meanError(points, predictPoints(points, host, coefficients));
  if (last < least.error) least = { host, error: last };
  return fitRequestOverhead(points, coefficients, least.host);
}

/** Mean absolute relative error of TPOT. */
function meanError(
  points: readonly MeasuredPoint[],
  predictions: readonly PointPrediction[],
): number {
  const sum = points.reduce(
    (total, { tpotMs }, i) => total + Math.abs(predictions[i].tpotMs / tpotMs - 1),
    0,
  );
  return sum / points.length;
}

function improve(
  points: readonly MeasuredPoint[],
  coefficients: readonly CoefficientSet[],
  host: HostTerms,
  base: readonly PointPrediction[],
): HostTerms {
  const moved = unknowns.map(({ name, step }) =>
    predictPoints(points, { ...host, [name]: host[name] + step }, coefficients),
  );
  const equations = points.map(({ tpotMs }, i): Equation => {
    const factors = moved.map((each) => (each[i].tpotMs - base[i].tpotMs) / tpotMs);
    const now = factors.reduce((sum, each, j) => sum + each * inSteps(host, j), 0);
    return { factors, target: 1 - base[i].tpotMs / tpotMs + now };
  });
  const bounds = unknowns.map(
    ({ bounds: [low, high], step }) => [low / step, high / step] as const,
  );
  const solved = fitLeastAbsolute(
    equations,
    bounds,
    unknowns.map((_, j) => inSteps(host, j)),
  );
  const terms = { ...host };
  unknowns.forEach(({ name, step }, j) => {
    terms[name] = solved[j] * step;
  });
  return terms;
}

function inSteps(host: HostTerms, j: number): number {
  return host[unknowns[j].name] / unknowns[j].step;
}

function fitRequestOverhead(
  points: readonly MeasuredPoint[],
  coefficients: readonly CoefficientSet[],
  host: HostTerms,
): HostTerms {
  const trusted = points.filter(({ ttftMs }) => ttftMs !== undefined);
  if (trusted.length === 0) return host;
  const without = { ...host, oReqMs: 0 };
  const predictions = predictPoints(trusted, without, coefficients);
  const equations = trusted.map(({ ttftMs = 1 }, i): Equation => {
    return { factors: [1 / ttftMs], target: 1 - predictions[i].ttftMs / ttftMs };
  });
  const [oReqMs] = fitLeastAbsolute(equations, [[0, 1000]], [0]);
  return { ...host, oReqMs };
}

/** Predictions of each point by terms that were fitted without its fold: point i is in fold i modulo `folds`. Points should stand in an order without pattern. */
export function crossValidate(
  points: readonly MeasuredPoint[],
  coefficients: readonly CoefficientSet[],
  folds: number,
  start: HostTerms,
): PointPrediction[] {
  const predictions = new Array<PointPrediction>(points.length);
  for (let fold = 0; fold < folds; fold++) {
    const isInFold = (_: MeasuredPoint, i: number): boolean => i % folds === fold;
    const rest = points.filter((point, i) => !isInFold(point, i));
    const own = points.filter(isInFold);
    if (own.length === 0 || rest.length === 0) continue;
    const host = fitHostTerms(rest, coefficients, start);
    predictPoints(own, host, coefficients).forEach((each, k) => {
      predictions[k * folds + fold] = each;
    });
  }
  return predictions;
}
