/**
 * The analytic screen: for every candidate a bound on its cost that no schedule can beat, a proof that it cannot do what it
 * must where there is one, and an estimate. Only proofs drop a candidate; the estimate says with which to begin.
 */
import { type Catalog, findModel } from "../../catalog/catalog.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { expectedOutputs, type ResolvedPool } from "../../serving/resolvePool.ts";
import { nsPerS, sPerHour } from "../../units/units.ts";
import type { Workload } from "../../workload/workload.ts";
import { holdsForHours, toleratedLateShare } from "../lateWork.ts";
import {
  type Candidate,
  candidateScenario,
  isElastic,
  type Place,
  poolIds,
  replicasOf,
  sparesOf,
} from "./candidate.ts";
import { type Demand, measureDemand } from "./demand.ts";
import { type Estimate, estimateCandidate, rateQuantiles } from "./estimate.ts";
import { fixedMonthUsd, scheduledNs } from "./fixedCost.ts";
import { isTooSlow } from "./leastLatency.ts";
import { measureOwnWork, OwnRequests, type OwnWork, resolveParts } from "./ownWork.ts";
import type { SearchSpace } from "./space.ts";
import { leastBusyNs, requestWork, workRates } from "./workBound.ts";

/** Why a candidate needs no simulation: it cannot be what is wanted. */
export type Impossible =
  /** What must be served takes longer than there is time, however it is batched. */
  | "capacity"
  /** A target for the time of an output token is below that of an iteration with one request alone. */
  | "latency"
  /** Some requests reach no rule that answers them. */
  | "unserved";

/** A candidate with what the screen says of it. */
export interface Screened {
  readonly candidate: Candidate;
  /** USD a month at least. */
  readonly boundUsd: number;
  readonly estimate: Estimate;
  readonly impossible: Impossible | undefined;
}

/** What the screen is made from. */
export interface ScreenInput {
  readonly scenario: Scenario;
  readonly space: SearchSpace;
  readonly catalog: Catalog;
  /** Of replication 0. */
  readonly workload: Workload;
  readonly horizonNs: number;
}

/** Room for rounding between the screen's sums and a run's. */
const rounding = 1 - 1e-9;

/** Screens candidates of one search; what they have in common is computed once. */
export class Screen {
  private readonly input: ScreenInput;
  private readonly monthFactor: number;
  private readonly rates: readonly number[];
  private readonly expectedOutput: Float64Array;
  private readonly isPrefillOnly: boolean;
  /** Share of its work that a valid run may do after the horizon: all of what is held for hours that come later. */
  private readonly mayBeLate: number;
  private readonly longestPrompt: number;
  private readonly longestRequest: number;
  private readonly fixed = new Map<string, number>();
  private readonly parts = new Map<Place, { pools: ResolvedPool[]; shares: readonly number[] }>();
  private readonly demands = new Map<string, Demand>();
  private readonly works = new Map<Place, Map<string, OwnWork>>();
  private readonly requests = new Map<string, OwnRequests>();
  private readonly demandOfWork = new Map<OwnWork, Demand>();
  private readonly slow = new Map<OwnWork, boolean>();
  private readonly perfect = new Map<OwnWork, { usdPerNs: number; usd: number }>();
  private readonly placeNumbers = new Map<Place, number>();

  constructor(input: ScreenInput) {
    const { scenario, workload, horizonNs } = input;
    this.input = input;
    this.monthFactor = (scenario.monthHours * sPerHour * nsPerS) / horizonNs;
    this.rates = rateQuantiles(workload, horizonNs);
    this.expectedOutput = expectedOutputs(workload, scenario.traffic.classes.length);
    const { space } = input;
    this.mayBeLate = holdsForHours(scenario) ? 1 : toleratedLateShare;
    this.isPrefillOnly = findModel(scenario, space.pool.model).kind === "embedding";
    let prompt = 0;
    let request = 0;
    for (let i = 0; i < workload.count; i++) {
      prompt = Math.max(prompt, workload.promptTokens[i]);
      request = Math.max(request, workload.promptTokens[i] + workload.outputTokens[i]);
    }
    this.longestPrompt = prompt;
    this.longestRequest = request;
  }

