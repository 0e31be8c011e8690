/** Which volumes a plan simulates, and which of them stands for which month. */
import type { RateCard } from "../../schema/catalog.ts";
import type { Scenario } from "../../schema/scenario.ts";
import type { BreakEvenPointInput } from "../breakEven/breakEvenPoint.ts";
import { type StudyPlan, taskOf } from "../breakEven/runBreakEven.ts";
import type { Strategy } from "../breakEven/strategies.ts";
import { logSpaced } from "../breakEven/trafficVolume.ts";
import type { AppliedFactors } from "./monthFleets.ts";
import type { PlanMonth, PriceFactors } from "./timeline.ts";

/** Volumes that differ by less than this share are one. */
const sameShare = 1e-9;

/** A point to simulate: a volume, at some prices, for some strategies. */
export interface PlannedPoint {
  readonly input: BreakEvenPointInput;
  /** Factors that lead from its prices to those of a month. */
  factorsFor(month: PlanMonth): AppliedFactors;
}

/** Points of a plan, and for each strategy and month the index of the point that stands for it. */
export interface PlannedPoints {
  readonly points: readonly PlannedPoint[];
  pointOf(strategy: Strategy, monthIndex: number): number;
}

/** Distinct values in rising order. */
export function distinctVolumes(volumes: readonly number[]): number[] {
  const rising = [...volumes].sort((a, b) => a - b);
  return rising.filter((each, i) => i === 0 || each > rising[i - 1] * (1 + sameShare));
}

/** `count` volumes over the months' range, or the months' own where there are no more than that. */
export function gridOf(months: readonly PlanMonth[], count: number): number[] {
  const own = distinctVolumes(months.map((each) => each.monthTokens));
  return own.length <= count ? own : logSpaced(own[0], own[own.length - 1], count);
}

/** Index of the least volume that is no less; the last one where rounding leaves none. */
export function bracketAbove(volumes: readonly number[], monthTokens: number): number {
  const found = volumes.findIndex((each) => each >= monthTokens * (1 - sameShare));
  return found < 0 ? volumes.length - 1 : found;
}

function scaledCard(card: RateCard, factor: number): RateCard {
  const times = (usd: number | undefined): number | undefined =>
    usd === undefined ? undefined : usd * factor;
  return {
    ...card,
    inputUsdPerMTok: card.inputUsdPerMTok * factor,
    outputUsdPerMTok: card.outputUsdPerMTok * factor,
    cachedInputUsdPerMTok: times(card.cachedInputUsdPerMTok),
    cacheWriteUsdPerMTok: times(card.cacheWriteUsdPerMTok),
    contextTiers: card.contextTiers?.map((tier) => ({
      ...tier,
      inputUsdPerMTok: tier.inputUsdPerMTok * factor,
      outputUsdPerMTok: tier.outputUsdPerMTok * factor,
      cachedInputUsdPerMTok: times(tier.cachedInputUsdPerMTok),
    })),
  };
}

/** The scenario at the prices of a month: GPUs, providers, licences. */
export function atPrices(scenario: Scenario, { gpu, api, licence }: PriceFactors): Scenario {
  const rent = <Price extends { usdPerGpuHour: number }>(price: Price): Price => ({
    ...price,
    usdPerGpuHour: price.usdPerGpuHour * gpu,
  });
  return {
    ...scenario,
    pools: scenario.pools.map((pool) => ({
      ...pool,
      price: pool.price === undefined ? undefined : rent(pool.price),
    })),
    partitions: scenario.partitions.map((each) => ({ ...each, price: rent(each.price) })),
    providers: scenario.providers.map((each) => ({
      ...each,
      price: scaledCard(each.price, api),
    })),
    licences: scenario.licences.map((each) => ({
      ...each,
      usdPerGpuYear: each.usdPerGpuYear * licence,
      usdPerGpuHour: each.usdPerGpuHour * licence,
    })),
  };
}

function isAtBase({ gpu, api, licence }: PriceFactors): boolean {
  return gpu === 1 && api === 1 && licence === 1;
}

const base: AppliedFactors = { gpu: 1, api: 1, licence: 1 };

function inputOf(
  study: StudyPlan,
  scenario: Scenario,
  monthTokens: number,
  strategies: readonly Strategy[],
): BreakEvenPointInput {
  const { setup, replications, maxGpus } = study;
  const tasks = strategies.map((each) => taskOf({ ...study, scenario }, each, monthTokens));
  return { scenario, measured: setup.measured, monthTokens, tasks, replications, maxGpus };
}

/**
 * Plans the points. Fleets of API and own strategies do not depend on prices, so that each volume is simulated once at the scenario's; a
 * hybrid weighs GPUs against APIs, so that it is simulated at each month's own prices. On a grid (`gridTokens`) hybrids too are
 * simulated once a volume at the scenario's prices.
 */
export function planPoints(
  study: StudyPlan,
  months: readonly PlanMonth[],
  gridTokens: readonly number[] | undefined,
): PlannedPoints {
  const volumes = gridTokens ?? distinctVolumes(months.map((each) => each.monthTokens));
  const isSeparate = ({ kind }: Strategy): boolean =>
    kind === "hybrid" &&
    gridTokens === undefined &&
    !months.every(({ prices }) => isAtBase(prices));
  const shared = study.strategies.filter((each) => !isSeparate(each));
  const priced = study.strategies.filter(isSeparate);
  const points: PlannedPoint[] = [];
  if (shared.length > 0) {
    for (const tokens of volumes) {
      points.push({
        input: inputOf(study, study.scenario, tokens, shared),
        factorsFor: ({ prices }) => prices,
      });
    }
  }
  const own = new Map<string, number>();
  const pricedKey = ({ monthTokens, prices }: PlanMonth): string =>
    [bracketAbove(volumes, monthTokens), prices.gpu, prices.api, prices.licence].join();
  if (priced.length > 0) {
    for (const month of months) {
      if (own.has(pricedKey(month))) continue;
      own.set(pricedKey(month), points.length);
      const scenario = atPrices(study.scenario, month.prices);
      const input = inputOf(study, scenario, month.monthTokens, priced);
      points.push({ input, factorsFor: () => base });
    }
  }
  return {
    points,
    pointOf: (strategy, monthIndex) => {
      const month = months[monthIndex];
      return isSeparate(strategy)
        ? own.get(pricedKey(month))!
        : bracketAbove(volumes, month.monthTokens);
    },
  };
}
