/** Helpers of the checks between fields: ids that must be unique and names that must exist. */
import { nearestNames } from "../../units/nearestNames.ts";
import type { Findings } from "../findings.ts";

/** Reports every id that a list has twice. */
export function checkUnique(
  findings: Findings,
  list: readonly { readonly id: string }[],
  path: string,
): void {
  const first = new Map<string, number>();
  list.forEach(({ id }, i) => {
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, i);
    else {
      findings.problem(
        `${path}[${i}].id`,
        `"${id}" is also the id of ${path}[${earlier}]; wanted an id of its own. Rename one of the two.`,
      );
    }
  });
}

/** "the scenario has a, b and 3 more", with the nearest first. */
function whatThereIs(wanted: string, ids: readonly string[], list: string): string {
  if (ids.length === 0) return `the scenario has no ${list}.`;
  const near = nearestNames(wanted, ids);
  if (near.length > 0) return `did you mean ${near.join(" or ")}?`;
  const shown = ids.slice(0, 8).join(", ");
  return `${list} there are: ${shown}${ids.length > 8 ? ` and ${ids.length - 8} more` : ""}.`;
}

/** The entry of `list` with this id; a missing one is reported as a problem of `field`. */
export function findReferenced<T extends { readonly id: string }>(
  findings: Findings,
  list: readonly T[],
  id: string,
  field: string,
  listName: string,
): T | undefined {
  const entry = list.find((each) => each.id === id);
  if (entry === undefined) {
    const ids = list.map((each) => each.id);
    findings.problem(
      field,
      `found "${id}", wanted the id of an entry of ${listName}; ${whatThereIs(id, ids, listName)}`,
    );
  }
  return entry;
}

/** Reports each name of `names` that `known` lacks. */
export function checkNames(
  findings: Findings,
  names: readonly string[] | undefined,
  known: readonly { readonly id: string }[],
  field: string,
  listName: string,
): void {
  names?.forEach((name, i) => {
    findReferenced(findings, known, name, `${field}[${i}]`, listName);
  });
}

/** Reports a range whose minimum is above its maximum. */
export function checkRange(
  findings: Findings,
  range: { readonly min?: number; readonly max?: number } | undefined,
  field: string,
): void {
  if (range?.min === undefined || range.max === undefined || range.min <= range.max) return;
  findings.problem(
    field,
    `found min ${range.min} above max ${range.max}, wanted min at most max. Exchange the two.`,
  );
}
