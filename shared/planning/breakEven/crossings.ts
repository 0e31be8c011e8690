/** Volumes at which one strategy becomes cheaper than another, with intervals: a step curve may cross a line several times. */
import { meanInterval } from "../../stats/confidence.ts";
import { mean } from "../../stats/summary.ts";
import type { BreakEvenPoint, StrategyPoint } from "./breakEvenPoint.ts";
import type { Strategy } from "./strategies.ts";

/** Where the cheaper of two strategies changes. */
export interface Crossing {
  /** Offered tokens a month at which both cost the same, by lines between simulated volumes. */
  readonly monthTokens: number;
  /** 95 % t interval over the replications' own crossings; widened to the simulated volumes on both sides where the number of GPUs changes between them. null for one replication. */
  readonly low: number | null;
  readonly high: number | null;
  readonly cheaperBelow: string;
  readonly cheaperAbove: string;
  /** USD a month that both cost there. */
  readonly monthUsd: number;
  /** The simulated volumes on both sides. */
  readonly between: readonly [number, number];
  /** The number of GPUs changes between them. */
  readonly isAtStep: boolean;
  /** Both strategies are valid on both sides. */
  readonly isValid: boolean;
  /** A point beside it has too few requests. */
  readonly isHollow: boolean;
  /** What own GPUs do there, by the strategy that has them (the second of the pair where both do): interpolated. */
  readonly own: CrossingUse;
}

/** Use of own GPUs at a crossing. */
export interface CrossingUse {
  readonly strategy: string;
  /** GPUs below and above it. */
  readonly gpus: readonly [number, number];
  readonly busyFraction: number | null;
  /** Tokens a second over what its GPUs serve when they never wait; null where that is unknown. */
  readonly capacityUtilization: number | null;
}

/** Every crossing of two strategies in the range, in the order of volumes. */
export interface PairCrossings {
  readonly first: string;
  readonly second: string;
  readonly crossings: readonly Crossing[];
  /** The cheaper one at the lowest and at the highest volume; undefined where they cost the same everywhere. */
  readonly cheaperAtFirst?: string;
  readonly cheaperAtLast?: string;
  /** From this volume on the one of cheaperAtLast stays cheaper to the end of the range; undefined where nothing crosses. */
  readonly alwaysFrom?: number;
}

/** Tokens a second of a point's own fleet when it never waits; undefined where unknown. */
export type CapacityOf = (point: StrategyPoint) => number | undefined;

/** One volume of a pair. */
interface PairPoint {
  readonly tokens: readonly number[];
  readonly meanTokens: number;
  readonly first: StrategyPoint;
  readonly second: StrategyPoint;
  /** Cost of the first less that of the second, by replication. */
  readonly differences: readonly number[];
  readonly difference: number;
  readonly isHollow: boolean;
}

/** Two neighbours between which the sign of the difference changes. */
interface Bracket {
  readonly below: PairPoint;
  readonly above: PairPoint;
}

function find(point: BreakEvenPoint, strategy: string): StrategyPoint | undefined {
  return point.strategies.find((each) => each.strategy === strategy);
}

function pairPoints(points: readonly BreakEvenPoint[], first: string, second: string): PairPoint[] {
  const found = points.flatMap((point): PairPoint[] => {
    const a = find(point, first);
    const b = find(point, second);
    if (a === undefined || b === undefined) return [];
    const differences = a.monthUsdByReplication.map((usd, i) => usd - b.monthUsdByReplication[i]);
    return [
      {
        tokens: point.offeredMonthTokens,
        meanTokens: mean(point.offeredMonthTokens)!,
        first: a,
        second: b,
        differences,
        difference: mean(differences)!,
        isHollow: point.isHollow,
      },
    ];
  });
  return found.sort((a, b) => a.meanTokens - b.meanTokens);
}

function brackets(points: readonly PairPoint[]): Bracket[] {
  const unequal = points.filter((each) => each.difference !== 0);
  const found: Bracket[] = [];
  for (let i = 1; i < unequal.length; i++) {
    const below = unequal[i - 1];
    const above = unequal[i];
    if (below.difference > 0 !== above.difference > 0) found.push({ below, above });
  }
  return found;
}

function sameFleet(a: StrategyPoint, b: StrategyPoint): boolean {
  return Object.entries(a.counts).every(([id, count]) => b.counts[id] === count);
}

function isStep({ below, above }: Bracket): boolean {
  return !sameFleet(below.first, above.first) || !sameFleet(below.second, above.second);
}

/** Where a line through (x0, y0) and (x1, y1) is 0; the middle where it is flat. */
function rootOf(x0: number, y0: number, x1: number, y1: number): number {
  return y0 === y1 ? (x0 + x1) / 2 : x0 + ((x1 - x0) * y0) / (y0 - y1);
}

/** The crossing of each replication by itself, kept within half and twice the bracket. */
function rootsByReplication({ below, above }: Bracket): number[] {
  const least = below.meanTokens / 2;
  const most = above.meanTokens * 2;
  return below.differences.map((difference, i) => {
    const root = rootOf(below.tokens[i], difference, above.tokens[i], above.differences[i]);
    return Math.min(most, Math.max(least, root));
  });
}

function interpolated(
  at: number,
  { below, above }: Bracket,
  pick: (point: PairPoint) => number | null | undefined,
): number | null {
  const low = pick(below);
  const high = pick(above);
  if (typeof low !== "number" || typeof high !== "number") return null;
  const share = (at - below.meanTokens) / (above.meanTokens - below.meanTokens);
  return low + (high - low) * share;
}

