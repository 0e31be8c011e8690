/** Inputs of a scenario by readable path, as axes and uncertain inputs change them. */
import type { JsonValue } from "../../schema/jsonText.ts";
import { type Scenario, scenarioSchema } from "../../schema/scenario.ts";
import { describeIssues } from "../../schema/schemaProblems.ts";
import { type Source, sourceSchema } from "../../schema/traffic.ts";
import { z } from "../../schema/zod.ts";
import { InputError } from "../../units/errors.ts";
import { fieldUnit } from "../../units/fieldUnits.ts";
import { nearestNames } from "../../units/nearestNames.ts";
import { type InputPlace, innerSchema, listInputs, walkTo } from "./inputWalk.ts";

/** One input that can be set. */
export interface StudyInput {
  readonly path: string;
  /** Whether only whole numbers fit. */
  readonly isInteger: boolean;
  /** Undefined for counts and texts. */
  readonly unit: string | undefined;
  /** What the scenario has there; undefined where nothing is set. */
  readonly current: JsonValue | undefined;
  /** The scenario with the value there; what does not change is shared with the old one. Throws InputError for a value that does not fit. */
  set(scenario: Scenario, value: JsonValue): Scenario;
}

/** Stands for the volume of all sources at once, as a factor on what they have. */
export const volumePath = "traffic.volume";

/** The input at a path. Throws InputError, with the nearest inputs, where there is none. */
export function findInput(scenario: Scenario, path: string): StudyInput {
  const input = lookForInput(scenario, path);
  if (input !== undefined) return input;
  const place = walkTo(scenario, path);
  const names =
    "names" in place ? place.names : listInputs(scenario).filter((each) => each.startsWith(path));
  throw notAnInput(scenario, path, names);
}

/** The input at a path; undefined where there is none. */
export function lookForInput(scenario: Scenario, path: string): StudyInput | undefined {
  if (path === volumePath) return volumeInput;
  const place = walkTo(scenario, path);
  if ("names" in place) return undefined;
  if (place.keys.length < 2 && typeof place.value === "object") return undefined;
  return {
    path: place.path,
    isInteger: isWhole(place.schema),
    unit: fieldUnit(String(place.keys[place.keys.length - 1])),
    // A parsed scenario holds what JSON can say, besides absent optional fields.
    current: place.value as JsonValue | undefined,
    set: (base, value) => setPlace(base, place, value),
  };
}

function notAnInput(scenario: Scenario, path: string, names: readonly string[]): InputError {
  const near = nearestNames(path, [...listInputs(scenario), volumePath]);
  const nearest = near.length > 0 ? ` The nearest: ${near.join(", ")}.` : "";
  const shown = names.slice(0, 20).join(", ");
  const more = names.length > 20 ? `, and ${names.length - 20} more` : "";
  const there = names.length > 0 ? ` There are: ${shown}${more}.` : "";
  return new InputError(
    `"${path}" is not an input of the scenario.${nearest}${near.length > 0 ? "" : there}`,
    { field: path, hint: "elements of lists go by their id, as in pools.own.replicas" },
  );
}

function isWhole(schema: z.ZodType): boolean {
  const inner = innerSchema(schema);
  return inner instanceof z.ZodNumber && inner.isInt;
}

function setPlace(
  scenario: Scenario,
  { path, keys, schema }: InputPlace,
  value: JsonValue,
): Scenario {
  const isPlain = typeof value !== "object" || value === null;
  if (isPlain && hasParent(scenario, keys)) {
    const parsed = schema.safeParse(value);
    if (parsed.success) return putAt(scenario, keys, parsed.data) as Scenario;
    throw wrongValue(path, describeIssues(parsed.error.issues, value)[0].message);
  }
  return parsedWhole(putAt(scenario, keys, value), path);
}

/** Whether the object or list that holds the last key is there. */
function hasParent(scenario: Scenario, keys: readonly (string | number)[]): boolean {
  let value: unknown = scenario;
  for (const key of keys.slice(0, -1)) {
    if (typeof value !== "object" || value === null) return false;
    value = (value as Record<string | number, unknown>)[key];
  }
  return typeof value === "object" && value !== null;
}

/** A copy with `value` at a place; objects on the way that are missing are made. */
function putAt(base: unknown, keys: readonly (string | number)[], value: unknown): unknown {
  if (keys.length === 0) return value;
  const [key, ...rest] = keys;
  if (Array.isArray(base)) {
    return base.map((each: unknown, index) => (index === key ? putAt(each, rest, value) : each));
  }
  const object = (base ?? {}) as Record<string, unknown>;
  return { ...object, [key]: putAt(object[key], rest, value) };
}

function parsedWhole(changed: unknown, path: string): Scenario {
  const parsed = scenarioSchema.safeParse(changed);
  if (parsed.success) return parsed.data;
  const [finding] = describeIssues(parsed.error.issues, changed);
  throw wrongValue(path, `${finding.field}: ${finding.message}`);
}

function wrongValue(path: string, message: string): InputError {
  return new InputError(`${path}: ${message}.`, { field: path });
}

const volumeInput: StudyInput = {
  path: volumePath,
  isInteger: false,
  unit: undefined,
  current: 1,
  set: (scenario, value) => {
    if (typeof value !== "number" || !(value > 0)) {
      throw wrongValue(volumePath, `found ${JSON.stringify(value)}, wanted a factor above 0`);
    }
    if (value === 1) return scenario;
    const sources = scenario.traffic.sources.map((source) => checked(scaled(source, value)));
    return { ...scenario, traffic: { ...scenario.traffic, sources } };
  },
};

function checked(source: Source): Source {
  const parsed = sourceSchema.safeParse(source);
  if (parsed.success) return parsed.data;
  const [{ field, message }] = describeIssues(parsed.error.issues, source);
  throw wrongValue(volumePath, `traffic.sources.${source.id}.${field}: ${message}`);
}

/** A source with `factor` times the requests in the same time. */
function scaled(source: Source, factor: number): Source {
  if (source.kind === "trace") {
    const { transforms } = source;
    return { ...source, transforms: { ...transforms, volume: transforms.volume * factor } };
  }
  if (source.kind === "closedLoop") {
    throw new InputError(
      `${volumePath}: source "${source.id}" has clients who wait for their answers, so its volume follows from them. Vary traffic.sources.${source.id}.clients instead.`,
      { field: volumePath },
    );
  }
  const { arrivals, requests } = source;
  const scaledArrivals =
    arrivals.process === "curve"
      ? { ...arrivals, ratesRps: arrivals.ratesRps.map((rate) => rate * factor) }
      : arrivals.process === "weekly"
        ? { ...arrivals, meanRps: arrivals.meanRps * factor }
        : { ...arrivals, rateRps: arrivals.rateRps * factor };
  if (requests === undefined) return { ...source, arrivals: scaledArrivals };
  // A limit on the requests is a length in time at the source's rate: it grows with the rate.
  return {
    ...source,
    arrivals: scaledArrivals,
    requests: Math.max(1, Math.round(requests * factor)),
  };
}
