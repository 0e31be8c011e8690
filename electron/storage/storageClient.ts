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

/** A worker that ended is started again, but not over and over. */
const restartGapMs = 2000;

function endedError(): ServiceError {
  return new ServiceError(
    "storage",
    "The library's own thread has ended. What was acknowledged before is saved. Try again in a moment; if that does not help, start Crossover again.",
  );
}

/** Talks to one storage worker, which opens the library at the first question or at open(). */
export class StorageClient {
  /** Every function of the storage. Throws ServiceError (storage) where the library is not open or cannot be written. */
  readonly calls: StorageCalls;
  private readonly entry: URL;
  private readonly setup: StorageSetup;
  private readonly onNewState: () => void;
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | undefined;
  private startedMs = Number.NEGATIVE_INFINITY;
  private lastId = 0;
  private isClosed = false;

  /** `onNewState` is called when the state of the library has changed. */
  constructor(entry: URL, setup: StorageSetup, onNewState: () => void) {
    this.entry = entry;
    this.setup = setup;
    this.onNewState = onNewState;
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

  /** Opens the library now, so that it is open when the first question comes. */
  open(): void {
    if (this.worker === undefined && !this.isClosed) this.start();
  }

  /** Whether there is an open library, or one about to be. */
  get isOpen(): boolean {
    return this.worker !== undefined;
  }

  /** Closes the library and ends the worker. */
  async close(): Promise<void> {
    const closing = this.worker === undefined ? undefined : this.ask("close", []);
    this.isClosed = true;
    await closing?.catch(() => undefined);
    await this.worker?.terminate();
  }

  private start(): void {
    this.startedMs = performance.now();
    const worker = new Worker(this.entry, { workerData: this.setup });
    this.worker = worker;
    worker.on("message", (answer: StorageAnswer) => this.settle(answer));
    worker.on("error", () => this.end(worker));
    worker.on("exit", () => this.end(worker));
  }

  private ask(name: string, args: readonly unknown[]): Promise<unknown> {
    const canStart = !this.isClosed && performance.now() - this.startedMs > restartGapMs;
    if (this.worker === undefined && canStart) this.start();
    const { worker } = this;
    if (worker === undefined || this.isClosed) return Promise.reject(endedError());
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ id, name, args });
    });
  }

  private settle(answer: StorageAnswer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(errorOf(answer, this.setup.folder));
    if (answer.hasNewState) this.onNewState();
  }

  private end(worker: Worker): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    for (const { reject } of this.waiting.values()) reject(endedError());
    this.waiting.clear();
    if (!this.isClosed) this.onNewState();
  }
}

function errorOf(answer: Extract<StorageAnswer, { ok: false }>, folder: string): Error {
  const { failure, message, field } = answer;
  if (failure === "input") return new InputError(message, { field });
  if (failure === "internal") return new Error(message);
  if (failure === "damaged") return new ServiceError("storage", message);
  if (failure === "closed") {
    return new ServiceError("storage", `Nothing can be saved or opened: ${message}.`);
  }
  return new ServiceError("storage", `The library cannot be written: ${message}.`, {
    hint: `What was saved before is unharmed, in ${folder}. Make room on the disk or allow writing to the folder, then try again.`,
  });
}
