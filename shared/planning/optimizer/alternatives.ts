/** The best candidates as a result shows them. */
import type { Pool } from "../../schema/fleet.ts";
import { differenceOf, pairedDifference } from "../../stats/confidence.ts";
import type { PoolFigures, RunFigures, TargetFigure } from "../points/runFigures.ts";
import { type Binding, findBinding } from "./binding.ts";
import { type Candidate, type Place, poolIds } from "./candidate.ts";
import { type CandidateReport, candidateText, describeCandidate } from "./describe.ts";
import type { Screened } from "./screen.ts";
import { costOf, type SearchOutcome, type Tried } from "./search.ts";

/** USD a month over the best; the interval is of the mean over replications with the same draws. */
export interface DifferenceToBest {
  readonly usd: number;
  readonly meanUsd: number | null;
  readonly halfWidth95Usd: number | null;
}

/** One of the best. */
export interface Alternative extends CandidateReport {
  readonly rank: number;
  /** Of the scenario's own seed, as a run of its scenario shows it. */
  readonly monthUsd: number;
  /** Of each replication. */
  readonly monthUsdByReplication: readonly number[];
  readonly difference: DifferenceToBest;
  /** What it cannot cost less than, and what was expected before it was simulated. */
  readonly boundUsd: number;
  readonly estimateUsd: number;
  readonly cost: RunFigures["cost"];
  readonly spilledShare: number;
  readonly targets: readonly TargetFigure[];
  readonly sloAttainment: number | null;
  readonly latency: RunFigures["latency"];
  readonly pools: readonly PoolFigures[];
  readonly binding: Binding;
  /** Other candidates that were found to run exactly alike: their thresholds make no difference. */
  readonly alike: readonly string[];
}

/** Describes valid candidates in the order given, the first being the best. */
export function describeAlternatives(
  best: readonly Tried[],
  screened: readonly Screened[],
  { tried, alike }: SearchOutcome,
  pool: Pool,
): Alternative[] {
  const siblings = new Siblings(screened);
  const outcomeOf = new Map(tried.map((each) => [each.screened, each]));
  return best.map((each, at) => {
    const { candidate, boundUsd, estimate } = each.screened;
    const figures = each.figures!;
    const fewer = siblings.fewerThan(candidate);
    const less = fewer && { screened: fewer, tried: outcomeOf.get(fewer) };
    const ids = candidate.place === undefined ? [] : poolIds(pool, candidate.place);
    return {
      rank: at + 1,
      ...describeCandidate(candidate),
      monthUsd: costOf(each),
      monthUsdByReplication: costsOf(each),
      difference: differenceToBest(each, best[0]),
      boundUsd,
      estimateUsd: estimate.monthUsd,
      cost: figures.cost,
      spilledShare: figures.spilled / Math.max(1, figures.arrived),
      targets: figures.targets,
      sloAttainment: figures.sloAttainment,
      latency: figures.latency,
      pools: figures.pools,
      binding: findBinding(figures, ids, less, costOf(each)),
      alike: (alike.get(each) ?? []).map((other) => candidateText(other.screened.candidate)),
    };
  });
}

function costsOf(tried: Tried): number[] {
  return tried.outcomes.map((each) => each.figures!.cost.monthUsd);
}

function differenceToBest(tried: Tried, best: Tried): DifferenceToBest {
  const interval = pairedDifference(costsOf(tried), costsOf(best));
  return {
    usd: differenceOf(costOf(tried), costOf(best)),
    meanUsd: interval?.mean ?? null,
    halfWidth95Usd: interval?.halfWidth ?? null,
  };
}

/** Finds candidates that differ in the number of GPUs alone. */
class Siblings {
  private readonly numbers = new Map<Place, number>();
  private readonly byKey = new Map<string, Screened>();

  constructor(screened: readonly Screened[]) {
    for (const each of screened) this.byKey.set(this.keyOf(each.candidate), each);
  }

  /** The same candidate with the next fewer GPUs; the one without own GPUs below the fewest. */
  fewerThan(candidate: Candidate): Screened | undefined {
    const { place, gpus } = candidate;
    if (place === undefined) return undefined;
    for (let less = gpus - place.tensorParallel; less > 0; less -= place.tensorParallel) {
      const found = this.byKey.get(this.keyOf({ ...candidate, gpus: less }));
      if (found !== undefined) return found;
    }
    return this.byKey.get("none");
  }

  private keyOf({ place, gpus, schedule, licence, routing }: Candidate): string {
    if (place === undefined) return "none";
    let number = this.numbers.get(place);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(place, number);
    }
    return JSON.stringify([number, gpus, schedule.name, licence?.id, routing]);
  }
}
