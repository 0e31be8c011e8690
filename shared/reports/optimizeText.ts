/** The answer of an optimization as text. */
import type { Alternative } from "../planning/optimizer/alternatives.ts";
import type { OptimizeResult } from "../planning/optimizer/optimize.ts";
import { differenceOf } from "../stats/confidence.ts";
import {
  formatCount,
  formatMs,
  formatPercent,
  formatPercentNumber,
  formatUsd,
  formatUsdCents,
  noValue,
} from "./formatters.ts";
import { figureColumn, formatTextTable, type Table, textColumn } from "./table.ts";
import { wrapText } from "./wrapText.ts";

const width = 100;

/** The report: the answer in a sentence, the alternatives, what binds them, and how the space was searched. */
export function formatOptimum(result: OptimizeResult): string {
  const lines = [
    ...wrapText(optimumSentence(result), width),
    "",
    ...(result.infeasible?.remedies ?? []).flatMap((each) => wrapText(`- ${each}`, width, "  ")),
    ...alternativeLines(result),
    ...searchLines(result),
    "",
    ...result.notes.flatMap((each) => wrapText(`Note: ${each}`, width, "  ")),
  ];
  while (lines[lines.length - 1] === "") lines.pop();
  return `${lines.join("\n")}\n`;
}

/** The answer in a sentence or two. */
export function optimumSentence({
  alternatives,
  infeasible,
  current,
  perfectUsd,
  isProven,
}: OptimizeResult) {
  const [best] = alternatives;
  if (best === undefined) return infeasible?.message ?? "No candidate meets the targets.";
  const saved = differenceOf(current.monthUsd, best.monthUsd);
  const against =
    saved === 0
      ? "what the scenario costs as it is"
      : `${formatUsd(Math.abs(saved))} ${saved > 0 ? "less" : "more"} than the scenario as it is`;
  const currently = current.missed.length > 0 ? ", which does not meet its targets" : "";
  const proof = isProven ? "" : " The search was ended before this was proven to be the least.";
  const perfect =
    perfectUsd > 0
      ? `, and ${formatPercent(best.monthUsd / perfectUsd - 1)} above the ${formatUsd(perfectUsd)} of a perfect system, with every GPU at its peak and no queueing`
      : "; a perfect system has no bound here, for work that is held may be done after the traffic that is billed";
  return `${formatUsd(best.monthUsd)} a month: ${best.text}. That is ${against}${currently}${perfect}.${proof}`;
}

function alternativeLines({ alternatives }: OptimizeResult): string[] {
  if (alternatives.length === 0) return [];
  return [
    "Alternatives that meet all targets in every replication",
    ...formatTextTable(costTable(alternatives)),
    ...(alternatives.some(isExtrapolated)
      ? ["* times of the whole or a part of it lie outside the range to which they were fitted"]
      : []),
    "",
    "What binds them",
    ...formatTextTable(bindingTable(alternatives)),
    "",
  ];
}

function costTable(alternatives: readonly Alternative[]): Table {
  return {
    columns: [
      figureColumn("#"),
      textColumn("candidate"),
      figureColumn("month (USD)"),
      figureColumn("over the best (USD)"),
      figureColumn("+- 95 % (USD)"),
      figureColumn("$/M tokens"),
      figureColumn("busy (%)"),
      figureColumn("KV max (%)"),
      figureColumn("spilled (%)"),
      figureColumn("TTFT p95"),
      figureColumn("TPOT p95"),
    ],
    rows: alternatives.map((each) => [
      String(each.rank),
      candidateCell(each),
      formatUsdCents(each.monthUsd),
      formatUsdCents(each.difference.usd),
      orNone(each.difference.halfWidth95Usd, formatUsdCents),
      orNone(each.cost.usdPerMTokReservation, formatUsdCents),
      orNone(
        worst(each, (pool) => pool.busyFraction),
        formatPercentNumber,
      ),
      orNone(
        worst(each, (pool) => pool.kvUsageMax),
        formatPercentNumber,
      ),
      formatPercentNumber(each.spilledShare),
      orNone(each.latency.ttftMs.p95, formatMs),
      orNone(each.latency.tpotMs.p95, formatMs),
    ]),
  };
}

function candidateCell(alternative: Alternative): string {
  const { text, alike } = alternative;
  const others = alike.length === 0 ? "" : ` (and ${alike.length} alike)`;
  return `${text}${others}${isExtrapolated(alternative) ? " *" : ""}`;
}

/** Whether some iteration lies outside the range to which the time model was fitted. */
function isExtrapolated({ pools }: Alternative): boolean {
  return pools.some((pool) => pool.extrapolatedShare > 0);
}

function bindingTable(alternatives: readonly Alternative[]): Table {
  return {
    columns: [
      figureColumn("#"),
      textColumn("tightest target"),
      textColumn("what runs out"),
      textColumn("one step fewer GPUs"),
    ],
    rows: alternatives.map(({ rank, binding }) => [
      String(rank),
      binding.target === null ? noValue : binding.target.text,
      binding.resources.length === 0 ? "nothing" : binding.resources.join("; "),
      binding.oneStepLess ?? noValue,
    ]),
  };
}

function worst(
  { pools }: Alternative,
  pick: (pool: Alternative["pools"][number]) => number | null,
): number | null {
  const values = pools.map(pick).filter((value) => value !== null);
  return values.length === 0 ? null : Math.max(...values);
}

function orNone(value: number | null, format: (value: number) => string): string {
  return value === null ? noValue : format(value);
}

/** How the space was searched: every candidate counted once. */
function searchLines({ counts, space, isProven, openBoundUsd }: OptimizeResult): string[] {
  const { candidates, impossible, refused, simulated, stoppedEarly, missedTargets } = counts;
  const from = openBoundUsd === null ? "" : `, from ${formatUsd(openBoundUsd)} a month on`;
  const open = isProven
    ? `not simulated: they cost more however they are run${from}`
    : `not simulated before the search was ended${from}: some may be cheaper`;
  const rows: [number, string][] = [
    [
      simulated,
      `simulated; ${missedTargets} missed a target, ${stoppedEarly} were stopped at that`,
    ],
    [counts.tooDear, open],
    [impossible.capacity, "have too little time for the work, however it is batched"],
    [impossible.latency, "are too slow for a target even with one request alone"],
    [impossible.unserved, "leave requests without a rule that answers them"],
    [refused.memory, "ways to run the model do not fit in memory (not counted above)"],
    [refused.licence, "combinations are not licensed (not counted above)"],
    [refused.policy, "thresholds or schedules let requests fall through (not counted above)"],
  ];
  const table = formatTextTable({
    columns: [figureColumn("candidates"), textColumn("what became of them")],
    rows: rows
      .filter(([count], at) => count > 0 || at === 0)
      .map(([count, text]) => [formatCount(count), text]),
  });
  return [
    `Searched ${formatCount(candidates)} candidates of pool ${space.pool} in ${formatCount(counts.runs)} runs`,
    ...table,
  ];
}
