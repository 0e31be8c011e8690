/** The break-even study: from a scenario to curves, crossings, verdict and gate. Hands out one job per volume, so that the number of workers changes nothing. */
import { blendedPrice } from "../../cost/closedForms.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { InputError } from "../../units/errors.ts";
import { formatTokens, groupDigits } from "../../units/figureText.ts";
import { sPerHour, tokensPerMTok } from "../../units/units.ts";
import type { JobWatcher } from "../jobs/job.ts";
import type { JobRunner } from "../jobs/jobs.ts";
import type {
  BreakEvenPoint,
  BreakEvenPointInput,
  StrategyPoint,
  StrategyTask,
} from "./breakEvenPoint.ts";
import type { BreakEvenSetup, OwnFleet } from "./breakEvenSetup.ts";
import { type BreakEvenOptions, type BreakEvenStudy, breakEvenDefaults } from "./breakEvenStudy.ts";
import { clockWarnings } from "./clockSpan.ts";
import { crossingPairs, findCrossings, refinementsOf } from "./crossings.ts";
import { gateRivals, judgeGate } from "./gate.ts";
import { chooseStrategies, type Strategy } from "./strategies.ts";
import { largestFactor, logSpaced, scaleTraffic, windowWarnings } from "./trafficVolume.ts";
import { judge } from "./verdict.ts";

/** How a point counts as valid, in words. */
export const validityRule =
  "A point is valid when in every replication each target is kept at its percentile, every request is answered, and no pool does more than 5 % of its work after the horizon, work within the hours for which it was held aside. Own fleets are the fewest GPUs that are valid: one fewer was run and is not, or cannot do the work however it is batched.";

const mostRefinements = 4;

/** What a study, or a projection, works on. */
export interface StudyPlan {
  readonly scenario: Scenario;
  readonly setup: BreakEvenSetup;
  readonly strategies: readonly Strategy[];
  readonly replications: number;
  readonly maxGpus: number;
  /** Strategies left out because their targets are out of reach. */
  readonly leftOut?: readonly string[];
}

/** Which of the allowed strategies are studied. Throws InputError where nothing is left to compare. */
function chosen(scenario: Scenario, setup: BreakEvenSetup, names?: readonly string[]): Strategy[] {
  if (names !== undefined) return chooseStrategies(setup, names);
  const has = (kind: Strategy["kind"]): boolean =>
    setup.strategies.some((each) => each.kind === kind);
  const why = setup.notes.length > 0 ? ` ${setup.notes.join(" ")}` : "";
  if (!has("api")) {
    const found = scenario.providers.length === 0 ? "no provider" : "no provider that can serve it";
    throw new InputError(
      `The scenario has ${found}, so that there is no API to compare with. Add one under providers, or name the strategies to compare.${why}`,
      { field: "providers" },
    );
  }
  if (!has("own") && !has("hybrid")) {
    const found = scenario.pools.length === 0 ? "no pool" : "no pool that can serve it";
    throw new InputError(
      `The scenario has ${found}, so that there are no own GPUs to compare with. Add one under pools, or name the strategies to compare.${why}`,
      { field: "pools" },
    );
  }
  return [...setup.strategies];
}

function fleetOf(setup: BreakEvenSetup, strategy: Strategy): OwnFleet | undefined {
  return setup.own.find((each) => each.strategy === strategy.id);
}

/** Why a strategy's targets are out of reach; undefined for one that keeps them while requests do not meet. */
function reachProblem({ idle }: BreakEvenSetup, { id, label }: Strategy): string | undefined {
  const missed = idle[id] ?? [];
  return missed.length === 0
    ? undefined
    : `No number of GPUs keeps the targets of "${id}" (${label}): even requests that meet no other one miss them. ${missed.join("; ")}.`;
}

/**
 * The strategies without own fleets that no number of GPUs makes valid, and why those were left out. Throws InputError, with the best there is,
 * where such a fleet was asked for by name, or where no strategy with own GPUs would be left.
 */
