/** The figures of one run that studies keep: numbers by name, without series, texts or report. */
import { computeCost } from "../../cost/computeCost.ts";
import type { CostFacts } from "../../cost/costFacts.ts";
import type { CostLineKind, CostReport } from "../../cost/costReport.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { type PoolUsage, PoolUsageMeter } from "../../serving/metrics/poolUsage.ts";
import {
  type LatencyFigures,
  LatencyMeter,
  type LatencyReport,
} from "../../serving/metrics/requestOutcomes.ts";
import { formatMsApart } from "../../units/figureText.ts";
import { nsPerS } from "../../units/units.ts";
import type { EndedRun } from "../endedRun.ts";
import { lateWork, toleratedLateShare } from "../lateWork.ts";
import { describePools, describeProviders, servedByDestination } from "../reportParts.ts";
import { countRequests, countTokens } from "../requestCounts.ts";
import { runCostFacts } from "../runCost.ts";
import { foldOutcomes } from "../runHash.ts";
import type { TargetReport } from "../runReport.ts";
import { measureAttainment, measureTargetRows } from "../targets.ts";
import { findWarmupNs } from "../warmup.ts";

/** One target against what the run gave, with the samples behind it. */
export interface TargetFigure extends TargetReport {
  /** Requests of the class behind the percentile. */
  readonly samples: number;
  /** Whether ten samples at least lie beyond the percentile: samples * (1 - percentile) >= 10. A deadline needs none. */
  readonly hasEnoughSamples: boolean;
}

/** What one pool did. */
export interface PoolFigures extends PoolUsage {
  readonly id: string;
  readonly kvUsageMax: number;
  readonly preemptions: number;
  readonly finished: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Share of its work that was late (lateWork), 0..1; above toleratedLateShare it could not keep up. */
  readonly lateShare: number;
}

