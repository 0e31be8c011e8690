/** Which service runs which method. */
import type { AppInfo } from "../../shared/contract/appMethods.ts";
import { engineVersion } from "../../shared/planning/engineVersion.ts";
import { checkDocument } from "../services/library/scenarios.ts";
import type { CoreConfig } from "./coreConfig.ts";
import type { HandlerPart, Handlers } from "./dispatch.ts";
import { hostHandlers } from "./hostHandlers.ts";
import type { Services } from "./openServices.ts";
import { insightHandlers, outlineHandlers, planningHandlers } from "./planningHandlers.ts";

function appInfo({ host, version, isPackaged }: CoreConfig): AppInfo {
  const { node, electron, chrome } = process.versions;
  return {
    ...{ version, engineVersion, host, isPackaged },
    runtime: {
      node,
      electron: electron ?? null,
      chrome: chrome ?? null,
      platform: `${process.platform}-${process.arch}`,
    },
  };
}

function appHandlers(
  { settings, jobs }: Services,
  config: CoreConfig,
): HandlerPart<"app" | "settings" | "job"> {
  return {
    "app.info": () => appInfo(config),
    "settings.get": () => settings.get(),
    "settings.set": (patch) => settings.set(patch),
    "job.cancel": ({ job }) => ({ isKnown: jobs.cancel(job) }),
  };
}

function scenarioHandlers(services: Services): HandlerPart<"scenario"> {
  const { scenarios, scenarioFiles } = services;
  return {
    ...outlineHandlers(services),
    "scenario.list": async ({ isDeleted }) => ({ scenarios: await scenarios.list(isDeleted) }),
    "scenario.create": ({ document, name }) => scenarios.create(document, name),
    "scenario.createSample": () => scenarioFiles.createSample(),
    "scenario.open": ({ id, version }) => scenarios.open(id, version),
    "scenario.save": ({ id, baseVersion, document, label, over }) =>
      scenarios.save(id, { baseVersion, over }, document, label),
    "scenario.saveDraft": ({ id, baseVersion, document, over }) =>
      scenarios.saveDraft(id, { baseVersion, over }, document),
    "scenario.dropDraft": async ({ id, over }) => {
      await scenarios.dropDraft(id, over);
      return {};
    },
    "scenario.versions": async ({ id }) => ({ versions: await scenarios.versions(id) }),
    "scenario.setTags": async ({ id, tags }) => {
      await scenarios.setTags(id, tags);
      return {};
    },
    "scenario.duplicate": ({ id }) => scenarios.duplicate(id),
    "scenario.delete": async ({ id }) => {
      await scenarios.delete(id);
      return {};
    },
    "scenario.restore": async ({ id }) => {
      await scenarios.restore(id);
      return {};
    },
    "scenario.erase": async ({ id }) => {
      await scenarios.erase(id);
      return {};
    },
    "scenario.check": ({ document }) => checkDocument(document),
    "scenario.preview": ({ file }) => scenarioFiles.preview(file),
    "scenario.import": ({ file }) => scenarioFiles.import(file),
    "scenario.export": ({ id, version, target }) => scenarioFiles.export(id, version, target),
  };
}

function traceHandlers({ traces, jobs }: Services): HandlerPart<"trace"> {
  return {
    "trace.list": async () => ({ traces: await traces.list() }),
    "trace.get": ({ id }) => traces.get(id),
    "trace.preview": ({ file, format, mapping }) =>
      traces.preview(file, { format, ...(mapping && { mapping }) }),
    "trace.import": ({ job, file, name, format, mapping }) =>
      jobs.run(job, (handle) =>
        traces.import(file, { format, ...(mapping && { mapping }) }, name, handle),
      ),
    "trace.rename": async ({ id, name }) => {
      await traces.rename(id, name);
      return {};
    },
    "trace.delete": async ({ id }) => {
      await traces.delete(id);
      return {};
    },
  };
}

function runHandlers(services: Services): HandlerPart<"run"> {
  const { runs, jobs } = services;
  return {
    ...insightHandlers(services),
    "run.start": ({ job, ...request }) => jobs.run(job, (handle) => runs.start(request, handle)),
    "run.quick": ({ job, document }) => jobs.run(job, (handle) => runs.quick(document, handle)),
    "run.get": ({ id }) => runs.get(id),
    "run.list": async ({ scenarioId, limit }) => ({ runs: await runs.list(scenarioId, limit) }),
    "run.delete": async ({ id }) => {
      await runs.delete(id);
      return {};
    },
  };
}

/** The handlers of every method. */
export function createHandlers(services: Services, config: CoreConfig): Handlers {
  return {
    ...appHandlers(services, config),
    ...scenarioHandlers(services),
    ...traceHandlers(services),
    ...runHandlers(services),
    ...planningHandlers(services),
    ...hostHandlers(services, config),
  };
}
