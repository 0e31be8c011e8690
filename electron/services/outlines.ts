/** Use cases that say what a scenario is: its parts in sentences, how it differs from others, presets to start from. */
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import type { PresetEntry, ScenarioDiff } from "../../shared/contract/scenarioMethods.ts";
import type { ScenarioRef } from "../../shared/contract/scenarioRef.ts";
import { diffInputs } from "../../shared/planning/comparison/diffInputs.ts";
import { presetScenario, presets } from "../../shared/planning/presets/presets.ts";
import { inputDiffLines } from "../../shared/reports/inputDiffText.ts";
import { scenarioLines } from "../../shared/reports/scenarioLines.ts";
import { serialiseScenario } from "../../shared/schema/scenarioFile.ts";
import { InputError } from "../../shared/units/errors.ts";
import type { CatalogDesk } from "./catalogDesk.ts";
import { nameOf, scenarioOf } from "./library/documents.ts";
import { referTo } from "./library/scenarioRefs.ts";
import type { ScenarioService } from "./library/scenarios.ts";

/** Presets by title. */
export function listPresets(): PresetEntry[] {
  return presets.map(({ id, title, about }) => ({ id, title, about }));
}

/** The document of a preset. Throws InputError for an unknown one. */
export function presetDocument(id: string, catalog: CatalogDesk): ScenarioDocument {
  return JSON.parse(serialiseScenario(presetScenario(id, catalog.catalog))) as ScenarioDocument;
}

/** The scenario's parts in sentences. Throws ProblemsError where its fields do not fit the schema. */
export function outlineOf(document: ScenarioDocument) {
  return scenarioLines(scenarioOf(document)).map(({ part, lines, ids }) => ({
    ...{ part, lines: [...lines], ids: [...ids] },
  }));
}

/** How each scenario differs from the baseline. Throws InputError for a baseline that is not among them. */
export async function diffScenarios(
  service: ScenarioService,
  refs: readonly ScenarioRef[],
  baseline: number,
): Promise<{ scenarios: ScenarioDiff[] }> {
  if (baseline >= refs.length) {
    throw new InputError(
      `The baseline is scenario ${baseline} and there are ${refs.length}. Wanted 0 to ${refs.length - 1}.`,
      { field: "baseline" },
    );
  }
  const documents = await Promise.all(refs.map((ref) => referTo(service, ref)));
  const scenarios = documents.map(({ document }) => scenarioOf(document));
  return {
    scenarios: scenarios.map((scenario, index) => {
      const diff = diffInputs(scenarios[baseline], scenario);
      return {
        name: nameOf(documents[index].document),
        isBaseline: index === baseline,
        differences: diff.differences.map((each) => ({ ...each })),
        lines: inputDiffLines(diff),
        provenanceOnly: diff.provenanceOnly,
      };
    }),
  };
}
