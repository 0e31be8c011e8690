/** A break-even study as people read it: the sentence, the curve, the crossings, the table, the gate. */
import type { BreakEvenPoint, StrategyPoint } from "../planning/breakEven/breakEvenPoint.ts";
import type { BreakEvenStudy } from "../planning/breakEven/breakEvenStudy.ts";
import type { Crossing, PairCrossings } from "../planning/breakEven/crossings.ts";
import type { Strategy } from "../planning/breakEven/strategies.ts";
import type { Flip } from "../planning/breakEven/verdict.ts";
import { costChart } from "./costChart.ts";
import {
  formatCount,
  formatGiven,
  formatNumber,
  formatPercent,
  formatTokens,
  formatUsd,
  noValue,
  plainText,
} from "./formatters.ts";
import { gateLines } from "./gateText.ts";
import { figureColumn, formatTextTable, type Table, textColumn } from "./table.ts";
import { wrapText } from "./wrapText.ts";

const lineWidth = 100;

function prose(text: string, indent = ""): string[] {
  return wrapText(plainText(text), lineWidth, indent);
}

function labelOf(strategies: readonly Strategy[], id: string): string {
  return strategies.find((each) => each.id === id)?.label ?? id;
}

/** Letters of the strategies, in their order. */
function letterOf(index: number): string {
  return String.fromCharCode(65 + (index % 26));
}

function flipText({ assumption, factor }: Flip, monthTokens: number): string {
  const change = factor < 1 ? "fall" : "rise";
  const times = `${formatNumber(factor)} times`;
  if (assumption === "volume") {
    return `the volume ${change}s to ${formatTokens(monthTokens * factor)} tokens a month`;
  }
  if (assumption === "apiPrice") return `API prices ${change} to ${times} what they are`;
  if (assumption === "gpuPrice") return `the GPU hour ${change}s to ${times} its price`;
  return `the licence ${change}s to ${times} its price`;
}

/** One sentence: the winner at the traffic's own volume, its margin, and the assumption that gives way first. */
export function verdictSentence(study: BreakEvenStudy): string {
  const { verdict, strategies, measured } = study;
  const { winner, rival, monthUsd, rivalMonthUsd, savedShare, flips } = verdict;
  const where = `At the traffic's own ${formatTokens(measured.monthTokens)} tokens a month`;
  if (winner === undefined || monthUsd === undefined) {
    return `${where}, no strategy keeps every target; each has its reasons below.`;
  }
  const found = `${where}, ${labelOf(strategies, winner)} is cheapest: ${formatUsd(monthUsd)} a month`;
  if (rival === undefined || rivalMonthUsd === undefined || savedShare === undefined) {
    const isApi = strategies.find(({ id }) => id === winner)?.kind === "api";
    return `${found}; no ${isApi ? "fleet of own GPUs" : "API"} that keeps the targets stands against it.`;
  }
  const margin = `${formatPercent(savedShare)} under ${labelOf(strategies, rival)} (${formatUsd(rivalMonthUsd)})`;
  const [binding] = flips;
  const until =
    binding === undefined
      ? "no single price or volume turns that"
      : `that holds until ${flipText(binding, measured.monthTokens)}`;
  const halfWidth = verdict.differenceHalfWidth95 ?? 0;
  const doubt =
    rivalMonthUsd - monthUsd < halfWidth ? "; the difference is within its 95 % interval" : "";
  return `${found}, ${margin}${doubt}; ${until}.`;
}

function mark(point: BreakEvenPoint, each: StrategyPoint): string {
  return `${point.isHollow ? "~" : ""}${each.isValid ? "" : "!"}`;
}

function costCell(point: BreakEvenPoint, each: StrategyPoint | undefined): string {
  return each === undefined ? noValue : `${mark(point, each)}${formatUsd(each.monthUsd.mean)}`;
}

function bandCell(each: StrategyPoint | undefined): string {
  const half = each?.monthUsd.halfWidth95;
  return half === null || half === undefined ? "" : formatNumber(half);
}

function strategyAt(point: BreakEvenPoint, id: string): StrategyPoint | undefined {
  return point.strategies.find(({ strategy }) => strategy === id);
}

function cheapestOf(point: BreakEvenPoint): StrategyPoint | undefined {
  const valid = point.strategies.filter(({ isValid }) => isValid);
  return valid.reduce<StrategyPoint | undefined>(
    (best, each) => (best === undefined || each.monthUsd.mean < best.monthUsd.mean ? each : best),
    undefined,
  );
}

