/** How many replicas an autoscaler wants: the rule of the Kubernetes horizontal pod autoscaler. */
import type { Autoscaler } from "../../schema/fleet.ts";
import { secondsToNs } from "../../units/units.ts";

/** What an autoscaler sees of its pool at one moment; held requests, which have not been let go, are not among them. */
export interface PoolLoad {
  /** Requests in the queues of replicas, and those that wait for a replica to come up. */
  readonly waiting: number;
  readonly running: number;
}

/** Wants more at once, and fewer when none of the evaluations within the delay wanted them. */
export class Scaler {
  readonly intervalNs: number;
  private readonly spec: Autoscaler;
  private readonly max: number;
  private readonly maxNumSeqs: number;
  private readonly delayNs: number;
  /** Evaluations within the delay that a later one does not outdo: times ascend, wants descend. */
  private times: number[] = [];
  private wants: number[] = [];

  constructor(spec: Autoscaler, max: number, maxNumSeqs: number) {
    this.spec = spec;
    this.max = max;
    this.maxNumSeqs = maxNumSeqs;
    this.delayNs = secondsToNs(spec.scaleDownDelayS);
    this.intervalNs = secondsToNs(spec.evaluationIntervalS);
  }

  /** Replicas at time 0. */
  get initial(): number {
    return this.spec.initial ?? this.spec.min;
  }

  get min(): number {
    return this.spec.min;
  }

  /** Replicas wanted from nowNs on, min .. max; call it in order of time. */
  evaluate(load: PoolLoad, nowNs: number): number {
    const wanted = Math.min(Math.max(this.desired(load), this.spec.min), this.max);
    const { times, wants } = this;
    while (wants.length > 0 && wants[wants.length - 1] <= wanted) {
      wants.pop();
      times.pop();
    }
    wants.push(wanted);
    times.push(nowNs);
    while (times.length > 1 && times[0] <= nowNs - this.delayNs) {
      wants.shift();
      times.shift();
    }
    return wants[0];
  }

  /** Counts as an evaluation that wanted `wanted`. */
  remember(wanted: number, nowNs: number): void {
    this.times = [nowNs];
    this.wants = [wanted];
  }

  /** What the load asks for by itself: a waiting request wants one replica at least. */
  private desired({ waiting, running }: PoolLoad): number {
    const { signal, target } = this.spec;
    const least = waiting + running > 0 ? 1 : 0;
    if (signal === "requestsPerReplica") return Math.ceil((waiting + running) / target);
    if (signal === "runningShare") {
      return Math.max(least, Math.ceil(running / (target * this.maxNumSeqs)));
    }
    return Math.max(least, Math.ceil(waiting / target), Math.ceil(running / this.maxNumSeqs));
  }
}
