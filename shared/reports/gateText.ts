/** The three-condition gate as people read it. */
import type { BreakEvenStudy } from "../planning/breakEven/breakEvenStudy.ts";
import type { Gate, GateCondition } from "../planning/breakEven/gate.ts";
import {
  formatNumber,
  formatPercent,
  formatTokens,
  formatUsd,
  noValue,
  plainText,
} from "./formatters.ts";
import { figureColumn, formatTextTable, type Table, textColumn } from "./table.ts";
import { wrapText } from "./wrapText.ts";

const names: Readonly<Record<GateCondition["condition"], string>> = {
  volume: "volume: tokens a month, over the last crossing",
  batching: "batching: tokens a month and GPU that the targets allow, over what pays",
  utilization: "utilization: share of capacity in use, over what pays",
};

const bounds = { atMost: "at most ", atLeast: "at least " } as const;

function valueCell({ unit }: GateCondition, value: number | undefined): string {
  if (value === undefined) return noValue;
  return unit === "share of capacity" ? formatPercent(value) : formatTokens(value);
}

function verdictCell({ isMet }: GateCondition): string {
  return isMet === undefined ? "unknown" : isMet ? "met" : "not met";
}

function ruleCells(gate: Gate): string[] {
  const rule = gate.ruleOfThumb;
  const tolerant = rule.isBatchTolerant
    ? `met (${formatPercent(rule.tolerantTokenShare)} of tokens near-line or batch)`
    : rule.isSustained
      ? `met (sustained: mean ${formatPercent(rule.meanOverPeak)} of the peak)`
      : `not met (${formatPercent(rule.tolerantTokenShare)} near-line or batch, mean ${formatPercent(rule.meanOverPeak)} of the peak)`;
  const busy = rule.busyFraction === null ? noValue : formatPercent(rule.busyFraction);
  return [
    rule.isVolumeMet ? "met (over 300 M)" : "not met (wants over 300 M)",
    tolerant,
    rule.isUtilizationMet ? `met (busy ${busy})` : `not met (busy ${busy}, wants 60 %)`,
  ];
}

/** The conditions: found, needed, margin, and what the rule of thumb says of each. */
export function gateTable(gate: Gate): Table {
  const rule = ruleCells(gate);
  return {
    columns: [
      textColumn("condition"),
      ...["found", "needed", "margin"].map(figureColumn),
      textColumn("simulated"),
      textColumn("rule of thumb"),
    ],
    rows: gate.conditions.map((each, index) => [
      names[each.condition],
      `${each.isFoundAtLeast ? bounds.atLeast : ""}${valueCell(each, each.found)}`,
      `${each.bound === undefined ? "" : bounds[each.bound]}${valueCell(each, each.needed)}`,
      each.margin === undefined ? noValue : `${formatNumber(each.margin)} x`,
      verdictCell(each),
      rule[index],
    ]),
  };
}

function gpus(count: number): string {
  return `${count} GPU${count === 1 ? "" : "s"}`;
}

function targetsText(gate: Gate): string {
  const { relaxedMonthUsd, relaxedGpus, strictMonthUsd, strictGpus } = gate;
  if (relaxedMonthUsd === undefined || relaxedGpus === undefined) return "";
  const premium = strictMonthUsd - relaxedMonthUsd;
  return premium > 0
    ? `The latency targets cost ${formatUsd(premium)} a month: they take ${gpus(strictGpus)}, ${gpus(relaxedGpus)} would do to keep up.`
    : `The latency targets cost nothing here: ${gpus(strictGpus)} to keep up, and no more to keep them.`;
}

function verdictText(gate: Gate): string {
  const open = gate.isOpen ? "All three conditions are met" : "Not all three conditions are met";
  const cheaper = gate.ownWins ? "own GPUs are cheaper" : "own GPUs are not cheaper";
  const wins = gate.isApiValid ? cheaper : gate.ownWins ? "own GPUs win" : "own GPUs do not win";
  const mix = gate.mixWins ? ", and the scenario's mix is cheaper than both" : "";
  const thumb = gate.ruleOfThumb.ownWins ? "says own GPUs win" : "says the API is cheaper";
  return `${open}; simulated at the own volume, ${wins} ${gate.isApiValid ? "than" : "over"} the API (${gate.own} against ${gate.api})${mix}. The rule of thumb ${thumb}: it ${gate.agrees ? "agrees" : "disagrees"}.`;
}

/** What the gate says: the verdict, what the targets cost, why the rule of thumb agrees or not. */
export function gateSentences(gate: Gate): string[] {
  const texts = [verdictText(gate), targetsText(gate), ...gate.reasons];
  return texts.filter((text) => text !== "");
}

/** The gate of a study that has one, as lines. */
export function gateLines({ gate }: BreakEvenStudy): string[] {
  if (gate === undefined) return [];
  return [
    "Three conditions for own GPUs, at the traffic's own volume",
    ...formatTextTable(gateTable(gate)),
    ...gateSentences(gate).flatMap((text) => wrapText(plainText(text), 100, "")),
  ];
}
