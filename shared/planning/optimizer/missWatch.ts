/** Watches a run for requests that have missed a target for certain, so that a run which cannot meet its targets any more ends early. */

import type { TrafficClass } from "../../schema/traffic.ts";
import { requestState } from "../../serving/requestTable.ts";
import { nearestRank } from "../../stats/quantiles.ts";
import { nsPerMs } from "../../units/units.ts";
import type { ScenarioRun } from "../scenarioRun.ts";

/** A target that can no longer be met, whatever comes. */
export interface CertainMiss {
  readonly class: string;
  readonly metric: "ttft" | "tpot" | "e2e" | "answer";
  readonly percentile: number;
  readonly targetMs: number | null;
  /** Requests of the class over the target so far, and how many may be. */
  readonly over: number;
  readonly allowed: number;
  /** Share of the traffic that had arrived, 0..1. */
  readonly atShare: number;
}

interface Limit {
  readonly classIndex: number;
  readonly metric: "ttft" | "tpot" | "e2e";
  readonly limitNs: number;
  readonly percentile: number;
  readonly allowed: number;
}

const metrics = ["ttft", "tpot", "e2e"] as const;

/** A watch on one run. A scenario whose warm-up is found at the end (MSER-5), or stated, is watched for lost requests only. */
export class MissWatch {
  private readonly run: ScenarioRun;
  private readonly limits: readonly Limit[];

  constructor(run: ScenarioRun) {
    this.run = run;
    const { classes } = run.scenario.traffic;
    const isWhole = run.scenario.run.warmup.kind === "none";
    this.limits = isWhole ? classes.flatMap((each, index) => limitsOf(run, each, index)) : [];
  }

  /** The first target that is missed for certain by now, if any. */
  check(): CertainMiss | undefined {
    const { table } = this.run.fleet;
    const over = new Float64Array(this.limits.length);
    const byClass = this.run.scenario.traffic.classes.map((_, classIndex) =>
      this.limits.map((_, at) => at).filter((at) => this.limits[at].classIndex === classIndex),
    );
    const arrived = this.run.fleet.simulator.arrivedCount;
    const nowNs = this.run.fleet.simulator.nowNs;
    for (let i = 0; i < table.count; i++) {
      const state = table.state[i];
      if (state === requestState.notArrived) {
        if (i >= arrived && i < this.run.workload.openCount) break;
        continue;
      }
      const isLost = state === requestState.rejected || state === requestState.aborted;
      if (isLost) return this.lost(table.classIndex[i]);
      for (const at of byClass[table.classIndex[i]]) {
        if (this.isOver(this.limits[at], i, nowNs)) over[at]++;
      }
    }
    const at = this.limits.findIndex((limit, index) => over[index] > limit.allowed);
    return at < 0 ? undefined : this.missed(this.limits[at], over[at]);
  }

  /** Whether a request is over a limit, or under way and already past it. */
  private isOver({ metric, limitNs }: Limit, i: number, nowNs: number): boolean {
    const { arrivalNs, firstTokenNs, finishNs, generated, state } = this.run.fleet.table;
    const isAnswered = state[i] >= requestState.finished;
    if (metric === "tpot") {
      const gaps = generated[i] - 1;
      return isAnswered && gaps > 0 && (finishNs[i] - firstTokenNs[i]) / gaps > limitNs;
    }
    const end = metric === "ttft" ? firstTokenNs[i] : finishNs[i];
    return (Number.isNaN(end) ? nowNs : end) - arrivalNs[i] > limitNs;
  }

  private missed({ classIndex, metric, limitNs, percentile, allowed }: Limit, over: number) {
    const name = this.run.scenario.traffic.classes[classIndex].id;
    const target = { percentile, targetMs: limitNs / nsPerMs, over, allowed };
    return { class: name, metric, ...target, atShare: this.run.progress().share };
  }

  private lost(classIndex: number): CertainMiss {
    const name = this.run.scenario.traffic.classes[classIndex].id;
    const none = { percentile: 1, targetMs: null, over: 1, allowed: 0 };
    return { class: name, metric: "answer", ...none, atShare: this.run.progress().share };
  }
}

/** Limits of a class, with the requests that may be over each: the percentile is a nearest rank, and the fewest samples allow the fewest. */
function limitsOf(run: ScenarioRun, own: TrafficClass, classIndex: number): Limit[] {
  const { workload } = run;
  let all = 0;
  for (let i = 0; i < workload.count; i++) if (workload.classIndex[i] === classIndex) all++;
  return metrics.flatMap((metric) => {
    const target = own.targets[metric];
    if (target === undefined || all === 0) return [];
    const allowed = all - nearestRank(all, target.percentile);
    const limitNs = target.ms * nsPerMs;
    return [{ classIndex, metric, limitNs, percentile: target.percentile, allowed }];
  });
}
