/** The provider that an editor is about. */
import { type Draft, useEditing } from "../../components/editing.tsx";
import { type ProviderInput, providersOf } from "./providerEdits.ts";

/** A provider, where it stands, and its edits. */
export interface ProviderEditing {
  readonly provider: ProviderInput;
  /** Path of the provider in the document. */
  readonly field: string;
  readonly input: Draft;
  /** Changes the provider in a step "change {what} of {provider}"; a key joins what is typed in a row. */
  change(what: string, recipe: (provider: ProviderInput) => void, key?: string): void;
}

/** The provider at a place of the scenario's list. */
export function useProvider(index: number): ProviderEditing {
  const { input, edit } = useEditing();
  const provider = (input.providers ?? [])[index];
  const field = `providers[${index}]`;
  return {
    ...{ provider, field, input },
    change: (what, recipe, key) =>
      edit(
        `change ${what} of ${provider.id}`,
        (draft) => recipe(providersOf(draft)[index]),
        key === undefined ? undefined : `${field}.${key}`,
      ),
  };
}
