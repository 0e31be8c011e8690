/** When replicas fail and how long their repair takes: one random stream a replica, so that another replica shifts nobody's failures. */
import type { Failures, Pool } from "../../schema/fleet.ts";
import { createRandomStream, type RandomStream } from "../../sim/random.ts";
import { ConstantSampler, ExponentialSampler, type Sampler } from "../../sim/variates.ts";
import { nsPerS } from "../../units/units.ts";

/** Draws of one pool's replicas. */
export class FailureClock {
  private readonly life: Sampler;
  private readonly repair: Sampler;
  private readonly streams: RandomStream[];

  /** `replicas` counts the spares too. A mean time per GPU is divided by the GPUs of a replica, each of which takes it down. */
  constructor(spec: Failures, pool: Pool, replicas: number, seed: number) {
    const units = spec.per === "gpu" ? pool.tensorParallel : 1;
    this.life = new ExponentialSampler((spec.mtbfS / units) * nsPerS);
    const repairNs = spec.repairS * nsPerS;
    this.repair =
      spec.repair === "constant" ? new ConstantSampler(repairNs) : new ExponentialSampler(repairNs);
    this.streams = Array.from({ length: replicas }, (_, index) =>
      createRandomStream(seed, `failures/${pool.id}/${index}`),
    );
  }

  /** Time in service until the replica's next failure, whole nanoseconds, at least 1. */
  lifeNs(replica: number): number {
    return this.draw(this.life, replica);
  }

  /** Time until it serves again, whole nanoseconds, at least 1. */
  repairNs(replica: number): number {
    return this.draw(this.repair, replica);
  }

  private draw(sampler: Sampler, replica: number): number {
    return Math.max(1, Math.round(sampler.quantile(this.streams[replica].nextUniform())));
  }
}
