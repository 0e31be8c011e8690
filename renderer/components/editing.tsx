/** What the editors of a scenario share: the document as its schema reads it, edits as named steps, findings at their fields. */
import { produce } from "immer";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import type { ScenarioInput } from "../../shared/schema/scenario.ts";
import type { OpenScenario } from "../state/appState.ts";
import { type Finding, isAt } from "../state/documentCheck.ts";
import { useApp, useDocument } from "./useApp.ts";

/** The scenario as a person writes it. A part that a hand-made file lacks may be missing: editors read it with a default. */
export type Draft = ScenarioInput;

interface Editing {
  readonly scenario: OpenScenario;
  readonly input: Draft;
  /** Changes the scenario in one named, undoable step; steps of the same key join until done(). */
  edit(name: string, recipe: (draft: Draft) => void, key?: string): void;
  /** As edit, with copies of the catalog entries that the scenario then names and lacks: GPUs, models, coefficients. */
  editFilled(name: string, recipe: (draft: Draft) => void): void;
  /** Ends a row of joined steps. */
  done(): void;
}

const copiedKinds = ["gpus", "models", "coefficients", "licences", "providers"] as const;

/** Entries of the lists of `filled` that the draft lacks. */
function addMissing(draft: Draft, filled: Draft): void {
  for (const kind of copiedKinds) {
    const own: { id: string }[] = draft[kind] ?? [];
    const missing = (filled[kind] ?? []).filter(({ id }) => !own.some((each) => each.id === id));
    if (missing.length > 0) Object.assign(draft, { [kind]: [...own, ...missing] });
  }
}

const EditingContext = createContext<Editing | undefined>(undefined);

/** A document read as the input that its schema describes; the check says where it is not. */
export function draftOf(document: ScenarioDocument): Draft {
  return document as object as Draft;
}

interface EditingScopeProps {
  readonly scenario: OpenScenario;
  readonly children: ReactNode;
}

/** Gives the editors inside it the scenario. */
export function EditingScope({ scenario, children }: EditingScopeProps) {
  const app = useApp();
  const document = useDocument(scenario, (state) => state.history.value);
  const editing = useMemo<Editing>(
    () => ({
      scenario,
      input: draftOf(document),
      edit: (name, recipe, key) =>
        scenario.document.edit(name, (draft) => recipe(draftOf(draft)), key),
      editFilled: (name, recipe) =>
        void app.try(async () => {
          const changed = produce(document, (draft) => recipe(draftOf(draft)));
          const reply = await app.client.call("catalog.addToScenario", { document: changed });
          scenario.document.edit(name, (draft) => {
            recipe(draftOf(draft));
            addMissing(draftOf(draft), draftOf(reply.document));
          });
        }),
      done: () => scenario.document.seal(),
    }),
    [app, scenario, document],
  );
  return <EditingContext.Provider value={editing}>{children}</EditingContext.Provider>;
}

export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (editing === undefined) throw new Error("an editor stands outside its scenario");
  return editing;
}

/** Problems and warnings at a field or inside it. */
export function useFindings(field: string | undefined): {
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
} {
  const { check } = useEditing().scenario;
  const at = (list: readonly Finding[]): Finding[] =>
    field === undefined ? [] : list.filter((each) => isAt(each, field));
  const problems = useStore(
    check.store,
    useShallow((state) => at(state.problems)),
  );
  const warnings = useStore(
    check.store,
    useShallow((state) => at(state.warnings)),
  );
  return { problems, warnings };
}

/** Writes a field, or takes it out where there is no value. */
export function put<Target extends object, Key extends keyof Target>(
  target: Target,
  key: Key,
  value: Target[Key] | undefined,
): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}