  /** The scenario of a candidate, its requests spread over the parts of its place by their speed. */
  scenarioOf(candidate: Candidate): Scenario {
    const { scenario, space, catalog } = this.input;
    const { place } = candidate;
    const shares = place === undefined ? [] : this.partsOf(place, candidate).shares;
    return candidateScenario(scenario, space.pool, candidate, catalog, shares);
  }

  /** Judges one candidate. */
  judge(candidate: Candidate): Screened {
    const { place } = candidate;
    const scenario = this.scenarioOf(candidate);
    const fixedUsd = this.fixedOf(candidate, scenario);
    if (place === undefined) return this.judgeWithout(candidate, scenario, fixedUsd);
    const work = this.workOf(candidate, place, scenario);
    const spillUsd = this.leastWorkUsd(candidate, place, work);
    const boundUsd = fixedUsd + this.monthFactor * (work.requests.elsewhereUsd + spillUsd);
    const guess = estimateCandidate({
      ...{ candidate, place, scenario, work, rates: this.rates, fixedUsd },
      openShare: scheduledNs(scenario, candidate.schedule.schedule, 1e15) / 1e15,
      monthFactor: this.monthFactor,
      pool: this.input.space.pool,
    });
    const estimate = { ...guess, monthUsd: Math.max(guess.monthUsd, boundUsd) };
    const impossible = this.impossibility(work, place, spillUsd);
    return { candidate, boundUsd: boundUsd * rounding, estimate, impossible };
  }

  /**
   * USD a month of a perfect system on the candidate's place: every GPU at its peak, no queueing, GPU time by the nanosecond,
   * each request where it is cheapest. No candidate of that place, policy and licence costs less, whatever its GPUs.
   */
  perfectUsd(candidate: Candidate): number {
    const { place } = candidate;
    const scenario = this.scenarioOf(candidate);
    const base = this.fixedOf({ ...candidate, gpus: 0 }, this.withoutPool(candidate, scenario));
    if (place === undefined) return this.judgeWithout(candidate, scenario, base).boundUsd;
    const work = this.workOf(candidate, place, scenario);
    const usdPerNs = this.usdPerBusyNs(candidate, place) * (1 - this.mayBeLate);
    let known = this.perfect.get(work);
    if (known === undefined || known.usdPerNs > usdPerNs) {
      known = { usdPerNs, usd: work.perfectUsd(usdPerNs) };
      this.perfect.set(work, known);
    }
    return (base + this.monthFactor * known.usd) * rounding;
  }

  private withoutPool(candidate: Candidate, scenario: Scenario): Scenario {
    const { pool } = this.input.space;
    const ids = candidate.place === undefined ? [] : poolIds(pool, candidate.place);
    const pools = scenario.pools.filter((each) => !ids.includes(each.id));
    const used = new Set(pools.map((each) => each.partition?.id));
    const known = new Set(this.input.scenario.partitions.map((each) => each.id));
    const kept = scenario.partitions.filter(
      (each) => used.has(each.id) || (known.has(each.id) && each.id !== pool.partition?.id),
    );
    const partitions = kept.filter((each) => each.id !== `${pool.id}-mig`);
    return { ...scenario, pools, partitions };
  }

  private judgeWithout(candidate: Candidate, scenario: Scenario, fixedUsd: number): Screened {
    const demand = this.demandOf("none", scenario, new Map());
    let usd = 0;
    let unserved = 0;
    for (const each of demand.apiUsd) {
      if (each === Infinity) unserved++;
      else usd += each;
    }
    const boundUsd = (fixedUsd + this.monthFactor * usd) * rounding;
    const impossible = unserved > 0 ? "unserved" : undefined;
    const estimate = { monthUsd: boundUsd, isLikely: true, ttftMs: null, tpotMs: null };
    return { candidate, boundUsd, estimate, impossible };
  }

