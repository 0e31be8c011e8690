/** What an answer's figures are held against: an answer pinned in this scenario, else the pinned baseline scenario, else the answer before the last edit. */
import type { RunSummary } from "../../shared/contract/scenarioMethods.ts";
import type { RunReport, TargetReport } from "../../shared/planning/runReport.ts";

/** Figures before, and what they are of. */
export interface AnswerBaseline {
  readonly kind: "pinned" | "scenario" | "lastEdit";
  /** Name of the baseline scenario; of the others none. */
  readonly name: string | undefined;
  readonly monthUsd: number;
  readonly usdPerMTok: number | null;
  readonly sloAttainment: number | null;
  /** Targets before; none of another scenario, whose classes may be others. */
  readonly targets: readonly TargetReport[];
}

/** Another scenario that is the baseline, with its newest answer. */
export interface BaselineScenario {
  readonly name: string;
  readonly lastRun: RunSummary | null;
}

function ofReport(kind: AnswerBaseline["kind"], report: RunReport): AnswerBaseline {
  const { cost, sloAttainment, targets } = report;
  return {
    ...{ kind, name: undefined, monthUsd: cost.monthUsd, targets },
    usdPerMTok: cost.usdPerMTokReservation,
    sloAttainment: sloAttainment.all,
  };
}

/** The baseline of an answer; undefined where there is nothing to hold it against. */
export function answerBaseline(
  pinned: RunReport | undefined,
  scenario: BaselineScenario | undefined,
  before: RunReport | undefined,
): AnswerBaseline | undefined {
  if (pinned !== undefined) return ofReport("pinned", pinned);
  if (scenario !== undefined && scenario.lastRun !== null) {
    const { monthUsd, usdPerMTok, sloAttainment } = scenario.lastRun;
    const { name } = scenario;
    return { kind: "scenario", name, monthUsd, usdPerMTok, sloAttainment, targets: [] };
  }
  return before === undefined ? undefined : ofReport("lastEdit", before);
}
