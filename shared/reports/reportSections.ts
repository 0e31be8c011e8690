/** Sections of a report from what they tell: runs, studies, scenarios. */

import type { ChargebackReport } from "../cost/chargeback/chargebackReport.ts";
import type { BreakEvenStudy } from "../planning/breakEven/breakEvenStudy.ts";
import type { ClaimLedger } from "../planning/claims/ledger.ts";
import type { Comparison } from "../planning/comparison/comparison.ts";
import type { OptimizeResult } from "../planning/optimizer/optimize.ts";
import type { Projection } from "../planning/projection/projectionReport.ts";
import type { RunReport } from "../planning/runReport.ts";
import type { StudyResult } from "../planning/studies/studyResult.ts";
import type { UncertaintyResult } from "../planning/uncertainty/uncertaintyResult.ts";
import type { Provenance } from "../schema/common.ts";
import type { Scenario } from "../schema/scenario.ts";
import { breakEvenTables, verdictSentence } from "./breakEvenText.ts";
import { formatChargeback } from "./chargebackText.ts";
import { formatLedger } from "./claimsText.ts";
import { differenceSentence, formatComparison } from "./comparisonText.ts";
import {
  formatGiven,
  formatNumber,
  formatPercent,
  formatTokens,
  formatUsd,
  noValue,
} from "./formatters.ts";
import { gateLines } from "./gateText.ts";
import { formatOptimum, optimumSentence } from "./optimizeText.ts";
import { crossingTable, formatProjection, monthTable, optionTable } from "./projectionText.ts";
import { type Curve, type ReportSection, reportSection } from "./reportDocument.ts";
import { costTable, latencyTable, poolTable, targetTable } from "./runTables.ts";
import { runSentence } from "./runText.ts";
import { scenarioLines } from "./scenarioLines.ts";
import { formatStudy } from "./studyText.ts";
import { figureColumn, type Table, textColumn } from "./table.ts";
import { formatUncertainty, uncertaintySentence } from "./uncertaintyText.ts";

/** A run: its sentence, three numbers, the bill, targets, latency, pools. */
export function runSection(title: string, report: RunReport): ReportSection {
  const { cost, sloAttainment, targets, pools, warnings, notes } = report;
  const headline: Table = {
    columns: [textColumn("figure"), figureColumn("value")],
    rows: [
      ["cost a month", formatUsd(cost.monthUsd)],
      [
        "USD per million tokens",
        cost.usdPerMTokReservation === null ? noValue : formatNumber(cost.usdPerMTokReservation),
      ],
      [
        "requests that kept all targets",
        sloAttainment.all === null ? noValue : formatPercent(sloAttainment.all),
      ],
    ],
  };
  return reportSection(title, {
    paragraphs: [runSentence(report), ...[...notes, ...warnings].map((text) => `Note: ${text}`)],
    tables: [
      { title: "Headline", table: headline },
      { title: "Cost", table: costTable(report) },
      ...(targets.length > 0 ? [{ title: "Targets", table: targetTable(report) }] : []),
      { title: "Latency", table: latencyTable(report) },
      ...(pools.length > 0 ? [{ title: "Own GPUs", table: poolTable(report) }] : []),
    ],
  });
}

/** The assumptions of a scenario: its outline, and every price with source and date. */
export function scenarioSection(title: string, scenario: Scenario): ReportSection {
  const partNames = {
    traffic: "Traffic",
    targets: "Targets",
    fleet: "Fleet",
    providers: "Providers",
    routing: "Routing",
    costs: "Fixed costs",
  };
  const outline = scenarioLines(scenario).flatMap(({ part, lines }) =>
    lines.map((line) => [partNames[part], line]),
  );
  const prices = pricesOf(scenario).flatMap(({ what, price, provenance }) =>
    provenance.map(({ source, retrievedOn, basis }) => [what, price, source, retrievedOn, basis]),
  );
  return reportSection(title, {
    paragraphs: scenario.notes === undefined ? [] : [scenario.notes],
    tables: [
      {
        title: "Assumptions",
        table: { columns: [textColumn("part"), textColumn("as modelled")], rows: outline },
      },
      {
        title: "Prices and their sources",
        table: {
          columns: ["of", "price", "source", "as of", "basis"].map(textColumn),
          rows: prices,
        },
      },
    ],
  });
}

interface SourcedPrice {
  readonly what: string;
  readonly price: string;
  readonly provenance: readonly Provenance[];
}

