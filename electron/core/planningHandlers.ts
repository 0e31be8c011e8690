/** Which service runs which method of planning: catalog, presets, studies, explanations. */
import { diffScenarios, listPresets, outlineOf, presetDocument } from "../services/outlines.ts";
import type { HandlerPart, Handlers } from "./dispatch.ts";
import type { Services } from "./openServices.ts";

function catalogHandlers({ catalog }: Services): HandlerPart<"catalog"> {
  return {
    "catalog.get": () => catalog.catalog,
    "catalog.fit": (params) => catalog.fit(params),
    "catalog.mig": (params) => catalog.mig(params),
    "catalog.addToScenario": ({ document, ...wanted }) => catalog.addTo(document, wanted),
  };
}

type OutlineMethods =
  | "scenario.presets"
  | "scenario.createPreset"
  | "scenario.outline"
  | "scenario.diff";

/** The handlers that say what a scenario is. */
export function outlineHandlers({ scenarios, catalog }: Services): Pick<Handlers, OutlineMethods> {
  return {
    "scenario.presets": () => ({ presets: listPresets() }),
    "scenario.createPreset": ({ preset, name }) =>
      scenarios.create(presetDocument(preset, catalog), name),
    "scenario.outline": ({ document }) => ({ parts: outlineOf(document) }),
    "scenario.diff": ({ scenarios: refs, baseline }) => diffScenarios(scenarios, refs, baseline),
  };
}

/** The handlers of planning. */
export function planningHandlers(services: Services) {
  return { ...catalogHandlers(services) };
}
