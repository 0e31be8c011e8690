/** What a candidate will probably cost and how quick it will probably be: an order in which to simulate, and no more. */
import type { Pool } from "../../schema/fleet.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { nsPerS } from "../../units/units.ts";
import type { Workload } from "../../workload/workload.ts";
import { type Candidate, type Place, poolIds, replicasOf, sendsTo } from "./candidate.ts";
import { type MeanField, meanField } from "./meanField.ts";
import type { OwnWork } from "./ownWork.ts";

/** An estimate. Latencies are of own GPUs at a busy minute; null without any. */
export interface Estimate {
  readonly monthUsd: number;
  /** Whether every target seems to be met. */
  readonly isLikely: boolean;
  readonly ttftMs: number | null;
  readonly tpotMs: number | null;
}

/** What an estimate is made from. */
export interface EstimateInput {
  readonly candidate: Candidate;
  readonly place: Place;
  readonly pool: Pool;
  readonly scenario: Scenario;
  readonly work: OwnWork;
  /** Arrivals per second over the mean, at quantiles of the minutes. */
  readonly rates: readonly number[];
  /** Share of the time that the pool is on. */
  readonly openShare: number;
  readonly fixedUsd: number;
  readonly monthFactor: number;
}

const quantiles = [0.1, 0.3, 0.5, 0.7, 0.95];
const widthS = 60;

/** Arrivals at quantiles of the minutes, requests per second. */
export function rateQuantiles(workload: Workload, horizonNs: number): number[] {
  const count = Math.max(1, Math.ceil(horizonNs / nsPerS / widthS));
  const windows = new Float64Array(Math.min(count, 100_000));
  const widthNs = horizonNs / windows.length;
  for (let i = 0; i < workload.openCount; i++) {
    const at = Math.floor(workload.arrivalNs[i] / widthNs);
    windows[Math.min(windows.length - 1, at)]++;
  }
  windows.sort();
  return quantiles.map((q) => {
    const at = Math.min(windows.length - 1, Math.floor(q * windows.length));
    return (windows[at] / widthNs) * nsPerS;
  });
}

/** Estimates one candidate from the mean field of its first pool at quiet and busy minutes. */
export function estimateCandidate(input: EstimateInput): Estimate {
  const { candidate, place, pool, scenario, work, rates, openShare, fixedUsd } = input;
  const { load, elsewhereUsd, allRequests } = work.requests;
  if (load.requests === 0) {
    const monthUsd = fixedUsd + input.monthFactor * elsewhereUsd;
    return { monthUsd, isLikely: true, ttftMs: null, tpotMs: null };
  }
  const replicas = place.parts.reduce((sum, part) => sum + replicasOf(candidate, part), 0);
  const { config } = work.pools[0];
  const rule = scenario.rules.find((each) => sendsTo(each, poolIds(pool, place)[0]));
  const queue = rule?.guards.maxWaiting ?? (rule?.spillAfterS === undefined ? Infinity : 8);
  const all = rates.reduce((sum, rate) => sum + rate, 0);
  const offered = load.requests / allRequests;
  let lost = 0;
  let busiest: MeanField | undefined;
  for (const rate of rates) {
    const field = meanField(config, load, (rate * offered) / replicas, queue);
    lost += rate * field.lossShare;
    busiest = field;
  }
  const lossShare = 1 - (1 - (all > 0 ? lost / all : 0)) * openShare;
  const monthUsd = fixedUsd + input.monthFactor * (elsewhereUsd + lossShare * load.apiUsd);
  return { monthUsd, ...likelihood(scenario, busiest!, queue) };
}

function likelihood(scenario: Scenario, field: MeanField, queue: number) {
  const { ttftP95S, tpotS, isSaturated } = field;
  const isMet = scenario.traffic.classes.every(({ targets }) => {
    const ttft = targets.ttft?.ms ?? Infinity;
    const tpot = targets.tpot?.ms ?? Infinity;
    return ttftP95S * 1000 <= ttft && tpotS * 1000 <= tpot;
  });
  const isLikely = isMet && (!isSaturated || queue < Infinity);
  const ttftMs = Number.isFinite(ttftP95S) ? ttftP95S * 1000 : null;
  return { isLikely, ttftMs, tpotMs: tpotS * 1000 };
}
