/** The windows of the app. */
import { join } from "node:path";
import { BrowserWindow, type Rectangle } from "electron";
import { ServiceError } from "../../shared/contract/errors.ts";
import type { Caller } from "../core/dispatch.ts";
import { pageOrigin } from "./security/sender.ts";

const own = new Map<number, BrowserWindow>();

/** Whether a page belongs to a window made here. */
export function isOwnWindow(contentsId: number): boolean {
  return own.has(contentsId);
}

/** Does something for every open window. */
export function eachWindow(visit: (window: BrowserWindow) => void): void {
  for (const window of own.values()) if (!window.isDestroyed()) visit(window);
}

/** The window of the page that calls. Throws ServiceError (refused) for a caller that is no page of ours. */
export function windowOf({ id }: Pick<Caller, "id">): BrowserWindow {
  for (const [contentsId, window] of own) {
    if (`page-${contentsId}` === id && !window.isDestroyed()) return window;
  }
  throw new ServiceError("refused", "Only a page of the application itself has a window.");
}

/** Fills the screen with the caller's window, or ends that; whether it was so before. */
export function setFullScreen(isFull: boolean, caller: Pick<Caller, "id">): boolean {
  const window = windowOf(caller);
  const wasFull = window.isFullScreen();
  if (wasFull !== isFull) window.setFullScreen(isFull);
  return wasFull;
}

/** How a window looks when it is first seen. */
export interface WindowLook {
  readonly place: Partial<Rectangle> & Pick<Rectangle, "width" | "height">;
  readonly isMaximized: boolean;
  readonly backgroundColor: string;
}

function showAs(window: BrowserWindow, { place, isMaximized, backgroundColor }: WindowLook): void {
  window.setBackgroundColor(backgroundColor);
  const { x, y, width, height } = place;
  window.setSize(width, height);
  if (x === undefined || y === undefined) window.center();
  else window.setPosition(x, y);
  if (isMaximized) window.maximize();
  window.show();
}

/** Opens a window on the page; loads it at once, and shows it when it has something to show and its look is known. */
export function openWindow(look: Promise<WindowLook>): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: "Crossover",
    icon: join(__dirname, "../../electron/icons/png/256x256.png"),
    webPreferences: {
      preload: join(__dirname, "preload.cjs"),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  const { id } = window.webContents;
  own.set(id, window);
  window.once("closed", () => own.delete(id));
  const painted = new Promise<void>((resolve) => window.once("ready-to-show", () => resolve()));
  void Promise.all([look, painted]).then(([known]) => {
    if (!window.isDestroyed()) showAs(window, known);
  });
  void window.loadURL(`${pageOrigin}/`);
  return window;
}
