/** From options and uncertain inputs to samples: every one checked before anything runs. */
import { type Finding, ProblemsError } from "../../schema/findings.ts";
import type { JsonValue } from "../../schema/jsonText.ts";
import type { Scenario } from "../../schema/scenario.ts";
import type { UncertainDistribution, UncertainInput } from "../../schema/study.ts";
import { createRandomStream } from "../../sim/random.ts";
import { InputError } from "../../units/errors.ts";
import { applyStrategy, type Strategy } from "../breakEven/strategies.ts";
import { checkScenario } from "../checkScenario.ts";
import { isSameSimulation } from "../points/pricedRuns.ts";
import { stratified } from "../studies/planStudy.ts";
import { findInput, lookForInput, type StudyInput } from "../studies/studyInput.ts";
import { checkDistribution, endsOf, quantileOf } from "./distributions.ts";

/** One way to serve the traffic, among which one wins. */
export interface UncertainOption {
  readonly id: string;
  readonly label: string;
  readonly scenario: Scenario;
  /** How the scenario is served; as it is where there is none. */
  readonly strategy?: Strategy;
  /** Whether the number of GPUs is searched at every sample. */
  readonly fleet: "chosen" | "given";
}

/** An uncertain input with the places that it sets. */
export interface PlannedInput {
  readonly name: string;
  readonly paths: readonly string[];
  readonly distribution: UncertainDistribution;
  readonly unit: string | undefined;
  readonly isInteger: boolean;
  /** What the scenario has: where the other inputs stand while this one is varied. Undefined where nothing is set, or its places differ. */
  readonly base: JsonValue | undefined;
  /** Ends between which the verdict is looked at; undefined for values that are no numbers. */
  readonly ends: { readonly low: number; readonly high: number } | undefined;
  /** Options whose scenario has it. */
  readonly appliesTo: readonly string[];
  /** Prices: no request is served differently for them, so that runs are priced anew and not simulated. */
  readonly isPriceOnly: boolean;
  /** The places by option. */
  readonly places: ReadonlyMap<string, readonly StudyInput[]>;
}

/** A value for every input, in their order; undefined leaves an input as the scenario has it. */
export type SampleValues = readonly (JsonValue | undefined)[];

/** What is to be run. */
export interface UncertaintyPlan {
  readonly options: readonly UncertainOption[];
  readonly inputs: readonly PlannedInput[];
  /** Latin hypercube: each input has one value in each of n equal parts of its distribution. */
  readonly samples: readonly SampleValues[];
  readonly warnings: readonly string[];
}

/** Most samples. */
export const maxSamples = 100_000;

/** Lays it out. Throws InputError for an input that no option has, a distribution that is none or a value that does not fit; ProblemsError for samples that cannot run. */
export function planUncertainty(
  options: readonly UncertainOption[],
  uncertain: readonly UncertainInput[],
  samples: number,
  seed: number,
): UncertaintyPlan {
  if (uncertain.length === 0) throw nothingUncertain(options[0].scenario);
  const inputs = uncertain.map((each) => planInput(options, each));
  refuseDoubled(inputs);
  const shares = inputs.map(({ name }) =>
    stratified(samples, createRandomStream(seed, `uncertainty/${name}`)),
  );
  const rows = Array.from({ length: samples }, (_, row) =>
    inputs.map((input, i) => valueAt(input, shares[i][row])),
  );
  const warnings = checkSamples(options, inputs, [...rows, ...endRows(inputs)]);
  return { options, inputs, samples: rows, warnings };
}

/** The scenario as it is, and each input at its ends or listed values with the others as they are: where the tornado goes. */
function endRows(inputs: readonly PlannedInput[]): SampleValues[] {
  const asGiven = inputs.map(() => undefined);
  const varied = inputs.flatMap(({ ends, distribution }, at) => {
    const values =
      distribution.kind === "discrete"
        ? (distribution.values as JsonValue[])
        : ends === undefined
          ? []
          : [ends.low, ends.high];
    return values.map((value) => asGiven.map((own, i) => (i === at ? value : own)));
  });
  return [asGiven, ...varied];
}

/** The value below which a share u of an input's distribution lies; whole where only whole numbers fit. */
function valueAt({ distribution, isInteger }: PlannedInput, u: number): JsonValue {
  const value = quantileOf(distribution, u);
  return isInteger && typeof value === "number" ? Math.round(value) : value;
}

