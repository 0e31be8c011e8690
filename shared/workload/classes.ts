/** Carving requests into traffic classes: the first class in the list that matches, and whose share takes the row, has it. */
import type { Range } from "../schema/common.ts";
import { tagsOf } from "../schema/rowTags.ts";
import type { TrafficClass } from "../schema/traffic.ts";
import { HashedUniform } from "../sim/random.ts";
import { InputError } from "../units/errors.ts";
import { saltOf } from "./limits.ts";
import type { SourceRequests } from "./sourceRequests.ts";

const unassigned = 255;

/** 1 for each name that the list allows; undefined where there is no list. */
function allowedNames(
  names: readonly string[],
  list: readonly string[] | undefined,
): Uint8Array | undefined {
  return list && Uint8Array.from(names, (name) => (list.includes(name) ? 1 : 0));
}

/** 1 for each cell of tags that has one of the list. */
function allowedTags(
  cells: readonly string[],
  list: readonly string[] | undefined,
): Uint8Array | undefined {
  const isListed = (tag: string): boolean => list?.includes(tag) ?? false;
  return list && Uint8Array.from(cells, (cell) => (tagsOf(cell).some(isListed) ? 1 : 0));
}

/** Whether the name of row i is allowed: one name stands for all rows where there is no column. */
function isNameAllowed(
  allowed: Uint8Array | undefined,
  column: Uint16Array | Int32Array | undefined,
  i: number,
): boolean {
  if (allowed === undefined) return true;
  return allowed[column === undefined ? 0 : column[i]!] === 1;
}

function isWithin(range: Range | undefined, value: number): boolean {
  if (range === undefined) return true;
  return value >= (range.min ?? 0) && value <= (range.max ?? Number.POSITIVE_INFINITY);
}

/** Gives class `index` the unassigned rows that it matches and that its share takes. */
function takeRows(
  classIndex: Uint8Array,
  index: number,
  trafficClass: TrafficClass,
  source: SourceRequests,
  draw: (i: number) => number,
): void {
  const { match, share } = trafficClass;
  if (match.sources !== undefined && !match.sources.includes(source.id)) return;
  const models = allowedNames(source.models, match.models);
  const tenants = allowedNames(source.tenants, match.tenants);
  const tags = allowedTags(source.tags ?? [], match.tags);
  for (let i = 0; i < source.count; i++) {
    if (classIndex[i] !== unassigned) continue;
    if (!isWithin(match.promptTokens, source.promptTokens[i]!)) continue;
    if (!isWithin(match.outputTokens, source.outputTokens[i]!)) continue;
    if (!isNameAllowed(models, source.modelIndex, i)) continue;
    if (!isNameAllowed(tenants, source.tenantIndex, i)) continue;
    if (!isNameAllowed(tags, source.tagIndex, i)) continue;
    if (share === undefined || draw(i) < share) classIndex[i] = index;
  }
}

function refuseUnassigned(source: SourceRequests, i: number, left: number): never {
  const model = source.models[source.modelIndex?.[i] ?? 0];
  const tenant = source.tenants[source.tenantIndex?.[i] ?? 0];
  const tag = source.tagIndex && source.tags?.[source.tagIndex[i]!];
  const about = [
    `${source.promptTokens[i]} prompt tokens`,
    `${source.outputTokens[i]} output tokens`,
    ...(model === undefined ? [] : [`model '${model}'`]),
    ...(tenant === undefined ? [] : [`tenant '${tenant}'`]),
    ...(tag === undefined ? [] : [`tag '${tag}'`]),
  ].join(", ");
  throw new InputError(
    `No traffic class takes row ${i + 1} of source '${source.id}' (${about}), nor ${left - 1} more of its rows; every request needs a class. Add a catch-all class at the end: one without match and share.`,
    { field: "traffic.classes" },
  );
}

/**
 * The class of each request of a source, an index into `classes`.
 * Shares are drawn by hashing (seed, class, source, row), so that one class's share moves no other draw.
 * Throws InputError naming the first row that no class takes.
 */
export function assignClasses(
  classes: readonly TrafficClass[],
  source: SourceRequests,
  seed: number,
  replication: number,
): Uint8Array {
  const classIndex = new Uint8Array(source.count).fill(unassigned);
  const key = source.rowKey;
  classes.forEach((trafficClass, index) => {
    const salt = saltOf(`class/${trafficClass.id}/${source.id}`, replication);
    const uniform = new HashedUniform(seed, salt);
    const draw = (i: number): number => uniform.at(key === undefined ? i : key[i]!);
    takeRows(classIndex, index, trafficClass, source, draw);
  });
  const first = classIndex.indexOf(unassigned);
  if (first >= 0) {
    const left = classIndex.reduce((sum, c) => sum + (c === unassigned ? 1 : 0), 0);
    refuseUnassigned(source, first, left);
  }
  return classIndex;
}
