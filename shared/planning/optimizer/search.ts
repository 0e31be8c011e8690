/**
 * The search: candidates are simulated in the order of their bounds until the next bound is above the best that was found,
 * so that the answer is the optimum of the space and not only a good candidate. What a candidate is worth depends on it alone:
 * it is valid when it meets every target in every replication, and its cost is that of the first, the scenario's own seed.
 */
import type { Scenario } from "../../schema/scenario.ts";
import type { JobWatcher } from "../jobs/job.ts";
import type { JobRunner } from "../jobs/jobs.ts";
import type { RunFigures } from "../points/runFigures.ts";
import type { Screened } from "./screen.ts";
import type { TrialInput, TrialOutcome } from "./trial.ts";

/** What became of a candidate that was simulated. */
export interface Tried {
  readonly screened: Screened;
  /** Of replication 0, 1, ...: one where it missed a target, all where it met them. */
  readonly outcomes: readonly TrialOutcome[];
  /** Figures of replication 0; null where the run was stopped. */
  readonly figures: RunFigures | null;
  readonly isValid: boolean;
}

/** How to search. */
export interface SearchSettings {
  readonly replications: number;
  /** Alternatives wanted. */
  readonly top: number;
  /** Candidates simulated after the best one is proven, to find the alternatives. */
  readonly furtherCandidates: number;
  /** Asked between batches: true ends the search with what it has. */
  isOver(): boolean;
}

/** What was found. */
export interface SearchOutcome {
  /** Every candidate that was simulated, in the order in which that happened. */
  readonly tried: readonly Tried[];
  /** Valid ones by cost, then by number; of those whose runs are the same to the last request only the first. */
  readonly valid: readonly Tried[];
  /** Further valid candidates whose run is that of a valid one, by that one. */
  readonly alike: ReadonlyMap<Tried, readonly Tried[]>;
  /** Whether no candidate that was not simulated can be cheaper than the best one. */
  readonly isProven: boolean;
  /** Least bound of what was not simulated; null where all was. */
  readonly openBoundUsd: number | null;
  readonly runs: number;
}

/** Candidates that are simulated together: a fixed number, so that the answer does not depend on the workers. */
const batchSize = 16;

/** Searches among candidates that are not impossible. `scenarioOf` makes their scenarios. Throws JobCancelled. */
export async function searchBest(
  candidates: readonly Screened[],
  scenarioOf: (screened: Screened) => Scenario,
  runner: JobRunner,
  settings: SearchSettings,
  watch: (done: number, open: number) => Pick<JobWatcher<never>, "isCancelled" | "onProgress">,
): Promise<SearchOutcome> {
  const search = new Search(candidates, scenarioOf, runner, settings);
  for (let batch = search.firstBatch(); batch.length > 0; batch = search.nextBatch()) {
    await search.simulate(batch, watch(search.tried.length, search.openCount()));
    if (settings.isOver()) break;
  }
  return search.outcome();
}

class Search {
  readonly tried: Tried[] = [];
  private readonly order: readonly Screened[];
  private readonly done = new Set<Screened>();
  private readonly scenarioOf: (screened: Screened) => Scenario;
  private readonly runner: JobRunner;
  private readonly settings: SearchSettings;
  private readonly met: Tried[] = [];
  private valid: Tried[] = [];
  private readonly alike = new Map<Tried, Tried[]>();
  private next = 0;
  private further = 0;
  private runs = 0;

  constructor(
    candidates: readonly Screened[],
    scenarioOf: (screened: Screened) => Scenario,
    runner: JobRunner,
    settings: SearchSettings,
  ) {
    this.order = [...candidates].sort(
      (a, b) =>
        a.boundUsd - b.boundUsd ||
        a.estimate.monthUsd - b.estimate.monthUsd ||
        a.candidate.index - b.candidate.index,
    );
    this.scenarioOf = scenarioOf;
    this.runner = runner;
    this.settings = settings;
  }

  /** What the estimate likes best, to have a cost to compare bounds with early; where it likes nothing, the lowest bounds. */
  firstBatch(): Screened[] {
    const likely = this.order.filter((each) => each.estimate.isLikely);
    likely.sort(
      (a, b) => a.estimate.monthUsd - b.estimate.monthUsd || a.candidate.index - b.candidate.index,
    );
    return likely.length === 0 ? this.nextBatch() : likely.slice(0, batchSize);
  }

