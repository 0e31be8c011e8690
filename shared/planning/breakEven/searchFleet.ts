/** The least fleet that keeps every target, or the cheapest one of a mix: whole GPUs, found by simulation from an analytic start. */
import type { Scenario } from "../../schema/scenario.ts";
import { missedTargets, type OutcomeFigures } from "../points/runFigures.ts";
import { type FleetUnit, fleetUnits, gpusOf, withUnitCounts } from "./fleetUnits.ts";

/** What is searched. */
export interface FleetSearch {
  /** A sound scenario; its numbers of replicas and of GPUs of partitions are what is searched, all else stays. */
  readonly scenario: Scenario;
  /** fewestGpus: as few units as keep every target. leastCost: the cheapest month among fleets that do, for a mix in which APIs take what does not fit. */
  readonly objective: "fewestGpus" | "leastCost";
  /** Runs per fleet, each with other draws; 1 or more. */
  readonly replications: number;
  /** The most GPUs of all units together. */
  readonly maxGpus: number;
  /** Where to begin, one number per unit of fleetUnits(scenario); default the least of each. */
  readonly start?: readonly number[];
  /** Numbers below which no fleet keeps up, known without a run; default the least of each unit. */
  readonly floor?: readonly number[];
}

/** Runs a scenario with the draws of a replication. */
export type RunReplication<Figures extends OutcomeFigures> = (
  scenario: Scenario,
  replication: number,
) => Figures;

/** A fleet that was tried. */
export interface TriedFleet {
  readonly counts: readonly number[];
  readonly gpus: number;
  /** USD a month in replication 0. */
  readonly monthUsd: number;
  /** What the first replication that was run and missed a target says; empty where every one that was run met all. */
  readonly missed: readonly string[];
}

/** The fleet that was found. */
export interface FleetAnswer<Figures extends OutcomeFigures = OutcomeFigures> {
  readonly units: readonly FleetUnit[];
  readonly counts: readonly number[];
  readonly gpus: number;
  /** The scenario with that fleet. */
  readonly scenario: Scenario;
  /** Every target is kept in every replication and no request is lost. */
  readonly isValid: boolean;
  /** Why it is not, from the first replication that missed; empty for a valid one. */
  readonly missed: readonly string[];
  /** Replications in which every target is kept. */
  readonly replicationsMet: number;
  /** One per replication, at the fleet found. */
  readonly figures: readonly Figures[];
  /** Every fleet that was run, in the order of the search. */
  readonly tried: readonly TriedFleet[];
}

/** Remembers the runs of each fleet, so that none is run twice. */
class FleetRuns<Figures extends OutcomeFigures = OutcomeFigures> {
  readonly units: readonly FleetUnit[];
  private readonly search: FleetSearch;
  private readonly run: RunReplication<Figures>;
  private readonly known = new Map<string, (Figures | undefined)[]>();
  private readonly countsOf = new Map<string, readonly number[]>();

  constructor(search: FleetSearch, run: RunReplication<Figures>) {
    this.search = search;
    this.run = run;
    this.units = fleetUnits(search.scenario);
  }

  get replications(): number {
    return this.search.replications;
  }

  figures(counts: readonly number[], replication: number): Figures {
    const key = counts.join();
    const runs = this.known.get(key) ?? [];
    this.known.set(key, runs);
    this.countsOf.set(key, counts);
    runs[replication] ??= this.run(withUnitCounts(this.search.scenario, counts), replication);
    return runs[replication];
  }

  /** Whether replication 0 keeps every target. */
  isFirstMet(counts: readonly number[]): boolean {
    return missedTargets(this.figures(counts, 0)).length === 0;
  }

  /** Whether every replication does; ends at the first that does not. */
  isMet(counts: readonly number[]): boolean {
    for (let i = 0; i < this.replications; i++) {
      if (missedTargets(this.figures(counts, i)).length > 0) return false;
    }
    return true;
  }

  costUsd(counts: readonly number[]): number {
    return this.figures(counts, 0).cost.monthUsd;
  }

  isWithin(counts: readonly number[]): boolean {
    return gpusOf(this.units, counts) <= this.search.maxGpus;
  }

  answer(counts: readonly number[]): FleetAnswer<Figures> {
    const { scenario, replications } = this.search;
    const figures = Array.from({ length: replications }, (_, i) => this.figures(counts, i));
    const missed = figures.map(missedTargets);
    const first = missed.find((each) => each.length > 0);
    return {
      units: this.units,
      counts,
      gpus: gpusOf(this.units, counts),
      scenario: withUnitCounts(scenario, counts),
      isValid: first === undefined,
      missed: first ?? [],
      replicationsMet: missed.filter((each) => each.length === 0).length,
      figures,
      tried: this.tried(),
    };
  }

