/** A scenario in sentences, part by part: what a colleague would read aloud before looking at any figure. */
import type { Provenance } from "../schema/common.ts";
import type { Partition, Pool, Schedule } from "../schema/fleet.ts";
import type { Provider } from "../schema/routing.ts";
import type { Scenario } from "../schema/scenario.ts";
import type { Arrivals, Lengths, Source, TraceSource, TrafficClass } from "../schema/traffic.ts";
import { formatCount, formatGiven, formatNumber, plainText } from "./formatters.ts";
import { givenPercent, givenSeconds, hoursText, listText, ruleSentence } from "./ruleSentence.ts";

/** Parts of a scenario in the order in which they are told. */
export const outlineParts = [
  "traffic",
  "targets",
  "fleet",
  "providers",
  "routing",
  "costs",
] as const;
export type OutlinePart = (typeof outlineParts)[number];

/** The sentences of one part; `ids` are those of the sources, classes, pools ... that they speak of, in the same order. */
export interface OutlineLines {
  readonly part: OutlinePart;
  readonly lines: readonly string[];
  readonly ids: readonly string[];
}

const servers = { vllm: "vLLM", sglang: "SGLang", trtllm: "TensorRT-LLM", nim: "NIM" } as const;

/** Every part with its sentences; a part that the scenario leaves out has none. */
export function scenarioLines(scenario: Scenario): OutlineLines[] {
  const { traffic, partitions, pools, providers, rules, fixedCosts } = scenario;
  const part = <Item extends { readonly id: string }>(
    name: OutlinePart,
    items: readonly Item[],
    line: (item: Item) => string,
  ): OutlineLines => ({
    part: name,
    lines: items.map((item) => plainText(line(item))),
    ids: items.map(({ id }) => id),
  });
  return [
    part("traffic", traffic.sources, sourceLine),
    part("targets", traffic.classes, (each) => classLine(each, each === traffic.classes[0])),
    part<Partition | Pool>("fleet", [...partitions, ...pools], (each) =>
      "layout" in each
        ? partitionLine(each as Partition, scenario)
        : poolLine(each as Pool, scenario),
    ),
    part("providers", providers, providerLine),
    part("routing", rules, (rule) => ruleSentence(rule, rule === rules[0])),
    part(
      "costs",
      fixedCosts,
      ({ label, usdPerMonth }) => `${label}: $${formatGiven(usdPerMonth, 2)} a month.`,
    ),
  ];
}

function sourceLine(source: Source): string {
  if (source.kind === "trace") return traceLine(source);
  const lengths = lengthsText(source.lengths);
  if (source.kind === "closedLoop") {
    return `${source.id}: ${formatCount(source.clients)} clients that send ${formatCount(source.requests)} requests, each the next when the last is done; ${lengths}.`;
  }
  const { durationS, requests } = source;
  const extent = [
    ...(durationS === undefined ? [] : [`over ${givenSeconds(durationS)}`]),
    ...(requests === undefined ? [] : [`${formatCount(requests)} requests at most`]),
  ];
  return `${source.id}: ${[arrivalsText(source.arrivals), ...extent].join(", ")}; ${lengths}.`;
}

function traceLine({ id, file, rows, transforms }: TraceSource): string {
  const what =
    rows === undefined
      ? `the trace ${file ?? "that is given when it runs"}`
      : `${formatCount(rows.arrivalS.length)} requests kept in the scenario`;
  const { volume, timeScale, promptFactor, outputFactor, repeat } = transforms;
  const changes = [
    ...(volume === 1 ? [] : [`at ${formatGiven(volume)} times its volume`]),
    ...(timeScale === 1 ? [] : [`in ${formatGiven(timeScale)} times its time`]),
    ...(promptFactor === 1 ? [] : [`with prompts ${formatGiven(promptFactor)} times as long`]),
    ...(outputFactor === 1 ? [] : [`with outputs ${formatGiven(outputFactor)} times as long`]),
    ...(repeat === 1 ? [] : [`played ${formatCount(repeat)} times`]),
  ];
  return `${id}: ${what}, ${changes.length === 0 ? "as it was recorded" : listText(changes)}.`;
}

function arrivalsText(arrivals: Arrivals): string {
  switch (arrivals.process) {
    case "poisson":
      return `${formatNumber(arrivals.rateRps)} requests a second at random`;
    case "gamma":
      return `${formatNumber(arrivals.rateRps)} requests a second in bursts (coefficient of variation ${formatGiven(arrivals.cv)})`;
    case "weekly":
      return `${formatNumber(arrivals.meanRps)} requests a second on average, by the hours of a week`;
    case "curve": {
      const { ratesRps, windowS } = arrivals;
      const mean = ratesRps.reduce((sum, rate) => sum + rate, 0) / ratesRps.length;
      return `${formatNumber(mean)} requests a second on average, by a curve of ${formatCount(ratesRps.length)} windows of ${givenSeconds(windowS)}`;
    }
  }
}

function lengthsText(lengths: Lengths): string {
  if ("fromTrace" in lengths) return `token lengths of the trace ${String(lengths.fromTrace)}`;
  return `prompts of ${meanText(lengths.prompt)} and outputs of ${meanText(lengths.output)}`;
}

