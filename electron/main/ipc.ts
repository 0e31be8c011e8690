/** The one channel between pages and core. */
import { ipcMain } from "electron";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { Core } from "../core/createCore.ts";
import { isOwnSender } from "./security/sender.ts";
import { eachWindow, isOwnWindow } from "./windows.ts";

/** Paths of files that came with a call: the preload adds them, a page cannot. */
function givenPathsOf(method: unknown, paths: unknown): { givenPaths?: string[] } {
  if (method !== "files.offer" || !Array.isArray(paths)) return {};
  return { givenPaths: paths.filter((path): path is string => typeof path === "string") };
}

/** Carries calls of our own pages to core, and core's events to them. */
export function connectPages(core: Core): void {
  ipcMain.handle("crossover:call", (event, method: unknown, params: unknown, paths: unknown) => {
    if (!isOwnSender(event, isOwnWindow)) {
      const message = "The call was refused: it does not come from the application's own page.";
      return { ok: false, error: { code: "refused", message } };
    }
    return core.call(method, params === undefined ? {} : params, {
      ...{ host: "electron", id: `page-${event.sender.id}` },
      ...givenPathsOf(method, paths),
    });
  });
  core.subscribe((event: CoreEvent) => {
    eachWindow(({ webContents }) => {
      if (!webContents.isCrashed()) webContents.send("crossover:event", event);
    });
  });
}
