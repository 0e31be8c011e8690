/** Fits the host terms of a coefficient set to measured benchmarks: through the engine, not through a formula. */
import type { CoefficientSet } from "../../schema/catalog.ts";
import { InputError } from "../../units/errors.ts";
import type { BenchmarkCase } from "./benchmarkCase.ts";
import { type Equation, fitLeastAbsolute, relativeEquation } from "./leastAbsolute.ts";
import { runBenchmark } from "./runBenchmark.ts";

/** Host terms as a coefficient set has them. */
export type HostTerms = Record<
  "gpuScale" | "oIterUs" | "oSeqUs" | "oTpUs" | "oReqMs" | "prefillShare" | "blockPrefillShare",
  number
>;

/** A measured point: its case, its mean TPOT and, where its client is trusted, its mean TTFT. */
export interface MeasuredPoint {
  readonly input: BenchmarkCase;
  readonly tpotMs: number;
  readonly ttftMs?: number;
  /** How much its errors count; default 1. */
  readonly weight?: number;
}

/** An error of a trusted TTFT counts this much of one of TPOT. */
const ttftWeight = 0.5;

/** What the engine gives at a point. */
export interface PointPrediction {
  readonly tpotMs: number;
  readonly ttftMs: number;
  /** Output tokens per second with all clients busy. */
  readonly tokensPerS: number;
}

/** The figures that are fitted. */
type FittedFigure = "tpotMs" | "ttftMs";

/** The fitted terms, their bounds, and a step that shows their effect; oReqMs only where a TTFT is trusted. */
const unknowns = [
  { name: "gpuScale", bounds: [0.5, 1.6], step: 0.02 },
  { name: "oIterUs", bounds: [0, 4000], step: 50 },
  { name: "oSeqUs", bounds: [0, 60], step: 1 },
  { name: "oTpUs", bounds: [0, 1500], step: 50 },
  { name: "prefillShare", bounds: [0, 3], step: 0.05 },
  { name: "blockPrefillShare", bounds: [0, 3], step: 0.05 },
  { name: "oReqMs", bounds: [0, 1000], step: 5 },
] as const;

/** Where a fit begins when nothing is known. */
export const usualHostTerms: HostTerms = {
  gpuScale: 1,
  oIterUs: 300,
  oSeqUs: 7,
  oTpUs: 100,
  oReqMs: 0,
  prefillShare: 0,
  blockPrefillShare: 0,
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
    const outcome = runBenchmark(
      { target: { ...target, host: { ...target.host, ...host } }, load },
      coefficients,
    );
    if (!outcome.fits) throw new InputError(`A measured point does not fit: ${outcome.reason}`);
    const { tpotMs, ttftMs, steadyTokensPerS, outputTokensPerS } = outcome.figures;
    if (tpotMs.mean === null || ttftMs.mean === null) {
      throw new InputError(
        "A measured point has one output token, so no TPOT. Leave it out of the fit.",
        { field: "osl" },
      );
    }
    return {
      tpotMs: tpotMs.mean,
      ttftMs: ttftMs.mean,
      tokensPerS: steadyTokensPerS ?? outputTokensPerS,
    };
  });
}

/** Host terms with the least weighted absolute relative error of TPOT, and of TTFT where it is trusted, over the points; then oReqMs, the median of what TTFT lacks at points that have one (the start's own where none has). Each round runs the engine around the last terms for the effect of each, and solves the linear problem. Throws InputError for no points. */
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
    const error = errorSum(points, base);
    if (error < least.error) least = { host, error };
    host = improve(points, coefficients, host, base);
  }
  const last = errorSum(points, predictPoints(points, host, coefficients));
  if (last < least.error) least = { host, error: last };
  return fitRequestOverhead(points, coefficients, least.host);
}

/** Weighted absolute relative errors of TPOT and trusted TTFT, summed. */
function errorSum(
  points: readonly MeasuredPoint[],
  predictions: readonly PointPrediction[],
): number {
  return points.reduce((total, { tpotMs, ttftMs, weight = 1 }, i) => {
    const ofTpot = Math.abs(predictions[i].tpotMs / tpotMs - 1);
    const ofTtft = ttftMs === undefined ? 0 : Math.abs(predictions[i].ttftMs / ttftMs - 1);
    return total + weight * (ofTpot + ttftWeight * ofTtft);
  }, 0);
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
  const hasTtft = points.some(({ ttftMs }) => ttftMs !== undefined);
  const active = unknowns
    .map((_, j) => j)
    .filter((j) => unknowns[j].name !== "oReqMs" || hasTtft)
    .filter((j) => moved[j].some((each, i) => each.tpotMs !== base[i].tpotMs));
  const start = active.map((j) => inSteps(host, j));
  const equationOf = (figure: FittedFigure, i: number, measured: number, by: number) => {
    const figures = active.map((j) => moved[j][i][figure]);
    return relativeEquation({ base: base[i][figure], moved: figures, now: start }, measured, by);
  };
  const equations = points.flatMap(({ tpotMs, ttftMs, weight = 1 }, i): Equation[] => {
    const ofTpot = equationOf("tpotMs", i, tpotMs, weight);
    if (ttftMs === undefined) return [ofTpot];
    return [ofTpot, equationOf("ttftMs", i, ttftMs, weight * ttftWeight)];
  });
  const bounds = active.map((j) => {
    const { bounds: range, step } = unknowns[j];
    return [range[0] / step, range[1] / step] as const;
  });
  const solved = fitLeastAbsolute(equations, bounds, start);
  const terms = { ...host };
  active.forEach((j, k) => {
    terms[unknowns[j].name] = solved[k] * unknowns[j].step;
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
