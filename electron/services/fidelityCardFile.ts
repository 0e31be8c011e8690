/** The fidelity card that ships with the project: data/fidelity/fidelityCard.json, read and checked. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type ErrorPair,
  type FidelityCard,
  fidelityCardSchema,
  type IterationGroup,
  isWithin,
  type ServingGroup,
} from "../../shared/schema/fidelityCard.ts";
import { InputError } from "../../shared/units/errors.ts";

/** Where the card stands in the repository. */
export const fidelityCardPath = fileURLToPath(
  new URL("../../data/fidelity/fidelityCard.json", import.meta.url),
);

/** Errors that decide: cross-validated where something was fitted to the rows. */
export function decisiveErrors({
  fitted,
  crossValidated,
}: IterationGroup | ServingGroup): ErrorPair {
  return crossValidated ?? fitted;
}

/** Whether a group's errors are within its bar; null where none is set. */
export function isGroupWithin(group: IterationGroup | ServingGroup): boolean | null {
  return group.bar === null ? null : isWithin(decisiveErrors(group), group.bar);
}

/** The card, and whether each of its groups is within its bar. */
export function judgedCard(card: FidelityCard) {
  return {
    card,
    isWithinBar: {
      iterationTimes: card.iterationTimes.groups.map(isGroupWithin),
      serving: card.serving.groups.map(isGroupWithin),
    },
  };
}

/** Reads and checks the card. Throws InputError naming file and field. */
export function loadFidelityCard(path: string = fidelityCardPath): FidelityCard {
  const parsed = fidelityCardSchema.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue.path.join(".");
  throw new InputError(
    `The fidelity card ${path}, ${field}: ${issue.message}. Restore the file, or write it anew with "npm run -s fit" and "npm run -s fit:host -- --write".`,
    { field },
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`The fidelity card ${path} cannot be read: ${why}. Restore the file.`);
  }
}