function meanText(distribution: Extract<Lengths, { prompt: unknown }>["prompt"]): string {
  switch (distribution.kind) {
    case "constant":
      return `${formatGiven(distribution.value)} tokens`;
    case "uniform":
      return `${formatGiven(distribution.min)} to ${formatGiven(distribution.max)} tokens`;
    case "histogram":
      return "as many tokens as measured";
    default:
      return `${formatGiven(distribution.mean)} tokens on average`;
  }
}

function classLine(each: TrafficClass, isFirst: boolean): string {
  const { id, tier, share, match, targets, deadline } = each;
  const { sources, ...others } = match;
  const whose = sources === undefined ? "" : ` of ${listText(sources)}`;
  const kind = Object.keys(others).length === 0 ? "requests" : "requests that match";
  const all = isFirst || sources !== undefined ? "all" : "all other";
  const part = share === undefined ? all : `${givenPercent(share)} of the`;
  const what = `${part} ${kind}${whose}`;
  const tiers = { realTime: "real time", nearLine: "near line", batch: "batch" } as const;
  const wanted = [
    ...targetTexts(targets),
    ...(deadline === undefined
      ? []
      : [
          "withinS" in deadline
            ? `done within ${givenSeconds(Number(deadline.withinS))}`
            : `done by ${String(deadline.by)}`,
        ]),
  ];
  return `${id}: ${what}, ${tiers[tier]}; ${wanted.length === 0 ? "no target" : listText(wanted)}.`;
}

function targetTexts(targets: TrafficClass["targets"]): string[] {
  const names = [
    ["first token", targets.ttft],
    ["each further token", targets.tpot],
    ["the whole answer", targets.e2e],
  ] as const;
  return names.flatMap(([name, target]) =>
    target === undefined
      ? []
      : [`${name} within ${givenSeconds(target.ms / 1000)} for ${givenPercent(target.percentile)}`],
  );
}

function gpuName({ gpus }: Scenario, id: string): string {
  return gpus.find((each) => each.id === id)?.name ?? id;
}

function priceText(price: { usdPerGpuHour: number; provenance: Provenance[] } | undefined): string {
  if (price === undefined) return "without a price";
  const date = price.provenance[0]?.retrievedOn;
  return `at $${formatGiven(price.usdPerGpuHour, 2)} a GPU hour${date === undefined ? "" : ` (as of ${date})`}`;
}

function licenceText({ licences }: Scenario, id: string | undefined): string {
  if (id === undefined) return "no licence fee";
  return licences.find((each) => each.id === id)?.name ?? id;
}

function scheduleText(schedule: Schedule): string {
  return schedule.kind === "always"
    ? "always on"
    : `on from ${schedule.hours.map(hoursText).join(", ")}`;
}

function partitionLine(partition: Partition, scenario: Scenario): string {
  const { id, gpu, gpus, layout, price, licence, schedule } = partition;
  const count =
    gpus === 1 ? `one ${gpuName(scenario, gpu)}` : `${formatCount(gpus)} ${gpuName(scenario, gpu)}`;
  return `${id}: ${count} cut into ${listText(layout)}, ${priceText(price)}, ${licenceText(scenario, licence)}, ${scheduleText(schedule)}.`;
}

function poolLine(pool: Pool, scenario: Scenario): string {
  const { id, gpu, model, backend, precision, tensorParallel, replicas, partition } = pool;
  const name = scenario.models.find((each) => each.id === model)?.name ?? model;
  const most = pool.autoscaler === undefined ? "" : `${formatCount(pool.autoscaler.min)} to `;
  const copies = `${most}${formatCount(replicas)} ${replicas === 1 ? "replica" : "replicas"}`;
  const place =
    partition === undefined
      ? `${tensorParallel === 1 ? "one" : formatCount(tensorParallel)} ${gpuName(scenario, gpu)}`
      : `a ${partition.profile} of ${partition.id}`;
  const each = replicas === 1 ? "" : " each";
  const paid =
    partition === undefined
      ? `, ${priceText(pool.price)}, ${licenceText(scenario, pool.licence)}`
      : "";
  return `${id}: ${copies} of ${name} in ${precision} by ${servers[backend]} on ${place}${each}${paid}, ${scheduleText(pool.schedule)}.`;
}

function providerLine({ id, name, api, price, maxContextTokens }: Provider): string {
  const { inputUsdPerMTok, outputUsdPerMTok, cachedInputUsdPerMTok, batchDiscount } = price;
  const paid = api === "batch" && batchDiscount !== undefined ? 1 - batchDiscount : 1;
  const cached =
    cachedInputUsdPerMTok === undefined
      ? ""
      : `, $${formatGiven(cachedInputUsdPerMTok * paid, 2)} cached`;
  const date = price.provenance[0]?.retrievedOn;
  const what = api === "batch" && !/batch/i.test(name) ? `${name}, batch API` : name;
  const context =
    maxContextTokens === undefined
      ? ""
      : `, for requests of up to ${formatGiven(maxContextTokens)} tokens`;
  return `${id}: ${what}, $${formatGiven(inputUsdPerMTok * paid, 2)} in${cached} and $${formatGiven(outputUsdPerMTok * paid, 2)} out per million tokens${date === undefined ? "" : ` (as of ${date})`}${context}.`;
}