function useAt(at: number, bracket: Bracket, capacityOf: CapacityOf): CrossingUse {
  const isSecond = bracket.above.second.busyFraction !== null;
  const own = (point: PairPoint): StrategyPoint => (isSecond ? point.second : point.first);
  const utilization = (point: PairPoint): number | undefined => {
    const capacity = capacityOf(own(point));
    return capacity === undefined ? undefined : own(point).ownTokensPerS / capacity;
  };
  return {
    strategy: own(bracket.above).strategy,
    gpus: [own(bracket.below).gpus, own(bracket.above).gpus],
    busyFraction: interpolated(at, bracket, (point) => own(point).busyFraction),
    capacityUtilization: interpolated(at, bracket, utilization),
  };
}

function describe(bracket: Bracket, capacityOf: CapacityOf): Crossing {
  const { below, above } = bracket;
  const monthTokens = rootOf(
    below.meanTokens,
    below.difference,
    above.meanTokens,
    above.difference,
  );
  const interval = meanInterval(rootsByReplication(bracket));
  const isAtStep = isStep(bracket);
  const isFirstCheaper = below.difference < 0;
  const ids = [below.first.strategy, below.second.strategy];
  const low = interval === undefined ? null : interval.low;
  const high = interval === undefined ? null : interval.high;
  return {
    monthTokens,
    low: low !== null && isAtStep ? Math.min(low, below.meanTokens) : low,
    high: high !== null && isAtStep ? Math.max(high, above.meanTokens) : high,
    cheaperBelow: ids[isFirstCheaper ? 0 : 1],
    cheaperAbove: ids[isFirstCheaper ? 1 : 0],
    monthUsd: interpolated(monthTokens, bracket, (point) => point.second.monthUsd.mean)!,
    between: [below.meanTokens, above.meanTokens],
    isAtStep,
    isValid: [below, above].every((each) => each.first.isValid && each.second.isValid),
    isHollow: below.isHollow || above.isHollow,
    own: useAt(monthTokens, bracket, capacityOf),
  };
}

/** Pairs that may cross: two APIs cost in proportion to tokens, so that one of a pair has own GPUs; it is the second. */
export function crossingPairs(strategies: readonly Strategy[]): [Strategy, Strategy][] {
  return strategies.flatMap((first, i) =>
    strategies
      .slice(i + 1)
      .filter((second) => first.kind !== "api" || second.kind !== "api")
      .map((second): [Strategy, Strategy] => [first, second]),
  );
}

/** All crossings of a pair over the given volumes. */
export function findCrossings(
  points: readonly BreakEvenPoint[],
  first: string,
  second: string,
  capacityOf: CapacityOf,
): PairCrossings {
  const pairs = pairPoints(points, first, second);
  const crossings = brackets(pairs).map((bracket) => describe(bracket, capacityOf));
  const unequal = pairs.filter((each) => each.difference !== 0);
  const cheaper = (point: PairPoint | undefined): string | undefined =>
    point === undefined ? undefined : point.difference < 0 ? first : second;
  return {
    first,
    second,
    crossings,
    cheaperAtFirst: cheaper(unequal[0]),
    cheaperAtLast: cheaper(unequal[unequal.length - 1]),
    alwaysFrom: crossings[crossings.length - 1]?.monthTokens,
  };
}

/** A volume to simulate so that a crossing is seen more closely. */
export interface Refinement {
  readonly monthTokens: number;
  readonly strategies: readonly string[];
}

/** Neighbours closer than this ratio are close enough. */
const closeRatio = 1.035;
/** How far from the root by lines, as a share, the volumes stand that a smooth crossing is bracketed with. */
const besideRoot = 0.015;

/** Volumes that show a bracket's crossing more closely: halfway (in the logarithm) where GPUs step, else on both sides of where lines say it is. */
function closerVolumes(bracket: Bracket): number[] {
  const { below, above } = bracket;
  const from = below.meanTokens;
  const to = above.meanTokens;
  if (isStep(bracket)) return [Math.sqrt(from * to)];
  const root = rootOf(from, below.difference, to, above.difference);
  const sides = [root * (1 - besideRoot), root * (1 + besideRoot)];
  return sides.filter((each) => each > from * 1.001 && each < to / 1.001);
}

/**
 * Volumes around each crossing that lines between neighbours do not give exactly: where a number of GPUs changes
 * between them, or a mix is one of the two. Strategies that want the same volume share it.
 */
export function refinementsOf(
  points: readonly BreakEvenPoint[],
  pairs: readonly (readonly [Strategy, Strategy])[],
): Refinement[] {
  const wanted = new Map<number, Set<string>>();
  for (const [first, second] of pairs) {
    const isMix = first.kind === "hybrid" || second.kind === "hybrid";
    for (const bracket of brackets(pairPoints(points, first.id, second.id))) {
      const { below, above } = bracket;
      if (above.meanTokens / below.meanTokens < closeRatio) continue;
      if (!isMix && !isStep(bracket)) continue;
      for (const volume of closerVolumes(bracket).map(Math.round)) {
        const known = wanted.get(volume) ?? new Set<string>();
        wanted.set(volume, known.add(first.id).add(second.id));
      }
    }
  }
  return [...wanted]
    .sort(([a], [b]) => a - b)
    .map(([monthTokens, ids]) => ({ monthTokens, strategies: [...ids].sort() }));
}
