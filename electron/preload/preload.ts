/** The bridge: call and on, nothing else. One bundled file; types only may be imported. */
import { contextBridge, ipcRenderer } from "electron";

const listeners = new Map<number, (event: unknown, value: unknown) => void>();
let lastListener = 0;

const bridge = Object.freeze({
  /** Runs a method of the contract; resolves to its reply. */
  call: (method: string, params: unknown): Promise<unknown> =>
    ipcRenderer.invoke("crossover:call", method, params),
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