  private impossibility(work: OwnWork, place: Place, spillUsd: number): Impossible | undefined {
    if (work.requests.unserved > 0) return "unserved";
    if (spillUsd === Infinity) return "capacity";
    let isSlow = this.slow.get(work);
    if (isSlow === undefined) {
      const { scenario, workload } = this.input;
      const demand = this.demandOfWork.get(work)!;
      isSlow = isTooSlow(scenario, workload, demand, work.pools, place);
      this.slow.set(work, isSlow);
    }
    return isSlow ? "latency" : undefined;
  }

  private partsOf(place: Place, candidate: Candidate) {
    const known = this.parts.get(place);
    if (known !== undefined) return known;
    const { scenario, space, catalog, workload } = this.input;
    const own = candidateScenario(scenario, space.pool, candidate, catalog);
    const pools = resolveParts(own, space.pool, place, workload);
    const made = { pools, shares: sharesOf(place, pools, workload) };
    this.parts.set(place, made);
    this.placeNumbers.set(place, this.placeNumbers.size);
    return made;
  }

  private fixedOf(candidate: Candidate, scenario: Scenario): number {
    const { place, gpus, schedule, licence } = candidate;
    const number = place === undefined || gpus === 0 ? -1 : this.placeNumbers.get(place);
    const key = gpus === 0 ? "none" : `${number}/${gpus}/${schedule.name}/${licence?.id}`;
    let usd = this.fixed.get(key);
    if (usd === undefined) {
      usd = fixedMonthUsd(scenario, this.input.horizonNs);
      this.fixed.set(key, usd);
    }
    return usd;
  }

  private workOf(candidate: Candidate, place: Place, scenario: Scenario): OwnWork {
    const { pools, shares } = this.partsOf(place, candidate);
    const { maxWaiting, spillAfterS, poolShare } = candidate.routing;
    const kindOf = (value: unknown) =>
      value === undefined ? "own" : value === null ? "none" : "set";
    const lengths = pools.map((each) => Math.min(each.config.maxModelLen, this.longestPrompt + 1));
    const key = [
      ...[kindOf(maxWaiting), kindOf(spillAfterS), poolShare, candidate.schedule.schedule.kind],
      ...[shares.join("+"), lengths.join("+")],
    ].join("/");
    let ofPlace = this.works.get(place);
    if (ofPlace === undefined) {
      ofPlace = new Map();
      this.works.set(place, ofPlace);
    }
    const known = ofPlace.get(key);
    if (known !== undefined) return known;
    const ids = poolIds(this.input.space.pool, place);
    const demand = this.demandOf(key, scenario, new Map(ids.map((id, i) => [id, lengths[i]])));
    const work = measureOwnWork(this.requestsOf(key, demand, place, pools), pools, place);
    ofPlace.set(key, work);
    this.demandOfWork.set(work, demand);
    return work;
  }

  private demandOf(
    key: string,
    scenario: Scenario,
    maxModelLen: ReadonlyMap<string, number>,
  ): Demand {
    let demand = this.demands.get(key);
    if (demand === undefined) {
      const { workload } = this.input;
      demand = measureDemand({
        ...{ scenario, workload, expectedOutput: this.expectedOutput, maxModelLen },
        isPrefillOnly: this.isPrefillOnly,
      });
      this.demands.set(key, demand);
    }
    return demand;
  }

  private requestsOf(
    demandKey: string,
    demand: Demand,
    place: Place,
    pools: readonly ResolvedPool[],
  ): OwnRequests {
    const { workload } = this.input;
    const mayHit = workload.prefix !== undefined && place.engine.prefixCaching;
    const longest = Math.max(...pools.map((each) => each.config.maxModelLen));
    const room = Math.min(longest, this.longestRequest);
    const key = `${demandKey}/${room}/${mayHit}`;
    let requests = this.requests.get(key);
    if (requests === undefined) {
      requests = new OwnRequests(demand, workload, room, mayHit);
      this.requests.set(key, requests);
    }
    return requests;
  }

