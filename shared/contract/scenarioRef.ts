/** A scenario that a call is about: given whole, or by its id in the library. */
import { z } from "../schema/zod.ts";
import { documentSchema, idParam } from "./common.ts";

/**
 * `document` as it stands in the page; or `id` of the library, with `version` that version, without it the unsaved work where
 * there is some and else the newest version.
 */
export const scenarioRefSchema = z.union([
  z.strictObject({ document: documentSchema }),
  z.strictObject({ id: idParam, version: z.number().int().min(1).optional() }),
]);
export type ScenarioRef = z.infer<typeof scenarioRefSchema>;
