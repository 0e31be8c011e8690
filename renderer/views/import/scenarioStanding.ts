/** How a scenario file stands to the library and to the files chosen with it. */
import type { ScenarioPreview } from "../../../shared/contract/scenarioMethods.ts";

/** What a look into a file found. */
export type Looked =
  | { readonly kind: "preview"; readonly preview: ScenarioPreview }
  | { readonly kind: "unreadable"; readonly message: string };

/** Whether it can be taken in, and what to know before. */
export interface Standing {
  /** Not with problems: it could not be simulated, and says which. */
  readonly canTake: boolean;
  /** The same is in the library already, or comes with an earlier file. */
  readonly isThere: boolean;
  /** A sentence; empty where there is nothing to say. */
  readonly note: string;
}

type Previewed = Pick<ScenarioPreview, "name" | "problems" | "contentHash" | "isInLibrary">;

/** `earlier` are the files before it in the list, `names` those of the library. */
export function standingOf(
  preview: Previewed,
  earlier: readonly Looked[],
  names: readonly string[],
): Standing {
  const { name, problems, contentHash, isInLibrary } = preview;
  const others = earlier.flatMap((each) => (each.kind === "preview" ? [each.preview] : []));
  const twin = others.find((each) => each.contentHash === contentHash);
  const canTake = problems.length === 0;
  const isThere = isInLibrary || twin !== undefined;
  const note = !canTake
    ? "It cannot be taken in before that is mended."
    : isInLibrary
      ? "The library has exactly this scenario already."
      : twin !== undefined
        ? `It says exactly the same as ${twin.fileName}.`
        : names.includes(name) || others.some((each) => each.name === name)
          ? "Another scenario has this name: both are kept, side by side."
          : "";
  return { canTake, isThere, note };
}
