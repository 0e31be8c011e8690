/** One volume of a break-even study as a job: every strategy faces the same requests, replication by replication. */
import type { Scenario } from "../../schema/scenario.ts";
import { meanInterval } from "../../stats/confidence.ts";
import { mean } from "../../stats/summary.ts";
import { nsPerS, sPerHour } from "../../units/units.ts";
import { buildWorkload } from "../../workload/buildWorkload.ts";
import type { Workload } from "../../workload/workload.ts";
import type { JobContext } from "../jobs/job.ts";
import type { OutcomeFigures } from "../points/runFigures.ts";
import { runOutcome, type WorkloadSource } from "../points/runPoint.ts";
import { gpusOf } from "./fleetUnits.ts";
import { cheapestValidFleet, type FleetAnswer, type TriedFleet } from "./searchFleet.ts";
import { applyStrategy, type Strategy } from "./strategies.ts";
import { type MeasuredTraffic, scaleTraffic } from "./trafficVolume.ts";

/** Where the search of a strategy's fleet begins. */
export interface FleetStart {
  /** One number per unit; below it no fleet keeps up. */
  readonly floor?: readonly number[];
  readonly start?: readonly number[];
}

/** A strategy at one volume. */
export interface StrategyTask extends FleetStart {
  readonly strategy: Strategy;
}

/** Input of the job. */
export interface BreakEvenPointInput {
  /** The scenario as it is; sound. */
  readonly scenario: Scenario;
  readonly measured: MeasuredTraffic;
  /** Prompt and output tokens a month of the scenario's monthHours. */
  readonly monthTokens: number;
  readonly tasks: readonly StrategyTask[];
  readonly replications: number;
  readonly maxGpus: number;
}

/** A figure over replications: its mean, and half the width of the 95 % t interval (null for one replication). */
export interface Banded {
  readonly mean: number;
  readonly halfWidth95: number | null;
}

/** What a strategy costs and does at one volume; means over the replications. */
export interface StrategyPoint {
  readonly strategy: string;
  /** Number of each unit, by its id; none for a strategy without own GPUs. */
  readonly counts: Readonly<Record<string, number>>;
  readonly gpus: number;
  /** Every target is kept and every request answered in every replication. */
  readonly isValid: boolean;
  /** What is missed, one sentence each. */
  readonly missed: readonly string[];
  readonly replicationsMet: number;
  /** Fleets that were run on the way. */
  readonly tried: readonly TriedFleet[];
  /** The bill, reservation-based, USD a month. */
  readonly monthUsd: Banded;
  /** The same without the idle GPU hours. */
  readonly usageMonthUsd: Banded;
  /** Reservation-based and usage-based USD per million tokens served. */
  readonly usdPerMTok: Banded | null;
  readonly usageUsdPerMTok: Banded | null;
  /** USD a month by kind. */
  readonly gpuUsd: number;
  readonly licenceUsd: number;
  readonly apiUsd: number;
  readonly fixedUsd: number;
  /** Busy share of the provisioned GPU hours; null without GPUs. */
  readonly busyFraction: number | null;
  /** Tokens a second that own GPUs served. */
  readonly ownTokensPerS: number;
  /** Share of the requests that went to an API because own GPUs did not take them. */
  readonly spilledShare: number;
  /** Share of the requests whose answer is cut at the context of a pool. */
  readonly lengthCappedShare: number;
  readonly sloAttainment: number | null;
  /** Targets with their figure in replication 0, with too few samples behind some of them. */
  readonly hasEnoughSamples: boolean;
  /** USD a month in each replication: pairs under common random numbers. */
  readonly monthUsdByReplication: readonly number[];
}

