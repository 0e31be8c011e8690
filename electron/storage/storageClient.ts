/** The library seen from core: the same functions, answered by the storage worker, off the thread that serves the page. */
import { Worker } from "node:worker_threads";
import { ServiceError } from "../../shared/contract/errors.ts";
import { InputError } from "../../shared/units/errors.ts";
import type {
  StorageAnswer,
  StorageFunction,
  StorageFunctions,
  StorageSetup,
} from "./storageMessages.ts";

/** The storage's functions, each answered by a promise. */
export type StorageCalls = {
  readonly [Name in StorageFunction]: (
    ...args: Parameters<StorageFunctions[Name]>
  ) => Promise<ReturnType<StorageFunctions[Name]>>;
};

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Talks to one storage worker. */
export class StorageClient {
  /** Every function of the storage. Throws ServiceError (storage) where the library is not open or cannot be written. */
  readonly calls: StorageCalls;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private isEnded = false;

  constructor(entry: URL, setup: StorageSetup, onProblem: () => void) {
    this.worker = new Worker(entry, { workerData: setup });
    this.worker.on("message", (answer: StorageAnswer) => this.settle(answer, onProblem));
    this.worker.on("error", (error) => this.end(error));
    this.worker.on("exit", () => this.end(new Error("the storage worker has ended")));
    this.calls = new Proxy(
      {},
      {
        get:
          (_target, name) =>
          (...args: readonly unknown[]) =>
            this.ask(String(name), args),
      },
    ) as StorageCalls;
  }

  /** Closes the library and ends the worker. */
  async close(): Promise<void> {
    if (!this.isEnded) await this.ask("close", []);
    await this.worker.terminate();
  }

  private ask(name: string, args: readonly unknown[]): Promise<unknown> {
    if (this.isEnded) {
      const message =
        "The library's own thread has ended. Start Crossover again; what was saved is there.";
      return Promise.reject(new ServiceError("storage", message));
    }
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, name, args });
    });
  }

  private settle(answer: StorageAnswer, onProblem: () => void): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.ok) {
      waiting?.resolve(answer.value);
      return;
    }
    if (answer.failure === "closed" || answer.failure === "unwritable") onProblem();
    waiting?.reject(errorOf(answer));
  }

  private end(error: Error): void {
    this.isEnded = true;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

function errorOf(answer: Extract<StorageAnswer, { ok: false }>): Error {
  const { failure, message, field } = answer;
  if (failure === "input") return new InputError(message, { field });
  if (failure === "internal") return new Error(message);
  const text =
    failure === "closed"
      ? `Nothing can be saved or opened: ${message}.`
      : `The library cannot be written: ${message} What was saved before is unharmed.`;
  return new ServiceError("storage", text, { field });
}
