/** The optimizer from question to answer: screen, search, and what is to be said of the best. */
import type { Catalog } from "../../catalog/catalog.ts";
import type { Scenario } from "../../schema/scenario.ts";
import type { SearchSpaceFile } from "../../schema/searchSpace.ts";
import type { TraceColumns } from "../../schema/traceColumns.ts";
import { InputError } from "../../units/errors.ts";
import { formatSeconds } from "../../units/figureText.ts";
import { nsPerS, secondsToNs, sPerDay } from "../../units/units.ts";
import { buildWorkload } from "../../workload/buildWorkload.ts";
import type { Workload } from "../../workload/workload.ts";
import { JobCancelled, type JobWatcher } from "../jobs/job.ts";
import type { JobRunner } from "../jobs/jobs.ts";
import { holdsForHours } from "../lateWork.ts";
import { type Alternative, describeAlternatives } from "./alternatives.ts";
import type { Candidate } from "./candidate.ts";
import { listCandidates } from "./enumerate.ts";
import { findClosest, type Infeasible } from "./infeasible.ts";
import { listPlaces } from "./places.ts";
import { type Impossible, Screen, type Screened } from "./screen.ts";
import { type SearchOutcome, searchBest } from "./search.ts";
import { resolveSpace, type SearchSpace } from "./space.ts";

/** The question. */
export interface OptimizeInput {
  /** Checked by requireSound. */
  readonly scenario: Scenario;
  readonly traces: ReadonlyMap<string, TraceColumns>;
  readonly space: SearchSpaceFile;
  readonly catalog: Catalog;
  readonly runner: JobRunner;
  readonly top: number;
  readonly replications: number;
  /** Lets the host do other things for a moment, and see that the work is to end; asked several times a second. */
  pause?(): Promise<void>;
  /** True ends the search between two batches, with what it has. */
  isOver?(): boolean;
  /** Watches the batch that begins after `done` candidates, with about `open` to come. */
  watch?(done: number, open: number): Pick<JobWatcher<never>, "isCancelled" | "onProgress">;
}

/** How many candidates there were and what became of them; `candidates` is the sum of impossible, simulated and tooDear. */
export interface SearchCounts {
  readonly candidates: number;
  /** Combinations that were never candidates. */
  readonly refused: Readonly<Record<"memory" | "licence" | "policy", number>>;
  readonly impossible: Readonly<Record<Impossible, number>>;
  readonly simulated: number;
  /** Of those: ended early because a target could not be met any more, and in all missing a target. */
  readonly stoppedEarly: number;
  readonly missedTargets: number;
  /** Bound at or above the cost of what was found. */
  readonly tooDear: number;
  /** Simulations, replications counted. */
  readonly runs: number;
}

/** The answer. */
export interface OptimizeResult {
  readonly scenario: string;
  readonly seed: number;
  readonly replications: number;
  readonly space: SpaceReport;
  readonly counts: SearchCounts;
  /** The scenario as it is, for comparison. */
  readonly current: { readonly monthUsd: number; readonly missed: readonly string[] };
  /** The least that any candidate of the space could cost with every GPU at its peak and no queueing, USD a month. */
  readonly perfectUsd: number;
  /** By cost; empty where no candidate meets the targets. */
  readonly alternatives: readonly Alternative[];
  /** Whether nothing in the space can be cheaper than the first (or meet the targets, where there is none). */
  readonly isProven: boolean;
  /** Least that a candidate which was not simulated may cost; null where all were. */
  readonly openBoundUsd: number | null;
  readonly infeasible: Infeasible | null;
  readonly notes: readonly string[];
}

/** The space as it was searched. */
export interface SpaceReport {
  readonly pool: string;
  readonly gpus: readonly { readonly id: string; readonly usdPerGpuHour: number }[];
  readonly minGpus: number;
  readonly maxGpus: number;
  readonly tensorParallel: readonly number[];
  readonly precisions: readonly string[];
  readonly kvPrecisions: readonly string[];
  readonly backends: readonly string[];
  readonly maxNumSeqs: readonly number[];
  readonly mig: boolean;
  readonly routings: number;
  readonly schedules: readonly string[];
  readonly licences: readonly (string | null)[];
}

/** Scenarios of the alternatives, in their order, beside the result, which is plain data. */
export interface Optimized {
  readonly result: OptimizeResult;
  readonly scenarios: readonly Scenario[];
}

const furtherCandidates = 64;

/** Finds the least monthly cost under the scenario's targets. Throws InputError for a question that has no answer before anything is simulated, JobCancelled. */
export async function optimize(input: OptimizeInput): Promise<Optimized> {
  const { scenario, catalog, runner, top, replications } = input;
  requireTargets(scenario);
  const space = resolveSpace(input.space, scenario, catalog);
  const { places, misfits } = listPlaces(space, scenario);
  const list = listCandidates(space, places, scenario, catalog);
  const workload = workloadOf(input);
  const horizonNs = horizonOf(scenario, workload);
  requireSpan(space, horizonNs);
  const screen = new Screen({ scenario, space, catalog, workload, horizonNs });
  const watch = input.watch ?? (() => ({}));
  const screened = await forAll(list.candidates, input, (each) => screen.judge(each));
  const perfect = await forAll(list.candidates, input, (each) => screen.perfectUsd(each));
  const possible = screened.filter((each) => each.impossible === undefined);
  const current = await runner.run(
    "trial",
    [{ scenario, replication: 0, isWhole: true }],
    watch(0, 1),
  );
  const scenarioOf = (each: Screened) => screen.scenarioOf(each.candidate);
  const settings = { replications, top, furtherCandidates, isOver: input.isOver ?? (() => false) };
  const found = await searchBest(possible, scenarioOf, runner, settings, watch);
  const best = found.valid.slice(0, top);
  const infeasible =
    best.length > 0 ? null : await findClosest(found, screened, scenarioOf, runner, space);
  const counts = countAll(screened, found, { ...list.refused, memory: misfits.length });
  return {
    scenarios: best.map((each) => scenarioOf(each.screened)),
    result: {
      ...{ scenario: scenario.name, seed: scenario.seed, replications },
      space: reportSpace(space, list.candidates),
      counts,
      current: { monthUsd: current[0].figures!.cost.monthUsd, missed: current[0].missed },
      perfectUsd: perfect.reduce((least, each) => Math.min(least, each), Infinity),
      alternatives: describeAlternatives(best, screened, found, space.pool),
      ...{ isProven: found.isProven, openBoundUsd: found.openBoundUsd, infeasible },
      notes: [
        ...space.notes,
        ...list.notes,
        ...workload.notes,
        ...spanNotes(scenario, space, horizonNs),
      ],
    },
  };
}