function pointTable({ points, strategies }: BreakEvenStudy): Table {
  const columns = strategies.flatMap(({ kind }, index) => {
    const letter = letterOf(index);
    const cost = [figureColumn(`${letter} $/month`), figureColumn("+-")];
    return kind === "api" ? cost : [...cost, figureColumn(`${letter} GPUs`)];
  });
  const rows = points.map((point) => {
    const cells = strategies.flatMap(({ id, kind }) => {
      const each = strategyAt(point, id);
      const cost = [costCell(point, each), bandCell(each)];
      return kind === "api" ? cost : [...cost, each === undefined ? noValue : String(each.gpus)];
    });
    const best = cheapestOf(point);
    const index = strategies.findIndex(({ id }) => id === best?.strategy);
    const price = best?.usdPerMTok?.mean;
    return [
      formatTokens(point.monthTokens),
      ...cells,
      index < 0 ? noValue : letterOf(index),
      price === undefined ? noValue : formatNumber(price),
    ];
  });
  const last = [textColumn("cheapest"), figureColumn("its $/M tokens")];
  return { columns: [figureColumn("tokens/month"), ...columns, ...last], rows };
}

function capacityShare({ own }: BreakEvenStudy, each: StrategyPoint): number | undefined {
  const units = (own.find(({ strategy }) => strategy === each.strategy) ?? own[0])?.units;
  const perS = Object.entries(each.counts).reduce((sum, [id, count]) => {
    return sum + (units?.find(({ unit }) => unit.id === id)?.tokensPerS ?? 0) * count;
  }, 0);
  return perS > 0 ? each.ownTokensPerS / perS : undefined;
}

function shareCell(share: number | null | undefined): string {
  return share === null || share === undefined ? noValue : formatPercent(share);
}

function ownVolumeTable(study: BreakEvenStudy): Table {
  const columns = [
    textColumn("strategy"),
    ..."$/month,usage-based,$/M tokens,usage-based,GPU hours,licence,API,fixed,GPUs,busy,of capacity,spilled"
      .split(",")
      .map(figureColumn),
  ];
  const usd = (value: number): string => (value === 0 ? noValue : formatUsd(value));
  const rows = study.ownPoint.strategies.map((each) => {
    const index = study.strategies.findIndex(({ id }) => id === each.strategy);
    return [
      `${letterOf(index)}  ${each.strategy}`,
      costCell(study.ownPoint, each),
      formatUsd(each.usageMonthUsd.mean),
      each.usdPerMTok === null ? noValue : formatUsd(each.usdPerMTok.mean),
      each.usageUsdPerMTok === null ? noValue : formatUsd(each.usageUsdPerMTok.mean),
      ...[each.gpuUsd, each.licenceUsd, each.apiUsd, each.fixedUsd].map(usd),
      each.gpus === 0 ? noValue : String(each.gpus),
      shareCell(each.busyFraction),
      shareCell(capacityShare(study, each)),
      shareCell(each.spilledShare === 0 ? undefined : each.spilledShare),
    ];
  });
  return { columns, rows };
}

function intervalText({ low, high }: Crossing): string {
  return low === null || high === null ? noValue : `${formatTokens(low)} - ${formatTokens(high)}`;
}

function crossingTable(pairs: readonly PairCrossings[], strategies: readonly Strategy[]): Table {
  const letter = (id: string): string => letterOf(strategies.findIndex((each) => each.id === id));
  const columns = [
    textColumn("cheaper"),
    figureColumn("from tokens/month"),
    textColumn("95 % interval"),
    figureColumn("$/month there"),
    textColumn("GPUs"),
    figureColumn("busy"),
    figureColumn("of capacity"),
    textColumn(""),
  ];
  const rows = pairs.flatMap(({ crossings }) =>
    crossings.map((each, index) => {
      const [below, above] = each.own.gpus;
      const place = crossings.length === 1 ? "" : index === 0 ? "first" : "";
      const last = crossings.length > 1 && index === crossings.length - 1 ? "last" : place;
      const doubts = [
        last,
        each.isAtStep ? "at a step of GPUs" : "",
        each.isValid ? "" : "a side misses targets",
        each.isHollow ? "too few requests" : "",
      ];
      return [
        `${letter(each.cheaperBelow)} -> ${letter(each.cheaperAbove)}`,
        formatTokens(each.monthTokens),
        intervalText(each),
        formatUsd(each.monthUsd),
        below === above ? String(above) : `${below} -> ${above}`,
        shareCell(each.own.busyFraction),
        shareCell(each.own.capacityUtilization),
        doubts.filter((text) => text !== "").join(", "),
      ];
    }),
  );
  return { columns, rows };
}