function reachable(
  setup: BreakEvenSetup,
  strategies: readonly Strategy[],
  names: readonly string[] = [],
): { readonly strategies: readonly Strategy[]; readonly leftOut: readonly string[] } {
  const problems = new Map(strategies.map((each) => [each, reachProblem(setup, each)]));
  const lost = strategies.filter((each) => each.kind === "own" && problems.get(each));
  if (lost.length === 0) return { strategies, leftOut: [] };
  const isLeft = strategies.some((each) => each.kind !== "api" && !problems.get(each));
  const named = lost.find(({ id, kind }) => names.includes(id) || names.includes(kind));
  const refused = named ?? (isLeft ? undefined : lost[0]);
  if (refused === undefined) {
    const leftOut = lost.map((each) => `${problems.get(each)} It is left out.`);
    return { strategies: strategies.filter((each) => !lost.includes(each)), leftOut };
  }
  const others = strategies.filter((each) => !lost.includes(each)).map(({ id }) => id);
  throw new InputError(
    `${problems.get(refused)} These are the best figures of this model, GPU, tensor parallel and precision: relax the target, take another fleet, or leave the strategy out (--strategies ${others.join(",")}).`,
    { field: "traffic.classes" },
  );
}

/** Refuses own fleets that no number of GPUs makes valid, with the best there is. */
export function requireReachable({ setup, strategies }: StudyPlan): void {
  reachable(
    setup,
    strategies,
    strategies.map(({ id }) => id),
  );
}

/** Refuses volumes at which the least work alone is more GPUs than the limit. */
export function requireWithinLimit({ setup, strategies, maxGpus }: StudyPlan, to: number): void {
  const factor = to / setup.measured.monthTokens;
  for (const strategy of strategies) {
    const fleet = fleetOf(setup, strategy);
    if (fleet?.leastUnits === undefined) continue;
    const { gpusEach } = fleet.units[0].unit;
    const gpus = Math.ceil(fleet.leastUnits * factor - 1e-9) * gpusEach;
    if (gpus <= maxGpus) continue;
    const most = (Math.floor(maxGpus / gpusEach) / fleet.leastUnits) * setup.measured.monthTokens;
    throw new InputError(
      `${formatTokens(to)} tokens a month keep ${groupDigits(gpus)} GPUs of "${strategy.id}" busy at least, however they are batched; the limit is ${maxGpus} GPUs, at which ${formatTokens(most)} tokens a month are the most. Lower --to, raise --max-gpus, or leave the strategy out.`,
      { field: "to" },
    );
  }
}

/** Tokens a month at which the smallest own fleet costs what the cheapest API does at list price and the traffic's own ratio; undefined without either. */
export function analyticCrossing({ scenario, setup }: Pick<StudyPlan, "scenario" | "setup">) {
  const { promptTokens: input, outputTokens: output } = setup.measured;
  const prices = scenario.providers
    .map((each) => blendedPrice(each.price, { input, output }) * each.tokenizerFactor)
    .filter((price) => price > 0);
  const fleets = setup.own.map((each) => each.leastMonthUsd).filter((usd) => usd > 0);
  if (prices.length === 0 || fleets.length === 0) return undefined;
  return (Math.min(...fleets) / Math.min(...prices)) * tokensPerMTok;
}

/** A range given only at one end and beside the usual one reaches this many times further from there. */
const reach = 64;

/** The range asked for, with the usual ends where none is given. */
function rangeOf(
  { from, to }: BreakEvenOptions,
  least: number,
  most: number,
): { readonly from: number; readonly to: number } {
  if (from !== undefined) return { from, to: to ?? (most > from ? most : from * reach) };
  if (to !== undefined) return { from: least < to ? least : to / reach, to };
  return { from: least, to: most };
}

/** The volumes of a study. Throws InputError for an empty range. */
function volumesOf(plan: StudyPlan, options: BreakEvenOptions): number[] {
  const own = plan.setup.measured.monthTokens;
  const crossing = analyticCrossing(plan) ?? own;
  const limit = own * largestFactor(plan.scenario);
  const { from, to } = rangeOf(options, Math.min(own, crossing) / 8, Math.max(own, crossing) * 2);
  const points = options.points ?? breakEvenDefaults.points;
  if (!(from > 0 && to >= from) || (to === from && points > 1)) {
    throw new InputError(
      `The range from ${formatTokens(from)} to ${formatTokens(to)} tokens a month with ${points} points is empty. Wanted --from above 0 and --to above it.`,
      { field: "from" },
    );
  }
  return logSpaced(
    from,
    options.to === undefined ? Math.min(to, Math.max(limit, from)) : to,
    points,
  );
}

