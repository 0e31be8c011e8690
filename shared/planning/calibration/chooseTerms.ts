/** Which host terms a handful of points can tell: few points, few terms. */
import type { CoefficientSet } from "../../schema/catalog.ts";
import type { CalibrationPoint } from "./replayPoint.ts";

/** Host terms as a coefficient set has them. */
export type HostTerms = Pick<
  CoefficientSet["host"],
  "gpuScale" | "oIterUs" | "oSeqUs" | "oTpUs" | "oReqMs"
>;

/** The terms of TPOT that are fitted. oTpUs is not among them: the points of a calibration share their tensor parallel, where it cannot be told from oIterUs. */
export type TpotTerm = "gpuScale" | "oIterUs" | "oSeqUs";

/** The terms to fit, and why these. */
export interface TermChoice {
  readonly terms: readonly TpotTerm[];
  readonly why: string;
}

const leastForTwo = 3;
const leastForThree = 6;
/** The busiest load over the least busy one from which the cost of a sequence shows. */
const leastSpread = 4;

/** Requests in flight, mean. */
function inFlight({ concurrency, rateRps = 0, outputTokens, measured }: CalibrationPoint): number {
  const e2eMs = (measured.ttftMs ?? 0) + (outputTokens - 1) * measured.tpotMs;
  return concurrency ?? Math.max(1, (rateRps * e2eMs) / 1000);
}

/** Loads that differ: the same one measured twice tells no second term. */
function countLoads(points: readonly CalibrationPoint[]): number {
  const keys = points.map((point) => {
    const sizes = [inFlight(point), point.promptTokens, point.outputTokens];
    return sizes.map((size) => size.toPrecision(2)).join(" ");
  });
  return new Set(keys).size;
}

/** Chooses by the number of loads that differ, their spread, and, for one term, by `kernelShare`: the share of the predicted TPOT that is kernel time. */
export function chooseTerms(points: readonly CalibrationPoint[], kernelShare: number): TermChoice {
  const loads = countLoads(points);
  const different = loads === 1 ? "a single load" : `${loads} different loads`;
  if (loads < leastForTwo) {
    const isKernel = kernelShare >= 0.5;
    const share = `${(100 * kernelShare).toFixed(0)} % of the predicted TPOT is kernel time`;
    return {
      terms: [isKernel ? "gpuScale" : "oIterUs"],
      why: `${different} ${loads === 1 ? "tells" : "tell"} one term; ${share}, so ${isKernel ? "the kernel scale" : "the overhead of an iteration"} is fitted`,
    };
  }
  const sizes = points.map(inFlight);
  const spread = Math.max(...sizes) / Math.min(...sizes);
  if (loads >= leastForThree && spread >= leastSpread) {
    return {
      terms: ["gpuScale", "oIterUs", "oSeqUs"],
      why: `${different} over a ${spread.toPrecision(2)}-fold range of requests in flight tell the kernel scale, the overhead of an iteration and that of a sequence`,
    };
  }
  return {
    terms: ["gpuScale", "oIterUs"],
    why: `${different} tell the kernel scale and the overhead of an iteration; the overhead of a sequence needs ${leastForThree} over a ${leastSpread}-fold range of requests in flight`,
  };
}
