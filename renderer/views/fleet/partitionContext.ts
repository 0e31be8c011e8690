/** The partition that an editor is about. */
import { type Draft, useEditing } from "../../components/editing.tsx";
import { type PartitionInput, partitionsOf } from "./poolEdits.ts";

/** A partition, where it stands, and its edits. */
export interface PartitionEditing {
  readonly partition: PartitionInput;
  /** Path of the partition in the document. */
  readonly field: string;
  readonly input: Draft;
  /** Changes the partition in a step "{what} of {partition}"; a key joins what is typed in a row. */
  change(what: string, recipe: (partition: PartitionInput) => void, key?: string): void;
}

/** The partition at a place of the scenario's list. */
export function usePartition(index: number): PartitionEditing {
  const { input, edit } = useEditing();
  const partition = (input.partitions ?? [])[index];
  const field = `partitions[${index}]`;
  return {
    ...{ partition, field, input },
    change: (what, recipe, key) =>
      edit(
        /^(add|move|remove|resize) /.test(what)
          ? `${what} of ${partition.id}`
          : `change ${what} of ${partition.id}`,
        (draft) => recipe(partitionsOf(draft)[index]),
        key === undefined ? undefined : `${field}.${key}`,
      ),
  };
}