/** What one provider served. */
export interface ProviderFigures {
  readonly id: string;
  readonly requests: number;
  readonly limited429: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** A bill by kind of line, USD a month. */
export interface CostFigures {
  readonly monthUsd: number;
  readonly gpuUsedUsd: number;
  readonly gpuIdleUsd: number;
  readonly licenceUsd: number;
  readonly apiUsd: number;
  readonly fixedUsd: number;
  readonly usdPerMTokReservation: number | null;
  readonly usdPerMTokUsage: number | null;
  /** USD a month by the id of the cost line. */
  readonly lines: Readonly<Record<string, number>>;
}

/** What searches over many runs look at: counts, targets, use and cost, without the latencies that no target asks for. */
export interface OutcomeFigures {
  readonly horizonS: number;
  readonly warmupS: number;
  readonly arrived: number;
  readonly finished: number;
  /** Of the finished: cut at the model's context. */
  readonly lengthCapped: number;
  readonly rejected: number;
  readonly aborted: number;
  readonly unfinished: number;
  readonly spilled: number;
  /** Tokens of requests that were served. */
  readonly tokens: { readonly prompt: number; readonly cached: number; readonly output: number };
  /** Served prompt and output tokens scaled to a month. */
  readonly monthTokens: number;
  readonly sloAttainment: number | null;
  readonly goodputRps: number;
  readonly targets: readonly TargetFigure[];
  readonly pools: readonly PoolFigures[];
  readonly providers: readonly ProviderFigures[];
  readonly cost: CostFigures;
}

/** Figures of one run; latencies leave out the warm-up, counts and costs do not. */
export interface RunFigures extends OutcomeFigures {
  readonly latency: LatencyReport;
  /** Fingerprint of every request's outcome: equal for equal runs. */
  readonly fingerprint: string;
}

/** The figures of an ended run whose billed and reported time is horizonNs. */
export function measureFigures(run: EndedRun, horizonNs: number): RunFigures {
  const meter = new LatencyMeter(run.fleet.table);
  const { untilNs } = findWarmupNs(run);
  return {
    ...measureOutcome(run, horizonNs, meter),
    latency: meter.measure({ fromNs: untilNs }),
    fingerprint: foldOutcomes(run.fleet.table),
  };
}

/** Figures with what they were billed from. */
export interface BilledFigures {
  readonly figures: OutcomeFigures;
  readonly facts: CostFacts;
}

/** The same figures under the prices of another scenario that differs in prices only. */
export function withPrices({ figures, facts }: BilledFigures, scenario: Scenario): OutcomeFigures {
  const cost = computeCost({ ...facts, scenario });
  const { prompt, output } = figures.tokens;
  return { ...figures, monthTokens: (prompt + output) * cost.monthFactor, cost: costFigures(cost) };
}

/** A part of them, at two thirds of the time. */
export function measureOutcome(
  run: EndedRun,
  horizonNs: number,
  meter = new LatencyMeter(run.fleet.table),
): OutcomeFigures {
  return measureBilled(run, horizonNs, meter).figures;
}

/** As measureOutcome, with the facts of the bill, to be priced anew. */
export function measureBilled(
  run: EndedRun,
  horizonNs: number,
  meter = new LatencyMeter(run.fleet.table),
): BilledFigures {
  const { fleet, scenario } = run;
  const { untilNs } = findWarmupNs(run);
  const counts = countRequests(fleet, scenario);
  const served = servedByDestination(fleet.table, fleet.pools.length + fleet.providers.length);
  const facts = runCostFacts(run, served, horizonNs);
  const cost = computeCost(facts);
  const attainment = measureAttainment(run, untilNs, horizonNs);
  const tokens = countTokens(fleet.table);
  const figures: OutcomeFigures = {
    horizonS: horizonNs / nsPerS,
    warmupS: untilNs / nsPerS,
    arrived: counts.arrived,
    finished: counts.finished,
    lengthCapped: counts.lengthCapped,
    rejected: counts.rejected,
    aborted: counts.aborted,
    unfinished: counts.unfinished,
    spilled: counts.spilled,
    tokens,
    monthTokens: (tokens.prompt + tokens.output) * cost.monthFactor,
    sloAttainment: attainment.sloAttainment.all,
    goodputRps: attainment.goodputRps,
    targets: measureTargetRows(run, meter, untilNs, attainment.inTime).map(withSamples),
    pools: poolFigures(run, served, horizonNs),
    providers: describeProviders(fleet.providers).map(({ name, ...each }) => ({
      id: name,
      requests: each.requests,
      limited429: each.limited429,
      errors: each.errors,
      inputTokens: each.inputTokens,
      cachedTokens: each.cachedTokens,
      outputTokens: each.outputTokens,
    })),
    cost: costFigures(cost),
  };
  return { figures, facts };
}

function withSamples({ samples, ...row }: TargetReport & { samples: number }): TargetFigure {
  const beyond = samples * (1 - row.percentile);
  const hasEnoughSamples = row.metric === "deadline" || beyond >= 10 - 1e-9;
  return { ...row, samples, hasEnoughSamples };
}

function poolFigures(
  run: EndedRun,
  served: ReturnType<typeof servedByDestination>,
  horizonNs: number,
): PoolFigures[] {
  const { pools } = run.fleet;
  const meters = pools.map((pool, index) => new PoolUsageMeter(pool, run.pools[index]));
  return describePools(run, meters, served, horizonNs).map((each, index) => ({
    id: each.name,
    busyFraction: each.busyFraction,
    computeFraction: each.computeFraction,
    bandwidthFraction: each.bandwidthFraction,
    kvUsageMean: each.kvUsageMean,
    extrapolatedShare: each.extrapolatedShare,
    kvUsageMax: each.kvUsageMax,
    preemptions: each.preemptions,
    finished: each.finished,
    promptTokens: each.promptTokens,
    outputTokens: each.outputTokens,
    lateShare: lateWork(run, index, horizonNs).lateShare,
  }));
}

function costFigures(cost: CostReport): CostFigures {
  const sum = (isKind: (kind: CostLineKind) => boolean): number =>
    cost.lines.reduce((total, line) => total + (isKind(line.kind) ? line.monthUsd : 0), 0);
  return {
    monthUsd: cost.monthUsd,
    gpuUsedUsd: sum((kind) => kind === "gpuUsed"),
    gpuIdleUsd: sum((kind) => kind === "gpuIdle"),
    licenceUsd: sum((kind) => kind === "licence"),
    apiUsd: sum((kind) => kind.startsWith("api")),
    fixedUsd: sum((kind) => kind === "fixed"),
    usdPerMTokReservation: cost.usdPerMTokReservation,
    usdPerMTokUsage: cost.usdPerMTokUsage,
    lines: Object.fromEntries(cost.lines.map((line) => [line.id, line.monthUsd])),
  };
}

/** Why a run does not count as meeting its targets, one sentence each; none when it does. */
export function missedTargets(figures: OutcomeFigures): string[] {
  const missed = figures.targets.filter((row) => row.isMet === false).map(missText);
  const late = figures.pools
    .filter((pool) => pool.lateShare > toleratedLateShare)
    .map(
      (pool) => `pool "${pool.id}" did ${percent(pool.lateShare)} of its work after the horizon`,
    );
  const lost = figures.rejected + figures.aborted + figures.unfinished;
  const unserved = lost > 0 ? [`${lost} of ${figures.arrived} requests were not answered`] : [];
  return [...missed, ...late, ...unserved];
}

function missText(row: TargetFigure): string {
  if (row.metric === "deadline") return `class "${row.class}" missed its deadline`;
  const name = row.metric === "e2e" ? "end-to-end" : row.metric.toUpperCase();
  const p = `p${Number((row.percentile * 100).toPrecision(6))}`;
  if (row.actualMs === null) return `${name} ${p} of class "${row.class}" has no samples`;
  const [actual, wanted] = formatMsApart(row.actualMs, row.targetMs ?? 0);
  return `${name} ${p} of class "${row.class}" is ${actual}, wanted ${wanted}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** The latency figures by the name of their metric. */
export function latencyOf(figures: RunFigures, metric: "ttft" | "tpot" | "e2e"): LatencyFigures {
  const { ttftMs, tpotMs, e2eMs } = figures.latency;
  return metric === "ttft" ? ttftMs : metric === "tpot" ? tpotMs : e2eMs;
}
