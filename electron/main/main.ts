/** The entry of the desktop app: locks everything down, starts core, opens the window. */
import { join } from "node:path";
import { app, session } from "electron";
import packageJson from "../../package.json" with { type: "json" };
import type { CommandState } from "../../shared/contract/commands.ts";
import { createCore } from "../core/createCore.ts";
import { createPageFiles } from "../core/pageFiles.ts";
import { Desktop } from "./desktop.ts";
import { createDialogs } from "./dialogs.ts";
import { headlessArguments, runHeadless } from "./headless.ts";
import { connectPages } from "./ipc.ts";
import { launchFiles } from "./launchFiles.ts";
import { printCallersPage } from "./printing.ts";
import { openExternalUrl } from "./security/externalUrl.ts";
import { lockNavigation } from "./security/navigation.ts";
import { lockSession } from "./security/permissions.ts";
import { registerScheme, servePage } from "./security/protocol.ts";
import { runSmoke } from "./smoke.ts";
import { setFullScreen } from "./windows.ts";

/** A library that does not close, e.g. on a disk that hangs, may not hold up the end for longer: what was acknowledged is on the disk by then. */
const closeLimitMs = 15_000;
/** Files handed over before the app is ready. */
const early: string[] = [];
let desktop: Desktop | undefined;
const isSmoke = process.argv.includes("--smoke");

/** The unpackaged app of the tests runs on an Electron that needs its own native binding; a packaged app ignores this. */
function testBinding(): { nativeBinding?: string } {
  const nativeBinding = process.env.CROSSOVER_TEST_NATIVE_BINDING;
  return app.isPackaged || nativeBinding === undefined ? {} : { nativeBinding };
}

function createDesktop(): Desktop {
  const core = createCore({
    ...createDialogs(() => core),
    ...testBinding(),
    setCommands: (commands: readonly CommandState[]) => opened.setCommands(commands),
    openLink: openExternalUrl,
    printPdf: printCallersPage,
    setFullScreen,
    host: "electron",
    version: packageJson.version,
    isPackaged: app.isPackaged,
    dataFolder: app.getPath("userData"),
    log: (error: unknown) => console.error(error),
  });
  const opened = new Desktop(core);
  connectPages(core);
  app.on("will-quit", (event) => {
    event.preventDefault();
    const limit = new Promise<void>((resolve) => setTimeout(resolve, closeLimitMs));
    void Promise.race([core.close(), limit]).finally(() => app.exit(0));
  });
  return opened;
}

function openFile(path: string): void {
  if (desktop === undefined) early.push(path);
  else desktop.openFile(path);
}

function start(): void {
  lockSession(session.defaultSession, !app.isPackaged);
  servePage(createPageFiles(join(__dirname, "../renderer")));
  desktop = createDesktop();
  const window = desktop.open();
  if (isSmoke) void runSmoke(desktop, window);
  for (const path of early.splice(0)) desktop.openFile(path);
}

/** Of the app where Electron was started with it as an argument. */
function appPath(): string | undefined {
  return app.isPackaged ? undefined : app.getAppPath();
}

function filesIn(argv: readonly string[], folder: string): string[] {
  return launchFiles(argv, folder, appPath());
}

/** The first start has the window; a later one hands its files over and leaves. */
function runFirst(): void {
  // Chromium refuses a sandbox to root, as whom tests in a container run; only they pass the switch.
  if (!app.commandLine.hasSwitch("no-sandbox")) app.enableSandbox();
  // The page draws and asks; the work is core's. Its heap is kept small rather than quick: some 10 MB less when idle.
  app.commandLine.appendSwitch("js-flags", "--optimize-for-size");
  registerScheme();
  lockNavigation(app);
  early.push(...filesIn(process.argv, process.cwd()));
  app.on("open-file", (event, path) => {
    event.preventDefault();
    openFile(path);
  });
  app.on("second-instance", (_event, argv, folder) => {
    desktop?.focus();
    for (const path of filesIn(argv, folder)) openFile(path);
  });
  app.on("window-all-closed", () => app.quit());
  app.setAboutPanelOptions({
    applicationName: "Crossover",
    applicationVersion: packageJson.version,
    copyright: "Copyright 2026 The Crossover authors. Apache License 2.0.",
  });
  void app.whenReady().then(start);
}

const command = headlessArguments(process.argv, appPath());
if (command !== undefined) app.exit(runHeadless(join(__dirname, "cliThread.cjs"), command));
else if (app.requestSingleInstanceLock()) runFirst();
else app.quit();