  /** USD at least for what the pool does and what it leaves to APIs, beyond the fixed cost. Replicas that come and go are paid while they work at least. */
  private leastWorkUsd(candidate: Candidate, place: Place, { engineCurve }: OwnWork): number {
    const free = this.capacityNs(candidate, place);
    const { pool } = this.input.space;
    const isPaidByUse = isElastic(pool) && place.layout === undefined;
    const isAlways = candidate.schedule.schedule.kind === "always";
    if (isAlways && engineCurve.mustNs > free) return Infinity;
    if (!isPaidByUse) return engineCurve.leastUsd(free, this.drainUsdPerNs(candidate, place));
    const usdPerHour = place.price.usdPerGpuHour * place.tensorParallel;
    return engineCurve.leastUsd(0, (usdPerHour / (sPerHour * nsPerS)) * (1 - this.mayBeLate));
  }

  /** Busy replica-nanoseconds that a run which keeps up can have: its schedule, and the tolerated share of its work after the horizon. */
  private capacityNs(candidate: Candidate, place: Place): number {
    const { scenario, space, horizonNs } = this.input;
    const open = scheduledNs(scenario, candidate.schedule.schedule, horizonNs);
    const replicas = place.parts.reduce((sum, part) => sum + replicasOf(candidate, part), 0);
    if (this.mayBeLate === 1) return Infinity;
    return ((replicas + sparesOf(space.pool)) * open) / (1 - this.mayBeLate);
  }

  /** USD for a nanosecond of a replica at work after its pool has closed: it is billed. Infinity for a pool that never closes. */
  private drainUsdPerNs(candidate: Candidate, place: Place): number {
    if (candidate.schedule.schedule.kind === "always") return Infinity;
    const usdPerHour = place.price.usdPerGpuHour;
    const smallest = Math.min(...place.parts.map((part) => sizeOf(place, part.profile)));
    return ((usdPerHour * smallest) / (sPerHour * nsPerS)) * (1 - this.mayBeLate);
  }

  /** The least that a nanosecond of a replica's time costs, with its part of the licence. */
  private usdPerBusyNs(candidate: Candidate, place: Place): number {
    const { licence } = candidate;
    const hourly = place.price.usdPerGpuHour + (licence?.usdPerGpuHour ?? 0);
    const yearly = (licence?.usdPerGpuYear ?? 0) / 8760;
    const perGpu = place.parts.reduce((sum, part) => sum + part.perGpu, 0);
    const perReplica = (hourly + yearly) / perGpu;
    return perReplica / (sPerHour * nsPerS);
  }
}

/** GPUs of a replica: a part of one on a MIG instance. */
function sizeOf(place: Place, profile: string | undefined): number {
  if (profile === undefined) return place.tensorParallel;
  return place.gpu.migProfiles.find((each) => each.name === profile)!.memorySlices / 8;
}

/** Share of the requests that each part takes: in proportion to how much of a mean request it does in a given time. */
function sharesOf(place: Place, pools: readonly ResolvedPool[], workload: Workload): number[] {
  if (pools.length === 1) return [1];
  let prompt = 0;
  let output = 0;
  for (let i = 0; i < workload.count; i++) {
    prompt += workload.promptTokens[i];
    output += workload.outputTokens[i];
  }
  const sums = { prefillTokens: prompt, decodeTokens: output };
  const speeds = pools.map((each, part) => {
    const { times, maxModelLen } = each.config;
    const rates = workRates(times, each.config, sums);
    const mean = requestWork(prompt / workload.count, output / workload.count, maxModelLen, false);
    return place.parts[part].perGpu / leastBusyNs(mean, rates);
  });
  const all = speeds.reduce((sum, each) => sum + each, 0);
  return speeds.map((each) => each / all);
}
