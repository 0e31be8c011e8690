/** Who wins at the traffic's own volume, by how much, and which assumption would have to give way first. */
import { pairedDifference } from "../../stats/confidence.ts";
import type { BreakEvenPoint, StrategyPoint } from "./breakEvenPoint.ts";
import type { PairCrossings } from "./crossings.ts";
import type { Strategy } from "./strategies.ts";

/** An assumption and the factor on it at which the verdict turns, fleets and routing as found. */
export interface Flip {
  readonly assumption: "gpuPrice" | "apiPrice" | "licence" | "volume";
  /** Times its present value. */
  readonly factor: number;
}

/** The verdict. */
export interface Verdict {
  /** The cheapest valid strategy; undefined where none is valid. */
  readonly winner?: string;
  /** The cheapest valid one of the other kind (own GPUs against APIs). */
  readonly rival?: string;
  readonly monthUsd?: number;
  readonly rivalMonthUsd?: number;
  /** Share of the rival's cost that the winner saves, 0..1. */
  readonly savedShare?: number;
  /** Half-width of the 95 % interval of the paired difference, USD a month; null for one replication. */
  readonly differenceHalfWidth95?: number | null;
  /** Every assumption that can turn the verdict, the one that gives way first in front: the binding one. */
  readonly flips: readonly Flip[];
}

/** The cheapest valid of the given strategies at a point; the first of equals. */
export function cheapestValid(
  point: BreakEvenPoint,
  strategies: readonly Strategy[],
): StrategyPoint | undefined {
  const ids = strategies.map(({ id }) => id);
  let best: StrategyPoint | undefined;
  for (const each of point.strategies) {
    if (!each.isValid || !ids.includes(each.strategy)) continue;
    if (best === undefined || each.monthUsd.mean < best.monthUsd.mean) best = each;
  }
  return best;
}

/** The factor on one part of two bills at which they are equal; undefined where no factor above 0 does it. */
function equalFactor(
  own: StrategyPoint,
  other: StrategyPoint,
  part: (each: StrategyPoint) => number,
): number | undefined {
  const slope = part(own) - part(other);
  const rest = other.monthUsd.mean - part(other) - (own.monthUsd.mean - part(own));
  const factor = rest / slope;
  return slope !== 0 && factor > 0 && factor < Infinity ? factor : undefined;
}

function volumeFactor(pair: PairCrossings | undefined, monthTokens: number): number | undefined {
  const factors = (pair?.crossings ?? []).map((each) => each.monthTokens / monthTokens);
  return factors.sort((a, b) => distance(a) - distance(b))[0];
}

function distance(factor: number): number {
  return Math.abs(Math.log(factor));
}

/** Every assumption that turns the verdict, nearest first. */
function flipsOf(
  winner: StrategyPoint,
  rival: StrategyPoint,
  pair: PairCrossings | undefined,
  monthTokens: number,
): Flip[] {
  const factors: [Flip["assumption"], number | undefined][] = [
    ["gpuPrice", equalFactor(winner, rival, (each) => each.gpuUsd)],
    ["apiPrice", equalFactor(winner, rival, (each) => each.apiUsd)],
    ["licence", equalFactor(winner, rival, (each) => each.licenceUsd)],
    ["volume", volumeFactor(pair, monthTokens)],
  ];
  return factors
    .flatMap(([assumption, factor]): Flip[] =>
      factor === undefined || factor === 1 ? [] : [{ assumption, factor }],
    )
    .sort((a, b) => distance(a.factor) - distance(b.factor));
}

function pairOf(
  crossings: readonly PairCrossings[],
  a: string,
  b: string,
): PairCrossings | undefined {
  return crossings.find(
    ({ first, second }) => (first === a && second === b) || (first === b && second === a),
  );
}

/** Half-width of the 95 % interval of the mean paired difference; 0 where pairs differ by the rounding of their sums alone, null for one pair. */
function pairedHalfWidth(a: readonly number[], b: readonly number[]): number | null {
  const interval = pairedDifference(a, b);
  if (interval === undefined) return null;
  return interval.halfWidth <= 1e-12 * Math.abs(interval.mean) ? 0 : interval.halfWidth;
}

/** Judges a point. */
export function judge(
  point: BreakEvenPoint,
  strategies: readonly Strategy[],
  crossings: readonly PairCrossings[],
): Verdict {
  const winner = cheapestValid(point, strategies);
  if (winner === undefined) return { flips: [] };
  const kindOf = (id: string): boolean => strategies.find((each) => each.id === id)!.kind === "api";
  const others = strategies.filter(({ id }) => kindOf(id) !== kindOf(winner.strategy));
  const rival = cheapestValid(point, others);
  const found = { winner: winner.strategy, monthUsd: winner.monthUsd.mean };
  if (rival === undefined) return { ...found, flips: [] };
  const pair = pairOf(crossings, winner.strategy, rival.strategy);
  return {
    ...found,
    rival: rival.strategy,
    rivalMonthUsd: rival.monthUsd.mean,
    savedShare: 1 - winner.monthUsd.mean / rival.monthUsd.mean,
    differenceHalfWidth95: pairedHalfWidth(
      winner.monthUsdByReplication,
      rival.monthUsdByReplication,
    ),
    flips: flipsOf(winner, rival, pair, point.monthTokens),
  };
}
