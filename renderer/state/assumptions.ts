/** What a scenario assumes, each with where it comes from: every part of the document that names its sources. */
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import { formatGiven } from "../../shared/reports/formatters.ts";

/** One assumption: where it stands, its figures, its sources. */
export interface Assumption {
  readonly path: string;
  readonly figures: string;
  readonly source: string;
  readonly retrievedOn: string;
  readonly basis: string;
}

type Entries = Readonly<Record<string, unknown>>;

function isEntries(value: unknown): value is Entries {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parts with hundreds of numbers of their own: named, not listed. */
const long = new Set(["coefficients"]);
const mostFigures = 6;

function figuresOf(own: Entries): string {
  const figures = Object.entries(own).flatMap(([key, value]) =>
    typeof value === "number" ? [`${key} ${formatGiven(value)}`] : [],
  );
  const more = figures.length > mostFigures ? ` and ${figures.length - mostFigures} more` : "";
  return `${figures.slice(0, mostFigures).join(", ")}${more}`;
}

function sourcesOf(own: Entries, path: string): Assumption[] {
  if (!Array.isArray(own.provenance)) return [];
  const isLong = long.has(path.split(".")[0]);
  return own.provenance.filter(isEntries).map((each, i) => ({
    path,
    figures:
      i > 0 ? "" : isLong ? String(own.statedError ?? "fitted coefficients") : figuresOf(own),
    source: String(each.source ?? "no source"),
    retrievedOn: String(each.retrievedOn ?? "no date"),
    basis: String(each.basis ?? "not said"),
  }));
}

/** In the order of the document; elements of lists by their ids. */
export function assumptionsOf(document: ScenarioDocument): Assumption[] {
  const found: Assumption[] = [];
  const visit = (path: string, value: unknown): void => {
    const under = (key: string): string => (path === "" ? key : `${path}.${key}`);
    if (Array.isArray(value)) {
      value.forEach((each, i) => {
        visit(
          isEntries(each) && typeof each.id === "string" ? under(each.id) : `${path}[${i}]`,
          each,
        );
      });
    } else if (isEntries(value)) {
      found.push(...sourcesOf(value, path));
      for (const [key, each] of Object.entries(value))
        if (key !== "provenance") visit(under(key), each);
    }
  };
  visit("", document);
  return found;
}
