/** What a run must know of itself for its bill. Prices, GPUs per replica and licences come from the scenario. */
import type { Scenario } from "../schema/scenario.ts";
import { InvariantError } from "../units/errors.ts";

/** What one pool used. */
export interface PoolFacts {
  readonly id: string;
  /** Replica-nanoseconds held: the schedule within the horizon, and what was drained after closing; where replicas come and go, from request to release. */
  readonly provisionedReplicaNs: number;
  /** Most replicas held at once, which a licence by the year covers; where it is left out, all of the pool's and its spares. */
  readonly peakReplicas?: number;
  /** Replica-nanoseconds with a batch running. Where it exceeds what was provisioned, all of it is billed: a GPU that works is paid. */
  readonly busyReplicaNs: number;
  /** Whole prompts of the requests served, prefix hits included. */
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** How long the GPUs of a partition were held, all of them together. */
export interface PartitionFacts {
  readonly id: string;
  readonly provisionedGpuNs: number;
}

/** What one provider served. */
export interface ProviderFacts {
  readonly id: string;
  /** Row (class * tierCount + tier) of requests, input, cached, cache-write and output tokens (serving/api/provider.ts); trace tokens, before the tokenizer factor. */
  readonly bill: Float64Array;
  /** Context tiers, the base tier counted. */
  readonly tierCount: number;
}

/** One entry for every pool, partition and provider of the scenario, found by id. */
export interface CostFacts {
  readonly scenario: Scenario;
  /** The billed time. */
  readonly horizonNs: number;
  readonly pools: readonly PoolFacts[];
  readonly partitions: readonly PartitionFacts[];
  readonly providers: readonly ProviderFacts[];
}

/** The entry of that id; throws InvariantError when the run left it out. */
export function factsOf<Facts extends { readonly id: string }>(
  all: readonly Facts[],
  id: string,
): Facts {
  const found = all.find((each) => each.id === id);
  if (found === undefined) {
    const known = all.map((each) => each.id).join(", ");
    throw new InvariantError(`no cost facts of "${id}"; there are some of: ${known}`);
  }
  return found;
}
