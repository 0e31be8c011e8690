/** What a run of the fleet needs. */
import type { Scenario } from "../schema/scenario.ts";
import type { Workload } from "../workload/workload.ts";
import type { ReplicaFactory } from "./poolRuntime.ts";
import type { ReplicaConfig } from "./replicaEngine.ts";

/** Everything is resolved and checked before. */
export interface FleetInput {
  readonly scenario: Scenario;
  readonly workload: Workload;
  /** One per pool of the scenario. */
  readonly configs: readonly ReplicaConfig[];
  /** Seed of routing and providers, replication mixed in. */
  readonly seed: number;
  /** Infinity when only the traffic decides when the run ends. */
  readonly horizonNs: number;
  readonly windowNs: number;
  readonly expectedOutput: Float64Array;
  readonly createReplica: ReplicaFactory;
}