  private tried(): TriedFleet[] {
    return [...this.known].map(([key, runs]) => {
      const counts = this.countsOf.get(key)!;
      const missed = runs.flatMap((run) => (run === undefined ? [] : [missedTargets(run)]));
      return {
        counts,
        gpus: gpusOf(this.units, counts),
        monthUsd: this.costUsd(counts),
        missed: missed.find((each) => each.length > 0) ?? [],
      };
    });
  }
}

/** `counts` with another number at one place. */
function replaced(counts: readonly number[], index: number, value: number): number[] {
  return counts.map((each, i) => (i === index ? value : each));
}

/**
 * The least number above `low` that is good, where `low` is known to be bad and `high` to be good: steps down from `high`
 * in growing strides, then halves. The number found is good and the one below it was found bad (or is `low`).
 */
function leastGood(low: number, high: number, isGood: (n: number) => boolean): number {
  let bad = low;
  let good = high;
  let stride = 1;
  while (good - bad > 1) {
    const n = stride > 0 ? Math.max(bad + 1, good - stride) : (bad + good) >>> 1;
    if (isGood(n)) {
      good = n;
      stride *= 2;
    } else {
      bad = n;
      stride = 0;
    }
  }
  return good;
}

/** Units whose GPUs are dearest first: they are lowered before the others. */
function loweringOrder(units: readonly FleetUnit[]): number[] {
  return units.map((_, i) => i).sort((a, b) => units[b].gpusEach - units[a].gpusEach || a - b);
}

/** Grows from `start` until `isGood`; gives the last bad fleet too. undefined beyond the GPU limit, with the largest fleet tried. */
function growUntil(
  runs: FleetRuns,
  start: readonly number[],
  isGood: (counts: readonly number[]) => boolean,
): { readonly good?: readonly number[]; readonly bad?: readonly number[] } {
  let counts = start;
  let bad: readonly number[] | undefined;
  let stride = 1;
  while (!isGood(counts)) {
    bad = counts;
    let next = counts.map((each) => each + stride);
    while (stride > 1 && !runs.isWithin(next)) {
      stride = stride >>> 1;
      next = counts.map((each) => each + stride);
    }
    if (!runs.isWithin(next)) return { bad };
    counts = next;
    stride *= 2;
  }
  return { good: counts, bad };
}

/** As few of each unit as keep every target; undefined where none does within the limit. */
function fewest(
  runs: FleetRuns,
  start: readonly number[],
  floor: readonly number[],
): readonly number[] | undefined {
  const isFirst = (counts: readonly number[]): boolean => runs.isFirstMet(counts);
  const { good, bad } = growUntil(runs, start, isFirst);
  if (good === undefined) return undefined;
  let counts = good;
  for (const unit of loweringOrder(runs.units)) {
    const isAlone = runs.units.length === 1 && bad !== undefined;
    const low = isAlone ? bad[unit] : floor[unit] - 1;
    const isGood = (n: number): boolean => runs.isFirstMet(replaced(counts, unit, n));
    counts = replaced(counts, unit, leastGood(low, counts[unit], isGood));
  }
  return growUntil(runs, counts, (each) => runs.isMet(each)).good;
}

/** The number in floor .. limit at which the cost in replication 0 is least, walking downhill from `from` in growing strides. */
function cheapestAlong(
  from: number,
  isAllowed: (n: number) => boolean,
  costAt: (n: number) => number,
): number {
  let best = from;
  for (const direction of [1, -1]) {
    let stride = 1;
    while (stride >= 1) {
      const next = best + direction * stride;
      if (isAllowed(next) && costAt(next) < costAt(best)) {
        best = next;
        stride *= 2;
      } else stride = stride >>> 1;
    }
  }
  return best;
}

/** Walks downhill unit by unit by the cost of replication 0, whether targets are kept or not: the fleet found is cheaper than one more or one less of any unit. */
function cheapestByCost(
  runs: FleetRuns,
  start: readonly number[],
  floor: readonly number[],
): readonly number[] {
  let counts = start;
  let isChanged = true;
  for (let sweep = 0; sweep < 4 && isChanged; sweep++) {
    isChanged = false;
    for (let unit = 0; unit < counts.length; unit++) {
      const at = (n: number): readonly number[] => replaced(counts, unit, n);
      const isAllowed = (n: number): boolean => n >= floor[unit] && runs.isWithin(at(n));
      const best = cheapestAlong(counts[unit], isAllowed, (n) => runs.costUsd(at(n)));
      isChanged = isChanged || (best !== counts[unit] && counts.length > 1);
      counts = at(best);
    }
  }
  return counts;
}

