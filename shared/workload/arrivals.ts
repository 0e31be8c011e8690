/** Arrival processes: a unit-rate renewal process, stretched by the rate (time rescaling), in whole nanoseconds. */
import type { Arrivals } from "../schema/traffic.ts";
import type { RandomStream } from "../sim/random.ts";
import { ExponentialSampler, GammaSampler, type Sampler } from "../sim/variates.ts";
import { regularizedGammaP, regularizedGammaQ } from "../stats/specialFunctions.ts";
import { InputError } from "../units/errors.ts";
import { nsPerS, sPerHour } from "../units/units.ts";
import { checkRequestCount, maxRequests, maxTrafficNs } from "./limits.ts";

/** A rate that is constant in windows of equal width and comes round again after the last. */
export interface RateCurve {
  readonly windowNs: number;
  /** Requests per second in each window. */
  readonly ratesRps: Float64Array;
  /** Where in the cycle simulated time 0 stands, nanoseconds. */
  readonly phaseNs: number;
}

/** What to generate: arrivals in 0 .. endNs (exclusive, Infinity allowed), at most `limit` of them. */
export interface ArrivalRequest {
  readonly endNs: number;
  readonly limit: number;
  /** Local second of the week at time 0, for the weekly profile. */
  readonly secondOfWeek: number;
  readonly stream: RandomStream;
  /** Names the source in messages. */
  readonly sourceId: string;
}

function weeklyCurve(arrivals: Arrivals & { process: "weekly" }, secondOfWeek: number): RateCurve {
  const ratesRps = new Float64Array(168);
  let sum = 0;
  const { hourWeights, dayWeights } = arrivals;
  for (let i = 0; i < 168; i++) {
    ratesRps[i] = dayWeights[Math.floor(i / 24)]! * hourWeights[i % hourWeights.length]!;
    sum += ratesRps[i]!;
  }
  const factor = (arrivals.meanRps * 168) / sum;
  const rates = ratesRps.map((weight) => (sum > 0 ? weight * factor : 0));
  return { windowNs: sPerHour * nsPerS, ratesRps: rates, phaseNs: secondOfWeek * nsPerS };
}

/** The rate over time of an arrival process; a constant rate is one window. */
export function rateCurveOf(arrivals: Arrivals, secondOfWeek: number): RateCurve {
  switch (arrivals.process) {
    case "poisson":
    case "gamma":
      return { windowNs: nsPerS, ratesRps: Float64Array.of(arrivals.rateRps), phaseNs: 0 };
    case "curve":
      return {
        windowNs: arrivals.windowS * nsPerS,
        ratesRps: Float64Array.from(arrivals.ratesRps),
        phaseNs: 0,
      };
    case "weekly":
      return weeklyCurve(arrivals, secondOfWeek);
  }
}

/** Requests that a curve brings on average in 0 .. endNs. */
export function expectedCount(curve: RateCurve, endNs: number): number {
  const n = curve.ratesRps.length;
  const perCycle = curve.ratesRps.reduce((sum, rate) => sum + rate, 0);
  const upTo = (ns: number): number => {
    const windows = ns / curve.windowNs;
    const cycles = Math.floor(windows / n);
    let sum = cycles * perCycle;
    let left = windows - cycles * n;
    for (let i = 0; i < n && left > 0; i++, left--) sum += curve.ratesRps[i]! * Math.min(1, left);
    return (sum * curve.windowNs) / nsPerS;
  };
  return upTo(curve.phaseNs + endNs) - upTo(curve.phaseNs);
}

/** Share of the unit-mean gamma's remaining time that is below x: E[min(X, x)]. */
function remainingBelow(shape: number, x: number): number {
  return x * regularizedGammaQ(shape, x * shape) + regularizedGammaP(shape + 1, x * shape);
}

/** Time to the first arrival of a unit-rate gamma renewal process that has been running for long, so that the mean count is right from the start. */
export function firstGammaGap(cv: number, u: number): number {
  if (cv < 0.002) return u;
  const shape = 1 / (cv * cv);
  let high = 1;
  while (remainingBelow(shape, high) < u && high < 1e9) high *= 2;
  let low = 0;
  for (let i = 0; i < 100; i++) {
    const mid = (low + high) / 2;
    if (remainingBelow(shape, mid) < u) low = mid;
    else high = mid;
  }
  return high;
}

