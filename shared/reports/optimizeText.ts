/** The answer of an optimization as text. */
import type { Alternative } from "../planning/optimizer/alternatives.ts";
import type { OptimizeResult } from "../planning/optimizer/optimize.ts";
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
    ...wrapText(verdictText(result), width),
    "",
    ...(result.infeasible?.remedies ?? []).flatMap((each) => wrapText(`- ${each}`, width, "  ")),
    ...alternativeLines(result),
    ...wrapText(searchText(result), width),
    "",
    ...result.notes.flatMap((each) => wrapText(`Note: ${each}`, width, "  ")),
  ];
  while (lines[lines.length - 1] === "") lines.pop();
  return `${lines.join("\n")}\n`;
}

function verdictText({ alternatives, infeasible, current, perfectUsd, isProven }: OptimizeResult) {
  const [best] = alternatives;
  if (best === undefined) return infeasible?.message ?? "No candidate meets the targets.";
  const saved = current.monthUsd - best.monthUsd;
  const against =
    saved >= 0
      ? `${formatUsd(saved)} less than the scenario as it is`
      : `${formatUsd(-saved)} more than the scenario as it is`;
  const currently = current.missed.length > 0 ? ", which does not meet its targets" : "";
  const proof = isProven ? "" : " The search was ended before this was proven to be the least.";
  const over = best.monthUsd / perfectUsd - 1;
  return `${formatUsd(best.monthUsd)} a month: ${best.text}. That is ${against}${currently}, and ${formatPercent(over)} above the ${formatUsd(perfectUsd)} of a perfect system, with every GPU at its peak and no queueing.${proof}`;
}

function alternativeLines({ alternatives }: OptimizeResult): string[] {
  if (alternatives.length === 0) return [];
  return [
    "Alternatives that meet all targets in every replication",
    ...formatTextTable(costTable(alternatives)),
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
      figureColumn("+- 95 %"),
      figureColumn("$/M tokens"),
      figureColumn("busy (%)"),
      figureColumn("KV max (%)"),
      figureColumn("spilled (%)"),
      figureColumn("TTFT p95"),
      figureColumn("TPOT p95"),
    ],
    rows: alternatives.map((each) => [
      String(each.rank),
      each.alike.length === 0 ? each.text : `${each.text} (and ${each.alike.length} alike)`,
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

function searchText({ counts, space, isProven, openBoundUsd, replications }: OptimizeResult) {
  const { candidates, impossible, refused, simulated, stoppedEarly, tooDear } = counts;
  const dropped = impossible.capacity + impossible.latency + impossible.unserved;
  const never = refused.licence + refused.policy;
  const open =
    openBoundUsd === null
      ? ""
      : ` What was not simulated costs ${formatUsd(openBoundUsd)} a month at least.`;
  const proof = isProven ? "" : " Some of it may be cheaper than the best.";
  return `Searched ${formatCount(candidates)} candidates of pool ${space.pool}: ${formatCount(dropped)} cannot do the work (${formatCount(impossible.capacity)} too little time, ${formatCount(impossible.latency)} too slow for a target even alone, ${formatCount(impossible.unserved)} leave requests unserved), ${formatCount(simulated)} were simulated (${formatCount(stoppedEarly)} ended early, ${formatCount(counts.missedTargets)} missed a target), ${formatCount(tooDear)} cost more however they are run. ${formatCount(counts.runs)} runs; the best passed ${replications}. Left out before: ${formatCount(refused.memory)} ways that do not fit in memory, ${formatCount(never)} combinations that a licence or the policy does not allow.${open}${proof}`;
}
