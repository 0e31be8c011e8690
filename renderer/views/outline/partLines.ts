/** Each part of the scenario in front in one line that a colleague could read aloud: what stands in the document, with what its newest run says of it. */
import type { RunReport } from "../../../shared/planning/runReport.ts";
import {
  formatCount,
  formatGiven,
  formatNumber,
  formatPercent,
  formatTokens,
  formatUsd,
} from "../../../shared/reports/formatters.ts";
import { listText } from "../../../shared/reports/ruleSentence.ts";
import type { Draft } from "../../components/editing.tsx";
import type { ScenarioPart } from "../../state/appState.ts";
import { pricesAsOf } from "../providers/priceDifferences.ts";

type Rule = Draft["rules"][number];

/** Windows with fewer requests than this on average say nothing about bursts. */
const leastPerWindow = 30;
/** A peak of so many times the mean is told as bursty. */
const burstyFrom = 1.5;

/** Which part of a scenario a field of its document is edited in. */
export function partOfField(field: string): ScenarioPart {
  if (/^traffic\.classes\[\d+\]\.targets/.test(field)) return "targets";
  const [head] = field.split(/[.[]/);
  if (head === "traffic" || head === "clock") return "traffic";
  if (["pools", "partitions", "gpus", "models", "coefficients"].includes(head)) return "fleet";
  if (head === "providers") return "providers";
  return head === "rules" ? "routing" : "targets";
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

function peakWords({ series }: RunReport): string {
  const { arrived } = series;
  const mean = arrived.reduce((sum, each) => sum + each, 0) / Math.max(1, arrived.length);
  if (arrived.length < 4 || mean < leastPerWindow) return "";
  const peak = arrived.reduce((most, each) => Math.max(most, each), 0) / mean;
  return `, ${peak >= burstyFrom ? "bursty" : "steady"} (peak ${formatNumber(peak)} x)`;
}

function trafficLine({ traffic }: Draft, report: RunReport | undefined): string {
  if (report === undefined) {
    const { sources, classes } = traffic;
    return `${plural(sources.length, "source")}, ${plural(classes.length, "class", "classes")}`;
  }
  const { requests, tokens, cost } = report;
  const ratio =
    tokens.output === 0 ? "" : `, ${formatNumber(tokens.prompt / tokens.output)} in : 1 out`;
  return `${formatTokens(requests.arrived * cost.monthFactor)} requests a month${ratio}${peakWords(report)}`;
}

/** "H100 SXM" of "h100-sxm". */
function gpuName(id: string): string {
  return id.toUpperCase().replace(/-/g, " ");
}

function busyWords(report: RunReport | undefined): string {
  const busy = (report?.pools ?? []).flatMap(({ busyFraction }) => busyFraction ?? []);
  if (busy.length === 0) return "";
  const [least, most] = [Math.min(...busy), Math.max(...busy)].map((each) => formatPercent(each));
  return least === most ? `, ${most} busy` : `, ${least} to ${most} busy`;
}

function fleetLine({ pools = [], partitions = [] }: Draft, report: RunReport | undefined): string {
  const counts = new Map<string, number>();
  const add = (gpu: string, gpus: number): void =>
    void counts.set(gpu, (counts.get(gpu) ?? 0) + gpus);
  for (const { gpu, gpus } of partitions) add(gpu, gpus);
  for (const { gpu, replicas, tensorParallel, partition } of pools) {
    if (partition === undefined) add(gpu, replicas * (tensorParallel ?? 1));
  }
  if (counts.size === 0) return "no own GPUs";
  const gpus = [...counts].map(([gpu, count]) => `${formatCount(count)} x ${gpuName(gpu)}`);
  const [only] = pools;
  const models =
    pools.length === 1
      ? `${only.model} ${only.precision ?? "bf16"}${(only.tensorParallel ?? 1) > 1 ? ` TP${only.tensorParallel}` : ""}`
      : plural(pools.length, "pool");
  return `${listText(gpus)}, ${models}${busyWords(report)}`;
}

function providersLine({ providers = [] }: Draft): string {
  if (providers.length === 0) return "no API";
  const dates = providers.flatMap(({ price }) => pricesAsOf(price?.provenance) ?? []).sort();
  const asOf = dates.length === 0 ? "" : `, prices as of ${dates[0]}`;
  const names =
    providers.length > 2
      ? `${formatCount(providers.length)} APIs`
      : listText(providers.map(({ name }) => name));
  return `${names}${asOf}`;
}

const tierNames: Readonly<Record<string, string>> = {
  realTime: "real-time",
  nearLine: "near-line",
  batch: "batch",
};

function whoWords({ match, share }: Rule, isFirst: boolean): string {
  const { classes, tiers, ...conditions } = match ?? {};
  const names = [...(tiers ?? []).map((each) => tierNames[each]), ...(classes ?? [])];
  const some = share !== undefined && share < 1 ? `${formatGiven(share * 100)} % of ` : "";
  const rest = Object.values(conditions).some((each) => each !== undefined) ? "some" : "the rest";
  const who = names.length > 0 ? listText(names) : isFirst && rest !== "some" ? "all" : rest;
  return `${some}${who}`;
}

function routingLine({ rules }: Draft): string {
  if (rules.length === 0) return "no rules";
  const shown = rules.slice(0, 3).map((rule, i) => {
    const to = rule.to as { readonly pool?: string; readonly provider?: string };
    const where = to.pool ?? to.provider;
    const who = whoWords(rule, i === 0);
    return where === undefined ? `${who} rejected` : `${who} to ${where}`;
  });
  const more = rules.length > 3 ? [`${formatCount(rules.length - 3)} more`] : [];
  const waits = rules.flatMap(({ spillAfterS }) => spillAfterS ?? []);
  const spill = waits.length === 0 ? "" : `; spill after ${formatGiven(Math.min(...waits))} s`;
  return `${[...shown, ...more].join(", ")}${spill}`;
}

function targetsLine(draft: Draft, report: RunReport | undefined): string {
  const fixed = (draft.fixedCosts ?? []).reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);
  const costs = fixed > 0 ? `, ${formatUsd(fixed)} fixed a month` : "";
  const rows = report?.targets ?? [];
  if (report !== undefined && rows.length === 0) return `no targets${costs}`;
  if (report === undefined) return `month of ${formatGiven(draft.monthHours ?? 730)} h${costs}`;
  const missed = rows.filter(({ isMet }) => isMet === false);
  if (missed.length > 0) {
    return `${formatCount(missed.length)} of ${plural(rows.length, "target")} missed${costs}`;
  }
  const isKnown = rows.every(({ isMet }) => isMet === true);
  return `${plural(rows.length, "target")}, ${isKnown ? "all met" : "not all known"}${costs}`;
}

function resultsLine(report: RunReport | undefined): string {
  if (report === undefined) return "no answer yet";
  const { monthUsd, usdPerMTokReservation } = report.cost;
  const perMTok =
    usdPerMTokReservation === null ? "" : `, ${formatUsd(usdPerMTokReservation)} per M tokens`;
  return `${formatUsd(monthUsd)} a month${perMTok}`;
}

/** The line of each part. A document that does not fit its schema may give none of a part: its line is then empty. */
export function partLine(part: ScenarioPart, draft: Draft, report: RunReport | undefined): string {
  switch (part) {
    case "traffic":
      return trafficLine(draft, report);
    case "fleet":
      return fleetLine(draft, report);
    case "providers":
      return providersLine(draft);
    case "routing":
      return routingLine(draft);
    case "targets":
      return targetsLine(draft, report);
    case "results":
      return resultsLine(report);
  }
}
