/** How a scenario file stands to the library and to the files chosen with it. */
import type { ScenarioPreview } from "../../../shared/contract/scenarioMethods.ts";

/** What a look into a file found. */
export type Looked =
  | { readonly kind: "preview"; readonly preview: ScenarioPreview }
  | { readonly kind: "unreadable"; readonly message: string };

/** Whether it can be taken in, and what to know before. */
export interface Standing {
  /** Not where its fields cannot be read. */
  readonly canTake: boolean;
  /** The same is in the library already, or comes with an earlier file. */
  readonly isThere: boolean;
  /** A sentence; empty where there is nothing to say. */
  readonly note: string;
}

type Previewed = Pick<
  ScenarioPreview,
  "name" | "problems" | "isReadable" | "contentHash" | "isInLibrary"
>;

/** `earlier` are the files before it in the list, `names` those of the library. */
export function standingOf(
  preview: Previewed,
  earlier: readonly Looked[],
  names: readonly string[],
): Standing {
  const { name, problems, isReadable, contentHash, isInLibrary } = preview;
  const others = earlier.flatMap((each) => (each.kind === "preview" ? [each.preview] : []));
  const twin = others.find((each) => each.contentHash === contentHash);
  const isThere = isInLibrary || twin !== undefined;
  const isNamesake = names.includes(name) || others.some((each) => each.name === name);
  const notes: readonly (readonly [boolean, string])[] = [
    [!isReadable, "As it is, it cannot be taken in."],
    [isInLibrary, "The library has exactly this scenario already."],
    [twin !== undefined, `It says exactly the same as ${twin?.fileName}.`],
    [
      problems.length > 0,
      "It cannot be simulated before that is mended, which can be done in the library.",
    ],
    [isNamesake, "Another scenario has this name: both are kept, side by side."],
  ];
  const note = notes.find(([applies]) => applies)?.[1] ?? "";
  return { canTake: isReadable, isThere, note };
}