const candidatesPerPause = 128;

/** Does the same for every candidate, with pauses. Throws JobCancelled. */
async function forAll<T>(
  candidates: readonly Candidate[],
  { pause, watch }: OptimizeInput,
  work: (candidate: Candidate) => T,
): Promise<T[]> {
  const results: T[] = [];
  for (const candidate of candidates) {
    results.push(work(candidate));
    if (results.length % candidatesPerPause > 0) continue;
    await pause?.();
    if (watch?.(0, candidates.length).isCancelled?.()) throw new JobCancelled();
  }
  return results;
}

function requireTargets(scenario: Scenario): void {
  const has = scenario.traffic.classes.some(
    ({ targets, deadline }) =>
      deadline !== undefined || [targets.ttft, targets.tpot, targets.e2e].some((each) => each),
  );
  if (has) return;
  throw new InputError(
    'No traffic class has a target. Without one the cheapest answer is always the smallest fleet, however long users wait. State what users may expect, e.g. "targets": {"ttft": {"ms": 2000, "percentile": 0.95}, "tpot": {"ms": 50}} in traffic.classes, or a deadline for batch work.',
    { field: "traffic.classes" },
  );
}

function workloadOf({ scenario, traces }: OptimizeInput): Workload {
  const { traffic, clock, seed, run } = scenario;
  return buildWorkload({
    ...{ traffic, clock, traces, seed },
    replication: 0,
    horizonS: run.horizonS,
  });
}

function horizonOf(scenario: Scenario, workload: Workload): number {
  const { horizonS } = scenario.run;
  if (workload.openCount === 0) {
    throw new InputError(
      "All traffic comes from closed-loop clients, who send as much as the fleet answers: there is no demand that a smaller fleet would fail. Optimize for a trace or for arrivals at a rate.",
      { field: "traffic.sources" },
    );
  }
  return horizonS === undefined ? workload.spanNs : secondsToNs(horizonS);
}

function isBoundToHours(space: SearchSpace): boolean {
  return space.schedules.some(({ schedule }) => schedule.kind === "hours");
}

/** A schedule is judged by a day at least: a month is the horizon many times over. */
function requireSpan(space: SearchSpace, horizonNs: number): void {
  if (space.schedules.length < 2 || !isBoundToHours(space)) return;
  if (horizonNs >= sPerDay * nsPerS) return;
  const spans = formatSeconds(horizonNs / nsPerS);
  throw new InputError(
    `The traffic spans ${spans}, and a month is taken as that many times over: hours of the day cannot be compared on less than a day. Leave --schedules out, or give at least 24 h of traffic (a week for weekdays).`,
    { field: "schedules" },
  );
}

function spanNotes(scenario: Scenario, space: SearchSpace, horizonNs: number): string[] {
  const spans = formatSeconds(horizonNs / nsPerS);
  const weekends = `Schedules are judged on ${spans} of traffic, of which a month is made: weekends count only as far as they are among them.`;
  const nights = `Work is held for hours, and the traffic spans ${spans}: those hours have only its work to do, not a day's. Give two days of traffic or more.`;
  return [
    ...(isBoundToHours(space) && horizonNs < 7 * sPerDay * nsPerS ? [weekends] : []),
    ...(holdsForHours(scenario) && horizonNs < 2 * sPerDay * nsPerS ? [nights] : []),
  ];
}

function countAll(
  screened: readonly Screened[],
  found: SearchOutcome,
  refused: SearchCounts["refused"],
): SearchCounts {
  const impossible = { capacity: 0, latency: 0, unserved: 0 };
  for (const each of screened) if (each.impossible !== undefined) impossible[each.impossible]++;
  const simulated = found.tried.length;
  const stopped = found.tried.filter((each) => each.outcomes.some((o) => o.stoppedBy !== null));
  const missed = found.tried.filter((each) => each.outcomes.some((o) => o.missed.length > 0));
  const dropped = impossible.capacity + impossible.latency + impossible.unserved;
  return {
    ...{ candidates: screened.length, refused, impossible, simulated },
    stoppedEarly: stopped.length,
    missedTargets: missed.length,
    tooDear: screened.length - dropped - simulated,
    runs: found.runs,
  };
}

function reportSpace(space: SearchSpace, candidates: readonly Candidate[]): SpaceReport {
  const { pool, hasMig, gpus, schedules, licences, routing: _routing, notes: _n, ...axes } = space;
  const routings = new Set(candidates.map((each) => JSON.stringify(each.routing)));
  return {
    ...axes,
    pool: pool.id,
    gpus: gpus.map(({ gpu, price }) => ({ id: gpu.id, usdPerGpuHour: price.usdPerGpuHour })),
    mig: hasMig,
    routings: routings.size,
    schedules: schedules.map((each) => each.name),
    licences: licences.map((each) => each?.id ?? null),
  };
}
