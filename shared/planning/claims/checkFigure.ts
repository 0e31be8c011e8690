/** One published figure against what is found for it. */
import type { ClaimCheck, Published } from "../../schema/claims.ts";
import {
  combinations,
  type ExperimentCase,
  type ExperimentResult,
} from "./experiments/experimentResult.ts";
import { readFormula, unknownName } from "./formula.ts";
import type { CheckedCase, CheckResult, TriedAssumption, Verdict } from "./ledger.ts";
import type { QuantityBook } from "./quantities.ts";

/** Rounding of the computation itself, as a share. */
const slack = 1e-9;

/** The least and the most that rounds to the published figure. */
function reach(published: Published, roundedTo: number) {
  const low = published.value ?? published.min ?? -Infinity;
  const high = published.value ?? published.max ?? Infinity;
  const half = roundedTo / 2 + slack * roundedTo;
  return { low: low - half, high: high + half };
}

/** Whether a value rounds to the published figure, or into its range. */
export function meetsPublished(value: number, published: Published, roundedTo: number): boolean {
  const { low, high } = reach(published, roundedTo);
  return value >= low && value <= high;
}

/** Value less the published one; 0 inside a range, else from its nearer end. */
export function differenceFrom(value: number, published: Published): number {
  if (published.value !== undefined) return value - published.value;
  const { min = -Infinity, max = Infinity } = published;
  if (value < min) return value - min;
  return value > max ? value - max : 0;
}

/** Evaluates the check over the cases of its experiments, and under its other assumptions where that does not do. */
export function checkFigure(
  check: ClaimCheck,
  results: readonly ExperimentResult[],
  book: QuantityBook,
): CheckResult {
  const { published, roundedTo, found: formula, what, unit } = check;
  const { cases, impossible } = evaluateCases(check, results, book);
  const tried = cases.length > 0 && cases.every((each) => each.meets) ? [] : tryOthers(check, book);
  const verdict = judge(check, cases, tried);
  return {
    ...{ what, unit, published, roundedTo, verdict },
    rule: ruleOf(check),
    formula,
    inputs: book.behind([formula, ...check.under.map((each) => each.found)].join("+")),
    found: spanOf(cases),
    difference: differenceOf(check, cases),
    assumption: assumptionOf(verdict, cases, tried),
    tried,
    cases: check.over.length === 0 ? [] : cases,
    impossible,
  };
}

function evaluateCases(
  check: ClaimCheck,
  results: readonly ExperimentResult[],
  book: QuantityBook,
) {
  const lists = check.over.map((id) => results.find((each) => each.experiment.id === id)!.cases);
  const figureNames = new Set(lists.flat().flatMap((each) => Object.keys(each.figures)));
  const { names } = readFormula(check.found);
  const chosen = chooseCases(check, combinations(lists));
  const cases: CheckedCase[] = [];
  const impossible: { label: string; reason: string }[] = [];
  for (const combination of chosen) {
    const label = labelOf(combination);
    const figures = Object.assign({}, ...combination.map((each) => each.figures));
    const missing = names.find((name) => figureNames.has(name) && !Object.hasOwn(figures, name));
    const reason = reasonOf(combination) ?? (missing && `there is no ${missing}`);
    if (reason !== undefined) {
      impossible.push({ label, reason });
      continue;
    }
    const value = book.evaluate(check.found, figures);
    cases.push({ label, value, meets: meetsPublished(value, check.published, check.roundedTo) });
  }
  return { cases, impossible };
}

function chooseCases({ cases, what }: ClaimCheck, all: ExperimentCase[][]): ExperimentCase[][] {
  if (cases === undefined) return all;
  const labels = all.map(labelOf);
  for (const part of cases) {
    if (labels.some((label) => label.includes(part))) continue;
    throw unknownName(`case of the check "${what}"`, part, labels);
  }
  return all.filter((_, i) => cases.some((part) => labels[i].includes(part)));
}

function labelOf(combination: readonly ExperimentCase[]): string {
  return combination.map((each) => each.label).join(" / ");
}

function reasonOf(combination: readonly ExperimentCase[]): string | undefined {
  return combination.find((each) => each.impossible !== undefined)?.impossible;
}

function tryOthers(check: ClaimCheck, book: QuantityBook): TriedAssumption[] {
  return check.under.map(({ assumption, found }) => {
    const value = book.evaluate(found);
    const meets = meetsPublished(value, check.published, check.roundedTo);
    return { assumption, value, meets };
  });
}

function judge(
  { needs }: ClaimCheck,
  cases: readonly CheckedCase[],
  tried: readonly TriedAssumption[],
): Verdict {
  const count = cases.filter((each) => each.meets).length;
  if (count > 0 && count === cases.length) return "reproduced";
  if (tried.some((each) => each.meets)) return "reproducedUnderAssumption";
  return count > 0 && needs === "some" ? "reproducedUnderAssumption" : "refuted";
}

function assumptionOf(
  verdict: Verdict,
  cases: readonly CheckedCase[],
  tried: readonly TriedAssumption[],
): string | null {
  if (verdict !== "reproducedUnderAssumption") return null;
  const met = tried.filter((each) => each.meets).map((each) => each.assumption);
  const labels = cases.filter((each) => each.meets).map((each) => each.label);
  if (labels.length > 0) {
    met.push(`in ${labels.length} of ${cases.length} cases: ${labels.join("; ")}`);
  }
  return met.join("; or ");
}

function spanOf(cases: readonly CheckedCase[]) {
  if (cases.length === 0) return null;
  const values = cases.map((each) => each.value);
  return { min: Math.min(...values), max: Math.max(...values) };
}

/** Of the nearest case where some suffice, of the farthest where every one is wanted. */
function differenceOf({ needs, published }: ClaimCheck, cases: readonly CheckedCase[]) {
  if (cases.length === 0) return null;
  const isBetter = (size: number, best: number) => (needs === "some" ? size < best : size > best);
  const value = cases
    .map((each) => differenceFrom(each.value, published))
    .reduce((best, each) => (isBetter(Math.abs(each), Math.abs(best)) ? each : best));
  const end = published.value ?? (value < 0 ? published.min : published.max) ?? published.min ?? 0;
  return { value, share: end === 0 ? null : value / Math.abs(end) };
}

function ruleOf({ needs, over, under, roundedTo, published }: ClaimCheck): string {
  const isRange = published.value === undefined;
  const what = isRange ? "lies within the published range" : "rounds to the published value";
  const met = `${what} (to ${roundedTo})`;
  const rules = [
    over.length === 0
      ? `reproduced where the value found ${met}`
      : `reproduced where every case ${met}`,
  ];
  if (under.length > 0) {
    rules.push("under an assumption where it does only with another stated input");
  }
  if (over.length > 0 && needs === "some") rules.push("under an assumption where some cases do");
  return `${rules.join("; ")}; else refuted`;
}
