/** From a study to its points: axes resolved, the design laid out, every point checked before anything runs. */

import { canonicalJson } from "../../schema/canonicalJson.ts";
import type { Finding } from "../../schema/findings.ts";
import { ProblemsError } from "../../schema/findings.ts";
import type { JsonValue } from "../../schema/jsonText.ts";
import type { Scenario } from "../../schema/scenario.ts";
import type { Axis, AxisInput, Design, Study } from "../../schema/study.ts";
import { createRandomStream, type RandomStream } from "../../sim/random.ts";
import { InputError } from "../../units/errors.ts";
import { checkScenario } from "../checkScenario.ts";
import { checkRange, rangeAt, rangeValues } from "./axisValues.ts";
import { findInput, type StudyInput } from "./studyInput.ts";

/** The most runs that one machine does of a study unless it is told otherwise. */
export const defaultRunLimit = 10_000;

/** A study whose scenario has been read. */
export type OpenStudy = Study & { readonly scenario: Scenario };

/** One point of a study: the scenario with its inputs set. */
export interface StudyPoint {
  readonly index: number;
  /** Values by path, in the order of the axes. */
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly scenario: Scenario;
  readonly seed: number;
}

/** A study ready to run. Its runs are numbered replication by replication: run = replication * points + point. */
export interface StudyPlan {
  readonly study: OpenStudy;
  /** Paths in the order of the axes. */
  readonly paths: readonly string[];
  readonly points: readonly StudyPoint[];
  readonly warnings: readonly string[];
}

interface PlannedInput {
  readonly input: StudyInput;
  readonly values: readonly JsonValue[];
}

interface PlannedAxis {
  readonly name: string;
  readonly inputs: readonly PlannedInput[];
  readonly length: number;
}

/** Runs of a whole study. */
export function countRuns(plan: StudyPlan): number {
  return plan.points.length * plan.study.replications;
}

/** Lays a study out. Throws InputError for an axis that is no input, an empty range, a value that does not fit, or more runs than `runLimit` for each of `shards` machines; ProblemsError for points that cannot run. */
export function planStudy(study: OpenStudy, runLimit = defaultRunLimit, shards = 1): StudyPlan {
  const axes = planAxes(study);
  const length = countPoints(study.design, axes);
  refuseLength(length, study.replications, runLimit, shards);
  const paths = axes.flatMap((axis) => axis.inputs.map(({ input }) => input.path));
  refuseDoubled(paths);
  const points = Array.from({ length }, (_, index) => makePoint(study, axes, index));
  return { study, paths, points, warnings: checkPoints(points) };
}

function planAxes({ axes, design, scenario }: OpenStudy): PlannedAxis[] {
  if (design.kind !== "latinHypercube") {
    return axes.map((axis) => planAxis(axis, scenario, (each, input) => valuesOf(each, input)));
  }
  const seed = design.seed ?? scenario.seed;
  return axes.map((axis) => {
    const name = axisName(axis);
    const stream = createRandomStream(seed, `study/latin hypercube/${name}`);
    const shares = stratified(design.points, stream);
    return planAxis(axis, scenario, (each, input) => sampledValues(each, input, shares));
  });
}

function axisName({ name, inputs }: Axis): string {
  return name ?? inputs.flatMap(({ path }) => path).join("+");
}

function planAxis(
  axis: Axis,
  scenario: Scenario,
  take: (each: AxisInput, input: StudyInput) => JsonValue[],
): PlannedAxis {
  const inputs = axis.inputs.flatMap((each) =>
    [each.path].flat().map((path) => {
      const input = findInput(scenario, path);
      return { input, values: take(each, input) };
    }),
  );
  const name = axisName(axis);
  const [first] = inputs;
  const other = inputs.find(({ values }) => values.length !== first.values.length);
  if (other !== undefined) {
    throw new InputError(
      `Axis ${name}: inputs that move together need as many values each; ${first.input.path} has ${first.values.length}, ${other.input.path} has ${other.values.length}.`,
      { field: other.input.path },
    );
  }
  return { name, inputs, length: first.values.length };
}

function valuesOf({ values, range }: AxisInput, input: StudyInput): JsonValue[] {
  if (values !== undefined && range !== undefined) {
    throw new InputError(`Axis ${input.path} has values and a range; give one.`, {
      field: input.path,
    });
  }
  if (values !== undefined) return values as JsonValue[];
  if (range !== undefined) return rangeValues(range, input.path, input.isInteger);
  throw new InputError(`Axis ${input.path} has neither values nor a range; give one.`, {
    field: input.path,
  });
}

/** One share of 0..1 out of each of n equal strata, in random order. */
export function stratified(n: number, stream: RandomStream): Float64Array {
  const shares = Float64Array.from({ length: n }, (_, i) => (i + stream.nextUniform()) / n);
  for (let i = n - 1; i > 0; i--) {
    const j = stream.nextIndex(i + 1);
    [shares[i], shares[j]] = [shares[j], shares[i]];
  }
  return shares;
}

