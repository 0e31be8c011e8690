/** Which scenarios are compared where the person has not chosen any for this very view. */
import type { ScenarioEntry } from "../../shared/contract/scenarioMethods.ts";

/** What is known of the library and of the choice made before. */
export interface ComparableLibrary {
  readonly scenarios: readonly Pick<ScenarioEntry, "id" | "summary">[];
  /** The pinned baseline. */
  readonly baseline: string | null;
  readonly lastCompared: readonly string[];
}

/** Scenarios of the library that play the same traffic, by the names of its sources. */
function ofSameTraffic({ scenarios }: ComparableLibrary, own: string): string[] {
  const wanted = scenarios.find(({ id }) => id === own)?.summary.sources.join("\n");
  return scenarios
    .filter(({ summary }) => summary.sources.join("\n") === wanted)
    .map(({ id }) => id);
}

/**
 * Ids to compare, at most `most`, the baseline first: what was compared last where `own` is among it, else `own` with others
 * of the same traffic. Other traffic beside it would say more about the traffic than about the choice.
 */
export function comparedIds(library: ComparableLibrary, own: string, most: number): string[] {
  const { scenarios, baseline, lastCompared } = library;
  const isKnown = (id: string): boolean => scenarios.some((each) => each.id === id);
  const last = lastCompared.filter(isKnown);
  const chosen = last.length > 1 && last.includes(own) ? last : ofSameTraffic(library, own);
  const first = baseline !== null && chosen.includes(baseline) ? baseline : own;
  return [...new Set([first, own, ...chosen])].filter(isKnown).slice(0, most);
}
