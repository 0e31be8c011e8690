/** Which replica of a pool gets a request. A balancer sees what a gateway sees: what it sent and what has ended. */
import { HashedUniform } from "../../sim/random.ts";
import type { Workload } from "../../workload/workload.ts";
import type { ReplicaEngine } from "../replicaEngine.ts";

/**
 * Picks without side effects; `sent` confirms. It sees only the replicas that are up. Where they come and go, a replica has
 * a number that stays and a place among those up that does not: placeOf leads from the one to the other, -1 for one not up.
 */
export interface Balancer {
  /** Place of the replica for this request; without placeOf, places are the replicas' numbers. */
  pick(request: number, replicas: readonly ReplicaEngine[], placeOf?: Int16Array): number;
  /** The request went to the replica of that number. */
  sent(request: number, replica: number): void;
  /** The replica of that number is gone, and its cache with it. */
  forget(replica: number): void;
  /** The guards of a rule refused the replica that was picked. */
  refused(): void;
}

class RoundRobin implements Balancer {
  private next = 0;

  pick(_request: number, replicas: readonly ReplicaEngine[]): number {
    return this.next % replicas.length;
  }

  sent(): void {
    this.next++;
  }

  forget(): void {}

  /** Goes on to the next, or one busy replica would keep everybody from the idle ones. */
  refused(): void {
    this.next++;
  }
}

function leastOutstanding(replicas: readonly ReplicaEngine[]): number {
  let best = 0;
  let least = replicas[0].outstandingTokens;
  for (let i = 1; i < replicas.length && least > 0; i++) {
    const tokens = replicas[i].outstandingTokens;
    if (tokens < least) {
      least = tokens;
      best = i;
    }
  }
  return best;
}

class LeastOutstandingTokens implements Balancer {
  pick(_request: number, replicas: readonly ReplicaEngine[]): number {
    return leastOutstanding(replicas);
  }

  sent(): void {}

  forget(): void {}

  refused(): void {}
}

class PowerOfTwoChoices implements Balancer {
  private readonly draw: HashedUniform;

  constructor(seed: number, poolId: string) {
    this.draw = new HashedUniform(seed, `balancer/${poolId}`);
  }

  pick(request: number, replicas: readonly ReplicaEngine[]): number {
    const n = replicas.length;
    if (n === 1) return 0;
    const first = Math.floor(this.draw.at(2 * request) * n);
    const step = 1 + Math.floor(this.draw.at(2 * request + 1) * (n - 1));
    const second = (first + step) % n;
    const isSecondLess = replicas[second].outstandingTokens < replicas[first].outstandingTokens;
    return isSecondLess ? second : first;
  }

  sent(): void {}

  forget(): void {}

  refused(): void {}
}

/** Over this multiple of the least loaded replica's tokens, affinity gives way to balance. */
const affinityImbalance = 1.5;
/** Differences below this many tokens never break affinity. */
const affinitySlackTokens = 16_384;

/** Follows the longest prefix chain that it has sent before, unless that replica is overloaded. */
class PrefixAffinity implements Balancer {
  private readonly workload: Workload;
  private readonly lastReplica: Int16Array;

  constructor(workload: Workload) {
    this.workload = workload;
    this.lastReplica = new Int16Array(workload.prefix?.idTokens.length ?? 0).fill(-1);
  }

  pick(request: number, replicas: readonly ReplicaEngine[], placeOf?: Int16Array): number {
    const least = leastOutstanding(replicas);
    const number = this.deepestKnown(request);
    const known = number < 0 || placeOf === undefined ? number : placeOf[number];
    if (known < 0) return least;
    const load = replicas[known].outstandingTokens;
    const floor = replicas[least].outstandingTokens;
    const isOverloaded = load > affinityImbalance * floor && load - floor > affinitySlackTokens;
    return isOverloaded ? least : known;
  }

  sent(request: number, replica: number): void {
    const { prefix } = this.workload;
    if (prefix === undefined) return;
    for (let at = prefix.offsets[request]; at < prefix.offsets[request + 1]; at++) {
      this.lastReplica[prefix.ids[at]] = replica;
    }
  }

  forget(replica: number): void {
    const { lastReplica } = this;
    for (let id = 0; id < lastReplica.length; id++) {
      if (lastReplica[id] === replica) lastReplica[id] = -1;
    }
  }

  refused(): void {}

  private deepestKnown(request: number): number {
    const { prefix } = this.workload;
    if (prefix === undefined) return -1;
    let known = -1;
    for (let at = prefix.offsets[request]; at < prefix.offsets[request + 1]; at++) {
      const replica = this.lastReplica[prefix.ids[at]];
      if (replica < 0) break;
      known = replica;
    }
    return known;
  }
}

/** The balancer of a pool by its name in the scenario. */
export function createBalancer(
  kind: string,
  poolId: string,
  workload: Workload,
  seed: number,
): Balancer {
  if (kind === "roundRobin") return new RoundRobin();
  if (kind === "powerOfTwoChoices") return new PowerOfTwoChoices(seed, poolId);
  if (kind === "prefixAffinity") return new PrefixAffinity(workload);
  return new LeastOutstandingTokens();
}