/** A strategy at a volume with where its search begins: what never waiting fleets would need, and no less than the least work. */
export function taskOf(plan: StudyPlan, strategy: Strategy, monthTokens: number): StrategyTask {
  const { setup, scenario } = plan;
  const fleet = fleetOf(setup, strategy);
  if (strategy.kind === "hybrid" || fleet === undefined) return { strategy };
  const tokensPerS = monthTokens / (scenario.monthHours * sPerHour);
  const isAlone = fleet.units.length === 1;
  const start = fleet.units.map((each) =>
    isAlone && each.tokensPerS > 0
      ? Math.ceil(tokensPerS / each.tokensPerS - 1e-9)
      : each.unit.least,
  );
  const share = monthTokens / setup.measured.monthTokens;
  const floor =
    fleet.leastUnits === undefined ? undefined : [Math.ceil(fleet.leastUnits * share - 1e-9)];
  return { strategy, floor, start };
}

function inputOf(
  plan: StudyPlan,
  monthTokens: number,
  strategies: readonly Strategy[],
): BreakEvenPointInput {
  const { scenario, setup, replications, maxGpus } = plan;
  return {
    scenario,
    measured: setup.measured,
    monthTokens,
    tasks: strategies.map((strategy) => taskOf(plan, strategy, monthTokens)),
    replications,
    maxGpus,
  };
}

/** The scenario without latency targets: what keeps up is enough. */
function withoutTargets(scenario: Scenario): Scenario {
  const { traffic } = scenario;
  const classes = traffic.classes.map((each) => ({ ...each, targets: {} }));
  return { ...scenario, traffic: { ...traffic, classes } };
}

type PointWatcher = Pick<JobWatcher<BreakEvenPoint>, "isCancelled" | "onProgress">;

/** A watcher that sees a part of the work as a part of the whole. */
function partOf(watcher: PointWatcher, from: number, to: number) {
  return {
    isCancelled: () => watcher.isCancelled?.() ?? false,
    onProgress: (share: number) => watcher.onProgress?.(from + (to - from) * share),
  };
}

/** Simulates further volumes around the crossings, round by round, until lines between neighbours tell them. */
async function refine(
  runner: JobRunner,
  plan: StudyPlan,
  points: readonly BreakEvenPoint[],
  watcher: PointWatcher,
): Promise<BreakEvenPoint[]> {
  const pairs = crossingPairs(plan.strategies);
  const added: BreakEvenPoint[] = [];
  for (let round = 0; round < mostRefinements; round++) {
    const wanted = refinementsOf([...points, ...added], pairs);
    if (wanted.length === 0) break;
    const inputs = wanted.map(({ monthTokens, strategies }) =>
      inputOf(
        plan,
        monthTokens,
        plan.strategies.filter(({ id }) => strategies.includes(id)),
      ),
    );
    const from = 0.8 + (0.15 * round) / mostRefinements;
    added.push(...(await runner.run("breakEvenPoint", inputs, partOf(watcher, from, from + 0.03))));
  }
  return added.sort((a, b) => a.monthTokens - b.monthTokens);
}

/** The own strategy of the gate without latency targets, at the own volume. */
async function runRelaxed(
  runner: JobRunner,
  plan: StudyPlan,
  ownPoint: BreakEvenPoint,
  watcher: PointWatcher,
): Promise<StrategyPoint | undefined> {
  const rivals = gateRivals(ownPoint, plan.strategies);
  const strategy = plan.strategies.find(({ id }) => id === rivals?.own.strategy);
  if (strategy === undefined) return undefined;
  const relaxed = { ...plan, scenario: withoutTargets(plan.scenario) };
  const input = inputOf(relaxed, plan.setup.measured.monthTokens, [strategy]);
  const [point] = await runner.run("breakEvenPoint", [input], partOf(watcher, 0.96, 1));
  return point.strategies[0];
}

function capacityIn(setup: BreakEvenSetup) {
  return (point: StrategyPoint): number | undefined => {
    const own = setup.own.find((each) => each.strategy === point.strategy);
    const known = setup.own.flatMap((each) => each.units);
    const units = own?.units ?? known;
    let perS = 0;
    for (const [id, count] of Object.entries(point.counts)) {
      perS += (units.find(({ unit }) => unit.id === id)?.tokensPerS ?? 0) * count;
    }
    return perS > 0 ? perS : undefined;
  };
}

