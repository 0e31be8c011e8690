/** What the experiments of the claim ledger yield. */
import type { Experiment } from "../../../schema/claims.ts";

/** One case: its figures by name, or why it cannot be. */
export interface ExperimentCase {
  readonly label: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  /** Where a grid of many cases has it: only the best variant of a row and column is shown in short. */
  readonly place?: { readonly row: string; readonly column: string; readonly variant: string };
  /** Why there are no figures, with the arithmetic. */
  readonly impossible?: string;
}

/** An experiment that was run. */
export interface ExperimentResult {
  readonly experiment: Experiment;
  readonly cases: readonly ExperimentCase[];
}

/** Every combination of one entry of each list, the last list changing fastest. */
export function combinations<Entry>(lists: readonly (readonly Entry[])[]): Entry[][] {
  return lists.reduce<Entry[][]>(
    (all, list) => all.flatMap((start) => list.map((entry) => [...start, entry])),
    [[]],
  );
}
