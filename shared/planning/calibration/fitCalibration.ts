/** Fits host terms to one's own measured points, starting from a coefficient set's and held near them where points say little. */
import { findCoefficientSet } from "../../catalog/catalog.ts";
import type { CoefficientSet } from "../../schema/catalog.ts";
import { InputError, InvariantError } from "../../units/errors.ts";
import type { BenchmarkTarget } from "../benchmark/benchmarkCase.ts";
import { type Equation, fitLeastAbsolute, relativeEquation } from "../benchmark/leastAbsolute.ts";
import type { PointFigures } from "./calibrationFile.ts";
import { chooseTerms, type HostTerms, type TpotTerm } from "./chooseTerms.ts";
import { type CalibrationPoint, replayPoint } from "./replayPoint.ts";

/** How far a term may go, the step that shows its effect, and the distance from its start that counts as one. */
interface TermRule {
  readonly bounds: readonly [number, number];
  readonly step: number;
  readonly width: number;
}

const rules: Readonly<Record<TpotTerm, TermRule>> = {
  gpuScale: { bounds: [0.4, 2.5], step: 0.02, width: 0.15 },
  oIterUs: { bounds: [0, 20_000], step: 50, width: 500 },
  oSeqUs: { bounds: [0, 500], step: 1, width: 10 },
};

/** What leaving the start by one width costs, as a share of TPOT of one point. */
const holdWeight = 0.01;
const rounds = 4;
/** Fits of TPOT and of TTFT, one after the other. */
const turns = 4;
/** Relative error below which a fit to all points is done. */
const exactEnough = 1e-4;
/** Folds of the cross-check, at most. */
const mostFolds = 5;
const leastForFolds = 4;
const maxRequestMs = 1000;
/** Digits of a fitted term: more would claim more than points know. */
const termDigits = 6;

/** The terms found, what they give, and how they were chosen. */
export interface CalibrationFit {
  readonly coefficientSet: CoefficientSet;
  readonly hostBefore: HostTerms;
  readonly host: HostTerms;
  readonly fitted: readonly (keyof HostTerms)[];
  readonly reasons: readonly string[];
  /** In the order of the points. */
  readonly before: readonly PointFigures[];
  readonly after: readonly PointFigures[];
  /** TPOT of each point by terms fitted without it, ms; undefined with too few points. */
  readonly leftOutTpotMs: readonly number[] | undefined;
}

interface Fitting {
  readonly points: readonly CalibrationPoint[];
  readonly predict: (point: CalibrationPoint, host: HostTerms) => PointFigures;
  readonly start: HostTerms;
}

/** Fits to points that can all be replayed. Throws InputError for no points. */
export function fitCalibration(
  points: readonly CalibrationPoint[],
  target: BenchmarkTarget,
  coefficients: readonly CoefficientSet[],
): CalibrationFit {
  if (points.length === 0) throw new InputError("There is no measured point to calibrate with.");
  const { backend, precision, kvPrecision } = target;
  const { set } = findCoefficientSet(coefficients, backend, precision, kvPrecision);
  const { gpuScale, oIterUs, oSeqUs, oTpUs, oReqMs } = set.host;
  const start: HostTerms = { gpuScale, oIterUs, oSeqUs, oTpUs, oReqMs };
  const predict = (point: CalibrationPoint, host: HostTerms) =>
    predictOne(point, { ...target, host }, coefficients);
  const fitting: Fitting = { points, predict, start };
  const before = predictAll(fitting, start);
  const chosen = fitChosenTerms(fitting, before);
  const request = alternate(fitting, chosen);
  const host = rounded(request.host);
  return {
    coefficientSet: set,
    hostBefore: start,
    host,
    fitted: [...chosen.terms, ...(request.isFitted ? (["oReqMs"] as const) : [])],
    reasons: [...chosen.reasons, request.why, ...boundWarnings(host, chosen.terms)],
    before,
    after: predictAll(fitting, host),
    leftOutTpotMs: crossCheck(fitting, chosen.terms, host),
  };
}