/** The largest fleet of one unit below `counts` that keeps every target, found in growing strides; undefined where none was met. */
function metBelow(
  runs: FleetRuns,
  counts: readonly number[],
  floor: readonly number[],
): readonly number[] | undefined {
  if (counts.length > 1) return undefined;
  const isGood = (n: number): boolean => runs.isMet([n]);
  for (let stride = 1; counts[0] - stride >= floor[0]; stride *= 2) {
    if (!isGood(counts[0] - stride)) continue;
    return [-leastGood(-counts[0], stride - counts[0], (n) => isGood(-n))];
  }
  return undefined;
}

/** The least fleet above `counts` that keeps every target; undefined where none does within the limit. */
function metAbove(runs: FleetRuns, counts: readonly number[]): readonly number[] | undefined {
  const { good } = growUntil(runs, counts, (each) => runs.isMet(each));
  if (good === undefined) return undefined;
  let least = good;
  for (const unit of loweringOrder(runs.units)) {
    const low = counts.length === 1 ? counts[0] : counts[unit] - 1;
    const isGood = (n: number): boolean => runs.isMet(replaced(least, unit, n));
    least = replaced(least, unit, leastGood(low, least[unit], isGood));
  }
  return least;
}

/** The cheapest mix; where it misses a target, the cheaper of the nearest larger and smaller fleets that keep all; itself where none does. */
function cheapest(
  runs: FleetRuns,
  start: readonly number[],
  floor: readonly number[],
): readonly number[] {
  const counts = cheapestByCost(runs, start, floor);
  if (runs.isMet(counts)) return counts;
  const above = metAbove(runs, counts);
  const below = metBelow(runs, counts, floor);
  if (above === undefined || below === undefined) return above ?? below ?? counts;
  return runs.costUsd(below) < runs.costUsd(above) ? below : above;
}

/** Share of the requests by which a larger fleet must serve more within their targets to count as nearer to them. */
const clearlyMore = 0.001;

/** What comes nearest where nothing is valid: the fewest targets missed, then clearly more requests within their targets, then the fewest GPUs. */
function leastBad(runs: FleetRuns, floor: readonly number[], isLimit: readonly number[]) {
  const missesOf = (counts: readonly number[]): number =>
    missedTargets(runs.figures(counts, 0)).length;
  const more = missesOf(floor) - missesOf(isLimit);
  if (more !== 0) return more > 0 ? isLimit : floor;
  const withinOf = (counts: readonly number[]): number =>
    runs.figures(counts, 0).sloAttainment ?? 0;
  return withinOf(isLimit) > withinOf(floor) + clearlyMore ? isLimit : floor;
}

/**
 * Finds the fleet of a scenario by simulation. A fleet counts as valid when every target is kept and no request is lost in every
 * one of the replications; fleets are first judged by replication 0, and the one found by all. fewestGpus takes it
 * that more GPUs of an otherwise equal fleet keep targets at least as well, and runs the next smaller fleet to see it miss. Where no fleet up to
 * maxGpus is valid, the answer is the best one tried, marked as not valid, with what it misses. leastCost walks downhill, which finds the
 * cheapest fleet where savings on APIs shrink with each further GPU. A scenario without own GPUs is run as it is.
 */
export function cheapestValidFleet<Figures extends OutcomeFigures>(
  search: FleetSearch,
  run: RunReplication<Figures>,
): FleetAnswer<Figures> {
  const runs = new FleetRuns(search, run);
  const { units } = runs;
  if (units.length === 0) return runs.answer([]);
  const floor = units.map((unit, i) => Math.max(unit.least, search.floor?.[i] ?? 1));
  const wanted = units.map((unit, i) => Math.max(floor[i], search.start?.[i] ?? unit.least));
  const start = runs.isWithin(wanted) ? wanted : units.map((unit) => unit.least);
  if (search.objective === "leastCost") return runs.answer(cheapest(runs, start, floor));
  const found = fewest(runs, start, floor);
  if (found !== undefined) return runs.answer(found);
  const last = growUntil(runs, start, (counts) => runs.isMet(counts)).bad ?? start;
  return runs.answer(leastBad(runs, start, last));
}