  /** The next candidates by bound that may be the best, or among the alternatives; none when the search is over. */
  nextBatch(): Screened[] {
    const batch: Screened[] = [];
    const best = this.bestUsd();
    const limit = this.limitUsd();
    while (this.next < this.order.length && batch.length < batchSize) {
      const candidate = this.order[this.next];
      if (candidate.boundUsd >= limit) break;
      if (candidate.boundUsd >= best && this.further >= this.settings.furtherCandidates) break;
      this.next++;
      if (this.done.has(candidate)) continue;
      if (candidate.boundUsd >= best) this.further++;
      batch.push(candidate);
    }
    return batch;
  }

  /** Candidates that may still have to be simulated. */
  openCount(): number {
    const best = this.bestUsd();
    let open = 0;
    for (let at = this.next; at < this.order.length; at++) {
      if (this.order[at].boundUsd >= best) break;
      if (!this.done.has(this.order[at])) open++;
    }
    return open;
  }

  async simulate(
    batch: readonly Screened[],
    watcher: Pick<JobWatcher<never>, "isCancelled" | "onProgress">,
  ): Promise<void> {
    for (const each of batch) this.done.add(each);
    const scenarios = batch.map(this.scenarioOf);
    const first = await this.run(
      scenarios.map((scenario) => ({ scenario, replication: 0 })),
      watcher,
    );
    const limit = this.limitUsd();
    const isPromising = (at: number): boolean =>
      first[at].missed.length === 0 && first[at].figures!.cost.monthUsd < limit;
    const { replications } = this.settings;
    const more = batch.flatMap((_, at) =>
      isPromising(at)
        ? Array.from({ length: replications - 1 }, (_, k) => ({
            scenario: scenarios[at],
            replication: k + 1,
          }))
        : [],
    );
    const further = await this.run(more, { isCancelled: watcher.isCancelled });
    let from = 0;
    batch.forEach((screened, at) => {
      const count = isPromising(at) ? replications - 1 : 0;
      this.take(screened, [first[at], ...further.slice(from, from + count)], isPromising(at));
      from += count;
    });
    this.rank();
  }

  outcome(): SearchOutcome {
    const { tried, valid, alike, runs } = this;
    const open = this.order.find((each) => !this.done.has(each));
    const best = this.bestUsd();
    const isProven = open === undefined || open.boundUsd >= best;
    return { tried, valid, alike, isProven, openBoundUsd: open?.boundUsd ?? null, runs };
  }

  private async run(
    inputs: readonly TrialInput[],
    watcher: Pick<JobWatcher<never>, "isCancelled" | "onProgress">,
  ): Promise<TrialOutcome[]> {
    this.runs += inputs.length;
    return inputs.length === 0 ? [] : this.runner.run("trial", inputs, watcher);
  }

  /** A candidate that met its targets once and costs too much to be an alternative is counted, and not held to be valid: it was not replicated. */
  private take(screened: Screened, outcomes: readonly TrialOutcome[], isReplicated: boolean): void {
    const isValid = isReplicated && outcomes.every((each) => each.missed.length === 0);
    const tried = { screened, outcomes, figures: outcomes[0].figures, isValid };
    this.tried.push(tried);
    if (isValid) this.met.push(tried);
  }

  /** Sorts the valid candidates and puts together those of one run. */
  private rank(): void {
    this.met.sort(
      (a, b) => costOf(a) - costOf(b) || a.screened.candidate.index - b.screened.candidate.index,
    );
    const first = new Map<string, Tried>();
    this.alike.clear();
    this.valid = this.met.filter((each) => {
      const key = `${costOf(each)} ${each.figures!.fingerprint}`;
      const known = first.get(key);
      if (known === undefined) first.set(key, each);
      else this.alike.set(known, [...(this.alike.get(known) ?? []), each]);
      return known === undefined;
    });
  }

  private bestUsd(): number {
    return this.valid.length > 0 ? costOf(this.valid[0]) : Infinity;
  }

  /** Cost of the last alternative wanted; Infinity while there are fewer. */
  private limitUsd(): number {
    const { top } = this.settings;
    return this.valid.length >= top ? costOf(this.valid[top - 1]) : Infinity;
  }
}

/** USD a month of a valid candidate. */
export function costOf(tried: Tried): number {
  return tried.figures!.cost.monthUsd;
}
