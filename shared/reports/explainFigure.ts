/** Any figure of a run taken apart: the formula, its values, and where those come from. */
import type { CostLine } from "../cost/costReport.ts";
import type { PoolReport, RunReport } from "../planning/runReport.ts";
import {
  explainLatency,
  explainSlo,
  explainTarget,
  metricTexts,
  statistics,
  warmupNote,
} from "./explainLatency.ts";
import { type ExplainedTerm, type Explanation, figurePath } from "./explanation.ts";

type Explain = (report: RunReport, path: readonly string[]) => Explanation | undefined;

/** Figures by the first part of their path. */
const explainers: Readonly<Record<string, Explain>> = {
  cost: explainCost,
  line: explainLine,
  pool: explainPool,
  target: explainTarget,
  latency: explainLatency,
  slo: explainSlo,
  requests: explainRequests,
  goodput: explainGoodput,
};

/**
 * The explanation of a figure by its path: "cost/month", "cost/perMTok", "cost/perMTokUsage", "cost/idle", "line/ID",
 * "pool/ID/busy|compute|bandwidth|kv|kvPeak", "target/CLASS/METRIC", "latency/all|class/ID|destination/ID/METRIC/STATISTIC",
 * "slo/all|CLASS", "requests/STATE", "goodput". Parts are separated by "/", ids with "/" or "%" are percent-encoded
 * (figurePath). Undefined where the report has no such figure.
 */
export function explainFigure(report: RunReport, figure: string): Explanation | undefined {
  const [kind, ...path] = figure
    .split("/")
    .map((part) => part.replace(/%2F/g, "/").replace(/%25/g, "%"));
  return explainers[kind]?.(report, path);
}

/** Every figure of a report that can be explained. */
export function explainableFigures(report: RunReport): string[] {
  const latencies = ["all", ...classIds(report).map((id) => figurePath("class", id))];
  const metrics = Object.keys(metricTexts);
  return [
    ...["cost/month", "cost/perMTok", "cost/perMTokUsage", "cost/idle", "slo/all", "goodput"],
    ...report.cost.lines.map(({ id }) => figurePath("line", id)),
    ...report.pools.flatMap(({ name }) =>
      Object.keys(poolFigures).map((part) => figurePath("pool", name, part)),
    ),
    ...report.targets.map((row) => figurePath("target", row.class, row.metric)),
    ...classIds(report).map((id) => figurePath("slo", id)),
    ...latencies.flatMap((whose) =>
      metrics.flatMap((metric) =>
        Object.keys(statistics).map((each) => `latency/${whose}/${metric}/${each}`),
      ),
    ),
    ...Object.keys(requestTexts).map((state) => figurePath("requests", state)),
  ];
}

function classIds({ requests }: RunReport): string[] {
  return Object.keys(requests.byClass);
}

function lineTerm({ id, label, monthUsd, provenance }: CostLine): ExplainedTerm {
  const figure = figurePath("line", id);
  return {
    ...{ label, value: monthUsd, unit: "USD a month", figure },
    ...(provenance && { provenance }),
  };
}

function monthNote({ cost }: RunReport): string {
  return `The run covers ${cost.horizonS / 3600} h; a month has ${cost.monthHours} h, so that its figures are those of the run times ${cost.monthFactor}. A month is as good as the run is typical.`;
}

function explainCost(report: RunReport, [part]: readonly string[]): Explanation | undefined {
  const { cost } = report;
  const figure = figurePath("cost", part ?? "");
  if (part === "month" || part === "idle") {
    const isMonth = part === "month";
    const lines = cost.lines.filter(({ kind }) => isMonth || kind === "gpuIdle");
    return {
      ...{ figure, unit: "USD a month", terms: lines.map(lineTerm), notes: [monthNote(report)] },
      title: isMonth ? "Cost of a month" : "Idle GPU hours of a month",
      formula: isMonth
        ? "the sum of all lines of the bill"
        : "the sum of the idle lines of the bill",
      value: isMonth ? cost.monthUsd : cost.idleMonthUsd,
    };
  }
  if (part !== "perMTok" && part !== "perMTokUsage") return undefined;
  const isUsage = part === "perMTokUsage";
  return {
    figure,
    title: isUsage ? "USD per million tokens, idle hours left out" : "USD per million tokens",
    formula: `${isUsage ? "(cost of the run - idle GPU hours)" : "cost of the run"} / (prompt tokens + output tokens) x 1,000,000`,
    value: isUsage ? cost.usdPerMTokUsage : cost.usdPerMTokReservation,
    unit: "USD per million tokens",
    terms: [
      { label: "cost of the run", value: cost.horizonUsd, unit: "USD" },
      ...(isUsage ? [{ label: "idle GPU hours", value: cost.idleUsd, unit: "USD" }] : []),
      { label: "prompt tokens", value: cost.tokens.prompt, unit: "tokens" },
      { label: "output tokens", value: cost.tokens.output, unit: "tokens" },
    ],
    notes: [
      isUsage
        ? "Usage-based: idle hours are paid and left out here, to show what the work alone costs."
        : "Reservation-based: every provisioned hour is in it, idle ones too, with licences, API bills and fixed costs.",
      "Tokens are those of the traffic that pools and providers served; cached prompt tokens count.",
    ],
  };
}

