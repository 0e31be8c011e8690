/** One run of a comparison: plain data in, plain data out, so that it can run on any worker. */
import type { Scenario } from "../../schema/scenario.ts";
import type { TraceColumns } from "../../schema/traceColumns.ts";
import { ScenarioRun } from "../scenarioRun.ts";
import { type ComparedFigure, comparedFigures } from "./comparedFigures.ts";
import { printTraffic, type TrafficPrint } from "./trafficPrint.ts";

/** Which run. */
export interface ComparedRunInput {
  /** Checked by requireSound. */
  readonly scenario: Scenario;
  readonly seed: number;
  readonly replication: number;
}

/** What a run is given besides its input. */
export interface ComparedRunContext {
  /** Rows of the scenario's trace sources by source id. */
  readonly traces: ReadonlyMap<string, TraceColumns>;
}

/** What a comparison keeps of a run. */
export interface ComparedRun {
  /** The hash of the run's report. */
  readonly hash: string;
  readonly engineVersion: string;
  readonly monthHours: number;
  readonly horizonS: number;
  readonly warmupS: number;
  readonly traffic: TrafficPrint;
  readonly figures: readonly ComparedFigure[];
  /** Targets that were met, and those that could be judged. */
  readonly targets: { readonly met: number; readonly judged: number };
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** A run of a comparison that advances in steps, so that its caller can show progress and stop it. */
export class ComparisonStep {
  readonly run: ScenarioRun;

  constructor(input: ComparedRunInput, context: ComparedRunContext) {
    this.run = new ScenarioRun({ ...input, traces: context.traces });
  }

  /** What is kept of the ended run. */
  result(): ComparedRun {
    const { workload, scenario } = this.run;
    const classIds = scenario.traffic.classes.map((each) => each.id);
    const traffic = printTraffic(workload, classIds);
    const report = this.run.report(0);
    const judged = report.targets.filter((each) => each.isMet !== null);
    return {
      hash: report.hash,
      engineVersion: report.engineVersion,
      monthHours: report.cost.monthHours,
      horizonS: report.horizonS,
      warmupS: report.warmupS,
      traffic,
      figures: comparedFigures(report),
      targets: { met: judged.filter((each) => each.isMet).length, judged: judged.length },
      notes: report.notes,
      warnings: report.warnings,
    };
  }
}

/** Runs to the end in one go. */
export function runCompared(input: ComparedRunInput, context: ComparedRunContext): ComparedRun {
  const step = new ComparisonStep(input, context);
  while (step.run.step(1_000_000));
  return step.result();
}
