/** What a Monte Carlo over uncertain inputs came to: who wins how often, what each option costs, what moves the verdict. */
import type { JsonValue } from "../../schema/jsonText.ts";
import { differenceOf as costDifference } from "../../stats/confidence.ts";
import { exactQuantiles } from "../../stats/quantiles.ts";
import { summarize } from "../../stats/summary.ts";
import { wilsonInterval } from "../../stats/wilson.ts";
import { engineVersion } from "../engineVersion.ts";
import { hashOf } from "../studies/studyResult.ts";
import { distributionText } from "./distributions.ts";
import type { OptionPoint } from "./optionPoint.ts";
import type { UncertaintyPlan } from "./planUncertainty.ts";
import type { TornadoRow } from "./tornado.ts";

/** Monthly cost over the samples in which an option can be had, USD. */
export interface CostSpread {
  readonly samples: number;
  readonly mean: number;
  readonly sd: number | null;
  readonly min: number;
  readonly p5: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
  readonly max: number;
}

/** One option over the samples. */
export interface OptionResult {
  readonly id: string;
  readonly label: string;
  /** Samples in which it is cheaper than every other option that keeps the targets. */
  readonly wins: number;
  /** wins over samples, with Wilson's 95 % interval. */
  readonly probability: number;
  readonly low95: number;
  readonly high95: number;
  /** Samples in which it shares the least cost with another to the last cent and beyond. */
  readonly ties: number;
  /** Samples in which it keeps every target. */
  readonly validSamples: number;
  /** Why not, for the first sample in which it does not. */
  readonly missed: readonly string[];
  /** Null where it never keeps the targets. */
  readonly cost: CostSpread | null;
  readonly fewestGpus: number;
  readonly mostGpus: number;
  /** At the scenario's own inputs. */
  readonly base: OptionPoint;
}

/** One sample. */
export interface SampleResult {
  /** In the order of the inputs. */
  readonly values: readonly JsonValue[];
  /** USD a month in the order of the options; null where an option does not keep the targets or could not be run. */
  readonly monthUsd: readonly (number | null)[];
  readonly gpus: readonly number[];
  /** Id of the cheapest; null where none keeps the targets, or two tie. */
  readonly winner: string | null;
}

