/** Methods around the host: files of the person, the menu, the library's storage. */
import { ServiceError } from "../../shared/contract/errors.ts";
import type { CoreConfig } from "./coreConfig.ts";
import type { HandlerPart } from "./dispatch.ts";
import { offerPath, openRecent } from "./offeredFiles.ts";
import type { Services } from "./openServices.ts";
import { printPdf } from "./printedPage.ts";

function noDialogs(): ServiceError {
  return new ServiceError(
    "badInput",
    "This host has no dialogs to choose files with. Give the file to the page, or name it on the command line.",
  );
}

function noneGiven(): ServiceError {
  return new ServiceError(
    "badInput",
    "No file of this machine came with the call. In a browser the page sends files (POST /files/NAME).",
  );
}

function fileHandlers(services: Services, config: CoreConfig): HandlerPart<"files"> {
  const { recent } = services;
  return {
    "files.choose": async ({ purpose, isMultiple }, caller) => {
      if (config.chooseFiles === undefined) throw noDialogs();
      return { files: await config.chooseFiles(purpose, isMultiple, caller) };
    },
    "files.chooseTarget": async ({ purpose, suggestedName }, caller) => {
      if (config.chooseTarget === undefined) throw noDialogs();
      return { target: (await config.chooseTarget(purpose, suggestedName, caller)) ?? null };
    },
    "files.chooseTargets": async ({ purpose, suggestedNames }, caller) => {
      if (config.chooseTargets === undefined) throw noDialogs();
      return { targets: (await config.chooseTargets(purpose, suggestedNames, caller)) ?? null };
    },
    "files.offer": (_params, { givenPaths = [] }) => {
      if (givenPaths.length === 0) throw noneGiven();
      return { files: givenPaths.map((path) => offerPath(services, path)) };
    },
    "files.recent": async () => ({
      files: (await recent.list()).map(({ id, name, openedMs }) => ({ id, name, openedMs })),
    }),
    "files.openRecent": ({ id }) => openRecent(services, id),
    "files.clearRecent": async () => {
      await recent.clear();
      return {};
    },
  };
}

/** The handlers of files, host and storage. */
export function hostHandlers(
  services: Services,
  config: CoreConfig,
): HandlerPart<"files" | "host" | "storage"> {
  const { library, flush } = services;
  return {
    ...fileHandlers(services, config),
    "host.setCommands": ({ commands }, caller) => {
      config.setCommands?.(commands, caller);
      return { hasMenu: config.setCommands !== undefined };
    },
    "host.flushed": (params) => {
      flush.answer(params.flush);
      return {};
    },
    "host.openLink": async ({ url }) => ({ isOpened: (await config.openLink?.(url)) ?? false }),
    "host.setFullScreen": ({ isFull }, caller) => ({
      isDone: config.setFullScreen !== undefined,
      wasFull: config.setFullScreen?.(isFull, caller) ?? false,
    }),
    "host.printPdf": (params, caller) => printPdf(services, config, params, caller),
    "storage.status": () => library.status(),
    "storage.backups": async () => ({ backups: await library.describeBackups() }),
    "storage.restore": async ({ backup }) => {
      if (await library.restoreBackup(backup)) return library.status();
      throw new ServiceError("notFound", "This backup is not there (any more).", {
        field: "backup",
        hint: "storage.backups lists those that there are.",
      });
    },
    "storage.act": async ({ action }) => {
      if (action === "retry") await library.reopen();
      else if (action === "startFresh") await library.startFresh();
      else await library.backUp();
      return library.status();
    },
  };
}
