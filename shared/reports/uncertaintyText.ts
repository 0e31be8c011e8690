/** A Monte Carlo's result as text for a terminal and as CSV. */
import type { TornadoRow } from "../planning/uncertainty/tornado.ts";
import type { OptionResult, UncertaintyResult } from "../planning/uncertainty/uncertaintyResult.ts";
import type { JsonValue } from "../schema/jsonText.ts";
import { type CsvValue, formatCsv } from "./csv.ts";
import { formatCount, formatPercent, formatUsd, noValue } from "./formatters.ts";
import { figureColumn, formatTextTable, textColumn } from "./table.ts";
import { wrapText } from "./wrapText.ts";

const proseWidth = 100;

/** Who wins how often, what each option costs, what moves the verdict; ends with a line break. */
export function formatUncertainty(result: UncertaintyResult): string {
  const lines = [
    ...wrapText(uncertaintySentence(result), proseWidth, ""),
    "",
    ...optionTable(result),
    "",
    ...wrapText(tornadoTitle(result), proseWidth, ""),
    "",
    ...tornadoTable(result),
    "",
    ...remarks(result).flatMap((text) => wrapText(text, proseWidth, "")),
    ...result.warnings.flatMap((text) => wrapText(`warning: ${text}`, proseWidth, "  ")),
    `hash ${result.hash}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The answer in one sentence. */
export function uncertaintySentence({
  options,
  samples,
  noneValid,
  tornado,
}: UncertaintyResult): string {
  const [best] = [...options].sort((a, b) => b.wins + b.ties - (a.wins + a.ties));
  const flipping = tornado.filter(({ flipsInRange }) => flipsInRange).map(({ input }) => input);
  const interval =
    best.ties === 0
      ? ` (95 % interval ${formatPercent(best.low95)} to ${formatPercent(best.high95)})`
      : `, in ${formatPercent(best.ties / samples)} level with another option`;
  const share = `${formatPercent((best.wins + best.ties) / samples)} of ${formatCount(samples)} samples${interval}`;
  const verdict =
    best.wins + best.ties === 0
      ? `No option wins in any of ${formatCount(samples)} samples`
      : `"${best.label}" is cheapest in ${share}`;
  const none = noneValid === 0 ? "" : `; in ${formatCount(noneValid)} no option keeps the targets`;
  const moved =
    flipping.length === 0
      ? "no single input flips the verdict of the pair below within its range"
      : `the verdict of the pair below flips within the range of ${flipping.join(", ")}`;
  return `${verdict}${none}; ${moved}.`;
}

function optionTable({ options, samples }: UncertaintyResult): string[] {
  const columns = [
    textColumn("option"),
    ...[
      "wins",
      "95 % interval",
      "level",
      "keeps targets",
      "GPUs",
      "mean/month",
      "p5",
      "p50",
      "p95",
    ].map(figureColumn),
    figureColumn("at the base"),
  ];
  return formatTextTable({
    columns,
    rows: options.map((each) => [
      each.label,
      formatPercent(each.probability),
      `${formatPercent(each.low95)} to ${formatPercent(each.high95)}`,
      formatPercent(each.ties / samples),
      formatPercent(each.validSamples / samples),
      gpuText(each),
      ...(["mean", "p5", "p50", "p95"] as const).map((part) =>
        each.cost === null ? noValue : formatUsd(each.cost[part]),
      ),
      each.base.isValid && each.base.monthUsd !== null ? formatUsd(each.base.monthUsd) : noValue,
    ]),
  });
}

function gpuText({ fewestGpus, mostGpus }: OptionResult): string {
  return fewestGpus === mostGpus ? String(fewestGpus) : `${fewestGpus} to ${mostGpus}`;
}

function tornadoTitle({ difference, options }: UncertaintyResult): string {
  const label = (id: string): string => options.find((each) => each.id === id)?.label ?? id;
  const { a, b, baseUsd, aCheaper, judged } = difference;
  const atBase =
    baseUsd === null
      ? "at the scenario's own inputs one of them does not keep the targets"
      : `${usdDifference(baseUsd)} a month at the scenario's own inputs`;
  return `What moves the verdict: cost of "${label(a)}" minus cost of "${label(b)}", ${atBase}; the first is cheaper in ${formatCount(aCheaper)} of ${formatCount(judged)} samples. One input at a time, the others as the scenario has them:`;
}

function usdDifference(usd: number): string {
  return `${usd > 0 ? "+" : ""}${formatUsd(usd)}`;
}

function tornadoTable({ tornado }: UncertaintyResult): string[] {
  const columns = [
    textColumn("input"),
    textColumn("unit"),
    figureColumn("low"),
    figureColumn("difference"),
    figureColumn("high"),
    figureColumn("difference"),
    figureColumn("swing"),
    textColumn("flips at"),
  ];
  return formatTextTable({
    columns,
    rows: tornado.map((row) => {
      const [low, high] = [row.points[0], row.points[row.points.length - 1]];
      return [
        row.input,
        row.unit ?? "",
        valueText(low.value),
        pointText(low),
        valueText(high.value),
        pointText(high),
        row.swingUsd === null ? noValue : formatUsd(row.swingUsd),
        flipText(row),
      ];
    }),
  });
}

function pointText({ differenceUsd, cheaper }: TornadoRow["points"][number]): string {
  if (differenceUsd !== null) return usdDifference(differenceUsd);
  if (cheaper === null) return "neither";
  return cheaper === "a" ? "only the first" : "only the second";
}

/** A value of an input. */
export function valueText(value: JsonValue): string {
  if (typeof value === "number") return String(Number(value.toPrecision(5)));
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Where the verdict flips, or that it does not. */
export function flipText({
  flips,
  otherAt,
  flipsInRange,
  base,
  method,
  points,
}: TornadoRow): string {
  if (!flipsInRange) {
    const [low, high] = [points[0].value, points[points.length - 1].value];
    return `not from ${valueText(low)} to ${valueText(high)}`;
  }
  if (otherAt.length > 0) return otherAt.map(valueText).join(", ");
  return flips
    .slice(0, 3)
    .map(({ value }) => `${valueText(value)}${fromBase(value, base)}`)
    .concat(flips.length > 3 ? `and ${flips.length - 3} more` : [])
    .join(", ")
    .concat(method === "priced" ? " (priced)" : "");
}

function fromBase(value: number, base: JsonValue): string {
  if (typeof base !== "number" || base === 0) return "";
  const change = (value / base - 1) * 100;
  return ` (${change > 0 ? "+" : ""}${Number(change.toPrecision(3))} %)`;
}

function remarks({ notes, tornado, inputs, options, samples }: UncertaintyResult): string[] {
  const isSimulated = tornado.some(
    ({ method, flips }) => method === "simulated" && flips.length > 0,
  );
  const partly = inputs.filter(({ appliesTo }) => appliesTo.length < options.length);
  return [
    "Wins count samples in which an option is cheaper than all others that keep the targets in it; level are those in which it shares the least cost.",
    "(priced): the input is a price, no request is served differently for it, and the flip is exact.",
    ...(isSimulated
      ? ["Other flips were found by running again, to a thousandth of the range between the ends."]
      : []),
    ...notes,
    ...partly.map(
      ({ name, appliesTo }) =>
        `${name} is in the scenario of ${appliesTo.join(", ")} only; the other options do not depend on it.`,
    ),
    ...options
      .filter(({ validSamples }) => validSamples < samples)
      .map(({ label, missed }) => `"${label}" does not always keep the targets: ${missed[0]}.`),
  ];
}

/** One row a sample: the inputs, the monthly cost of each option (empty where it does not keep the targets), GPUs and the winner. */
export function uncertaintyCsv({ inputs, options, sampleResults }: UncertaintyResult): string {
  const header = [
    "sample",
    ...inputs.map(({ name }) => name),
    ...options.flatMap(({ id }) => [`${id}.monthUsd`, `${id}.gpus`]),
    "winner",
  ];
  const rows = sampleResults.map((sample, i): CsvValue[] => [
    i + 1,
    ...sample.values.map((value) => (typeof value === "object" ? JSON.stringify(value) : value)),
    ...options.flatMap((_, at) => [sample.monthUsd[at], sample.gpus[at]]),
    sample.winner,
  ]);
  return formatCsv(header, rows);
}
