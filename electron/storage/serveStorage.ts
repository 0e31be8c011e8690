/** Answers questions about the library in the storage worker, one after the other. */
import type { MessagePort } from "node:worker_threads";
import { InputError } from "../../shared/units/errors.ts";
import { BlobDamaged, type WriteFile } from "./blobs.ts";
import { DatabaseFromFuture, DatabaseUnusable } from "./database.ts";
import { createStorage, LibraryClosed, type Storage } from "./storage.ts";
import { isUnwritable, wordsOfFailure } from "./storageFailures.ts";
import {
  ownFunctions,
  type StorageAnswer,
  type StorageCall,
  type StorageFailure,
  type StorageSetup,
} from "./storageMessages.ts";

const own = new Set<string>(ownFunctions);
/** Functions that write, by the first word of their names. */
const writes = /^(put|create|save|set|drop|erase|rename|backUp|restoreBackup)/;

/** After these it may be another library, even where its state reads the same. */
const reopens = new Set<string>(["reopen", "startFresh", "restoreBackup"]);

function failureOf(error: unknown): StorageFailure {
  if (error instanceof LibraryClosed) return "closed";
  const isDamaged = [BlobDamaged, DatabaseUnusable, DatabaseFromFuture].some(
    (kind) => error instanceof kind,
  );
  if (isDamaged) return "damaged";
  if (isUnwritable(error)) return "unwritable";
  return error instanceof InputError ? "input" : "internal";
}

type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly failure: StorageFailure;
      readonly message: string;
      readonly field?: string;
    };

function run(storage: Storage, { name, args }: StorageCall): Outcome {
  try {
    const target: object = own.has(name) ? storage : storage.tables;
    const work = Reflect.get(target, name) as (...args: readonly unknown[]) => unknown;
    const value = work(...args);
    if (writes.test(name)) storage.noteWriting(undefined);
    return { ok: true, value };
  } catch (error) {
    const failure = failureOf(error);
    const message = wordsOfFailure(error);
    if (failure === "unwritable" && writes.test(name)) storage.noteWriting(message);
    const field = error instanceof InputError ? error.field : undefined;
    return { ok: false, failure, message, ...(field !== undefined && { field }) };
  }
}

/** Memory that goes with an answer in place of a copy: a file of the library may be some gigabytes. */
function handedOver(name: StorageCall["name"], outcome: Outcome): ArrayBuffer[] {
  if (name !== "getBlob" || !outcome.ok) return [];
  return [(outcome.value as ReturnType<Storage["getBlob"]>).buffer];
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
    const { id, name } = call;
    if (name === "close") {
      storage.close();
      port.postMessage({ id, ok: true, value: undefined, hasNewState: false });
      port.close();
      return;
    }
    const before = JSON.stringify(storage.state());
    const outcome = run(storage, call);
    const hasNewState = reopens.has(name) || JSON.stringify(storage.state()) !== before;
    const answer = { id, ...outcome, hasNewState } satisfies StorageAnswer;
    port.postMessage(answer, handedOver(name, outcome));
  });
}
