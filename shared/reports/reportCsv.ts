/** One result as CSV rows. */
import type { ChargebackReport } from "../cost/chargeback/chargebackReport.ts";
import type { BreakEvenStudy } from "../planning/breakEven/breakEvenStudy.ts";
import type { ClaimLedger } from "../planning/claims/ledger.ts";
import type { Comparison } from "../planning/comparison/comparison.ts";
import type { OptimizeResult } from "../planning/optimizer/optimize.ts";
import type { Projection } from "../planning/projection/projectionReport.ts";
import type { RunReport } from "../planning/runReport.ts";
import type { StudyResult } from "../planning/studies/studyResult.ts";
import type { UncertaintyResult } from "../planning/uncertainty/uncertaintyResult.ts";
import type { Scenario } from "../schema/scenario.ts";
import { breakEvenCsv } from "./breakEvenCsv.ts";
import { chargebackCsv } from "./chargebackText.ts";
import { type CsvValue, formatCsv } from "./csv.ts";
import { explainableFigures, explainFigure } from "./explainFigure.ts";
import { pricesOf } from "./reportSections.ts";
import { studyCsv } from "./studyText.ts";
import { uncertaintyCsv } from "./uncertaintyText.ts";

/** Every figure of a run: path, name, value, unit. */
export function runCsv(report: RunReport): string {
  const rows = explainableFigures(report).map((figure): CsvValue[] => {
    const { title, value, unit } = explainFigure(report, figure)!;
    return [figure, title, value, unit];
  });
  return formatCsv(["figure", "name", "value", "unit"], rows);
}

/** Every price of a scenario, a row for each source. */
export function scenarioCsv(scenario: Scenario): string {
  const rows = pricesOf(scenario).flatMap(({ what, price, provenance }) =>
    provenance.map(({ source, retrievedOn, basis, note }): CsvValue[] => [
      ...[what, price, source, retrievedOn, basis, note],
    ]),
  );
  return formatCsv(["of", "price", "source", "retrieved_on", "basis", "note"], rows);
}

type Maker = (result: never) => string;

const studyCsvs: Readonly<Record<string, Maker>> = {
  breakeven: (study: BreakEvenStudy) => breakEvenCsv(study),
  compare: comparisonCsv,
  optimize: optimumCsv,
  uncertainty: (result: UncertaintyResult) => uncertaintyCsv(result),
  project: projectionCsv,
  chargeback: (bill: ChargebackReport) => chargebackCsv(bill),
  sweep: (result: StudyResult) => studyCsv(result),
  claims: claimsCsv,
};

/** The rows of a study; undefined for a kind that has none (the gate is a verdict, not a table). */
export function studyResultCsv(kind: string, result: object): string | undefined {
  const make = Object.hasOwn(studyCsvs, kind) ? studyCsvs[kind] : undefined;
  return make?.(result as never);
}

function comparisonCsv({ figures, scenarios }: Comparison): string {
  const letters = scenarios.map(({ letter }) => letter);
  const header = [
    ...["figure", "group", "name", "unit"],
    ...letters.map((letter) => `${letter}_mean`),
    ...letters.flatMap((letter) => [`${letter}_difference`, `${letter}_half_width_95`]),
  ];
  const rows = figures.map(({ id, group, label, unit, values, differences }): CsvValue[] => [
    ...[id, group, label, unit],
    ...values,
    ...differences.flatMap((each) => [each?.absolute, each?.interval?.halfWidth95]),
  ]);
  return formatCsv(header, rows);
}

function optimumCsv({ alternatives }: OptimizeResult): string {
  const rows = alternatives.map((each): CsvValue[] => [
    ...[each.rank, each.text, each.monthUsd, each.difference.usd, each.boundUsd],
    ...[each.sloAttainment, each.spilledShare, each.latency.ttftMs.p95, each.latency.tpotMs.p95],
  ]);
  const header = ["rank", "candidate", "month_usd", "over_best_usd", "bound_usd"];
  const served = ["slo_attainment", "spilled_share", "ttft_p95_ms", "tpot_p95_ms"];
  return formatCsv([...header, ...served], rows);
}

function projectionCsv({ months, options }: Projection): string {
  const rows = options.flatMap(({ id, months: own }) =>
    own.map((each, i): CsvValue[] => [
      ...[each.month, months[i].monthTokens, id, each.gpus, each.isValid],
      ...[each.costUsd, each.cashUsd, each.cumulativeUsd, each.cumulativeCashUsd],
    ]),
  );
  const header = ["month", "month_tokens", "option", "gpus", "valid"];
  const money = ["cost_usd", "cash_usd", "cumulative_usd", "cumulative_cash_usd"];
  return formatCsv([...header, ...money], rows);
}

function claimsCsv({ claims }: ClaimLedger): string {
  const rows = claims.map(({ id, group, title, claim, verdict, assumption }): CsvValue[] => [
    ...[id, group, title, claim, verdict, assumption],
  ]);
  return formatCsv(["id", "group", "title", "claim", "verdict", "assumption"], rows);
}