function nothingUncertain(scenario: Scenario): InputError {
  const [pool] = scenario.pools;
  const [provider] = scenario.providers;
  const examples = [
    ...(pool?.price === undefined
      ? []
      : [`pools.${pool.id}.price.usdPerGpuHour=triangular(1.9,2.69,3.5)`]),
    ...(provider === undefined
      ? []
      : [`providers.${provider.id}.price.outputUsdPerMTok=uniform(4,10)`]),
    "traffic.volume=lognormal(1,0.3)",
  ];
  return new InputError(
    `No input is uncertain. Give some with --uncertain, or under "uncertain" in a study file; for example --uncertain '${examples.join("' --uncertain '")}'.`,
    { field: "uncertain" },
  );
}

function planInput(
  options: readonly UncertainOption[],
  { name, path, distribution }: UncertainInput,
): PlannedInput {
  const paths = [path].flat();
  const title = name ?? paths.join("+");
  checkDistribution(distribution, title);
  const places = new Map(options.map(({ id, scenario }) => [id, placesIn(scenario, paths)]));
  const all = [...places.values()].flat();
  for (const each of paths) {
    // Nowhere: the error of the first option says what is near.
    if (!all.some(({ asked }) => asked === each)) findInput(options[0].scenario, each);
  }
  const [first] = all;
  const planned: PlannedInput = {
    name: title,
    paths,
    distribution,
    unit: first.unit,
    isInteger: first.isInteger,
    base: sameValue(all.map(({ current }) => current)),
    ends: endsOf(distribution),
    appliesTo: [...places].filter(([, here]) => here.length > 0).map(([id]) => id),
    isPriceOnly: false,
    places,
  };
  return { ...planned, isPriceOnly: isPriceOnly(options, planned) };
}

function sameValue(values: readonly (JsonValue | undefined)[]): JsonValue | undefined {
  const [first] = values;
  const text = JSON.stringify(first);
  return values.every((each) => JSON.stringify(each) === text) ? first : undefined;
}

interface Place extends StudyInput {
  /** The path as it was asked for. */
  readonly asked: string;
}

/** Inputs of those paths that a scenario has. */
function placesIn(scenario: Scenario, paths: readonly string[]): Place[] {
  return paths.flatMap((asked) => {
    const input = lookForInput(scenario, asked);
    return input === undefined ? [] : [{ ...input, asked }];
  });
}

function refuseDoubled(inputs: readonly PlannedInput[]): void {
  const all = inputs.flatMap(({ paths }) => paths);
  const doubled = all.find((path, index) => all.indexOf(path) !== index);
  if (doubled === undefined) return;
  throw new InputError(`${doubled} is uncertain twice; give it one distribution.`, {
    field: doubled,
  });
}

/** Whether both ends of an input give the same simulations of every option. */
function isPriceOnly(options: readonly UncertainOption[], input: PlannedInput): boolean {
  const [low, high] = [valueAt(input, 0.01), valueAt(input, 0.99)];
  return options.every((option) =>
    isSameSimulation(setInputs(option, [input], [low]), setInputs(option, [input], [high])),
  );
}

/** An option's scenario with inputs at the values of a sample, where it has them. Throws InputError for a value that does not fit. */
export function setInputs(
  { id, scenario }: UncertainOption,
  inputs: readonly PlannedInput[],
  values: SampleValues,
): Scenario {
  let changed = scenario;
  inputs.forEach(({ places }, i) => {
    const value = values[i];
    if (value === undefined) return;
    for (const place of places.get(id) ?? []) changed = place.set(changed, value);
  });
  return changed;
}

/** Every option of every sample must be sound; warnings are told once. */
function checkSamples(
  options: readonly UncertainOption[],
  inputs: readonly PlannedInput[],
  rows: readonly SampleValues[],
): string[] {
  const problems: Finding[] = [];
  const warnings = new Set<string>();
  rows.forEach((values) => {
    for (const option of options) {
      const { id, strategy } = option;
      const changed = setInputs(option, inputs, values);
      const served = strategy === undefined ? changed : applyStrategy(changed, strategy);
      const findings = checkScenario(served);
      for (const { field, message } of findings.warnings) {
        warnings.add(`${id}: ${field}: ${message}`);
      }
      for (const { field, message } of findings.problems) {
        problems.push({ field, message: `${message} (${id}, at ${valuesText(inputs, values)})` });
      }
    }
  });
  if (problems.length > 0) throw new ProblemsError("Not every sample can run", problems);
  return [...warnings];
}

function valuesText(inputs: readonly PlannedInput[], values: SampleValues): string {
  const set = inputs.flatMap(({ name }, i) =>
    values[i] === undefined ? [] : [`${name} = ${JSON.stringify(values[i])}`],
  );
  return set.length === 0 ? "the scenario's own inputs" : set.join(", ");
}
