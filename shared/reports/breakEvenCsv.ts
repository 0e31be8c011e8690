/** A break-even study as CSV: one row per volume and strategy. */
import type { BreakEvenPoint, StrategyPoint } from "../planning/breakEven/breakEvenPoint.ts";
import type { BreakEvenStudy } from "../planning/breakEven/breakEvenStudy.ts";
import { type CsvValue, formatCsv } from "./csv.ts";

const header = [
  "kind",
  "month_tokens",
  "offered_month_tokens",
  "requests",
  "hollow",
  "strategy",
  "valid",
  "gpus",
  "month_usd",
  "month_usd_half_width_95",
  "usage_month_usd",
  "usd_per_mtok",
  "usage_usd_per_mtok",
  "gpu_usd",
  "licence_usd",
  "api_usd",
  "fixed_usd",
  "busy_fraction",
  "own_tokens_per_s",
  "spilled_share",
  "slo_attainment",
  "missed",
];

function rowOf(kind: string, point: BreakEvenPoint, each: StrategyPoint): CsvValue[] {
  const { offeredMonthTokens: offered } = point;
  return [
    kind,
    point.monthTokens,
    offered.reduce((sum, tokens) => sum + tokens, 0) / offered.length,
    point.requests,
    point.isHollow,
    each.strategy,
    each.isValid,
    each.gpus,
    each.monthUsd.mean,
    each.monthUsd.halfWidth95,
    each.usageMonthUsd.mean,
    each.usdPerMTok?.mean,
    each.usageUsdPerMTok?.mean,
    each.gpuUsd,
    each.licenceUsd,
    each.apiUsd,
    each.fixedUsd,
    each.busyFraction,
    each.ownTokensPerS,
    each.spilledShare,
    each.sloAttainment,
    each.missed.join("; "),
  ];
}

/** Rows of kind "grid" for the volumes asked for, "own" for the traffic's own, "refined" for those added at crossings. */
export function breakEvenCsv({ points, ownPoint, refinements }: BreakEvenStudy): string {
  const rows = (kind: string, list: readonly BreakEvenPoint[]): CsvValue[][] =>
    list.flatMap((point) => point.strategies.map((each) => rowOf(kind, point, each)));
  return formatCsv(header, [
    ...rows("grid", points),
    ...rows("own", [ownPoint]),
    ...rows("refined", refinements),
  ]);
}
