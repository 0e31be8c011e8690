/** A file that a page sends in two parts: its beginning, which may be looked at at once, and the rest. */
import { rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { ServiceError } from "../../shared/contract/errors.ts";

export class ArrivingFile {
  readonly path: string;
  readonly name: string;
  /** Bytes of the whole file, as the page says. */
  readonly bytes: number;
  /** Settles when all of it is there; rejects with ServiceError when it never will be. */
  readonly whole: Promise<void>;
  private received = 0;
  private isOver = false;
  private readonly settle: { resolve(): void; reject(error: unknown): void }[] = [];

  constructor(path: string, name: string, bytes: number) {
    this.path = path;
    this.name = name;
    this.bytes = bytes;
    this.whole = new Promise((resolve, reject) => this.settle.push({ resolve, reject }));
    // Told to whoever uses the file; nobody may.
    this.whole.catch(() => undefined);
  }

  /** Appends a part. With `isLast` the file is whole afterwards, or never will be. Throws ServiceError where the disk does not take it, or other bytes come than were announced. */
  async take(chunks: AsyncIterable<Uint8Array>, isLast: boolean): Promise<void> {
    try {
      await this.append(chunks);
      if (isLast && this.received !== this.bytes) throw this.problem("did not arrive whole");
    } catch (error) {
      this.abandon(error);
      throw error;
    }
    if (isLast) this.end(({ resolve }) => resolve());
  }

  /** Removes what has come. */
  abandon(error: unknown = this.problem("is no longer wanted")): void {
    this.end(({ reject }) => reject(error));
    rmSync(this.path, { force: true });
  }

  private async append(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const file = await open(this.path, "a", 0o600);
    try {
      for await (const chunk of chunks) {
        this.received += chunk.length;
        if (this.isOver) throw this.problem("is no longer wanted");
        if (this.received > this.bytes) throw this.problem("is larger than its page said");
        await file.writeFile(chunk);
      }
    } catch (error) {
      throw error instanceof ServiceError ? error : this.problem("could not be taken", error);
    } finally {
      await file.close();
    }
  }

  private problem(what: string, error?: unknown): ServiceError {
    const why = error instanceof Error ? ` (${error.message})` : "";
    const came = `${this.received} of ${this.bytes} bytes came`;
    return new ServiceError("storage", `${this.name} ${what}: ${came}${why}.`, {
      hint: "Choose the file again.",
    });
  }

  private end(settle: (waiting: { resolve(): void; reject(error: unknown): void }) => void): void {
    this.isOver = true;
    this.settle.forEach(settle);
  }
}
