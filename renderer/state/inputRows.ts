/** Inputs of several scenarios side by side, by readable path: only those that differ, or all. */
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import type { Comparison } from "../../shared/planning/comparison/comparison.ts";
import { formatGiven } from "../../shared/reports/formatters.ts";
import { valueText } from "../../shared/reports/inputDiffText.ts";
import type { JsonValue } from "../../shared/schema/jsonText.ts";

/** One input; cells in the order of the comparison's columns. */
export interface InputRow {
  readonly path: string;
  readonly cells: readonly string[];
  readonly isDifferent: boolean;
}

const notThere = "not there";

const there = "there";

/** A value's text; of a whole part only that it is there: its own inputs stand in the list of all. */
function cellText(value: JsonValue, unit: string | null): string {
  return isEntries(value) || (Array.isArray(value) && value.some(isEntries))
    ? there
    : valueText(value, unit);
}

/** Whether a path is in a part. */
function isWithin(path: string, part: string): boolean {
  return path.startsWith(part) && /^[.[]/.test(path.slice(part.length));
}

/** The inputs in which some scenario differs from the baseline. */
export function differingInputs({ scenarios, baseline }: Comparison): InputRow[] {
  const paths = new Map<string, string[]>();
  scenarios.forEach(({ inputs }, index) => {
    for (const { path, kind, from, to, unit } of inputs.differences) {
      const base = kind === "added" ? notThere : cellText(from, unit);
      const cells = paths.get(path) ?? new Array<string>(scenarios.length).fill(base);
      cells[index] = kind === "removed" ? notThere : cellText(to, unit);
      cells[baseline] = base;
      paths.set(path, cells);
    }
  });
  scenarios.forEach(({ inputs }, index) => {
    const removed = inputs.differences.filter(({ kind }) => kind === "removed");
    for (const [path, cells] of paths) {
      if (removed.some((part) => isWithin(path, part.path))) cells[index] = notThere;
    }
  });
  return [...paths].map(([path, cells]) => ({ path, cells, isDifferent: true }));
}

const left = new Set(["format", "version", "name", "notes", "provenance", "coefficients"]);
const mostItems = 12;

function isEntries(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function leafText(value: unknown): string {
  if (typeof value === "number") return formatGiven(value);
  if (!Array.isArray(value)) return String(value);
  if (value.length > mostItems) return `${value.length} values`;
  return value.map(leafText).join(", ");
}

/** Every input of a document but names, notes, sources and coefficients, as path and text; elements of lists by their ids. */
export function flattenInputs(document: ScenarioDocument): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string, value: unknown): void => {
    const under = (key: string): string => (path === "" ? key : `${path}.${key}`);
    if (isEntries(value)) {
      for (const [key, each] of Object.entries(value)) {
        if (!left.has(key) && !(path !== "" && key === "id")) visit(under(key), each);
      }
    } else if (Array.isArray(value) && value.length > 0 && value.every(isEntries)) {
      value.forEach((each, i) => {
        visit(typeof each.id === "string" ? under(each.id) : `${path}[${i}]`, each);
      });
    } else if (value !== undefined) found.set(path, leafText(value));
  };
  visit("", document);
  return found;
}

/** All inputs of the documents; those in which one differs from the first are marked. */
export function allInputs(documents: readonly ScenarioDocument[]): InputRow[] {
  const flat = documents.map(flattenInputs);
  const paths = new Set(flat.flatMap((each) => [...each.keys()]));
  return [...paths].map((path) => {
    const cells = flat.map((each) => each.get(path) ?? notThere);
    return { path, cells, isDifferent: cells.some((cell) => cell !== cells[0]) };
  });
}
