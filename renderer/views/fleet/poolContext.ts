/** The pool that an editor is about. */
import { type Draft, useEditing } from "../../components/editing.tsx";
import { type PoolInput, poolsOf } from "./poolEdits.ts";

/** A pool, where it stands, and its edits. */
export interface PoolEditing {
  readonly pool: PoolInput;
  readonly index: number;
  /** Path of the pool in the document. */
  readonly field: string;
  readonly input: Draft;
  /** Changes the pool in a step "change {what} of {pool}"; a key joins what is typed in a row. */
  change(what: string, recipe: (pool: PoolInput) => void, key?: string): void;
}

/** The pool at a place of the scenario's list. */
export function usePool(index: number): PoolEditing {
  const { input, edit } = useEditing();
  const pool = (input.pools ?? [])[index];
  const field = `pools[${index}]`;
  return {
    pool,
    index,
    field,
    input,
    change: (what, recipe, key) =>
      edit(
        `change ${what} of ${pool.id}`,
        (draft) => recipe(poolsOf(draft)[index]),
        key === undefined ? undefined : `${field}.${key}`,
      ),
  };
}