/** Arrival times as they are found; grows by doubling. */
class TimeList {
  private times: Float64Array;
  count = 0;

  constructor(capacity: number) {
    this.times = new Float64Array(capacity);
  }

  push(ns: number): void {
    if (this.count === this.times.length) {
      const larger = new Float64Array(this.times.length * 2);
      larger.set(this.times);
      this.times = larger;
    }
    this.times[this.count++] = ns;
  }

  finished(): Float64Array {
    return this.count === this.times.length ? this.times : this.times.slice(0, this.count);
  }
}

function addConstantRate(
  list: TimeList,
  rateRps: number,
  gaps: Sampler,
  first: number,
  request: ArrivalRequest,
): void {
  const meanGapNs = nsPerS / rateRps;
  const { endNs, limit, stream } = request;
  let ns = Math.round(first * meanGapNs);
  while (ns < endNs && ns <= maxTrafficNs) {
    list.push(ns);
    if (list.count >= limit) return;
    ns += Math.round(gaps.quantile(stream.nextUniform()) * meanGapNs);
  }
}

function addCurve(
  list: TimeList,
  curve: RateCurve,
  gaps: Sampler,
  first: number,
  request: ArrivalRequest,
): void {
  const { windowNs, ratesRps, phaseNs } = curve;
  const { limit, stream } = request;
  const endNs = Math.min(request.endNs, maxTrafficNs);
  let window = Math.floor(phaseNs / windowNs);
  let ns = 0;
  let need = first * nsPerS;
  while (ns < endNs) {
    const rate = ratesRps[window % ratesRps.length]!;
    const windowEndNs = (window + 1) * windowNs - phaseNs;
    const left = rate * (windowEndNs - ns);
    if (need > left || rate === 0) {
      need -= left;
      ns = windowEndNs;
      window++;
      continue;
    }
    ns += need / rate;
    const whole = Math.round(ns);
    if (whole >= endNs) return;
    list.push(whole);
    if (list.count >= limit) return;
    need = gaps.quantile(stream.nextUniform()) * nsPerS;
  }
}

function checkSize(curve: RateCurve, request: ArrivalRequest): number {
  const what = `Source '${request.sourceId}'`;
  if (!curve.ratesRps.some((rate) => rate > 0)) {
    throw new InputError(
      `${what} has no arrivals: every rate or weight is 0. Give at least one window a positive rate.`,
      { field: "arrivals" },
    );
  }
  const endNs = Math.min(request.endNs, maxTrafficNs);
  const expected = Math.min(request.limit, expectedCount(curve, endNs));
  checkRequestCount(what, expected, "arrivals");
  return expected;
}

/**
 * Arrival times in whole nanoseconds, ascending; one uniform of the stream for each.
 * Gaps have coefficient of variation 1 (Poisson) or the process's own, in the time in which the rate is 1.
 * Throws InputError for more than 20,000,000 arrivals, or for rates that are all 0.
 */
export function generateArrivals(arrivals: Arrivals, request: ArrivalRequest): Float64Array {
  const curve = rateCurveOf(arrivals, request.secondOfWeek);
  const expected = checkSize(curve, request);
  const cv = arrivals.process === "poisson" ? 1 : arrivals.cv;
  const gaps = cv === 1 ? new ExponentialSampler(1) : new GammaSampler(1, cv);
  const u = request.stream.nextUniform();
  const first = cv === 1 ? gaps.quantile(u) : firstGammaGap(cv, u);
  const spare = 64 + 6 * Math.max(1, cv) * Math.sqrt(expected);
  const list = new TimeList(Math.ceil(Math.min(request.limit, expected + spare, maxRequests + 1)));
  const bounded = { ...request, limit: Math.min(request.limit, maxRequests + 1) };
  if (curve.ratesRps.length === 1) addConstantRate(list, curve.ratesRps[0]!, gaps, first, bounded);
  else addCurve(list, curve, gaps, first, bounded);
  checkRequestCount(`Source '${request.sourceId}'`, list.count, "arrivals");
  return list.finished();
}
