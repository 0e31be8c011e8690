/** A break-even study as its chart shows it. */
import type {
  BreakEvenPoint,
  StrategyPoint,
} from "../../../shared/planning/breakEven/breakEvenPoint.ts";
import type { BreakEvenStudy } from "../../../shared/planning/breakEven/breakEvenStudy.ts";
import type { Strategy } from "../../../shared/planning/breakEven/strategies.ts";
import {
  formatCount,
  formatPercent,
  formatTokens,
  formatUsd,
  noValue,
} from "../../../shared/reports/formatters.ts";
import { figureColumn, type Table, textColumn } from "../../../shared/reports/table.ts";
import type { Curve, CurveCrossing, CurvePoint } from "../../charts/breakEven.ts";
import { memberStyle, type OptionStyle } from "../../charts/optionStyles.ts";

/** What the vertical axis shows. */
export type CostMeasure = "month" | "perMTok";

/** The look of each strategy: its kind's colour and mark; several of a kind differ by dash. */
export function strategyStyles(
  strategies: readonly Pick<Strategy, "id" | "kind">[],
): ReadonlyMap<string, OptionStyle> {
  const seen = new Map<string, number>();
  return new Map(
    strategies.map(({ id, kind }) => {
      const place = seen.get(kind) ?? 0;
      seen.set(kind, place + 1);
      return [id, memberStyle(kind, place)];
    }),
  );
}

/** A strategy's name where room is scarce: "all on OpenAI GPT-4.1, list price" becomes "OpenAI GPT-4.1". */
export function shortLabel({ kind, label, prices }: Strategy): string {
  if (kind === "hybrid") return "your mix";
  if (kind === "own") return label.replace(/^all on /, "");
  const name = label.replace(/^all on /, "").replace(/, list price$/, "");
  return prices === undefined || prices === "list" ? name : name.replace(/,? (price|prices)$/, "");
}

function reasonsOf(point: BreakEvenPoint, strategy: StrategyPoint): string[] {
  return [
    ...(point.isHollow ? [point.hollowBecause ?? "It has fewer requests than wanted."] : []),
    ...(strategy.isValid ? [] : strategy.missed.map((each) => `Misses: ${each}`)),
  ];
}

function curvePoint(
  point: BreakEvenPoint,
  strategy: StrategyPoint,
  measure: CostMeasure,
): CurvePoint[] {
  const cost = measure === "month" ? strategy.monthUsd : strategy.usdPerMTok;
  if (cost === null || !(cost.mean > 0)) return [];
  const { gpus, isValid } = strategy;
  return [
    {
      ...{ monthTokens: point.monthTokens, usd: cost.mean, halfWidth95: cost.halfWidth95 },
      ...{ gpus, isValid, reasons: reasonsOf(point, strategy) },
    },
  ];
}

/** All simulated volumes, those added near crossings too, in rising order. */
export function allPoints({ points, refinements }: BreakEvenStudy): BreakEvenPoint[] {
  return [...points, ...refinements].sort((a, b) => a.monthTokens - b.monthTokens);
}

/** A curve for each strategy. */
export function curvesOf(study: BreakEvenStudy, measure: CostMeasure): Curve[] {
  const styles = strategyStyles(study.strategies);
  const points = allPoints(study);
  return study.strategies.map((strategy) => ({
    id: strategy.id,
    label: shortLabel(strategy),
    style: styles.get(strategy.id)!,
    points: points.flatMap((point) => {
      const found = point.strategies.find((each) => each.strategy === strategy.id);
      return found === undefined ? [] : curvePoint(point, found, measure);
    }),
  }));
}

/** Crossings in words; the dearer and the cheaper by their short names. */
export function crossingsOf(study: BreakEvenStudy, measure: CostMeasure): CurveCrossing[] {
  const name = (id: string): string => {
    const strategy = study.strategies.find((each) => each.id === id);
    return strategy === undefined ? id : shortLabel(strategy);
  };
  const { winner } = study.verdict;
  return study.crossings.flatMap(({ crossings, first, second }) =>
    crossings.map((each) => ({
      ...{ monthTokens: each.monthTokens, low: each.low, high: each.high },
      usd: measure === "month" ? each.monthUsd : (each.monthUsd / each.monthTokens) * 1e6,
      text: `${name(each.cheaperAbove)} under ${name(each.cheaperBelow)} from ${formatTokens(each.monthTokens)}`,
      shortText: `${name(each.cheaperAbove)} from ${formatTokens(each.monthTokens)}`,
      isTrusted: each.isValid && !each.isHollow,
      isMain: winner === undefined || first === winner || second === winner,
    })),
  );
}

/** The simulated points as a table. */
export function breakEvenTable(study: BreakEvenStudy): Table {
  const labels = new Map(study.strategies.map(({ id, label }) => [id, label]));
  return {
    columns: [
      ...[figureColumn("tokens a month"), textColumn("option"), figureColumn("GPUs")],
      ...[figureColumn("USD a month"), figureColumn("± (95 %)"), figureColumn("USD per M tokens")],
      ...[figureColumn("busy"), figureColumn("requests"), textColumn("to know")],
    ],
    rows: allPoints(study).flatMap((point) =>
      point.strategies.map((each) => [
        ...[formatTokens(point.monthTokens), labels.get(each.strategy) ?? each.strategy],
        ...[each.gpus > 0 ? formatCount(each.gpus) : noValue, formatUsd(each.monthUsd.mean)],
        each.monthUsd.halfWidth95 === null ? noValue : formatUsd(each.monthUsd.halfWidth95),
        each.usdPerMTok === null ? noValue : formatUsd(each.usdPerMTok.mean),
        each.busyFraction === null ? noValue : formatPercent(each.busyFraction),
        ...[formatCount(point.requests), reasonsOf(point, each).join(" ")],
      ]),
    ),
  };
}
