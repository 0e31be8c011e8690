/** Which service runs which method of planning: catalog, presets, studies, explanations. */
import type { HandlerPart } from "./dispatch.ts";
import type { Services } from "./openServices.ts";

function catalogHandlers({ catalog }: Services): HandlerPart<"catalog"> {
  return {
    "catalog.get": () => catalog.catalog,
    "catalog.fit": (params) => catalog.fit(params),
    "catalog.mig": (params) => catalog.mig(params),
    "catalog.addToScenario": ({ document, ...wanted }) => catalog.addTo(document, wanted),
  };
}

/** The handlers of planning. */
export function planningHandlers(services: Services) {
  return { ...catalogHandlers(services) };
}