/** A longer way to the client leaves fewer requests in flight, so TPOT and TTFT are fitted in turn. */
function alternate(fitting: Fitting, chosen: ChosenFit) {
  let request = fitRequestOverhead(fitting, chosen.host);
  for (let turn = 1; turn < turns && request.isFitted; turn++) {
    const { host } = fitTerms(fitting, chosen.terms, request.host);
    request = fitRequestOverhead(fitting, host);
  }
  return request;
}

function predictOne(
  point: CalibrationPoint,
  target: BenchmarkTarget,
  coefficients: readonly CoefficientSet[],
): PointFigures {
  const replay = replayPoint(point, target, coefficients);
  if ("figures" in replay) return replay.figures;
  throw new InvariantError(`a point to be fitted cannot be replayed: ${replay.reason}`);
}

function predictAll({ points, predict }: Fitting, host: HostTerms): PointFigures[] {
  return points.map((point) => predict(point, host));
}

function rounded(host: HostTerms): HostTerms {
  const digits = (value: number) => Number(value.toPrecision(termDigits));
  const { gpuScale, oIterUs, oSeqUs, oTpUs, oReqMs } = host;
  return {
    gpuScale: digits(gpuScale),
    oIterUs: digits(oIterUs),
    oSeqUs: digits(oSeqUs),
    oTpUs: digits(oTpUs),
    oReqMs: digits(oReqMs),
  };
}

interface ChosenFit {
  readonly host: HostTerms;
  readonly terms: readonly TpotTerm[];
  readonly reasons: readonly string[];
}

/** Fits the terms that the points tell; a single term that stops at its bound is joined by the other one where that comes nearer. */
function fitChosenTerms(fitting: Fitting, before: readonly PointFigures[]): ChosenFit {
  const choice = chooseTerms(fitting.points, kernelShare(fitting, before));
  const { terms, why } = choice;
  const first = fitTerms(fitting, terms);
  const reasons = [why, "oTpUs stays: it needs points of several tensor parallels"];
  const [only] = terms;
  if (terms.length > 1 || !isAtBound(first.host, only)) {
    return { host: first.host, terms, reasons };
  }
  const other = only === "gpuScale" ? "oIterUs" : "gpuScale";
  const second = fitTerms(fitting, [other], first.host);
  if (second.error >= first.error) return { host: first.host, terms, reasons };
  const change = `${only} came to its bound and stays there, and ${other} is fitted for the rest`;
  return { host: second.host, terms: [only, other], reasons: [why, change, ...reasons.slice(1)] };
}

function isAtBound(host: HostTerms, term: TpotTerm): boolean {
  return rules[term].bounds.some((bound) => Math.abs(host[term] - bound) < 1e-9);
}

/** Terms at the end of what is plausible: a sign that the points are of something else than was said. */
function boundWarnings(host: HostTerms, terms: readonly TpotTerm[]): string[] {
  return terms
    .filter((term) => isAtBound(host, term) && host[term] > 0)
    .map(
      (term) =>
        `${term} stands at its bound, ${host[term]}: the points do not look like this model on this GPU; check --model, --precision, --gpu and --tp, and do not trust other loads`,
    );
}