/** Values at shares of a range, or of a list in equal parts. */
function sampledValues(each: AxisInput, input: StudyInput, shares: Float64Array): JsonValue[] {
  const { range } = each;
  const isBare = range !== undefined && range.step === undefined && range.count === undefined;
  if (!isBare) {
    const values = valuesOf(each, input);
    return Array.from(shares, (share) => values[Math.floor(share * values.length)]);
  }
  checkRange(range, input.path);
  const { from, to, scale } = range;
  if (!input.isInteger) return Array.from(shares, (share) => rangeAt(from, to, scale, share));
  // Whole numbers get equal parts of the range each, the ends included.
  const [low, high] = [Math.ceil(from), Math.floor(to)];
  if (low > high)
    throw new InputError(`Axis ${input.path}: no whole number lies from ${from} to ${to}.`, {
      field: input.path,
    });
  return Array.from(shares, (share) =>
    Math.min(high, Math.floor(rangeAt(low, high + 1, scale, share))),
  );
}

function countPoints(design: Design, axes: readonly PlannedAxis[]): number {
  if (design.kind === "latinHypercube") {
    if (axes.length > 0) return design.points;
    throw new InputError("A Latin hypercube needs at least one axis; give --axis PATH=from..to.", {
      field: "axes",
    });
  }
  if (design.kind === "grid") return axes.reduce((product, { length }) => product * length, 1);
  const [first] = axes;
  const other = axes.find(({ length }) => length !== first.length);
  if (other !== undefined) {
    throw new InputError(
      `In a list design all axes have as many values: ${first.name} has ${first.length}, ${other.name} has ${other.length}. Use the grid design for every combination.`,
      { field: other.name },
    );
  }
  return first?.length ?? 1;
}

function refuseLength(points: number, replications: number, limit: number, shards: number): void {
  const runs = points * replications;
  if (runs <= limit * shards) return;
  const needed = Math.ceil(runs / limit);
  const shown = runs.toLocaleString("en-US");
  throw new InputError(
    `The study has ${shown} runs (${points.toLocaleString("en-US")} points x ${replications} replications); the limit for one machine is ${limit.toLocaleString("en-US")}. Run it in ${needed.toLocaleString("en-US")} shards, each on a machine of its own (--shard 1/${needed} --out FILE, then crossover study merge), or on a cluster (--export kubernetes); or raise --max-runs.`,
    { field: "axes" },
  );
}

function refuseDoubled(paths: readonly string[]): void {
  const doubled = paths.find((path, index) => paths.indexOf(path) !== index);
  if (doubled === undefined) return;
  throw new InputError(`${doubled} stands in two axes; each input may be varied by one.`, {
    field: doubled,
  });
}

/** Which value of each axis a point has: the last axis of a grid runs fastest. */
function placesOf(design: Design, axes: readonly PlannedAxis[], index: number): number[] {
  if (design.kind !== "grid") return axes.map(() => index);
  const places = new Array<number>(axes.length);
  let rest = index;
  for (let a = axes.length - 1; a >= 0; a--) {
    places[a] = rest % axes[a].length;
    rest = Math.floor(rest / axes[a].length);
  }
  return places;
}

function makePoint(study: OpenStudy, axes: readonly PlannedAxis[], index: number): StudyPoint {
  const places = placesOf(study.design, axes, index);
  const inputs: Record<string, JsonValue> = {};
  let { scenario } = study;
  axes.forEach((axis, a) => {
    for (const { input, values } of axis.inputs) {
      const value = values[places[a]];
      inputs[input.path] = value;
      scenario = input.set(scenario, value);
    }
  });
  const seed = study.commonRandomNumbers ? scenario.seed : ownSeed(scenario.seed, inputs);
  return { index, inputs, scenario, seed };
}

/** A seed of a point's own: it depends on the point's inputs only, so that more points change nothing for it. */
function ownSeed(seed: number, inputs: StudyPoint["inputs"]): number {
  const stream = createRandomStream(seed, `study/point/${canonicalJson(inputs)}`);
  return Math.floor(stream.nextUniform() * Number.MAX_SAFE_INTEGER);
}

/** Warnings of the points, each once; a point that cannot run stops the study before it begins. */
function checkPoints(points: readonly StudyPoint[]): string[] {
  const warnings = new Map<string, number>();
  const problems: Finding[] = [];
  for (const point of points) {
    const findings = checkScenario(point.scenario);
    for (const { field, message } of findings.warnings) {
      const text = `${field}: ${message}`;
      warnings.set(text, (warnings.get(text) ?? 0) + 1);
    }
    for (const { field, message } of findings.problems) {
      problems.push({ field, message: `${message} (${pointText(point)})` });
    }
  }
  if (problems.length > 0) throw new ProblemsError("The study cannot run", problems);
  return [...warnings].map(([text, count]) =>
    count === points.length ? text : `${text} (at ${count} of ${points.length} points)`,
  );
}

/** "point 3: pools.own.replicas = 2". */
export function pointText({ index, inputs }: Pick<StudyPoint, "index" | "inputs">): string {
  const values = Object.entries(inputs).map(
    ([path, value]) => `${path} = ${JSON.stringify(value)}`,
  );
  return `point ${index + 1}${values.length > 0 ? `: ${values.join(", ")}` : ""}`;
}
