/**
 * A quick estimate of what a replica does under a steady load: continuous batching in its mean. With n requests decoding, an
 * iteration takes T(n) and each request needs as many as it has output tokens, so n = rate * output * T(n); T has the prefill
 * of the requests that arrive during it. It orders candidates; nothing is dropped for it.
 */
import { ticksPerNs } from "../../serving/executionTime/iterationTimes.ts";
import type { ReplicaConfig } from "../../serving/replicaEngine.ts";
import { erlangB, erlangC } from "../../stats/erlang.ts";
import type { OwnLoad } from "./ownWork.ts";

/** The mean field of one replica. */
export interface MeanField {
  /** Requests decoding at once. */
  readonly running: number;
  readonly iterationS: number;
  /** From arrival to first token at the mean, with the wait for a place in the batch. */
  readonly ttftS: number;
  /** At about the 95th percentile of that wait. */
  readonly ttftP95S: number;
  readonly tpotS: number;
  /** Share of the requests for which there is no room, 0..1, with `queue` waiting at most. */
  readonly lossShare: number;
  readonly isSaturated: boolean;
}

const rounds = 60;

/** Requests that the batch and the KV cache hold at once, at least 1. */
function placesOf(config: ReplicaConfig, load: OwnLoad): number {
  const perRequest = (load.promptTokens + load.decodeTokens / 2) / load.requests;
  const blocks = Math.max(1, Math.ceil(perRequest / config.blockTokens));
  return Math.max(1, Math.min(config.maxNumSeqs, Math.floor(config.capacityBlocks / blocks)));
}

/** Seconds of an iteration with n requests decoding while requests arrive at rateRps and prefill within it. */
function iterationS(
  config: ReplicaConfig,
  load: OwnLoad,
  n: number,
  rateRps: number,
  lastS: number,
): number {
  const { times } = config;
  const arrivals = rateRps * lastS;
  const prefill = (arrivals * load.promptTokens) / load.requests;
  const room = Math.max(1, config.maxNumBatchedTokens - n);
  const share = Math.min(1, room / Math.max(1, prefill));
  const context = load.decodeTokens > 0 ? load.contextTokens / load.decodeTokens : 0;
  const pairs2 = (2 * arrivals * share * load.pairs) / load.requests;
  const ticks =
    times.mixedTicks(Math.round(prefill * share), Math.round(n), arrivals * share, pairs2) +
    times.contextTicks * context * n;
  return ticks / ticksPerNs / 1e9;
}

/** The mean field at a rate of arrivals, with at most `queue` waiting before a request goes elsewhere (Infinity for none). */
export function meanField(
  config: ReplicaConfig,
  load: OwnLoad,
  rateRps: number,
  queue: number,
): MeanField {
  const places = placesOf(config, load);
  const output = load.decodeTokens / load.requests;
  let n = 0;
  let tau = iterationS(config, load, 1, 0, 0);
  const alone = tau;
  for (let round = 0; round < rounds; round++) {
    tau = iterationS(config, load, Math.min(places, Math.max(1, n)), rateRps, tau);
    n = Math.min(places, rateRps * output * tau);
    if (tau > 1e4) break;
  }
  const isSaturated = n >= places;
  const serviceS = Math.max(alone, output * tau);
  const offered = rateRps * serviceS;
  const waits = erlangC(places, Math.min(offered, 0.999 * places));
  const paceS = serviceS / places;
  const meanWaitS = isSaturated ? Infinity : (waits * paceS) / (1 - offered / places);
  const tailS = isSaturated
    ? Infinity
    : (Math.max(0, Math.log(waits / 0.05)) * paceS) / (1 - offered / places);
  const prefillS = firstTokenS(config, load);
  const bounded = Number.isFinite(queue) ? queue * paceS : Infinity;
  const overheadS = times(config) + tau / 2 + prefillS;
  return {
    running: n,
    iterationS: tau,
    ttftS: overheadS + Math.min(meanWaitS, bounded),
    ttftP95S: overheadS + Math.min(tailS, bounded),
    tpotS: tau,
    lossShare: Number.isFinite(queue) ? lossOf(places + queue, offered) : 0,
    isSaturated,
  };
}

function times(config: ReplicaConfig): number {
  return config.times.requestOverheadNs / 1e9;
}

/** Loss with so many places, the load cut where the recursion would only repeat itself. */
function lossOf(places: number, offered: number): number {
  const fluid = offered > places ? 1 - places / offered : 0;
  return places > 2000 ? fluid : Math.max(fluid, erlangB(Math.floor(places), offered));
}

/** Seconds to prefill a prompt of mean length alone. */
function firstTokenS(config: ReplicaConfig, load: OwnLoad): number {
  const prompt = Math.max(1, Math.round(load.promptTokens / load.requests));
  const most = config.maxNumBatchedTokens;
  const chunks = Math.ceil(prompt / most);
  const pairs2 = (2 * load.pairs) / load.requests / chunks;
  return (
    (chunks * config.times.mixedTicks(Math.ceil(prompt / chunks), 0, 1, pairs2)) / ticksPerNs / 1e9
  );
}
