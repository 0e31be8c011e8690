/** Answers questions about the library in the storage worker, one after the other. */
import type { MessagePort } from "node:worker_threads";
import { InputError } from "../../shared/units/errors.ts";
import type { WriteFile } from "./blobs.ts";
import { isUnwritable } from "./openLibrary.ts";
import { createStorage, LibraryClosed, type Storage } from "./storage.ts";
import type {
  StorageAnswer,
  StorageCall,
  StorageFailure,
  StorageSetup,
} from "./storageMessages.ts";

const ownFunctions = new Set([
  "putBlob",
  "getBlob",
  "maintain",
  "backUp",
  "startFresh",
  "reopen",
  "status",
]);

function failureOf(error: unknown): StorageFailure {
  if (error instanceof LibraryClosed) return "closed";
  if (error instanceof InputError) return error.field === "file" ? "unwritable" : "input";
  return isUnwritable(error) ? "unwritable" : "internal";
}

function answer(storage: Storage, { id, name, args }: StorageCall): StorageAnswer {
  try {
    const target: object = ownFunctions.has(name) ? storage : storage.tables;
    const run = Reflect.get(target, name) as (...args: readonly unknown[]) => unknown;
    return { id, ok: true, value: run(...args) };
  } catch (error) {
    const field = error instanceof InputError ? error.field : undefined;
    const message = error instanceof Error ? error.message : String(error);
    const failure = { id, ok: false as const, failure: failureOf(error), message };
    return field === undefined ? failure : { ...failure, field };
  }
}

/** Opens the library and serves it until "close". */
export function serveStorage(port: MessagePort, setup: StorageSetup, writeFile: WriteFile): void {
  const { folder, nativeBinding } = setup;
  const storage = createStorage({
    folder,
    writeFile,
    now: () => Date.now(),
    ...(nativeBinding !== undefined && { nativeBinding }),
  });
  port.on("message", (call: StorageCall) => {
    if (call.name !== "close") {
      port.postMessage(answer(storage, call));
      return;
    }
    storage.close();
    port.postMessage({ id: call.id, ok: true, value: undefined } satisfies StorageAnswer);
    port.close();
  });
}