/** One volume. */
export interface BreakEvenPoint {
  /** Asked for. */
  readonly monthTokens: number;
  /** That the requests came to, by replication. */
  readonly offeredMonthTokens: readonly number[];
  /** Times the scenario's own volume. */
  readonly factor: number;
  readonly repeat: number;
  /** Fewest requests of a replication, and those that the point should have. */
  readonly requests: number;
  readonly wantedRequests: number;
  /** Fewer requests than wanted: the point is drawn hollow, for this reason. */
  readonly isHollow: boolean;
  readonly hollowBecause?: string;
  readonly strategies: readonly StrategyPoint[];
}

/** Equal values may differ by the rounding of their sums; below this share of the mean there is no spread. */
const roundingShare = 1e-12;

function banded(values: readonly number[]): Banded {
  const average = mean(values) ?? 0;
  const halfWidth = meanInterval(values)?.halfWidth;
  if (halfWidth === undefined) return { mean: average, halfWidth95: null };
  const isRounding = halfWidth <= roundingShare * Math.abs(average);
  return { mean: average, halfWidth95: isRounding ? 0 : halfWidth };
}

function bandedOrNull(values: readonly (number | null)[]): Banded | null {
  const known = values.filter((each) => each !== null);
  return known.length === 0 ? null : banded(known);
}

function meanOf(
  figures: readonly OutcomeFigures[],
  pick: (each: OutcomeFigures) => number,
): number {
  return mean(figures.map(pick)) ?? 0;
}

/** Busy share of all pools, weighted by the GPUs they hold; null without pools or when nothing was provisioned. */
function busyFractionOf(figures: OutcomeFigures, { scenario }: FleetAnswer): number | null {
  let busy = 0;
  let gpus = 0;
  scenario.pools.forEach((pool, index) => {
    const held = pool.replicas * pool.tensorParallel;
    const fraction = figures.pools[index].busyFraction;
    if (fraction === null) return;
    busy += fraction * held;
    gpus += held;
  });
  return gpus > 0 ? busy / gpus : null;
}

function ownTokens(figures: OutcomeFigures): number {
  return figures.pools.reduce((sum, pool) => sum + pool.promptTokens + pool.outputTokens, 0);
}

function describe(strategy: Strategy, answer: FleetAnswer): StrategyPoint {
  const { figures, units, counts } = answer;
  const usage = figures.map(({ cost }) => cost.monthUsd - cost.gpuIdleUsd);
  const busy = figures.map((each) => busyFractionOf(each, answer)).filter((each) => each !== null);
  const slo = figures.map((each) => each.sloAttainment).filter((each) => each !== null);
  return {
    strategy: strategy.id,
    counts: Object.fromEntries(units.map((unit, i) => [unit.id, counts[i]])),
    gpus: gpusOf(units, counts),
    isValid: answer.isValid,
    missed: answer.missed,
    replicationsMet: answer.replicationsMet,
    tried: answer.tried,
    monthUsd: banded(figures.map(({ cost }) => cost.monthUsd)),
    usageMonthUsd: banded(usage),
    usdPerMTok: bandedOrNull(figures.map(({ cost }) => cost.usdPerMTokReservation)),
    usageUsdPerMTok: bandedOrNull(figures.map(({ cost }) => cost.usdPerMTokUsage)),
    gpuUsd: meanOf(figures, ({ cost }) => cost.gpuUsedUsd + cost.gpuIdleUsd),
    licenceUsd: meanOf(figures, ({ cost }) => cost.licenceUsd),
    apiUsd: meanOf(figures, ({ cost }) => cost.apiUsd),
    fixedUsd: meanOf(figures, ({ cost }) => cost.fixedUsd),
    busyFraction: mean(busy) ?? null,
    ownTokensPerS: meanOf(figures, (each) => ownTokens(each) / each.horizonS),
    spilledShare: meanOf(figures, (each) => each.spilled / Math.max(1, each.arrived)),
    lengthCappedShare: meanOf(figures, (each) => each.lengthCapped / Math.max(1, each.arrived)),
    sloAttainment: mean(slo) ?? null,
    hasEnoughSamples: figures.every((each) => each.targets.every((row) => row.hasEnoughSamples)),
    monthUsdByReplication: figures.map(({ cost }) => cost.monthUsd),
  };
}

