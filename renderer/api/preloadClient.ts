/** The client inside Electron: over the preload bridge. */
import type { Reply } from "../../shared/contract/errors.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { MethodName, MethodParams } from "../../shared/contract/methods.ts";
import { type Client, unwrap } from "./client.ts";

interface Bridge {
  call(method: string, params: unknown): Promise<Reply<unknown>>;
  on(listener: (event: CoreEvent) => void): () => void;
}

declare global {
  interface Window {
    readonly crossover?: Bridge;
  }
}

/** The client over the bridge; undefined where there is none (in a browser). */
export function createPreloadClient(): Client | undefined {
  const bridge = window.crossover;
  if (bridge === undefined) return undefined;
  return {
    hasDialogs: true,
    call: async <Name extends MethodName>(name: Name, params: MethodParams<Name>) =>
      unwrap<Name>(await bridge.call(name, params)),
    // Of the files themselves only the preload can say where they lie.
    offerFiles: async (files) =>
      unwrap<"files.offer">(await bridge.call("files.offer", { files: [...files] })).files,
    on: (listener) => bridge.on(listener),
  };
}
