/** The Monte Carlo: every option at the base, at every sample, and along every input; the jobs go over the worker threads. */
import type { JsonValue } from "../../schema/jsonText.ts";
import { InputError } from "../../units/errors.ts";
import type { JobWatcher } from "../jobs/job.ts";
import type { JobRunner } from "../jobs/jobs.ts";
import type { OptionPoint, OptionPointInput } from "./optionPoint.ts";
import {
  type SampleValues,
  setInputs,
  type UncertainOption,
  type UncertaintyPlan,
} from "./planUncertainty.ts";
import { type DifferencePoint, sortTornado, TornadoInput, type TornadoRow } from "./tornado.ts";
import {
  buildUncertaintyResult,
  differenceOf,
  type UncertaintyResult,
} from "./uncertaintyResult.ts";

/** How it is run. */
export interface UncertaintySettings {
  readonly name: string;
  /** Of the samples; runs draw from the scenarios' own. */
  readonly seed: number;
  readonly replications: number;
  readonly maxGpus: number;
  /** Ids of the two options whose difference the tornado shows; default own GPUs minus the API that is cheapest at the base. */
  readonly pair?: readonly [string, string];
}

/** Watches one stage, [from, to] of the whole. */
export type WatchStage = (
  stage: readonly [number, number],
) => Pick<JobWatcher<OptionPoint>, "isCancelled" | "onProgress">;

const notes = [
  "All options and all samples face the same requests and the same random numbers; each option's GPUs are chosen anew for every sample unless they are given.",
  "Samples are a Latin hypercube: the interval of a probability is Wilson's for independent samples, and rather too wide.",
];

/** Runs it. Throws InputError for a pair that is no pair of options. */
export async function runUncertainty(
  plan: UncertaintyPlan,
  settings: UncertaintySettings,
  runner: JobRunner,
  watch: WatchStage,
): Promise<UncertaintyResult> {
  const evaluation = new Evaluation(plan, settings, runner);
  const asGiven = plan.inputs.map(() => undefined);
  const [base] = await evaluation.run([asGiven], plan.options, watch([0, 0.05]));
  evaluation.startFrom(base);
  const pair = choosePair(plan, base, settings.pair);
  const points = await evaluation.run(plan.samples, plan.options, watch([0.05, 0.6]));
  const tornado = await makeTornado(plan, base, pair, evaluation, watch);
  const { name, seed, replications } = settings;
  return buildUncertaintyResult({
    ...{ plan, name, seed, replications, base, points, pair, tornado, notes },
  });
}

/** Options at sets of input values, as jobs. */
class Evaluation {
  private readonly plan: UncertaintyPlan;
  private readonly settings: UncertaintySettings;
  private readonly runner: JobRunner;
  private starts = new Map<string, readonly number[]>();

  constructor(plan: UncertaintyPlan, settings: UncertaintySettings, runner: JobRunner) {
    this.plan = plan;
    this.settings = settings;
    this.runner = runner;
  }

  /** Searches begin at the fleets of the base. */
  startFrom(base: readonly OptionPoint[]): void {
    this.starts = new Map(this.plan.options.map(({ id }, i) => [id, base[i].counts]));
  }

  /** By set of values, then option. */
  async run(
    sets: readonly SampleValues[],
    options: readonly UncertainOption[],
    watcher: Pick<JobWatcher<OptionPoint>, "isCancelled" | "onProgress">,
  ): Promise<OptionPoint[][]> {
    // Option by option: neighbours share simulations, which a thread remembers.
    const inputs = options.flatMap((option) => sets.map((values) => this.inputOf(option, values)));
    const points = await this.runner.run("optionPoint", inputs, watcher);
    return sets.map((_, set) => options.map((_, option) => points[option * sets.length + set]));
  }

  private inputOf(option: UncertainOption, values: SampleValues): OptionPointInput {
    const { replications, maxGpus } = this.settings;
    const start = this.starts.get(option.id);
    return {
      scenario: setInputs(option, this.plan.inputs, values),
      strategy: option.strategy,
      fleet: option.fleet,
      replications,
      maxGpus,
      start: start === undefined || start.length === 0 ? undefined : start,
    };
  }
}

/** Indexes of the options of the tornado's difference. */
function choosePair(
  { options }: UncertaintyPlan,
  base: readonly OptionPoint[],
  pair: readonly [string, string] | undefined,
): readonly [number, number] {
  if (pair !== undefined) {
    const [a, b] = pair.map((id) => options.findIndex((option) => option.id === id));
    if (a >= 0 && b >= 0 && a !== b) return [a, b];
    const known = options.map(({ id }) => id).join(", ");
    throw new InputError(
      `The difference of "${pair[0]}" and "${pair[1]}" is asked for; wanted two of the options ${known}.`,
      { field: "difference" },
    );
  }
  const kindAt = (kind: string): number =>
    options.findIndex(({ strategy }) => strategy?.kind === kind);
  const a = [kindAt("own"), kindAt("hybrid"), 0].find((each) => each >= 0) ?? 0;
  const others = options.flatMap((_, index) => (index === a ? [] : [index]));
  const apis = others.filter((index) => options[index].strategy?.kind === "api");
  const costOf = (index: number): number =>
    base[index].isValid ? (base[index].monthUsd ?? Infinity) : Infinity;
  const [b] = (apis.length > 0 ? apis : others).sort((x, y) => costOf(x) - costOf(y));
  return [a, b];
}

/** Rounds of a search for flips; a whole range is halved that often. */
const maxRounds = 70;

async function makeTornado(
  plan: UncertaintyPlan,
  base: readonly OptionPoint[],
  [a, b]: readonly [number, number],
  evaluation: Evaluation,
  watch: WatchStage,
): Promise<TornadoRow[]> {
  const options = [plan.options[a], plan.options[b]];
  // The cheapest fleet of a mix changes with prices, and is searched again with them: the runs are priced anew even so.
  const walks = plan.inputs.map((input) => new TornadoInput(input, input.isPriceOnly));
  const evaluate = async (
    asked: readonly { readonly at: number; readonly values: readonly JsonValue[] }[],
    stage: readonly [number, number],
  ): Promise<DifferencePoint[][]> => {
    const flat = asked.flatMap(({ at, values }) =>
      values.map((value) => plan.inputs.map((_, i) => (i === at ? value : undefined))),
    );
    const points = await evaluation.run(flat, options, watch(stage));
    const differences = points.map(([first, second]) => differenceOf(first, second));
    let from = 0;
    return asked.map(({ values }) =>
      values.map((value) => ({ value, difference: differences[from++] })),
    );
  };
  const first = walks.map((walk, at) => ({ at, values: walk.firstValues() }));
  const begun = await evaluate(first, [0.6, 0.8]);
  walks.forEach((walk, at) => {
    walk.begin(begun[at]);
  });
  for (let round = 0; round < maxRounds; round++) {
    const asked = walks
      .map((walk, at) => ({ at, values: walk.next() }))
      .filter(({ values }) => values.length > 0);
    if (asked.length === 0) break;
    // The searches end after about ten rounds; what is left is divided among them.
    const left = 0.2 * Math.exp(-round / 5);
    const done = await evaluate(asked, [1 - left, 1 - left * Math.exp(-1 / 5)]);
    asked.forEach(({ at }, i) => {
      walks[at].take(done[i]);
    });
  }
  return sortTornado(walks.map((walk) => walk.row(differenceOf(base[a], base[b]))));
}
