/** What the parts of a scenario are called: on the tabs, in the outline. */
import type { ScenarioPart } from "../state/appState.ts";

export const partNames: Readonly<Record<ScenarioPart, string>> = {
  traffic: "Traffic",
  fleet: "Fleet",
  providers: "Providers",
  routing: "Routing",
  targets: "Targets and costs",
  results: "Results",
};