/** The whole. */
export interface UncertaintyResult {
  readonly format: "crossover-uncertainty-result";
  readonly version: 1;
  readonly name: string;
  readonly engineVersion: string;
  readonly seed: number;
  readonly samples: number;
  readonly replications: number;
  readonly inputs: readonly {
    readonly name: string;
    readonly paths: readonly string[];
    readonly distribution: string;
    readonly unit: string | null;
    readonly base: JsonValue;
    readonly appliesTo: readonly string[];
    readonly isPriceOnly: boolean;
  }[];
  readonly options: readonly OptionResult[];
  /** Samples in which no option keeps the targets. */
  readonly noneValid: number;
  /** The pair whose difference the tornado shows. */
  readonly difference: {
    readonly a: string;
    readonly b: string;
    /** Cost of a minus cost of b at the scenario's own inputs, USD a month; null where one cannot be had. */
    readonly baseUsd: number | null;
    /** Samples in which a is cheaper or b cannot be had, of those in which one of them can. */
    readonly aCheaper: number;
    readonly judged: number;
  };
  readonly tornado: readonly TornadoRow[];
  readonly sampleResults: readonly SampleResult[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  /** SHA-256 over all the rest. */
  readonly hash: string;
}

/** What was run. */
export interface UncertaintyRuns {
  readonly plan: UncertaintyPlan;
  readonly name: string;
  readonly seed: number;
  readonly replications: number;
  /** By option. */
  readonly base: readonly OptionPoint[];
  /** By sample, then option. */
  readonly points: readonly (readonly OptionPoint[])[];
  /** Indexes of the two options of the difference. */
  readonly pair: readonly [number, number];
  readonly tornado: readonly TornadoRow[];
  readonly notes: readonly string[];
}

/** Cost of a minus cost of b; infinite where only one keeps the targets (below 0: only a does); undefined where neither does. */
export function differenceOf(a: OptionPoint, b: OptionPoint): number | undefined {
  if (a.isValid && b.isValid) return costDifference(a.monthUsd ?? 0, b.monthUsd ?? 0);
  if (a.isValid) return Number.NEGATIVE_INFINITY;
  return b.isValid ? Number.POSITIVE_INFINITY : undefined;
}

/** Puts the result together. */
export function buildUncertaintyResult(runs: UncertaintyRuns): UncertaintyResult {
  const { plan, name, seed, replications, base, points, pair } = runs;
  const samples = points.map((row, i): SampleResult => {
    const monthUsd = row.map((point) => (point.isValid ? point.monthUsd : null));
    const winners = cheapestOf(monthUsd);
    return {
      values: plan.samples[i].map((value) => value ?? null),
      monthUsd,
      gpus: row.map(({ gpus }) => gpus),
      winner: winners.length === 1 ? plan.options[winners[0]].id : null,
    };
  });
  const options = plan.options.map((_, index) => optionResult(runs, samples, index));
  const differences = points
    .map((row) => differenceOf(row[pair[0]], row[pair[1]]))
    .filter((each) => each !== undefined);
  const atBase = differenceOf(base[pair[0]], base[pair[1]]);
  const rest = {
    format: "crossover-uncertainty-result" as const,
    version: 1 as const,
    ...{ name, engineVersion, seed, samples: points.length, replications },
    inputs: plan.inputs.map((input) => ({
      name: input.name,
      paths: input.paths,
      distribution: distributionText(input.distribution),
      unit: input.unit ?? null,
      base: input.base ?? null,
      appliesTo: input.appliesTo,
      isPriceOnly: input.isPriceOnly,
    })),
    options,
    noneValid: samples.filter(({ monthUsd }) => monthUsd.every((each) => each === null)).length,
    difference: {
      a: plan.options[pair[0]].id,
      b: plan.options[pair[1]].id,
      baseUsd: atBase === undefined || !Number.isFinite(atBase) ? null : atBase,
      aCheaper: differences.filter((each) => each < 0).length,
      judged: differences.length,
    },
    tornado: runs.tornado,
    sampleResults: samples,
    warnings: plan.warnings,
    notes: runs.notes,
  };
  return { ...rest, hash: hashOf(rest) };
}

/** Indexes of the least cost; several where they tie, none where no option can be had. */
function cheapestOf(monthUsd: readonly (number | null)[]): number[] {
  const known = monthUsd.filter((each) => each !== null);
  const least = Math.min(...known);
  return monthUsd.flatMap((each, index) =>
    each !== null && costDifference(each, least) === 0 ? [index] : [],
  );
}

function optionResult(
  { plan, base, points }: UncertaintyRuns,
  samples: readonly SampleResult[],
  index: number,
): OptionResult {
  const { id, label } = plan.options[index];
  const own = points.map((row) => row[index]);
  const costs = samples.map(({ monthUsd }) => monthUsd[index]).filter((each) => each !== null);
  const winners = samples.map(({ monthUsd }) => cheapestOf(monthUsd));
  const wins = winners.filter((each) => each.length === 1 && each[0] === index).length;
  const { share, low, high } = wilsonInterval(wins, samples.length);
  const gpus = own.filter(({ isValid }) => isValid).map((each) => each.gpus);
  return {
    id,
    label,
    wins,
    probability: share,
    low95: low,
    high95: high,
    ties: winners.filter((each) => each.length > 1 && each.includes(index)).length,
    validSamples: costs.length,
    missed: own.find(({ isValid }) => !isValid)?.missed ?? [],
    cost: spreadOf(costs),
    fewestGpus: gpus.length === 0 ? 0 : Math.min(...gpus),
    mostGpus: gpus.length === 0 ? 0 : Math.max(...gpus),
    base: base[index],
  };
}

function spreadOf(costs: readonly number[]): CostSpread | null {
  const summary = summarize(costs);
  if (summary === undefined) return null;
  const { count, mean, variance, min, max } = summary;
  const [p5, p25, p50, p75, p95] = exactQuantiles(
    Float64Array.from(costs),
    [0.05, 0.25, 0.5, 0.75, 0.95],
  );
  const sd = variance === undefined ? null : Math.sqrt(variance);
  return { samples: count, mean, sd, min, p5, p25, p50, p75, p95, max };
}