/** Share of the predicted TPOT that stays without the host's terms. */
function kernelShare(fitting: Fitting, before: readonly PointFigures[]): number {
  const bare = { ...fitting.start, oIterUs: 0, oSeqUs: 0, oTpUs: 0 };
  const shares = predictAll(fitting, bare).map(({ tpotMs }, i) => tpotMs / before[i].tpotMs);
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

interface TermFit {
  readonly host: HostTerms;
  readonly error: number;
}

/** The terms with the least mean absolute relative error of TPOT, each round linear around the last one. */
function fitTerms(
  fitting: Fitting,
  terms: readonly TpotTerm[],
  from: HostTerms = fitting.start,
): TermFit {
  let host = from;
  let least: TermFit = { host, error: Infinity };
  for (let round = 0; ; round++) {
    const base = predictAll(fitting, host);
    const error = meanError(fitting.points, base);
    if (error < least.error) least = { host, error };
    if (round === rounds || error < exactEnough) return least;
    host = improve(fitting, terms, host, base);
  }
}

function meanError(points: readonly CalibrationPoint[], base: readonly PointFigures[]): number {
  const errors = points.map(({ measured }, i) => Math.abs(base[i].tpotMs / measured.tpotMs - 1));
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

function improve(
  fitting: Fitting,
  terms: readonly TpotTerm[],
  host: HostTerms,
  base: readonly PointFigures[],
): HostTerms {
  const { points, start } = fitting;
  const steps = terms.map((term) => rules[term].step);
  const now = terms.map((term, j) => host[term] / steps[j]);
  const moved = terms.map((term, j) =>
    predictAll(fitting, { ...host, [term]: host[term] + steps[j] }),
  );
  const ofPoints = points.map(({ measured }, i): Equation => {
    const figures = moved.map((each) => each[i].tpotMs);
    return relativeEquation({ base: base[i].tpotMs, moved: figures, now }, measured.tpotMs);
  });
  const holding = terms.map((term, j): Equation => {
    const factor = (holdWeight * steps[j]) / rules[term].width;
    const factors = terms.map((_, k) => (k === j ? factor : 0));
    return { factors, target: (factor * start[term]) / steps[j] };
  });
  const bounds = terms.map((term, j) => {
    const [low, high] = rules[term].bounds;
    return [low / steps[j], high / steps[j]] as const;
  });
  const solved = fitLeastAbsolute([...ofPoints, ...holding], bounds, now);
  const changed = { ...host };
  terms.forEach((term, j) => {
    changed[term] = solved[j] * steps[j];
  });
  return changed;
}

/** oReqMs: what the predicted TTFT lacks, by least absolute relative error over points whose load is known. */
function fitRequestOverhead(fitting: Fitting, host: HostTerms) {
  const compared = fitting.points.filter(hasKnownTtft);
  if (compared.length === 0) {
    const why = "oReqMs stays: no point has both a TTFT and a load that is known";
    return { host, isFitted: false, why };
  }
  const equations = compared.map((point): Equation => {
    const measured = point.measured.ttftMs ?? 1;
    const without = (fitting.predict(point, host).ttftMs ?? 0) - host.oReqMs;
    return { factors: [1 / measured], target: 1 - without / measured };
  });
  const [oReqMs] = fitLeastAbsolute(equations, [[0, maxRequestMs]], [0]);
  const points = compared.length === 1 ? "1 point" : `${compared.length} points`;
  return {
    host: { ...host, oReqMs },
    isFitted: true,
    why: `oReqMs is what TTFT lacks at ${points} whose load is known`,
  };
}

/** Whether the TTFT of a point can be compared: with a guessed number of clients it cannot. */
export function hasKnownTtft({ measured, loadBasis }: CalibrationPoint): boolean {
  return measured.ttftMs !== undefined && loadBasis !== "estimated";
}

/** TPOT of each point by terms fitted without its fold; oReqMs, which TPOT hardly tells, as fitted to all. */
function crossCheck(
  fitting: Fitting,
  terms: readonly TpotTerm[],
  { oReqMs }: HostTerms,
): number[] | undefined {
  const { points } = fitting;
  if (points.length < leastForFolds) return undefined;
  const folds = Math.min(points.length, mostFolds);
  const hosts = Array.from({ length: folds }, (_, fold) => {
    const rest = points.filter((_each, i) => i % folds !== fold);
    return fitTerms({ ...fitting, points: rest }, terms, { ...fitting.start, oReqMs }).host;
  });
  return points.map((point, i) => fitting.predict(point, hosts[i % folds]).tpotMs);
}