function explainLine(report: RunReport, [id]: readonly string[]): Explanation | undefined {
  const line = report.cost.lines.find((each) => each.id === id);
  if (line === undefined) return undefined;
  const { label, quantity, unit, priceUsd, monthUsd, provenance } = line;
  return {
    figure: figurePath("line", line.id),
    title: label,
    formula: `quantity x price x months per run`,
    value: monthUsd,
    unit: "USD a month",
    terms: [
      {
        label: "quantity",
        value: quantity,
        unit: `${unit}s of the run`.replace("tokenss", "tokens"),
      },
      {
        label: "price",
        value: priceUsd,
        unit: `USD a ${unit}`.replace("a M", "per M"),
        ...(provenance && { provenance }),
      },
      { label: "months per run", value: report.cost.monthFactor, unit: "times" },
    ],
    notes: [monthNote(report), ...lineNotes(line)],
  };
}

function lineNotes({ kind, provenance }: CostLine): string[] {
  const notes: string[] = [];
  if (kind === "gpuIdle") {
    notes.push("Hours that are held and in which no batch runs; they are billed like the others.");
  }
  if (kind === "licence") notes.push("Licences go by physical GPU, whatever its MIG slices.");
  if (kind.startsWith("api")) {
    notes.push("Billed tokens are the traffic's times the provider's tokenizer factor.");
  }
  if (provenance === undefined) notes.push("The price has no source in the scenario.");
  return notes;
}

const poolFigures = {
  busy: {
    field: "busyFraction",
    title: "busy",
    formula: "time with a batch running / provisioned time",
    note: "What DCGM_FI_DEV_GPU_UTIL shows: a GPU with one small request counts as busy.",
  },
  compute: {
    field: "computeFraction",
    title: "compute",
    formula: "useful flops / (peak flops x provisioned time)",
    note: "Flops that the model needs for the tokens computed, over the datasheet's peak at the format of the weights.",
  },
  bandwidth: {
    field: "bandwidthFraction",
    title: "bandwidth",
    formula: "bytes of weights and KV cache moved / (peak bandwidth x provisioned time)",
    note: "Weights once an iteration, keys and values read and written, over the datasheet's peak.",
  },
  kv: {
    field: "kvUsageMean",
    title: "KV cache in use, mean",
    formula: "KV blocks in use, averaged over provisioned time / KV blocks",
    note: "Capacity follows from GPU memory, weights and the engine's own rule.",
  },
  kvPeak: {
    field: "kvUsageMax",
    title: "KV cache in use, most",
    formula: "most KV blocks in use at once / KV blocks",
    note: "At the replica where it was highest.",
  },
} as const;

function explainPool(report: RunReport, [id, part]: readonly string[]): Explanation | undefined {
  const pool = report.pools.find(({ name }) => name === id);
  if (pool === undefined || !Object.hasOwn(poolFigures, part ?? "")) return undefined;
  const { field, title, formula, note } = poolFigures[part as keyof typeof poolFigures];
  const value: PoolReport[typeof field] = pool[field];
  return {
    figure: figurePath("pool", pool.name, part),
    ...{ title: `Pool ${pool.name}, ${title}`, formula, value, unit: "share" },
    terms: [
      { label: "replicas", value: pool.replicas, unit: "replicas" },
      { label: "KV cache of a replica", value: pool.kvCapacityTokens, unit: "tokens" },
      { label: "prompt tokens", value: pool.promptTokens, unit: "tokens" },
      { label: "output tokens", value: pool.outputTokens, unit: "tokens" },
      { label: "billed time", value: report.horizonS / 3600, unit: "h" },
    ],
    notes: [note, ...extrapolationNote(pool)],
  };
}

function extrapolationNote({ extrapolatedShare }: PoolReport): string[] {
  if (extrapolatedShare === 0) return [];
  return [
    `${(extrapolatedShare * 100).toPrecision(3)} % of its iterations lie outside the range to which the time model was fitted.`,
  ];
}

const requestTexts = {
  arrived: "Requests that arrived: finished + rejected + aborted + unfinished",
  finished: "Requests that were answered, length-capped ones included",
  rejected: "Requests that nothing took, or that a provider gave up",
  aborted: "Requests whose client left before a first token",
  unfinished: "Requests under way at the end",
  spilled: "Requests sent on to a paid API because a guard, a wait or a deadline said so",
} as const;

function explainRequests(report: RunReport, [state]: readonly string[]): Explanation | undefined {
  if (!Object.hasOwn(requestTexts, state ?? "")) return undefined;
  const key = state as keyof typeof requestTexts;
  const byClass = Object.entries(report.requests.byClass);
  return {
    figure: figurePath("requests", key),
    title: requestTexts[key],
    formula: "the sum over the classes",
    value: report.requests[key],
    unit: "requests",
    terms: byClass.map(([label, counts]) => ({ label, value: counts[key], unit: "requests" })),
    notes: ["Every row of the traffic counts, the warm-up included."],
  };
}

function explainGoodput(report: RunReport): Explanation {
  return {
    ...{ figure: "goodput", title: "Goodput", unit: "requests a second", value: report.goodputRps },
    formula: "requests answered within the billed time that met all targets / billed time",
    terms: [
      {
        label: "finished",
        value: report.requests.finished,
        unit: "requests",
        figure: "requests/finished",
      },
      { label: "billed time", value: report.horizonS, unit: "s" },
      {
        label: "kept all targets",
        value: report.sloAttainment.all,
        unit: "share",
        figure: "slo/all",
      },
    ],
    notes: warmupNote(report),
  };
}
