/** Turns the issues of a schema check into findings of the house's form: field, found, wanted. */
import type { Finding } from "./findings.ts";
import { joinPath } from "./unknownFields.ts";
import type { z } from "./zod.ts";

type Issue = z.core.$ZodIssue;

const shownCharacters = 60;

/** What stands at a path, briefly; "nothing" where it is absent. */
function foundAt(input: unknown, path: readonly PropertyKey[]): string {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return "nothing";
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}...` : text;
}

const typeNames: Record<string, string> = {
  string: "text in double quotes",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
};

const sizeNouns: Record<string, readonly [string, string]> = {
  string: ["character", "characters"],
  array: ["entry", "entries"],
};

function alternatives(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  if (texts.length < 2) return texts.join("");
  return `one of ${texts.slice(0, -1).join(", ")} or ${texts[texts.length - 1]}`;
}

function bound(words: string, limit: number | bigint, origin: string): string {
  const noun = sizeNouns[origin];
  if (noun === undefined) return `a number ${words} ${limit}`;
  return `${words} ${limit} ${noun[Number(limit) === 1 ? 0 : 1]}`.replace("of ", "");
}

/** What was wanted, for the issues that are about one value. */
function wantedBy(issue: Issue): string {
  if (issue.code === "invalid_type") return typeNames[issue.expected] ?? issue.expected;
  if (issue.code === "invalid_value") return alternatives(issue.values);
  if (issue.code === "invalid_union" && "options" in issue) {
    return alternatives(issue.options as readonly unknown[]);
  }
  if (issue.code === "too_small") {
    return bound(issue.inclusive ? "of at least" : "above", issue.minimum, issue.origin);
  }
  if (issue.code === "too_big") {
    return bound(issue.inclusive ? "of at most" : "below", issue.maximum, issue.origin);
  }
  return issue.message;
}

function isLiteral(issues: readonly Issue[]): boolean {
  return issues.length === 1 && issues[0]!.code === "invalid_value" && issues[0]!.path.length === 0;
}

/** For `{pool} or {provider} or {reject}`: the fields that each form still needs. */
function formsOf(branches: readonly (readonly Issue[])[]): string {
  const forms = branches.map((issues) => {
    const names = issues.filter((i) => i.path.length > 0).map((i) => String(i.path[0]));
    return [...new Set(names)].join(" and ");
  });
  const named = forms.filter((names) => names !== "").map((names) => `with ${names}`);
  return named.length === 0 ? "an object" : `an object ${named.join(", or ")}`;
}

/** A union without a tag: a list of literals, a choice of forms of which none is begun, or the likeliest form's own issues. */
function findingsOfUnion(
  branches: readonly (readonly Issue[])[],
  input: unknown,
  path: readonly PropertyKey[],
): Finding[] {
  const field = path.reduce<string>(joinPath, "");
  const found = foundAt(input, path);
  if (branches.every(isLiteral)) {
    const values = branches.map(([issue]) => issue as Extract<Issue, { code: "invalid_value" }>);
    const wanted = alternatives(values.flatMap((issue) => issue.values));
    return [{ field, message: `found ${found}, wanted ${wanted}` }];
  }
  const begun = branches.filter((issues) =>
    issues.some((i) => i.path.length > 0 && foundAt(input, [...path, ...i.path]) !== "nothing"),
  );
  if (begun.length === 0)
    return [{ field, message: `found ${found}, wanted ${formsOf(branches)}` }];
  const likeliest = begun.reduce((best, issues) => (issues.length < best.length ? issues : best));
  return likeliest.flatMap((issue) => findingsOf(issue, input, path));
}

function findingsOf(issue: Issue, input: unknown, base: readonly PropertyKey[]): Finding[] {
  const path = [...base, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    return findingsOfUnion(issue.errors, input, path);
  }
  const found = foundAt(input, path);
  const field = path.length === 0 ? "(the whole file)" : path.reduce<string>(joinPath, "");
  return [{ field, message: `found ${found}, wanted ${wantedBy(issue)}` }];
}

/** Findings for the issues of a failed check of `input`, in the order of the schema. */
export function describeIssues(issues: readonly Issue[], input: unknown): Finding[] {
  return issues.flatMap((issue) => findingsOf(issue, input, []));
}
