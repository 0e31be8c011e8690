/** What the replicas of a place must do for the requests of a policy: bounds on busy time, the roofline, and means for the estimate. */
import type { Pool } from "../../schema/fleet.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { peakTime, touchedExperts } from "../../serving/executionTime/expertWork.ts";
import {
  acceleratorOf,
  type ModelShape,
  modelShape,
  peakFlops,
} from "../../serving/executionTime/iterationWork.ts";
import { expectedOutputs, type ResolvedPool, resolvePool } from "../../serving/resolvePool.ts";
import type { Workload } from "../../workload/workload.ts";
import { type Place, poolIds } from "./candidate.ts";
import { type Demand, fate } from "./demand.ts";
import { SpillCurve } from "./spillCurve.ts";
import { requestWork, type WorkRates, workRates } from "./workBound.ts";

/** Sums over the requests that may go to the pool. */
export interface OwnLoad {
  readonly requests: number;
  readonly promptTokens: number;
  readonly decodeTokens: number;
  readonly contextTokens: number;
  readonly pairs: number;
  /** What the API would take for all of them, USD; those without an API count as 0. */
  readonly apiUsd: number;
}

/** A place under a policy. */
export interface OwnWork {
  /** One for each part of the place. */
  readonly pools: readonly ResolvedPool[];
  readonly requests: OwnRequests;
  /** Of the engine's own iteration times. */
  readonly engineCurve: SpillCurve;
  /** USD of a perfect system, in which every request takes the cheaper of an API and busy time at `usdPerNs` with the GPU at its peaks, or at the engine's own times where they are quicker. */
  perfectUsd(usdPerNs: number): number;
}

/** Resolves the pools of a candidate's scenario that stand for the varied one. */
export function resolveParts(
  scenario: Scenario,
  pool: Pool,
  place: Place,
  workload: Workload,
): ResolvedPool[] {
  const expected = expectedOutputs(workload, scenario.traffic.classes.length);
  return poolIds(pool, place).map((id) => {
    const own = scenario.pools.find((each) => each.id === id)!;
    return resolvePool(scenario, own, expected);
  });
}

/** The requests that may go to the pool, packed: those that must first. Work is without queueing, preemption or luck. */
export class OwnRequests {
  readonly load: OwnLoad;
  readonly allRequests: number;
  readonly elsewhereUsd: number;
  readonly unserved: number;
  /** The first so many must be on the pool. */
  readonly mustCount: number;
  readonly apiUsd: Float64Array;
  private readonly prefillTokens: Float64Array;
  private readonly decodeTokens: Float64Array;
  private readonly contextTokens: Float64Array;
  private readonly pairs: Float64Array;

  /** `room` is the longest context of a replica. */
  constructor(demand: Demand, workload: Workload, room: number, mayHitPrefix: boolean) {
    const order = ownOrder(demand);
    const { length } = order.requests;
    this.mustCount = order.mustCount;
    this.allRequests = workload.count;
    this.elsewhereUsd = order.elsewhereUsd;
    this.unserved = order.unserved;
    this.apiUsd = new Float64Array(length);
    this.prefillTokens = new Float64Array(length);
    this.decodeTokens = new Float64Array(length);
    this.contextTokens = new Float64Array(length);
    this.pairs = new Float64Array(length);
    const { promptTokens, outputTokens } = workload;
    order.requests.forEach((request, at) => {
      const prompt = promptTokens[request];
      const work = requestWork(prompt, outputTokens[request], room, mayHitPrefix);
      this.apiUsd[at] = demand.apiUsd[request];
      this.prefillTokens[at] = work.prefillTokens;
      this.decodeTokens[at] = work.decodeTokens;
      this.contextTokens[at] = work.contextTokens;
      this.pairs[at] = work.pairs;
    });
    this.load = this.sumLoad();
  }

  /** Nanoseconds that the request at a place of the packed columns takes at least, at the rates that are quickest with it. */
  leastNs(at: number, all: readonly WorkRates[]): number {
    let least = Infinity;
    for (let part = 0; part < all.length; part++) {
      const rates = all[part];
      const ns =
        this.prefillTokens[at] * rates.perPrefillTokenNs +
        this.decodeTokens[at] * rates.perDecodeTokenNs +
        this.contextTokens[at] * rates.perContextTokenNs +
        this.pairs[at] * rates.perPairNs +
        rates.perPromptNs;
      if (ns < least) least = ns;
    }
    return least;
  }

  /** USD where busy time can be had at a price, and every request that may takes the cheaper. */
  costAt(usdPerNs: number, all: readonly WorkRates[]): number {
    let usd = this.elsewhereUsd;
    for (let at = 0; at < this.apiUsd.length; at++) {
      const owned = usdPerNs * this.leastNs(at, all);
      usd += at < this.mustCount || owned < this.apiUsd[at] ? owned : this.apiUsd[at];
    }
    return usd;
  }

