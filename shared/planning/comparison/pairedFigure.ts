/** A figure of a scenario beside the baseline's: the difference, its interval, and what common random numbers gained. */
import { differenceOf, pairedDifference } from "../../stats/confidence.ts";
import { studentTQuantile } from "../../stats/studentT.ts";
import { mean, summarize } from "../../stats/summary.ts";

/** The 95 % t interval of a mean difference over pairs of runs that share their draws. */
export interface PairedInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly halfWidth95: number;
  readonly pairs: number;
  /** The whole interval lies on one side of 0. */
  readonly excludesZero: boolean;
  /** 1 - Var(difference) / (Var(a) + Var(b)): the part of the variance of independent runs that common random numbers took away, at most 1, below 0 where they did harm; null where nothing varies. */
  readonly varianceReduction: number | null;
  /** Half-width that as many independent runs of each would have given (Student's t with 2 n - 2 degrees of freedom). */
  readonly independentHalfWidth95: number;
}

/** Scenario minus baseline. */
export interface FigureDifference {
  /** Mean over the pairs; null where a side has no value. */
  readonly absolute: number | null;
  /** absolute over |baseline|; null where the baseline is 0. */
  readonly relative: number | null;
  /** Null with fewer than two pairs. */
  readonly interval: PairedInterval | null;
}

/** Difference of two series of values, replication by replication; a pair counts where both have a value. */
export function pairFigure(
  baseline: readonly (number | null)[],
  own: readonly (number | null)[],
): FigureDifference {
  const pairs = own.flatMap((value, i): [number, number][] => {
    const other = baseline[i];
    return value === null || other === null ? [] : [[value, other]];
  });
  if (pairs.length === 0) return { absolute: null, relative: null, interval: null };
  const a = pairs.map(([value]) => value);
  const b = pairs.map(([, value]) => value);
  const interval = intervalOf(a, b);
  const absolute = interval?.mean ?? differenceOf(a[0], b[0]);
  const base = mean(b)!;
  return { absolute, relative: base === 0 ? null : absolute / Math.abs(base), interval };
}

function intervalOf(a: readonly number[], b: readonly number[]): PairedInterval | null {
  const paired = pairedDifference(a, b);
  if (paired === undefined) return null;
  const { count } = paired;
  const differences = a.map((value, i) => differenceOf(value, b[i]));
  const variance = varianceOf(differences);
  const mean = variance === 0 ? differences[0] : paired.mean;
  const halfWidth = variance === 0 ? 0 : paired.halfWidth;
  const independent = varianceOf(a) + varianceOf(b);
  const t = studentTQuantile(0.975, 2 * count - 2);
  return {
    mean,
    low: mean - halfWidth,
    high: mean + halfWidth,
    halfWidth95: halfWidth,
    pairs: count,
    excludesZero: Math.abs(mean) > halfWidth,
    varianceReduction: independent > 0 ? withoutNoise(1 - variance / independent) : null,
    independentHalfWidth95: t * Math.sqrt(independent / count),
  };
}

/** Sample variance; exactly 0 of values that are all the same, whatever rounding their mean has. */
function varianceOf(values: readonly number[]): number {
  const summary = summarize(values);
  return summary?.variance === undefined || summary.min === summary.max ? 0 : summary.variance;
}

/** What only rounding keeps from 0 is 0. */
function withoutNoise(share: number): number {
  return Math.abs(share) < 1e-9 ? 0 : share;
}
