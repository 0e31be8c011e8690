/** A comparison as text for a terminal: who is who, the answer in a sentence each, inputs that differ, figures side by side, differences. */

import type { FigureUnit } from "../planning/comparison/comparedFigures.ts";
import type {
  Comparison,
  ComparisonColumn,
  ComparisonRow,
} from "../planning/comparison/comparison.ts";
import type { FigureDifference } from "../planning/comparison/pairedFigure.ts";
import {
  formatCount,
  formatMs,
  formatNumber,
  formatPercent,
  formatPercentNumber,
  formatTokens,
  formatUsd,
  formatUsdCents,
  noValue,
  plainText,
} from "./formatters.ts";
import { inputDiffLines, signedPercent } from "./inputDiffText.ts";
import { figureColumn, formatTextTable, type Table, textColumn } from "./table.ts";
import { wrapText } from "./wrapText.ts";

const proseWidth = 100;
/** Groups that are only in the JSON: targets show each class's own percentile. */
const detailNote = "Latencies by class are among the figures of --json.";
const detailGroups = new Set(["latency by class"]);

/** The whole comparison; ends with a line break. */
export function formatComparison(comparison: Comparison): string {
  const { scenarios, baseline } = comparison;
  const others = scenarios.filter((_, index) => index !== baseline);
  const parts = [
    scenarios.map(legendLine),
    scenarios.flatMap((_, index) =>
      index === baseline ? [] : prose(differenceSentence(comparison, index)),
    ),
    prose(trafficSentence(comparison)),
    ...others.map((each) => inputLines(comparison, each)),
    valueLines(comparison),
    ...others.map((each) => differenceLines(comparison, scenarios.indexOf(each))),
    ...scenarios.map((each) => warningLines(each)),
    ["Notes", ...[...comparison.notes, detailNote].flatMap((note) => prose(`- ${note}`, "  "))],
    [`engine ${comparison.engineVersion}, seed ${comparison.seed}`],
  ];
  const text = parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${text.join("\n\n")}\n`;
}

function prose(text: string, indent = ""): string[] {
  return wrapText(text, proseWidth, indent);
}

function legendLine({ letter, name, file, isBaseline, targetsMetShare }: ComparisonColumn): string {
  const targets =
    targetsMetShare === null
      ? "no targets"
      : targetsMetShare === 1
        ? "meets its targets"
        : targetsMetShare === 0
          ? "MISSES its targets"
          : `meets its targets in ${formatPercent(targetsMetShare)} of the runs`;
  return plainText(`${letter}  ${name} (${file}), ${targets}${isBaseline ? "; the baseline" : ""}`);
}

/** What changes from the baseline to a scenario, in one sentence: the month, with its interval, and the wait for the first token. */
export function differenceSentence(comparison: Comparison, index: number): string {
  const { scenarios, baseline, figures } = comparison;
  const row = (id: string): ComparisonRow | undefined => figures.find((each) => each.id === id);
  const cost = row("cost.monthUsd")?.differences[index] ?? undefined;
  const wait = waitClause(row("latency.all.ttftMs.p95"), index, baseline);
  const base = scenarios[baseline].letter;
  return `${scenarios[index].letter} ${costClause(cost, base)}; its TTFT p95 is ${wait}.`;
}

function costClause(difference: FigureDifference | undefined, base: string): string {
  const usd = difference?.absolute ?? null;
  if (difference === undefined || usd === null) return "has no cost to compare";
  const { relative, interval } = difference;
  const parts = [
    ...(relative === null || usd === 0 ? [] : [signedPercent(relative)]),
    ...(interval === null || interval.halfWidth95 === 0
      ? []
      : [`95 % interval ${signedUsd(interval.low)} to ${signedUsd(interval.high)}`]),
    ...(interval === null || interval.excludesZero || usd === 0 ? [] : ["not told apart from 0"]),
  ];
  const sure = parts.length > 0 ? ` (${parts.join("; ")})` : "";
  if (usd === 0) return `costs the same as ${base}${sure}`;
  return `costs ${formatUsd(Math.abs(usd))} a month ${usd > 0 ? "more" : "less"} than ${base}${sure}`;
}

function signedUsd(usd: number): string {
  return `${usd > 0 ? "+" : ""}${formatUsd(usd)}`;
}

function waitClause(row: ComparisonRow | undefined, index: number, baseline: number): string {
  const own = row?.values[index] ?? null;
  const base = row?.values[baseline] ?? null;
  if (own === null || base === null) return "not known on both sides";
  return own === base
    ? `the same (${formatMs(own)})`
    : `${formatMs(own)} against ${formatMs(base)}`;
}

function trafficSentence({ traffic, scenarios, baseline, replications }: Comparison): string {
  const loops = traffic.hasClosedLoops
    ? " Closed-loop clients send when they are answered, so their arrivals follow each scenario's own speed."
    : "";
  if (traffic.isSame) {
    return `Common random numbers: all scenarios get the same requests (arrivals, lengths, classes) and the same named random streams in each of ${replications} replications.${loops}`;
  }
  const base = scenarios[baseline].letter;
  const each = traffic.differences.map(({ scenario, parts, requests, baselineRequests }) => {
    const counts = `${formatCount(requests)} requests, ${base} ${formatCount(baselineRequests)}`;
    return `${scenarios[scenario].letter} differs from ${base} in ${parts.join(", ")} (${counts})`;
  });
  return `The traffic itself differs: ${each.join("; ")}. Differences then hold the traffic's too, and common random numbers gain less.${loops}`;
}

