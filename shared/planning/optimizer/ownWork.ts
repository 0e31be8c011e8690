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
  readonly load: OwnLoad;
  /** Requests of the workload, those that never come to the pool included. */
  readonly allRequests: number;
  /** Of the engine's own iteration times. */
  readonly engineCurve: SpillCurve;
  /** USD of requests that never come to the pool, at least. */
  readonly elsewhereUsd: number;
  /** Requests that no rule answers. */
  readonly unserved: number;
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

/** Work of every request of a workload where the longest context is `room`. */
export class WorkColumns {
  readonly prefillTokens: Float64Array;
  readonly decodeTokens: Float64Array;
  readonly contextTokens: Float64Array;
  readonly pairs: Float64Array;

  constructor(workload: Workload, room: number, mayHitPrefix: boolean) {
    const { count, promptTokens, outputTokens } = workload;
    this.prefillTokens = new Float64Array(count);
    this.decodeTokens = new Float64Array(count);
    this.contextTokens = new Float64Array(count);
    this.pairs = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const work = requestWork(promptTokens[i], outputTokens[i], room, mayHitPrefix);
      this.prefillTokens[i] = work.prefillTokens;
      this.decodeTokens[i] = work.decodeTokens;
      this.contextTokens[i] = work.contextTokens;
      this.pairs[i] = work.pairs;
    }
  }

  /** Nanoseconds that request i takes at least, at the rates that are quickest with it. */
  leastNs(i: number, all: readonly WorkRates[]): number {
    let least = Infinity;
    for (const rates of all) {
      const ns =
        this.prefillTokens[i] * rates.perPrefillTokenNs +
        this.decodeTokens[i] * rates.perDecodeTokenNs +
        this.contextTokens[i] * rates.perContextTokenNs +
        this.pairs[i] * rates.perPairNs +
        rates.perPromptNs;
      if (ns < least) least = ns;
    }
    return least;
  }
}

/** Measures the work of a demand on a place. Where parts differ, each request counts as on the part that is quickest with it. */
export function measureOwnWork(
  demand: Demand,
  columns: WorkColumns,
  pools: readonly ResolvedPool[],
  place: Place,
): OwnWork {
  const { load, elsewhereUsd, unserved } = sumLoad(demand, columns);
  const sums = { prefillTokens: load.promptTokens, decodeTokens: load.decodeTokens };
  const rates = pools.map((each) => workRates(each.config.times, each.config, sums));
  const engineCurve = new SpillCurve();
  const { apiUsd } = demand;
  demand.fate.forEach((own, i) => {
    if (own === fate.mustOwn) engineCurve.addMust(columns.leastNs(i, rates));
    else if (own === fate.mayOwn) engineCurve.add(apiUsd[i], columns.leastNs(i, rates));
  });
  engineCurve.seal();
  const costAt = (usdPerNs: number, all: readonly WorkRates[]): number => {
    let usd = elsewhereUsd;
    demand.fate.forEach((own, i) => {
      if (own !== fate.mayOwn && own !== fate.mustOwn) return;
      const owned = usdPerNs * columns.leastNs(i, all);
      usd += own === fate.mustOwn ? owned : Math.min(owned, apiUsd[i]);
    });
    return usd;
  };
  const perfectUsd = (usdPerNs: number): number => {
    const roof = pools.map((each) => rooflineRates(each, place));
    const compute = roof.map((each) => each.compute);
    const memory = roof.map((each) => each.memory);
    const atRoof = Math.max(costAt(usdPerNs, compute), costAt(usdPerNs, memory));
    return Math.min(costAt(usdPerNs, rates), atRoof);
  };
  const allRequests = demand.fate.length;
  return { ...{ pools, load, allRequests, engineCurve, elsewhereUsd, unserved }, perfectUsd };
}

function sumLoad(demand: Demand, columns: WorkColumns) {
  const load = {
    ...{ requests: 0, promptTokens: 0, decodeTokens: 0 },
    ...{ contextTokens: 0, pairs: 0, apiUsd: 0 },
  };
  let elsewhereUsd = 0;
  let unserved = 0;
  demand.fate.forEach((own, i) => {
    const usd = demand.apiUsd[i];
    if (own === fate.elsewhere) elsewhereUsd += usd;
    else if (own === fate.unserved) unserved++;
    else {
      load.requests++;
      load.promptTokens += columns.prefillTokens[i];
      load.decodeTokens += columns.decodeTokens[i];
      load.contextTokens += columns.contextTokens[i];
      load.pairs += columns.pairs[i];
      if (usd < Infinity) load.apiUsd += usd;
    }
  });
  return { load, elsewhereUsd, unserved };
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
