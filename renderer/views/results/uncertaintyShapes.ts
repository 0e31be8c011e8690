/** A Monte Carlo's result as its charts show it. */
import type { TornadoRow } from "../../../shared/planning/uncertainty/tornado.ts";
import type { UncertaintyResult } from "../../../shared/planning/uncertainty/uncertaintyResult.ts";
import { formatUsd } from "../../../shared/reports/formatters.ts";
import { flipText, valueText } from "../../../shared/reports/uncertaintyText.ts";
import { memberStyle, type OptionKind, type OptionStyle } from "../../charts/optionStyles.ts";
import type { TornadoBar } from "../../charts/TornadoChart.tsx";
import type { WinShare } from "../../charts/WinChart.tsx";

/** The kind of an option by its id, as strategies are named. */
export function optionKind(id: string): OptionKind {
  if (id.startsWith("api")) return "api";
  if (id.startsWith("own")) return "own";
  return id === "hybrid" ? "hybrid" : "other";
}

/** The look of each option. */
export function optionLooks(ids: readonly string[]): ReadonlyMap<string, OptionStyle> {
  const seen = new Map<OptionKind, number>();
  return new Map(
    ids.map((id) => {
      const kind = optionKind(id);
      const place = seen.get(kind) ?? 0;
      seen.set(kind, place + 1);
      return [id, memberStyle(kind, place)];
    }),
  );
}

/** How often each option wins, the most frequent first. */
export function winShares({ options }: UncertaintyResult): WinShare[] {
  const looks = optionLooks(options.map(({ id }) => id));
  return [...options]
    .sort((a, b) => b.wins - a.wins)
    .map(({ id, label, probability, low95, high95, wins, cost, missed }) => ({
      ...{ id, label, probability, low95, high95, wins },
      style: looks.get(id)!,
      note:
        cost === null
          ? `It never keeps the targets: ${missed[0] ?? "it could not be run."}`
          : `${formatUsd(cost.p50)} a month in the median, ${formatUsd(cost.p5)} to ${formatUsd(cost.p95)} in 9 of 10 samples.`,
    }));
}

/** Bars of the inputs whose ends have a difference, widest first. */
export function tornadoBars({ tornado }: UncertaintyResult): TornadoBar[] {
  return tornado
    .flatMap((row) => barOf(row))
    .sort((a, b) => Math.abs(b.highUsd - b.lowUsd) - Math.abs(a.highUsd - a.lowUsd));
}

function barOf(row: TornadoRow): TornadoBar[] {
  const known = row.points.filter(({ differenceUsd }) => differenceUsd !== null);
  const [low, high] = [known[0], known[known.length - 1]];
  if (low === undefined || high === undefined) return [];
  const unit = row.unit === null ? "" : ` ${row.unit}`;
  return [
    {
      input: row.input,
      lowUsd: low.differenceUsd ?? 0,
      highUsd: high.differenceUsd ?? 0,
      lowText: `at ${valueText(low.value)}${unit}`,
      highText: `at ${valueText(high.value)}${unit}`,
      flipText: row.flipsInRange ? `flips at ${flipText(row)}` : "does not flip it",
      flips: row.flipsInRange,
    },
  ];
}

/** Inputs left out of the tornado because at no value both options keep the targets. */
export function leftOut({ tornado }: UncertaintyResult): string[] {
  return tornado.filter((row) => barOf(row).length === 0).map(({ input }) => input);
}
