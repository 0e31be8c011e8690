/** The windows of the app. */
import { join } from "node:path";
import { BrowserWindow } from "electron";
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

/** Place and size of a window, as the system gives them. */
export interface WindowBounds {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
}

/** Opens a window on the page; shown once it has something to show. */
export function openWindow(bounds: WindowBounds, backgroundColor: string): BrowserWindow {
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 720,
    minHeight: 480,
    show: false,
    backgroundColor,
    title: "Crossover",
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
  window.once("ready-to-show", () => window.show());
  void window.loadURL(`${pageOrigin}/`);
  return window;
}
