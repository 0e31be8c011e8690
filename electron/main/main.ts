/** The entry of the desktop app: locks everything down, starts core, opens a window. */
import { join } from "node:path";
import { app, session } from "electron";
import packageJson from "../../package.json" with { type: "json" };
import { type Core, createCore } from "../core/createCore.ts";
import { createPageFiles } from "../core/pageFiles.ts";
import { createDialogs } from "./dialogs.ts";
import { connectPages } from "./ipc.ts";
import { lockNavigation } from "./security/navigation.ts";
import { lockSession } from "./security/permissions.ts";
import { registerScheme, servePage } from "./security/protocol.ts";
import { eachWindow, openWindow } from "./windows.ts";

/** The unpackaged app of the tests runs on an Electron that needs its own native binding; a packaged app ignores this. */
function testBinding(): { nativeBinding?: string } {
  const nativeBinding = process.env.CROSSOVER_TEST_NATIVE_BINDING;
  return app.isPackaged || nativeBinding === undefined ? {} : { nativeBinding };
}

function start(): void {
  lockSession(session.defaultSession);
  servePage(createPageFiles(join(__dirname, "../renderer")));
  const core: Core = createCore({
    ...createDialogs(() => core.files),
    ...testBinding(),
    host: "electron",
    version: packageJson.version,
    isPackaged: app.isPackaged,
    dataFolder: app.getPath("userData"),
    log: (error) => console.error(error),
  });
  connectPages(core);
  openWindow({ width: 1440, height: 900 }, "#faf7f1");
  app.on("will-quit", (event) => {
    event.preventDefault();
    void core.close().finally(() => app.exit(0));
  });
}

if (app.requestSingleInstanceLock()) {
  // Chromium refuses a sandbox to root, as whom tests in a container run; only they pass the switch.
  if (!app.commandLine.hasSwitch("no-sandbox")) app.enableSandbox();
  registerScheme();
  lockNavigation(app);
  app.on("second-instance", () => {
    eachWindow((window) => {
      if (window.isMinimized()) window.restore();
      window.focus();
    });
  });
  app.on("window-all-closed", () => app.quit());
  void app.whenReady().then(start);
} else {
  app.quit();
}