function notesOf({ scenario, setup, strategies }: StudyPlan): string[] {
  const hasApi = strategies.some(({ kind }) => kind === "api");
  const fixed = scenario.fixedCosts.map(({ id }) => `"${id}"`).join(", ");
  const fixedNote = `Fixed costs (${fixed}) are counted where there are own GPUs, not for traffic that is all on an API.`;
  const hasTrace = scenario.traffic.sources.some(({ kind }) => kind === "trace");
  const wholeNote =
    "At the traffic's own volume, and at whole multiples of it, a trace is replayed as it is: replications differ there only in the draws of classes, shifted copies and providers, so that their bands are narrow.";
  return [
    ...setup.notes,
    ...setup.trafficNotes,
    ...(hasTrace ? [wholeNote] : []),
    ...(hasApi && fixed !== "" ? [fixedNote] : []),
    "Every strategy faces the same requests and random numbers, volume by volume and replication by replication; the price of an API is charged on the same tokens.",
  ];
}

function warningsOf(
  { scenario, setup, leftOut = [] }: StudyPlan,
  points: readonly BreakEvenPoint[],
): string[] {
  const hollow = points.filter((each) => each.isHollow);
  const all = points.flatMap((point) => point.strategies);
  const cut = new Set(
    all.filter((each) => each.lengthCappedShare > 0).map((each) => each.strategy),
  );
  const invalid = new Set(all.filter((each) => !each.isValid).map((each) => each.strategy));
  return [
    ...windowWarnings(setup.measured),
    ...clockWarnings(
      scenario,
      points.map(({ repeat }) => repeat * setup.measured.windowS),
    ),
    ...leftOut,
    ...(hollow.length === 0
      ? []
      : [
          `${hollow.length} of ${points.length} volumes are hollow: ${hollow[0].hollowBecause}. Their percentiles may be far off.`,
        ]),
    ...[...cut].map(
      (id) =>
        `"${id}" cuts some answers at the context of a pool, so that it serves fewer tokens than an API would.`,
    ),
    ...[...invalid].map(
      (id) => `"${id}" misses a target or loses requests at some volumes; those points are marked.`,
    ),
  ];
}

/** Plans a study. Everything that can be refused is refused here, before a volume is run. */
function planStudy(scenario: Scenario, setup: BreakEvenSetup, options: BreakEvenOptions) {
  const wanted = chosen(scenario, setup, options.strategies);
  const plan: StudyPlan = {
    scenario,
    setup,
    ...reachable(setup, wanted, options.strategies),
    replications: options.replications ?? breakEvenDefaults.replications,
    maxGpus: options.maxGpus ?? breakEvenDefaults.maxGpus,
  };
  const volumes = volumesOf(plan, options);
  const most = volumes[volumes.length - 1];
  scaleTraffic(scenario, setup.measured, most);
  requireWithinLimit(plan, most);
  return { plan, volumes };
}

/**
 * Runs a break-even study of a sound scenario. Throws InputError for what cannot be studied (before any volume is run),
 * JobCancelled when the watcher says so. The same bytes for any runner.
 */
export async function runBreakEven(
  runner: JobRunner,
  scenario: Scenario,
  options: BreakEvenOptions = {},
  watcher: PointWatcher = {},
): Promise<BreakEvenStudy> {
  const [setup] = await runner.run("breakEvenSetup", [{ scenario }], partOf(watcher, 0, 0.02));
  const { plan, volumes } = planStudy(scenario, setup, options);
  const { strategies, replications, maxGpus } = plan;
  const ownTokens = setup.measured.monthTokens;
  const inputs = [...volumes, ownTokens].map((each) => inputOf(plan, each, strategies));
  const run = await runner.run("breakEvenPoint", inputs, partOf(watcher, 0.02, 0.8));
  const points = run.slice(0, volumes.length);
  const ownPoint = run[volumes.length];
  const refinements = await refine(runner, plan, run, watcher);
  const all = [...run, ...refinements];
  const capacityOf = capacityIn(setup);
  const crossings = crossingPairs(strategies).map(([first, second]) =>
    findCrossings(all, first.id, second.id, capacityOf),
  );
  const relaxed = await runRelaxed(runner, plan, ownPoint, watcher);
  const { measured, own } = setup;
  return {
    scenario: { name: scenario.name, seed: scenario.seed },
    monthHours: scenario.monthHours,
    ...{ replications, maxGpus, validityRule, measured, strategies, own },
    ...{ points, ownPoint, refinements, crossings },
    verdict: judge(ownPoint, strategies, crossings),
    gate: judgeGate({
      ...{ scenario, measured, strategies, own, points, ownPoint, crossings, relaxed },
    }),
    notes: notesOf(plan),
    warnings: warningsOf(plan, run),
  };
}
