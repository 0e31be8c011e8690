/** The desktop app once Electron is ready: core, the window, and what the system and the person do to them. */
import { dirname } from "node:path";
import { app, type BrowserWindow, Menu, nativeTheme, screen } from "electron";
import type { CommandState } from "../../shared/contract/commands.ts";
import type { Reply } from "../../shared/contract/errors.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { MethodName, MethodParams, MethodResult } from "../../shared/contract/methods.ts";
import { defaultSettings, type Settings } from "../../shared/contract/settings.ts";
import type { Core } from "../core/createCore.ts";
import { type MenuFile, menuTemplate } from "./menu.ts";
import { PageMail } from "./pageMail.ts";
import { recoverFromEnds, recoverFromSilence } from "./recovery.ts";
import { TaskbarProgress } from "./taskbar.ts";
import { paperColour, themeSourceOf } from "./theme.ts";
import { placeOf, watchPlace } from "./windowState.ts";
import { openWindow, type WindowLook } from "./windows.ts";

const caller = { host: "electron" as const, id: "host" };
/** A page that hangs may not hold up the end of the program for longer. */
const flushLimitMs = 2000;

/** The app with its one window. */
export class Desktop {
  private readonly core: Core;
  private readonly mail: PageMail;
  private readonly bar = new TaskbarProgress(() => performance.now());
  private window: BrowserWindow | undefined;
  private commands: readonly CommandState[] | undefined;
  private recentFiles: readonly MenuFile[] = [];
  private newestPath: string | undefined;
  private readonly readyPages: (() => void)[] = [];

  constructor(core: Core) {
    this.core = core;
    this.mail = new PageMail((event) => core.publish(event));
    core.subscribe((event) => this.hear(event));
  }

  /** Opens the window. */
  open(): BrowserWindow {
    this.showMenu();
    const settings = this.settings();
    const window = openWindow(settings.then((known) => this.lookOf(known)));
    this.window = window;
    this.watch(window);
    void this.readRecentFiles();
    return window;
  }

  /** The page is ready and has these commands. */
  setCommands(commands: readonly CommandState[]): void {
    this.commands = commands;
    this.showMenu();
    this.mail.pageIsReady();
    for (const resolve of this.readyPages.splice(0)) resolve();
  }

  /** Resolves when the next page says that it is ready. */
  pageReady(): Promise<void> {
    return new Promise((resolve) => this.readyPages.push(resolve));
  }

  /** Brings the window to the front. */
  focus(): void {
    if (this.window?.isMinimized()) this.window.restore();
    this.window?.focus();
  }

  /** Hands a file of the system to the page, now or when it is ready. */
  openFile(path: string): void {
    try {
      const { token, name } = this.core.offerPath(path);
      this.mail.deliver({ kind: "openFile", token, name });
    } catch (error) {
      this.tellProblem(error instanceof Error ? error.message : String(error));
    }
  }

  private async call<Name extends MethodName>(name: Name, params: MethodParams<Name>) {
    return (await this.core.call(name, params, caller)) as Reply<MethodResult<Name>>;
  }

  /** As kept, or the defaults while the library cannot be read: the page says what is wrong with it. */
  private async settings(): Promise<Settings> {
    const reply = await this.call("settings.get", {});
    return reply.ok ? reply.value : defaultSettings;
  }

  private lookOf({ theme, window }: Settings): WindowLook {
    nativeTheme.themeSource = themeSourceOf(theme);
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
    return {
      place: placeOf(window, areas),
      isMaximized: window?.isMaximized ?? false,
      backgroundColor: paperColour(theme, nativeTheme.shouldUseDarkColors),
    };
  }

  private watch(window: BrowserWindow): void {
    const tell = (event: CoreEvent): void => this.mail.deliver(event);
    window.webContents.on("did-start-loading", () => this.mail.pageIsGone());
    window.webContents.on("render-process-gone", () => this.mail.pageIsGone());
    recoverFromEnds(window, tell, () => app.quit());
    recoverFromSilence(window);
    const keepPlace = watchPlace(window, async (state) => {
      await this.call("settings.set", { window: state });
    });
    let isEnding = false;
    window.on("close", (event) => {
      event.preventDefault();
      if (isEnding) return;
      isEnding = true;
      void this.end(keepPlace).finally(() => window.destroy());
    });
  }

  /** Before the window goes: its unsaved work and its place are written. */
  private async end(keepPlace: () => Promise<void>): Promise<void> {
    const flushed = this.mail.hasPage ? this.core.flushPages(flushLimitMs) : undefined;
    await Promise.all([flushed, keepPlace()]);
  }

  private hear(event: CoreEvent): void {
    const bar = this.bar.hear(event);
    if (bar !== undefined && this.window?.isDestroyed() === false) this.window.setProgressBar(bar);
    if (event.kind !== "libraryChanged") return;
    if (event.of === "settings") void this.settings().then((known) => this.applyTheme(known));
    if (event.of === "recentFiles") void this.readRecentFiles();
  }

  private applyTheme({ theme }: Settings): void {
    nativeTheme.themeSource = themeSourceOf(theme);
    if (this.window?.isDestroyed() !== false) return;
    this.window.setBackgroundColor(paperColour(theme, nativeTheme.shouldUseDarkColors));
  }

  private async readRecentFiles(): Promise<void> {
    const files = await this.core.recentFiles.list().catch(() => []);
    this.recentFiles = files.map(({ id, name, path }) => ({ id, name, folder: dirname(path) }));
    const newest = files[0]?.path;
    if (newest === undefined) app.clearRecentDocuments();
    else if (newest !== this.newestPath) app.addRecentDocument(newest);
    this.newestPath = newest;
    this.showMenu();
  }

  private async openRecent(id: string): Promise<void> {
    const reply = await this.call("files.openRecent", { id });
    if (!reply.ok) return this.tellProblem(reply.error.message);
    const { token, name } = reply.value;
    this.mail.deliver({ kind: "openFile", token, name });
  }

  private tellProblem(text: string): void {
    this.mail.deliver({ kind: "notice", tone: "bad", text });
  }

  private showMenu(): void {
    const { commands, recentFiles } = this;
    const isMac = process.platform === "darwin";
    const state = { commands, recentFiles, isMac, hasDevTools: !app.isPackaged };
    const template = menuTemplate(state, {
      run: (id) => this.core.publish({ kind: "command", id }),
      openRecent: (id) => void this.openRecent(id),
      clearRecent: () => void this.call("files.clearRecent", {}),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
}