/** Requests of all kept workloads together: a few hundred MB. */
const keptRequests = 8_000_000;

/** The workloads of one volume: made once for all strategies and fleets while they are few enough, else made again when their turn comes. */
class PointWorkloads implements WorkloadSource {
  /** Offered tokens a month by replication. */
  readonly offeredMonthTokens: number[] = [];
  /** Fewest requests of a replication. */
  requests = Infinity;
  private readonly scenario: Scenario;
  private readonly traces: JobContext["traces"];
  private readonly kept: (Workload | undefined)[] = [];
  private keptCount = 0;

  constructor(scenario: Scenario, traces: JobContext["traces"], replications: number) {
    this.scenario = scenario;
    this.traces = traces;
    for (let i = 0; i < replications; i++) {
      const workload = this.make(i);
      this.requests = Math.min(this.requests, workload.count);
      this.offeredMonthTokens.push(monthTokensOf(workload, scenario));
      if (this.keptCount + workload.count > keptRequests) continue;
      this.kept[i] = workload;
      this.keptCount += workload.count;
    }
  }

  /** The requests of a replication. Strategies and fleets change no traffic, so that the scenario's own stand for all. */
  get(_scenario: Scenario, _seed: number, replication: number): Workload {
    return this.kept[replication] ?? this.make(replication);
  }

  private make(replication: number): Workload {
    const { traffic, clock, seed, run } = this.scenario;
    const { traces } = this;
    return buildWorkload({ traffic, clock, traces, seed, replication, horizonS: run.horizonS });
  }
}

/** Prompt and output tokens of a workload, scaled from its horizon to a month. */
function monthTokensOf(workload: Workload, { run, monthHours }: Scenario): number {
  let tokens = 0;
  for (let i = 0; i < workload.count; i++) {
    tokens += workload.promptTokens[i] + workload.outputTokens[i];
  }
  return (tokens * monthHours * sPerHour) / (run.horizonS ?? workload.spanNs / nsPerS);
}

function hollowReason(
  requests: number,
  wanted: number,
  shortBecause: string | undefined,
): string | undefined {
  if (requests >= wanted) return undefined;
  const why = shortBecause ?? "thinning left fewer than expected";
  return `${requests} requests of ${wanted} wanted: ${why}`;
}

/** Runs every strategy of one volume; its fleet is searched. */
export function runBreakEvenPoint(input: BreakEvenPointInput, context: JobContext): BreakEvenPoint {
  const { scenario, measured, monthTokens, tasks, replications, maxGpus } = input;
  const scaled = scaleTraffic(scenario, measured, monthTokens);
  const first = scaled.scenario;
  const workloads = new PointWorkloads(first, context.traces, replications);
  const quiet: JobContext = { ...context, onProgress: () => {} };
  const strategies = tasks.map(({ strategy, floor, start }, index) => {
    const answer = cheapestValidFleet(
      {
        scenario: applyStrategy(first, strategy),
        objective: strategy.kind === "hybrid" ? "leastCost" : "fewestGpus",
        replications,
        maxGpus,
        floor,
        start,
      },
      (tried, replication) => runOutcome({ scenario: tried, replication }, quiet, workloads),
    );
    context.onProgress((index + 1) / tasks.length);
    return describe(strategy, answer);
  });
  const { requests, offeredMonthTokens } = workloads;
  const hollowBecause = hollowReason(requests, scaled.wantedRequests, scaled.shortBecause);
  return {
    monthTokens,
    offeredMonthTokens,
    factor: scaled.factor,
    repeat: scaled.repeat,
    requests,
    wantedRequests: scaled.wantedRequests,
    isHollow: hollowBecause !== undefined,
    hollowBecause,
    strategies,
  };
}
