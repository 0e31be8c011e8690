/** Scenarios to start from: each complete and sound, with everything that it names copied from the catalog. */
import type { Catalog } from "../../catalog/catalog.ts";
import { type Scenario, scenarioSchema } from "../../schema/scenario.ts";
import { InputError } from "../../units/errors.ts";
import { fillScenario } from "../fillScenario.ts";
import { articleBaselinePreset } from "./articleBaselinePreset.ts";
import { chatbotPreset } from "./chatbotPreset.ts";
import { hybridPreset } from "./hybridPreset.ts";
import { nightlyBatchPreset } from "./nightlyBatchPreset.ts";
import type { Preset } from "./preset.ts";
import { sharedMigPreset } from "./sharedMigPreset.ts";

/** Every preset, in the order in which they are offered. */
export const presets: readonly Preset[] = [
  articleBaselinePreset,
  chatbotPreset,
  nightlyBatchPreset,
  sharedMigPreset,
  hybridPreset,
];

/** The scenario of a preset. Throws InputError for an unknown one. */
export function presetScenario(id: string, catalog: Catalog): Scenario {
  const preset = presets.find((each) => each.id === id);
  if (preset === undefined) {
    const known = presets.map((each) => each.id).join(", ");
    throw new InputError(`There is no preset "${id}". Wanted one of ${known}.`, {
      field: "preset",
    });
  }
  return fillScenario(scenarioSchema.parse(preset.build(catalog)), catalog).scenario;
}
