/** The library's housekeeping: its daily backup, at a moment when nobody waits. */
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { StorageClient } from "../storage/storageClient.ts";

/** After the window has opened and shown its first answer. */
const firstMs = 20_000;
const everyMs = 3_600_000;

/** Looks once an hour; a program that ends before the first look does it at its end. */
export class Maintenance {
  private readonly storage: StorageClient;
  private readonly publish: (event: CoreEvent) => void;
  private readonly first: NodeJS.Timeout;
  private readonly every: NodeJS.Timeout;
  private hasRun = false;

  constructor(storage: StorageClient, publish: (event: CoreEvent) => void) {
    this.storage = storage;
    this.publish = publish;
    this.first = setTimeout(() => void this.run(), firstMs).unref();
    this.every = setInterval(() => void this.run(), everyMs).unref();
  }

  /** Ends the looks; resolves when nothing is under way. Never throws. */
  async close(): Promise<void> {
    clearTimeout(this.first);
    clearInterval(this.every);
    if (!this.hasRun) await this.run();
  }

  /** A backup that cannot be made is no error of a call: storage.status says why. */
  private async run(): Promise<void> {
    if (!this.storage.isOpen) return;
    this.hasRun = true;
    await this.storage.calls.maintain().catch(() => this.publish({ kind: "storageChanged" }));
  }
}
