/** What differs between the inputs of two scenarios: by readable path, elements of lists by their ids. */
import type { JsonValue } from "../../schema/jsonText.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { fieldUnit } from "../../units/fieldUnits.ts";

/** One input that differs. */
export interface InputDifference {
  /** e.g. "pools.own.replicas", "rules" for the order of the rules, "providers.gpt.price.contextTiers[0].abovePromptTokens". */
  readonly path: string;
  readonly kind: "changed" | "added" | "removed" | "reordered";
  /** Null where it was added; of a long list a summary. */
  readonly from: JsonValue;
  /** Null where it was removed. */
  readonly to: JsonValue;
  /** Unit of a number, "share" for fractions of 1; null without one. */
  readonly unit: string | null;
  /** to - from of numbers, else null. */
  readonly absolute: number | null;
  /** absolute over |from|; null where from is 0 or not a number. */
  readonly relative: number | null;
}

/** The differences of the inputs, and what was left out of them. */
export interface InputDiff {
  readonly differences: readonly InputDifference[];
  /** Objects whose sources or dates differ, and none of their figures. */
  readonly provenanceOnly: number;
}

/** Fields that are no input of a run. */
const notInputs = new Set(["format", "version", "name", "notes"]);
/** Lists longer than this are summarised. */
const mostItems = 40;

type JsonObject = { readonly [key: string]: JsonValue | undefined };

interface Walk {
  readonly found: InputDifference[];
  provenanceOnly: number;
}

/** Differences from `from` to `to` in the order of the files' fields. Names and notes of the scenarios are left out, and so are sources and dates of what has the same figures. */
export function diffInputs(from: Scenario, to: Scenario): InputDiff {
  const walk: Walk = { found: [], provenanceOnly: 0 };
  // A parsed scenario holds what JSON can say, besides absent optional fields.
  const inputsOf = (scenario: Scenario): JsonObject =>
    Object.fromEntries(
      Object.entries(scenario).filter(([key]) => !notInputs.has(key)),
    ) as JsonObject;
  visitObject(walk, "", inputsOf(from), inputsOf(to));
  return { differences: walk.found, provenanceOnly: walk.provenanceOnly };
}

function visit(
  walk: Walk,
  path: string,
  from: JsonValue | undefined,
  to: JsonValue | undefined,
): void {
  if (from === undefined || to === undefined) {
    if (from !== to) add(walk, path, from === undefined ? "added" : "removed", from, to);
  } else if (Array.isArray(from) && Array.isArray(to)) visitList(walk, path, from, to);
  else if (isObject(from) && isObject(to)) visitObject(walk, path, from, to);
  else if (!isSame(from, to)) add(walk, path, "changed", from, to);
}

function visitObject(walk: Walk, path: string, from: JsonObject, to: JsonObject): void {
  const before = walk.found.length;
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  const isProvenance = keys.delete("provenance");
  for (const key of keys) {
    visit(walk, path === "" ? key : `${path}.${key}`, from[key], to[key]);
  }
  if (!isProvenance || isSame(from.provenance ?? null, to.provenance ?? null)) return;
  if (walk.found.length === before) walk.provenanceOnly++;
  else add(walk, `${path}.provenance`, "changed", from.provenance, to.provenance);
}

function visitList(walk: Walk, path: string, from: JsonValue[], to: JsonValue[]): void {
  const ids = idsOf(from);
  const otherIds = idsOf(to);
  if (ids !== undefined && otherIds !== undefined) {
    visitById(walk, path, new Map(zip(ids, from)), new Map(zip(otherIds, to)));
  } else if (from.length === to.length && from.every(isObject) && to.every(isObject)) {
    from.forEach((each, i) => {
      visit(walk, `${path}[${i}]`, each, to[i]);
    });
  } else if (!isSame(from, to)) addList(walk, path, from, to);
}

function visitById(
  walk: Walk,
  path: string,
  from: ReadonlyMap<string, JsonValue>,
  to: ReadonlyMap<string, JsonValue>,
): void {
  for (const id of new Set([...from.keys(), ...to.keys()])) {
    visit(walk, `${path}.${id}`, from.get(id), to.get(id));
  }
  const common = [...from.keys()].filter((id) => to.has(id));
  const order = [...to.keys()].filter((id) => from.has(id));
  if (!isSame(common, order)) add(walk, path, "reordered", [...from.keys()], [...to.keys()]);
}

/** Ids of the elements, where all have one and no two the same; undefined otherwise. An empty list has them. */
function idsOf(list: JsonValue[]): string[] | undefined {
  const ids = list.map((each) => (isObject(each) ? each.id : undefined));
  const isNamed = ids.every((id): id is string => typeof id === "string");
  return isNamed && new Set(ids).size === ids.length ? ids : undefined;
}

function addList(walk: Walk, path: string, from: JsonValue[], to: JsonValue[]): void {
  if (Math.max(from.length, to.length) <= mostItems) {
    add(walk, path, "changed", [...from], [...to]);
    return;
  }
  const length = Math.max(from.length, to.length);
  let firstDifferent = 0;
  while (isSame(from[firstDifferent] ?? null, to[firstDifferent] ?? null)) firstDifferent++;
  let differing = 0;
  for (let i = 0; i < length; i++) if (!isSame(from[i] ?? null, to[i] ?? null)) differing++;
  const summary = { differing, firstDifferent };
  add(walk, path, "changed", { items: from.length, ...summary }, { items: to.length, ...summary });
}

function add(
  walk: Walk,
  path: string,
  kind: InputDifference["kind"],
  from: JsonValue | undefined,
  to: JsonValue | undefined,
): void {
  const isNumeric = typeof from === "number" && typeof to === "number";
  const absolute = isNumeric ? to - from : null;
  const hasNumber = typeof from === "number" || typeof to === "number" || isNumbers(from ?? to);
  walk.found.push({
    ...{ path, kind, from: from ?? null, to: to ?? null, absolute },
    unit: hasNumber ? (fieldUnit(path.slice(path.lastIndexOf(".") + 1)) ?? null) : null,
    relative: isNumeric && from !== 0 ? (to - from) / Math.abs(from) : null,
  });
}

function isNumbers(value: JsonValue | undefined): boolean {
  return (
    Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "number")
  );
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether two values say the same; members may stand in any order. */
function isSame(a: JsonValue, b: JsonValue): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((each, i) => isSame(each, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return Object.is(a, b);
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  const others = Object.keys(b).filter((key) => b[key] !== undefined);
  if (keys.length !== others.length) return false;
  return keys.every((key) => b[key] !== undefined && isSame(a[key], b[key]));
}

function zip(ids: readonly string[], values: JsonValue[]): [string, JsonValue][] {
  return ids.map((id, i) => [id, values[i]]);
}