/** Every price of a scenario with where it comes from. */
export function pricesOf({ pools, partitions, providers, licences }: Scenario): SourcedPrice[] {
  const hourly = [...partitions, ...pools].flatMap(({ id, price }): SourcedPrice[] =>
    price === undefined
      ? []
      : [
          {
            what: id,
            price: `$${formatGiven(price.usdPerGpuHour, 2)} a GPU hour`,
            provenance: price.provenance,
          },
        ],
  );
  return [
    ...hourly,
    ...licences.map(({ name, usdPerGpuYear, usdPerGpuHour, provenance }) => ({
      what: name,
      price: `$${formatGiven(usdPerGpuYear, 2)} a GPU and year, $${formatGiven(usdPerGpuHour, 2)} a GPU hour`,
      provenance,
    })),
    ...providers.map(({ name, price }) => ({
      what: name,
      price: `$${formatGiven(price.inputUsdPerMTok, 2)} in, $${formatGiven(price.outputUsdPerMTok, 2)} out per million tokens`,
      provenance: price.provenance,
    })),
  ];
}

function lines(text: string): string[] {
  return text.trimEnd().split("\n");
}

type Maker = (title: string, result: never) => ReportSection;

/** Sections of studies by kind. */
const studySections: Readonly<Record<string, Maker>> = {
  breakeven: (title, study: BreakEvenStudy) =>
    reportSection(title, {
      paragraphs: [
        verdictSentence(study),
        study.validityRule,
        ...[...study.warnings, ...study.notes].map((text) => `Note: ${text}`),
      ],
      curves: [costCurve(study)],
      tables: breakEvenTables(study),
      lines: gateLines(study),
    }),
  gate: (title, study: BreakEvenStudy & { sentence: string }) =>
    reportSection(title, { paragraphs: [study.sentence], lines: gateLines(study) }),
  compare: (title, comparison: Comparison) =>
    reportSection(title, {
      paragraphs: comparison.scenarios.flatMap((_, index) =>
        index === comparison.baseline ? [] : [differenceSentence(comparison, index)],
      ),
      lines: lines(formatComparison(comparison)),
    }),
  optimize: (title, result: OptimizeResult) =>
    reportSection(title, {
      paragraphs: [optimumSentence(result)],
      lines: lines(formatOptimum(result)),
    }),
  uncertainty: (title, result: UncertaintyResult) =>
    reportSection(title, {
      paragraphs: [uncertaintySentence(result)],
      lines: lines(formatUncertainty(result)),
    }),
  project: (title, projection: Projection) =>
    reportSection(title, {
      paragraphs: [projection.sentence],
      tables: [
        { title: "Options", table: optionTable(projection) },
        { title: "Crossings", table: crossingTable(projection) },
        { title: "Months", table: monthTable(projection) },
      ],
      lines: lines(formatProjection(projection)),
    }),
  chargeback: (title, bill: ChargebackReport & { warnings: string[] }) =>
    reportSection(title, { lines: lines(formatChargeback(bill, title, bill.warnings)) }),
  sweep: (title, result: StudyResult) =>
    reportSection(title, { lines: lines(formatStudy(result)) }),
  claims: (title, ledger: ClaimLedger) =>
    reportSection(title, { lines: lines(formatLedger(ledger, false)) }),
};

/** The section of a study; `result` is what a study of that kind answers. Undefined for a kind that is not known. */
export function studySection(
  kind: string,
  title: string,
  result: object,
): ReportSection | undefined {
  const make = Object.hasOwn(studySections, kind) ? studySections[kind] : undefined;
  return make?.(title, result as never);
}

/** Cost a month over tokens a month, one curve for each strategy. */
export function costCurve(study: BreakEvenStudy): Curve {
  const points = [...study.points, ...study.refinements].sort(
    (a, b) => a.monthTokens - b.monthTokens,
  );
  return {
    title: "Cost a month by volume",
    xLabel: "tokens a month",
    yLabel: "USD a month",
    series: study.strategies.map(({ id, label, kind }) => ({
      ...{ label, kind },
      points: points.flatMap((point) =>
        point.strategies
          .filter((each) => each.strategy === id && each.monthUsd.mean > 0)
          .map((each) => ({
            x: point.monthTokens,
            y: each.monthUsd.mean,
            isDoubtful: !each.isValid || point.isHollow,
          })),
      ),
    })),
    mark: {
      x: study.measured.monthTokens,
      label: `the traffic's own volume, ${formatTokens(study.measured.monthTokens)}`,
    },
  };
}
