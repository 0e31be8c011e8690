/** The rule that an editor is about, and writing into its parts. */
import { put, useEditing } from "../../components/editing.tsx";
import type { RuleInput } from "./ruleSentence.ts";

type Match = NonNullable<RuleInput["match"]>;
type Guards = NonNullable<RuleInput["guards"]>;

/** Which rule. */
export interface RuleProps {
  readonly index: number;
}

/** The rule at a place of the list, and its edits. */
export function useRule(index: number) {
  const { input, edit } = useEditing();
  const rule = input.rules[index];
  const field = `rules[${index}]`;
  const change = (what: string, recipe: (rule: RuleInput) => void, key?: string): void =>
    edit(
      `change ${what} of ${rule.id}`,
      (draft) => recipe(draft.rules[index]),
      key === undefined ? undefined : `${field}.${key}`,
    );
  return { rule, field, input, change };
}

/** Writes into a part of a rule that may be missing; a part that is left empty is taken out. */
function inPart<Part extends object>(
  get: (rule: RuleInput) => Part | undefined,
  set: (rule: RuleInput, part: Part | undefined) => void,
  recipe: (part: Part) => void,
): (rule: RuleInput) => void {
  return (rule) => {
    const part = get(rule) ?? ({} as Part);
    recipe(part);
    set(rule, Object.keys(part).length === 0 ? undefined : part);
  };
}

/** Writes into the match of a rule. */
export function inMatch(recipe: (match: Match) => void): (rule: RuleInput) => void {
  return inPart(
    (rule) => rule.match,
    (rule, match) => put(rule, "match", match),
    recipe,
  );
}

/** Writes into the guards of a rule. */
export function inGuards(recipe: (guards: Guards) => void): (rule: RuleInput) => void {
  return inPart(
    (rule) => rule.guards,
    (rule, guards) => put(rule, "guards", guards),
    recipe,
  );
}