  private sumLoad(): OwnLoad {
    const sum = (column: Float64Array): number => {
      let total = 0;
      for (let at = 0; at < column.length; at++) if (column[at] < Infinity) total += column[at];
      return total;
    };
    return {
      requests: this.apiUsd.length,
      promptTokens: sum(this.prefillTokens),
      decodeTokens: sum(this.decodeTokens),
      contextTokens: sum(this.contextTokens),
      pairs: sum(this.pairs),
      apiUsd: sum(this.apiUsd),
    };
  }
}

/** Requests of a demand that may go to the pool, those that must first, and what is said of the others. */
function ownOrder({ fate: fates, apiUsd }: Demand) {
  const must: number[] = [];
  const may: number[] = [];
  let elsewhereUsd = 0;
  let unserved = 0;
  for (let i = 0; i < fates.length; i++) {
    if (fates[i] === fate.mustOwn) must.push(i);
    else if (fates[i] === fate.mayOwn) may.push(i);
    else if (fates[i] === fate.elsewhere) elsewhereUsd += apiUsd[i];
    else unserved++;
  }
  return { requests: [...must, ...may], mustCount: must.length, elsewhereUsd, unserved };
}

/** Measures the work of requests on a place. Where parts differ, each request counts as on the part that is quickest with it. */
export function measureOwnWork(
  requests: OwnRequests,
  pools: readonly ResolvedPool[],
  place: Place,
): OwnWork {
  const { load, mustCount, apiUsd } = requests;
  const sums = { prefillTokens: load.promptTokens, decodeTokens: load.decodeTokens };
  const rates = pools.map((each) => workRates(each.config.times, each.config, sums));
  const engineCurve = new SpillCurve();
  for (let at = 0; at < apiUsd.length; at++) {
    const ns = requests.leastNs(at, rates);
    if (at < mustCount) engineCurve.addMust(ns);
    else engineCurve.add(apiUsd[at], ns);
  }
  engineCurve.seal();
  const perfectUsd = (usdPerNs: number): number => {
    const roof = pools.map((each) => rooflineRates(each, place));
    const compute = requests.costAt(
      usdPerNs,
      roof.map((each) => each.compute),
    );
    const memory = requests.costAt(
      usdPerNs,
      roof.map((each) => each.memory),
    );
    return Math.min(requests.costAt(usdPerNs, rates), Math.max(compute, memory));
  };
  return { pools, requests, engineCurve, perfectUsd };
}

/** Busy time at the peaks of the GPU: arithmetic alone, and memory alone with the weights read once for every full batch of decodes. A perfect system takes the longer of the two. */
function rooflineRates(
  { gpu, model }: ResolvedPool,
  place: Place,
): { readonly compute: WorkRates; readonly memory: WorkRates } {
  const { precision, kvPrecision, tensorParallel, engine, parts } = place;
  const shape = modelShape(model, precision, kvPrecision);
  const peak = acceleratorOf(gpu, tensorParallel, parts[0].profile);
  const tokenNs = 1e9 * peakTime(1, shape, tensorParallel, (unit) => peakFlops(unit, peak));
  const headNs = (2e9 * shape.headParameters) / peak.f16Flops / tensorParallel;
  const pairNs = (4e9 * shape.layers * shape.attentionWidth) / peak.f16Flops / tensorParallel;
  const byteNs = 1e9 / peak.bandwidthBytesPerS;
  const kvNs = shape.kvElements(tensorParallel) * shape.kvBytes * byteNs;
  const localNs = shape.localKvElements(tensorParallel) * shape.kvBytes * byteNs;
  const weightNs = (weightBytes(shape, engine.maxNumSeqs) * byteNs) / tensorParallel;
  return {
    compute: {
      perPrefillTokenNs: tokenNs,
      perDecodeTokenNs: tokenNs + headNs,
      perContextTokenNs: (1e9 * shape.decodeFlopsPerContextToken) / peak.f16Flops / tensorParallel,
      perPairNs: pairNs,
      perPromptNs: headNs,
    },
    memory: {
      perPrefillTokenNs: kvNs,
      perDecodeTokenNs: weightNs / engine.maxNumSeqs + kvNs + localNs,
      perContextTokenNs: kvNs,
      perPairNs: 0,
      perPromptNs: 0,
    },
  };
}

/** Bytes of weights that an iteration of so many tokens reads: of routed experts those that its tokens touch. */
function weightBytes({ dense, experts, headParameters }: ModelShape, tokens: number): number {
  const always = dense.parameters * dense.elementBytes + 2 * headParameters;
  if (experts === undefined) return always;
  const touched = touchedExperts(tokens, experts.count, experts.active);
  return always + touched * experts.parameters * experts.elementBytes;
}
