/** From a search space to its candidates, always in the same order. */

import type { Catalog } from "../../catalog/catalog.ts";
import type { Rule } from "../../schema/routing.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { checkScenarioFields } from "../../schema/scenarioChecks.ts";
import type { RoutingSpace } from "../../schema/searchSpace.ts";
import { InputError } from "../../units/errors.ts";
import {
  type Candidate,
  candidateScenario,
  type Place,
  type RoutingVariant,
  sendsTo,
  sparesOf,
} from "./candidate.ts";
import type { SearchSpace } from "./space.ts";

/** The most candidates of one search. */
export const mostCandidates = 100_000;

/** Candidates that can be tried, and how many are none and why. */
export interface CandidateList {
  readonly candidates: readonly Candidate[];
  /** Combinations that were left out before anything was computed, by reason. */
  readonly refused: Readonly<Record<"licence" | "policy", number>>;
  readonly notes: readonly string[];
}

/** What everything but the place says. */
type Manner = Pick<Candidate, "schedule" | "licence" | "routing">;

/** Routing variants of a space, each once, the rules as they are first: what is searched always holds the scenario's own thresholds. */
export function listRoutings(space: RoutingSpace, rules: readonly Rule[]): RoutingVariant[] {
  const isOwn = (pick: (rule: Rule) => number | undefined, value: number | null): boolean =>
    rules.every((rule) => (pick(rule) ?? null) === value);
  const others = <T extends number | null>(
    list: readonly T[] | undefined,
    isSame: (v: T) => boolean,
  ) => [undefined, ...[...new Set(list ?? [])].filter((value) => !isSame(value))];
  const waiting = others(space.maxWaiting, (v) => isOwn((rule) => rule.guards.maxWaiting, v));
  const spill = others(space.spillAfterS, (v) => isOwn((rule) => rule.spillAfterS, v));
  const shares = others(space.poolShare, (share) => share === 1);
  return waiting.flatMap((maxWaiting) =>
    spill.flatMap((spillAfterS) =>
      shares.map((poolShare) => ({ maxWaiting, spillAfterS, poolShare })),
    ),
  );
}

/**
 * Every combination of place, number of GPUs, schedule, licence and thresholds that is a sound scenario. Licences that do not
 * allow what the pool is for, or so many GPUs, are left out; so are policies under which a request could fall through.
 * Throws InputError above 100,000 candidates, with the number, and where nothing is left.
 */
export function listCandidates(
  space: SearchSpace,
  places: readonly Place[],
  scenario: Scenario,
  catalog: Catalog,
): CandidateList {
  const refused = { licence: 0, policy: 0 };
  const sound = soundManners(space, places[0], scenario, catalog);
  refused.policy = sound.refused;
  const sizes = places.map((place) => ({ place, counts: countsOf(space, place) }));
  const total = sizes.reduce((sum, each) => sum + each.counts.length, 0) * sound.manners.length;
  if (total > mostCandidates) {
    throw new InputError(
      `The space has ${total} candidates; a search takes ${mostCandidates} at most. Narrow it: fewer GPU types (--gpus), a lower --max-gpus, fewer precisions, backends or thresholds.`,
      { field: "space" },
    );
  }
  const candidates: Candidate[] = [];
  const none = withoutOwnGpus(space, scenario, catalog);
  if (none !== undefined) candidates.push(none);
  for (const { place, counts } of sizes) {
    for (const gpus of counts) {
      for (const manner of sound.manners) {
        if (!isLicensed(space, manner, place, gpus)) refused.licence++;
        else candidates.push({ index: candidates.length, place, gpus, ...manner });
      }
    }
  }
  if (candidates.length === 0) throw emptySpace(space, refused, sound.firstProblem);
  const notes = sound.refused > 0 && sound.firstProblem ? [sound.firstProblem] : [];
  return { candidates, refused: { ...refused, policy: sound.refused }, notes };
}

/** Numbers of GPUs that make whole replicas. */
function countsOf(space: SearchSpace, place: Place): number[] {
  const step = place.tensorParallel;
  const counts: number[] = [];
  const most = Math.floor(space.maxGpus / step) * step;
  for (let gpus = step; gpus <= most; gpus += step) {
    const replicas = place.parts.map((part) => Math.round(gpus * part.perGpu));
    const isPossible = replicas.every((each) => each <= 4096 && each >= leastReplicas(space));
    if (gpus >= space.minGpus && isPossible) counts.push(gpus);
  }
  return counts;
}

/** Replicas that the pool's autoscaler must be able to have. */
function leastReplicas({ pool }: SearchSpace): number {
  const { autoscaler } = pool;
  return autoscaler === undefined ? 1 : Math.max(autoscaler.min, autoscaler.initial ?? 0);
}

function isLicensed(space: SearchSpace, { licence }: Manner, place: Place, gpus: number): boolean {
  if (licence === undefined) return true;
  if (space.pool.production && !licence.production) return false;
  const all = gpus + sparesOf(space.pool) * place.tensorParallel;
  return licence.maxGpus === undefined || all <= licence.maxGpus;
}

/** Schedules, licences and thresholds under which every request has a rule that takes it. */
function soundManners(
  space: SearchSpace,
  place: Place,
  scenario: Scenario,
  catalog: Catalog,
): { manners: Manner[]; refused: number; firstProblem: string | undefined } {
  const manners: Manner[] = [];
  let refused = 0;
  let firstProblem: string | undefined;
  const rules = scenario.rules.filter((rule) => sendsTo(rule, space.pool.id));
  for (const schedule of space.schedules) {
    for (const routing of listRoutings(space.routing, rules)) {
      const [licence] = space.licences;
      const probe = { index: 0, place, gpus: place.tensorParallel, schedule, licence, routing };
      const problem = problemOf(candidateScenario(scenario, space.pool, probe, catalog));
      if (problem === undefined) {
        for (const each of space.licences) manners.push({ schedule, licence: each, routing });
        continue;
      }
      refused += space.licences.length;
      firstProblem ??= `Some thresholds or schedules are left out: ${problem}`;
    }
  }
  return { manners, refused, firstProblem };
}

function problemOf(scenario: Scenario): string | undefined {
  return checkScenarioFields(scenario).problems[0]?.message;
}

/** The candidate without own GPUs, where the policy is total without the pool. */
function withoutOwnGpus(
  space: SearchSpace,
  scenario: Scenario,
  catalog: Catalog,
): Candidate | undefined {
  if (space.minGpus > 0) return undefined;
  const [schedule] = space.schedules;
  const none = { place: undefined, gpus: 0, schedule, licence: undefined, routing: {} };
  const candidate = { index: 0, ...none };
  const own = candidateScenario(scenario, space.pool, candidate, catalog);
  if (own.rules.length === 0 || problemOf(own) !== undefined) return undefined;
  return candidate;
}

function emptySpace(
  space: SearchSpace,
  refused: { readonly licence: number; readonly policy: number },
  problem: string | undefined,
): InputError {
  if (refused.licence > 0) {
    const names = space.licences.map((licence) => licence?.id).join(", ");
    return new InputError(
      `No candidate is left: pool "${space.pool.id}" is for production, and the licences ${names} do not allow that, or not so many GPUs. Add a licence for production, or set production to false.`,
      { field: "licences" },
    );
  }
  if (problem !== undefined) return new InputError(problem, { field: "rules" });
  return new InputError(
    `No candidate is left: between ${space.minGpus} and ${space.maxGpus} GPUs there is no whole number of replicas of ${space.tensorParallel.join(", ")} GPUs each. Raise maxGpus.`,
    { field: "maxGpus" },
  );
}