function crossingLines({ crossings, strategies }: BreakEvenStudy): string[] {
  const table = crossingTable(crossings, strategies);
  const always = crossings.map(({ first, second, cheaperAtLast, alwaysFrom }) => {
    if (cheaperAtLast === undefined) return `${first} and ${second} cost the same throughout.`;
    const other = cheaperAtLast === first ? second : first;
    return alwaysFrom === undefined
      ? `${cheaperAtLast} is cheaper than ${other} throughout the range.`
      : `From ${formatTokens(alwaysFrom)} tokens a month on ${cheaperAtLast} is always cheaper than ${other}, to the end of the range.`;
  });
  const lines = table.rows.length === 0 ? [] : ["Crossings", ...formatTextTable(table)];
  return [...lines, ...always.flatMap((text) => prose(text))];
}

function chartLines({ points, strategies, measured }: BreakEvenStudy): string[] {
  const curves = strategies.map(({ id }, index) => ({
    letter: letterOf(index),
    points: points.flatMap((point) => {
      const each = strategyAt(point, id);
      if (each === undefined) return [];
      const isDoubtful = point.isHollow || !each.isValid;
      return [{ monthTokens: point.monthTokens, monthUsd: each.monthUsd.mean, isDoubtful }];
    }),
  }));
  const legend = strategies.map(({ label }, index) => `${letterOf(index)} = ${label}`);
  return [
    "Cost a month over tokens a month (both logarithmic)",
    ...costChart(curves, measured.monthTokens),
    ...legend.map((text) => plainText(text)),
    "a small letter: too few requests, or a target missed; * where curves meet",
  ];
}

function trafficLine({ measured, monthHours, replications }: BreakEvenStudy): string {
  const { requests, promptTokens, outputTokens, windowS } = measured;
  const ratio =
    outputTokens > 0 ? `${formatNumber(promptTokens / outputTokens)} in : 1 out` : "no output";
  return `Traffic: ${formatCount(requests)} requests in ${formatNumber(windowS / 3600)} h, ${ratio}; a month has ${formatGiven(monthHours)} h. Each point: ${replications} replication${replications === 1 ? "" : "s"}, the same requests for every strategy.`;
}

function missedLines({ ownPoint, points }: BreakEvenStudy): string[] {
  const ids = [...new Set(points.flatMap((point) => point.strategies.map((e) => e.strategy)))];
  return ids.flatMap((id) => {
    const found = [ownPoint, ...points].flatMap((point) => {
      const each = strategyAt(point, id);
      return each === undefined || each.isValid ? [] : [{ point, each }];
    });
    if (found.length === 0) return [];
    const [{ point, each }] = found;
    const where = formatTokens(point.monthTokens);
    return [`${id}, e.g. at ${where} tokens a month: ${each.missed.slice(0, 3).join("; ")}`];
  });
}

function bullets(heading: string, texts: readonly string[]): string[] {
  if (texts.length === 0) return [];
  return [heading, ...texts.flatMap((text) => prose(`- ${text}`, "  "))];
}

/** The study's tables by title, for reports; options are called by their letters, which the first table explains. */
export function breakEvenTables(study: BreakEvenStudy): { title: string; table: Table }[] {
  const { strategies, crossings, ownPoint } = study;
  const legend: Table = {
    columns: [textColumn("letter"), textColumn("option")],
    rows: strategies.map(({ label }, index) => [letterOf(index), label]),
  };
  const crossing = crossingTable(crossings, strategies);
  return [
    { title: "Options", table: legend },
    ...(crossing.rows.length === 0 ? [] : [{ title: "Crossings", table: crossing }]),
    {
      title: `At the traffic's own ${formatTokens(ownPoint.monthTokens)} tokens a month`,
      table: ownVolumeTable(study),
    },
    { title: "By volume (~ too few requests, ! misses targets)", table: pointTable(study) },
  ];
}

/** The whole study as text, the sentence first. */
export function formatBreakEven(study: BreakEvenStudy): string {
  const { scenario, ownPoint } = study;
  const sections = [
    prose(verdictSentence(study)),
    prose(`${scenario.name} (seed ${scenario.seed}). ${trafficLine(study)}`),
    chartLines(study),
    crossingLines(study),
    [
      `At the traffic's own ${formatTokens(ownPoint.monthTokens)} tokens a month (reservation-based: every provisioned hour, idle included; usage-based: without the idle hours)`,
      ...formatTextTable(ownVolumeTable(study)),
    ],
    [
      "By volume (+- is half the 95 % interval over replications; ~ too few requests; ! misses targets)",
      ...formatTextTable(pointTable(study)),
    ],
    study.gate === undefined ? [] : gateLines(study),
    bullets("Targets missed", missedLines(study)),
    bullets("Warnings", study.warnings),
    bullets("Notes", [study.validityRule, ...study.notes]),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}