function inputLines({ scenarios, baseline }: Comparison, own: ComparisonColumn): string[] {
  return [
    `Inputs: ${scenarios[baseline].letter} -> ${own.letter}`,
    ...inputDiffLines(own.inputs).flatMap((line) => prose(line, "    ")),
  ];
}

function valueLines(comparison: Comparison): string[] {
  const { scenarios, replications } = comparison;
  const rows = shownRows(comparison).filter((row) => row.values.some((value) => value !== null));
  const heading =
    replications === 1 ? "Figures" : `Figures (means of ${replications} replications)`;
  const table: Table = {
    columns: [
      textColumn("figure"),
      textColumn("unit"),
      ...scenarios.map(({ letter }) => figureColumn(letter)),
    ],
    rows: rows.map((row) => [
      plainText(row.label),
      unitText(row.unit),
      ...row.values.map((value, i) => valueCell(value, row.unit, row.unreliable[i])),
    ]),
  };
  const isShaky = rows.some((row) => row.unreliable.some((reason) => reason !== null));
  return [heading, ...formatTextTable(table), ...(isShaky ? prose(shakyNote(rows)) : [])];
}

function shownRows({ figures }: Comparison): ComparisonRow[] {
  return figures.filter((row) => !detailGroups.has(row.group));
}

function shakyNote(rows: readonly ComparisonRow[]): string {
  const reasons = rows.flatMap((row) => row.unreliable).filter((each) => each !== null);
  return `In parentheses: fewer than 10 samples lie beyond the percentile, so it may be far off (for example ${reasons[0]}).`;
}

/** A unit at a column or a row: "%" for shares of 1. */
export function unitText(unit: FigureUnit): string {
  return unit === "share" ? "%" : unit;
}

function valueCell(value: number | null, unit: FigureUnit, unreliable: string | null): string {
  if (value === null) return noValue;
  const text = figureText(value, unit);
  return unreliable === null ? text : `(${text})`;
}

/** A figure without its unit, as unitText names it. */
export function figureText(value: number, unit: FigureUnit): string {
  if (unit === "USD/month") return formatUsdCents(value);
  if (unit === "share") return formatPercentNumber(value);
  if (unit === "tokens") return formatTokens(value);
  return unit === "requests" || unit === "count"
    ? formatCount(Number(value.toFixed(1)))
    : formatNumber(value);
}

/** A difference with its sign; of shares in percentage points. */
export function signedText(value: number, unit: FigureUnit): string {
  const text = unit === "share" ? formatNumber(value * 100) : figureText(value, unit);
  return value > 0 ? `+${text}` : text;
}

/** The figures in which a scenario differs from the baseline. */
function differenceLines(comparison: Comparison, index: number): string[] {
  const { scenarios, baseline } = comparison;
  const figures = shownRows(comparison);
  const heading = `${scenarios[index].letter} - ${scenarios[baseline].letter}`;
  const rows = figures.filter(({ differences }) => isDifferent(differences[index]));
  const same = figures.length - rows.length;
  if (rows.length === 0) return [`${heading}: every figure is the same`];
  const table: Table = {
    columns: [
      textColumn("figure"),
      textColumn("unit"),
      figureColumn("difference"),
      figureColumn("of baseline"),
      figureColumn("95 % interval"),
      textColumn("0 outside"),
      figureColumn("variance removed"),
    ],
    rows: rows.map((row) => differenceCells(row, index, baseline)),
  };
  const rest =
    same > 0 ? [`(${same} further figures are the same or not known on both sides)`] : [];
  return [heading, ...formatTextTable(table), ...rest];
}

/** Whether two sides differ in a figure, or may: an interval that is not nothing. */
export function isDifferent(difference: FigureDifference | null): boolean {
  if (difference === null || difference.absolute === null) return false;
  return difference.absolute !== 0 || (difference.interval?.halfWidth95 ?? 0) > 0;
}

function differenceCells(row: ComparisonRow, index: number, baseline: number): string[] {
  const { absolute, relative, interval } = row.differences[index]!;
  const { unit, unreliable } = row;
  const signed = (value: number): string => signedText(value, unit);
  const isShaky = unreliable[index] !== null || unreliable[baseline] !== null;
  const text = signed(absolute!);
  const removed = interval?.varianceReduction ?? null;
  return [
    plainText(row.label),
    unitText(unit) === "%" ? "points" : unit,
    isShaky ? `(${text})` : text,
    relative === null ? noValue : signedPercent(relative),
    interval === null ? noValue : `${signed(interval.low)} to ${signed(interval.high)}`,
    interval === null ? noValue : interval.excludesZero ? "yes" : "no",
    removed === null ? noValue : `${formatNumber(removed * 100)} %`,
  ];
}

function warningLines({ letter, warnings }: ComparisonColumn): string[] {
  if (warnings.length === 0) return [];
  return [
    `Warnings of ${letter}`,
    ...warnings.flatMap((each) => prose(`- ${plainText(each)}`, "  ")),
  ];
}
