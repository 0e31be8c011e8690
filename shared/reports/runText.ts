/** A run as text for a terminal: the answer in one sentence, then the tables behind it. */
import type { RunReport } from "../planning/runReport.ts";
import { enoughSamples } from "../stats/quantiles.ts";
import {
  formatCount,
  formatGiven,
  formatMs,
  formatNumber,
  formatPercent,
  formatSeconds,
  formatUsd,
  plainText,
} from "./formatters.ts";
import {
  capacityTable,
  costTable,
  destinationTable,
  hasShakyPercentile,
  latencyTable,
  partitionTable,
  poolTable,
  providerTable,
  replicationTable,
  targetTable,
} from "./runTables.ts";
import { formatTextTable, type Table } from "./table.ts";
import { wrapText } from "./wrapText.ts";

/** The most characters in a line of prose. */
const proseWidth = 100;

/** The whole report; ends with a line break. Names and notes of the file cannot reach the terminal's controls. */
export function formatRun(report: RunReport): string {
  const { partitions = [], pools, providers, replications, targets } = report;
  const replicated =
    replications && section(`${replications.count} replications`, replicationTable(replications));
  const parts = [
    [...prose(title(report)), "", ...prose(runSentence(report))],
    requestLines(report),
    section("Served", destinationTable(report)),
    latencyLines(report),
    targets.length > 0 ? section("Targets", targetTable(report)) : [],
    pools.length > 0 ? section("Own GPUs", poolTable(report)) : [],
    pools.some((pool) => pool.capacity !== undefined)
      ? section("Replicas over time", capacityTable(report))
      : [],
    partitions.length > 0 ? section("Changes of MIG layouts", partitionTable(report)) : [],
    providers.length > 0 ? section("Providers", providerTable(report)) : [],
    costLines(report),
    replicated ?? [],
    bullets("Warnings", report.warnings),
    bullets("Notes", report.notes),
    footer(report),
  ];
  const text = parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${text.join("\n\n")}\n`;
}

/** Lines of a paragraph. */
function prose(text: string, indent = ""): string[] {
  return wrapText(text, proseWidth, indent);
}

/** Above this share of requests without an answer nothing else is worth as much as to say so. */
const worthTelling = 0.01;

/** Requests that are turned away, given up or left over; a share of those that arrived. */
function unansweredShare({
  arrived,
  rejected,
  aborted,
  unfinished,
}: RunReport["requests"]): number {
  return arrived === 0 ? 0 : (rejected + aborted + unfinished) / arrived;
}

/** The answer in one sentence: what a month costs, per million tokens, the busiest pool, the wait for the first token; before it another one where many requests are not answered. */
export function runSentence(report: RunReport): string {
  const { cost } = report;
  const price =
    cost.usdPerMTokReservation === null
      ? "no token was served"
      : `${formatUsd(cost.usdPerMTokReservation)} per million tokens with idle hours, licences and fixed costs`;
  const month = `${formatUsd(cost.monthUsd)} a month of ${formatGiven(cost.monthHours)} h (${price})`;
  const share = unansweredShare(report.requests);
  const lost = share > worthTelling ? `${formatPercent(share)} of requests are not answered. ` : "";
  return plainText(`${lost}${month}; ${busiestPool(report)}; ${firstTokenWait(report)}.`);
}

function busiestPool({ pools }: RunReport): string {
  if (pools.length === 0) return "no GPUs of its own";
  const busy = (index: number): number => pools[index].busyFraction ?? 0;
  let busiest = 0;
  for (let i = 1; i < pools.length; i++) if (busy(i) > busy(busiest)) busiest = i;
  const share = formatPercent(busy(busiest));
  const name = pools[busiest].name;
  return pools.length === 1
    ? `its pool ${name} is busy ${share} of the time`
    : `its busiest pool, ${name}, is busy ${share} of the time`;
}

function firstTokenWait({ latency, requests }: RunReport): string {
  const { p95, n } = latency.all.ttftMs;
  if (p95 === null) {
    return requests.finished === 0
      ? "no request was answered"
      : "every answered request lies in the warm-up that is left out";
  }
  const few = enoughSamples(n, 0.95) ? "" : ` (of only ${formatCount(n)})`;
  const whose =
    unansweredShare(requests) > worthTelling ? "requests that are answered" : "requests";
  return `95 % of ${whose}${few} have their first token within ${formatMs(p95)}`;
}

function title({ scenario }: RunReport): string {
  const replication = scenario.replication > 0 ? `, replication ${scenario.replication}` : "";
  return plainText(`${scenario.name} (seed ${scenario.seed}${replication})`);
}

function requestLines({ requests, sloAttainment, goodputRps }: RunReport): string[] {
  const { arrived, finished, rejected, aborted, unfinished } = requests;
  const ends = `${formatCount(finished)} finished, ${formatCount(rejected)} rejected, ${formatCount(aborted)} aborted, ${formatCount(unfinished)} unfinished`;
  const also = [
    [requests.lengthCapped, "cut at the model's context"],
    [requests.spilled, "spilled to a provider"],
    [requests.failedOver, "failed over"],
    [requests.unroutable, "taken by no rule"],
  ] as const;
  const told = also.filter(([count]) => count > 0);
  const more = told.map(([count, what]) => `${formatCount(count)} ${what}`).join(", ");
  const met = sloAttainment.all;
  return [
    ...prose(`Requests: ${formatCount(arrived)} arrived = ${ends}${more && `; of these ${more}`}`),
    ...(met === null
      ? []
      : prose(
          `All targets met by ${formatPercent(met)} of the requests that have targets; goodput ${formatNumber(goodputRps)} requests/s`,
        )),
  ];
}

function latencyLines(report: RunReport): string[] {
  const { warmupS } = report;
  const warmup = warmupS > 0 ? `, without those of the first ${formatSeconds(warmupS)}` : "";
  const lines = section(`Latency of answered requests${warmup}`, latencyTable(report));
  if (!hasShakyPercentile(report)) return lines;
  return [
    ...lines,
    ...prose(
      "In parentheses: fewer than 10 samples lie beyond the percentile, so it may be far off. p50 wants 20 samples, p90 100, p95 200, p99 1,000.",
    ),
  ];
}

function costLines(report: RunReport): string[] {
  const { cost } = report;
  const scale = `Cost over ${formatSeconds(cost.horizonS)}, and over a month of ${formatGiven(cost.monthHours)} h (x ${formatNumber(cost.monthFactor)})`;
  const lines = section(scale, costTable(report));
  const { usdPerMTokReservation: all, usdPerMTokUsage: usage } = cost;
  if (all === null || usage === null) return lines;
  return [
    ...lines,
    ...prose(
      `Per million tokens: ${formatUsd(all)} reservation-based (everything above), ${formatUsd(usage)} usage-based (without the idle hours)`,
    ),
  ];
}

function section(heading: string, table: Table): string[] {
  return [heading, ...formatTextTable(table)];
}

function bullets(heading: string, texts: readonly string[]): string[] {
  return texts.length === 0
    ? []
    : [heading, ...texts.flatMap((text) => prose(`- ${plainText(text)}`, "  "))];
}

function footer({ engineVersion, hash, simulatedS, wallS }: RunReport): string[] {
  return [
    `Simulated ${formatSeconds(simulatedS)} in ${formatSeconds(wallS)}; engine ${engineVersion}`,
    `hash ${hash}`,
  ];
}
