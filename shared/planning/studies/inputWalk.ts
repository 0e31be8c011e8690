/** The way from a readable path to a place in a scenario, along the schema and the scenario's own lists. */
import { type Scenario, scenarioSchema } from "../../schema/scenario.ts";
import { z } from "../../schema/zod.ts";

/** A place in a scenario. */
export interface InputPlace {
  /** The path with elements of lists by their ids, however it was given. */
  readonly path: string;
  /** Members and indexes from the root. */
  readonly keys: readonly (string | number)[];
  readonly schema: z.ZodType;
  /** What stands there; undefined where nothing does. */
  readonly value: unknown;
}

/** Where a path leaves the scenario, with the names that could have followed. */
export interface InputDeadEnd {
  readonly at: string;
  readonly names: readonly string[];
}

/** Members that change no figure of a run, or that were read with the trace and are settled before a run. */
const notInputs = new Set(
  "format version id name notes provenance label source file mapping sha256 rows failedRequests statedError fitted".split(
    " ",
  ),
);

/** The schema inside optional, default and prefault. */
export function innerSchema(schema: unknown): z.ZodType | undefined {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable
  ) {
    inner = inner.unwrap();
  }
  return inner instanceof z.ZodType ? inner : undefined;
}

/** The form of a union that a value has; other schemas are themselves. */
function formOf(schema: unknown, value: unknown): z.ZodType | undefined {
  const inner = innerSchema(schema);
  if (!(inner instanceof z.ZodUnion)) return inner;
  const options: readonly unknown[] = inner.options;
  const taken = options.find((each) => each instanceof z.ZodType && each.safeParse(value).success);
  return taken === undefined ? undefined : formOf(taken, value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface Step {
  readonly name: string;
  readonly key: string | number;
  readonly schema: unknown;
  readonly value: unknown;
}

/** What may follow a place: members of an object, elements of a list by id, else by number. */
function stepsFrom(schema: unknown, value: unknown): Step[] {
  const form = formOf(schema, value);
  if (form instanceof z.ZodObject) {
    const object = isObject(value) ? value : {};
    return Object.entries(form.shape)
      .filter(([key]) => !notInputs.has(key))
      .map(([key, member]) => ({ name: key, key, schema: member, value: object[key] }));
  }
  if (!(form instanceof z.ZodArray) || !Array.isArray(value)) return [];
  const element = form.element;
  return value.map((item: unknown, index) => {
    const name = isObject(item) && typeof item.id === "string" ? item.id : String(index);
    return { name, key: index, schema: element, value: item };
  });
}

/** Whether `rest` begins with a step of this name: the whole of it, or before a "." or "[". */
function leads(name: string, rest: string): boolean {
  if (!rest.startsWith(name)) return false;
  const next = rest[name.length];
  return next === undefined || next === "." || next === "[";
}

/** The dot before a step belongs to it; "[2]" is the step "2". */
function trimmed(rest: string): string {
  const bracket = /^\[(\d+)\]/.exec(rest);
  if (bracket !== null) return `${bracket[1]}${rest.slice(bracket[0].length)}`;
  return rest.startsWith(".") ? rest.slice(1) : rest;
}

/** Of the steps that a path may go on with the longest: ids may hold dots. A number also names an element that has an id. */
function nextStep(steps: readonly Step[], rest: string): (Step & { taken: string }) | undefined {
  let best: (Step & { taken: string }) | undefined;
  for (const step of steps) {
    const names = typeof step.key === "number" ? [step.name, String(step.key)] : [step.name];
    for (const taken of names) {
      if (leads(taken, rest) && taken.length > (best?.taken.length ?? 0)) best = { ...step, taken };
    }
  }
  return best;
}

/** Follows a path through a scenario. */
export function walkTo(scenario: Scenario, path: string): InputPlace | InputDeadEnd {
  let place: InputPlace = { path: "", keys: [], schema: scenarioSchema, value: scenario };
  let rest = path;
  while (rest !== "") {
    const steps = stepsFrom(place.schema, place.value);
    const step = nextStep(steps, trimmed(rest));
    if (step === undefined) {
      const at = path.slice(0, path.length - rest.length);
      return { at, names: steps.map(({ name }) => name) };
    }
    const schema = step.schema instanceof z.ZodType ? step.schema : z.unknown();
    place = {
      path: place.path === "" ? step.name : `${place.path}.${step.name}`,
      keys: [...place.keys, step.key],
      schema,
      value: step.value,
    };
    rest = trimmed(rest).slice(step.taken.length);
  }
  return place;
}

const maxListed = 5000;

/** Paths of all inputs that hold one value (a number, a text, true or false), those that are not set included. Long lists are left out. */
export function listInputs(scenario: Scenario): string[] {
  const found: string[] = [];
  const visit = (schema: unknown, value: unknown, path: string): void => {
    if (found.length >= maxListed) return;
    if (Array.isArray(value) && value.length > 64) return;
    const inner = innerSchema(schema);
    if (inner instanceof z.ZodObject && value === undefined) return;
    const steps = stepsFrom(schema, value);
    for (const step of steps) {
      visit(step.schema, step.value, path === "" ? step.name : `${path}.${step.name}`);
    }
    const isList = Array.isArray(value) || inner instanceof z.ZodArray;
    if (steps.length === 0 && path !== "" && !isList && !isObject(value)) found.push(path);
  };
  visit(scenarioSchema, scenario, "");
  return found;
}
