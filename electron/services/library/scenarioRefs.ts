/** From a scenario that a call names to its document. */
import type { ScenarioDocument } from "../../../shared/contract/common.ts";
import type { ScenarioRef } from "../../../shared/contract/scenarioRef.ts";
import type { ScenarioService } from "./scenarios.ts";

/** A document, and the scenario of the library whose it is. */
export interface ReferredScenario {
  readonly document: ScenarioDocument;
  /** Null for a document that was given whole. */
  readonly id: string | null;
}

/** The document that is meant. Throws ServiceError (notFound) for an id that the library does not have. */
export async function referTo(
  scenarios: ScenarioService,
  ref: ScenarioRef,
): Promise<ReferredScenario> {
  if ("document" in ref) return { document: ref.document, id: null };
  const { document, draft } = await scenarios.open(ref.id, ref.version);
  const newest = ref.version === undefined ? draft?.document : undefined;
  return { document: newest ?? document, id: ref.id };
}
