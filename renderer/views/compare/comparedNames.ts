/** Names and looks of compared scenarios. */
import type { ScenarioEntry } from "../../../shared/contract/scenarioMethods.ts";
import { type OptionStyle, scenarioStyle } from "../../charts/optionStyles.ts";
import { scenarioPlaces } from "../../state/scenarioPlaces.ts";

/** One of the compared. */
export interface ComparedName {
  readonly id: string;
  /** Whole; scenarios of one name are numbered. */
  readonly name: string;
  /** As sentences say it: long names are cut at a word. */
  readonly short: string;
  readonly style: OptionStyle;
}

/** In the order of the comparison's columns, the baseline first. */
export type ComparedNames = readonly ComparedName[];

const shortLength = 44;

/** A name cut at a word, with an ellipsis; one that is hardly longer than that stays whole. */
export function shortName(name: string): string {
  if (name.length <= shortLength) return name;
  const cut = name.slice(0, shortLength - 1);
  const atWord = cut.slice(0, Math.max(cut.lastIndexOf(" "), shortLength / 2));
  return `${atWord.replace(/[\s,;:.(-]+$/, "")}…`;
}

/** Texts of which none is another: the second of one text gets a 2, the third a 3. */
export function numbered(texts: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return texts.map((text) => {
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return count === 1 ? text : `${text} (${count})`;
  });
}

/** Names and looks of the scenarios, in the order given. */
export function comparedNames(
  ids: readonly string[],
  library: readonly Pick<ScenarioEntry, "id" | "name" | "createdMs">[],
): ComparedNames {
  const places = scenarioPlaces(ids, library);
  const names = numbered(ids.map((id) => library.find((each) => each.id === id)?.name ?? id));
  const shorts = numbered(names.map(shortName));
  return ids.map((id, i) => ({
    ...{ id, name: names[i], short: shorts[i] },
    style: scenarioStyle(places.get(id) ?? 0),
  }));
}
