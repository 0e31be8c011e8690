/** Which service runs which method of planning: catalog, presets, studies, explanations. */

import { judgedCard, loadFidelityCard } from "../services/fidelityCardFile.ts";
import { diffScenarios, listPresets, outlineOf, presetDocument } from "../services/outlines.ts";
import type { HandlerPart, Handlers } from "./dispatch.ts";
import type { Services } from "./openServices.ts";

function catalogHandlers({ catalog, readPrices }: Services): HandlerPart<"catalog" | "prices"> {
  return {
    "prices.read": ({ file }) => readPrices(file),
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

function studyHandlers({ studies, jobs }: Services): HandlerPart<"study" | "claims" | "fidelity"> {
  return {
    "study.start": ({ job, ...request }) =>
      jobs.run(job, (handle) => studies.start(request, handle)),
    "study.list": async ({ scenarioId }) => ({ studies: await studies.list(scenarioId) }),
    "study.get": ({ id, document }) => studies.get(id, document),
    "study.delete": async ({ id }) => {
      await studies.delete(id);
      return {};
    },
    "claims.run": ({ job, only, isFresh }) =>
      jobs.run(job, (handle) => studies.claims(only, isFresh, handle)),
    "fidelity.card": () => judgedCard(loadFidelityCard()),
  };
}

type InsightMethods = "run.requests" | "run.latencies" | "run.flow" | "run.routeTest";

/** The handlers that look into a run. */
export function insightHandlers({ insights, jobs }: Services): Pick<Handlers, InsightMethods> {
  return {
    "run.requests": ({ job, ...request }) =>
      jobs.run(job, (handle) => insights.requests(request, handle)),
    "run.latencies": async ({ job, run, fromS }) => ({
      latencies: await jobs.run(job, (handle) => insights.latencies(run, fromS, handle)),
    }),
    "run.flow": ({ job, run }) => jobs.run(job, (handle) => insights.flow(run, handle)),
    "run.routeTest": (params) => insights.routeTest(params),
  };
}

function figureHandlers({ insights }: Services): HandlerPart<"figure"> {
  return {
    "figure.explain": ({ runId, figure }) => insights.explain(runId, figure),
    "figure.list": async ({ runId }) => ({ figures: await insights.figures(runId) }),
  };
}

function reportHandlers({ reports }: Services): HandlerPart<"report"> {
  return {
    "report.build": ({ items, title }) => reports.build(items, title),
    "report.export": (params) => reports.export(params),
  };
}

/** The handlers of planning. */
export function planningHandlers(services: Services) {
  return {
    ...catalogHandlers(services),
    ...studyHandlers(services),
    ...figureHandlers(services),
    ...reportHandlers(services),
  };
}
