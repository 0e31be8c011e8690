/** The bridge: call and on, nothing else. One bundled file; types only may be imported. */
import { contextBridge, ipcRenderer, webUtils } from "electron";

const listeners = new Map<number, (event: unknown, value: unknown) => void>();
let lastListener = 0;
const maxFiles = 64;

/** Where a file lies that the person gave to the page; "" for one that the page made itself. Electron before 29 has no webUtils. */
function pathOf(file: File): string {
  if (typeof webUtils?.getPathForFile === "function") return webUtils.getPathForFile(file);
  return (file as File & { readonly path?: string }).path ?? "";
}

/** The paths of real File objects among what the page gives; nothing else that it says counts. */
function pathsIn(params: unknown): string[] {
  const { files } = (params ?? {}) as { readonly files?: unknown };
  if (!Array.isArray(files)) return [];
  const real = files.slice(0, maxFiles).filter((file): file is File => file instanceof File);
  return real.map(pathOf).filter((path) => path !== "");
}

const bridge = Object.freeze({
  /** Runs a method of the contract; resolves to its reply. For files.offer, `params.files` are the File objects of a drop or a file input. */
  call: (method: string, params: unknown): Promise<unknown> =>
    method === "files.offer"
      ? ipcRenderer.invoke("crossover:call", method, {}, pathsIn(params))
      : ipcRenderer.invoke("crossover:call", method, params),
  /** Hears every event of core; the answer ends that when called. */
  on: (listener: (value: unknown) => void): (() => void) => {
    const id = ++lastListener;
    const heard = (_event: unknown, value: unknown): void => listener(value);
    listeners.set(id, heard);
    ipcRenderer.on("crossover:event", heard);
    return () => {
      const known = listeners.get(id);
      if (known !== undefined) ipcRenderer.removeListener("crossover:event", known);
      listeners.delete(id);
    };
  },
});

contextBridge.exposeInMainWorld("crossover", bridge);
