/** Files over a browser: what a page's file input sends is spooled to the disk, what is written is fetched from there. */

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { ServiceError } from "../../shared/contract/errors.ts";
import type { ChosenFile } from "../../shared/contract/hostMethods.ts";
import { openAtomicWriter } from "../files/atomicWrite.ts";
import type { FileTokens } from "../services/fileTokens.ts";
import { ArrivingFile } from "./arrivingFile.ts";
import type { HostPorts } from "./coreConfig.ts";

/** Most bytes of one upload: as much as an importer reads. */
const maxUploadBytes = 8e9;
const maxNameLength = 120;

/** A file name that is safe on every system and in a header: what a page calls a file is only for people. */
export function safeFileName(name: string): string {
  const plain = basename(name)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*]/g, "_")
    .replace(/[. ]+$/, "")
    .slice(0, maxNameLength);
  const isReserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain);
  return plain === "" || isReserved ? `file-${plain}` : plain;
}

/** Whether a process of that number runs. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function tooLarge(name: string): ServiceError {
  return new ServiceError(
    "tooLarge",
    `${name} is larger than 8 GB. Wanted less; cut it or summarise it first.`,
  );
}

/** Spools in a folder of its own under the library's disk, which goes with the program; what a killed program left goes with the next one. */
export class Transfers {
  private readonly files: FileTokens;
  private readonly parent: string;
  private readonly arriving = new Map<string, ArrivingFile>();
  private readonly written = new Map<string, { path: string; name: string }>();
  private folder: string | undefined;

  constructor(files: FileTokens, dataFolder: string) {
    this.files = files;
    this.parent = join(dataFolder, "transfers");
  }

  /** Keeps what a page sends; a token for it. Throws ServiceError (tooLarge), and InputError when the disk cannot take it. */
  async receive(chunks: AsyncIterable<Uint8Array>, givenName: string): Promise<ChosenFile> {
    const name = safeFileName(givenName);
    const path = this.newPath(name);
    // Not flushed: it is read once, by this process, and then removed.
    const writer = openAtomicWriter(path, { isFlushed: false });
    let bytes = 0;
    try {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > maxUploadBytes) {
          throw tooLarge(name);
        }
        writer.write(chunk);
      }
      writer.commit();
    } finally {
      writer.abort();
    }
    const onDone = (): void => rmSync(path, { force: true });
    return this.files.offer({ path, name, bytes, use: "read", onDone });
  }

  /** Keeps the beginning of a file of so many bytes; its token is good for a look at the beginning at once, and for use when receiveRest has brought the rest. */
  async receiveHead(
    chunks: AsyncIterable<Uint8Array>,
    givenName: string,
    bytes: number,
  ): Promise<ChosenFile> {
    const name = safeFileName(givenName);
    if (!Number.isSafeInteger(bytes) || bytes < 0 || bytes > maxUploadBytes) {
      throw tooLarge(name);
    }
    const path = this.newPath(name);
    const file = new ArrivingFile(path, name, bytes);
    await file.take(chunks, false);
    const onDone = (): void => {
      file.abandon();
      this.arriving.delete(token);
    };
    const { whole } = file;
    const { token } = this.files.offer({ path, name, bytes, use: "read", onDone, whole });
    this.arriving.set(token, file);
    return { token, name, bytes };
  }

  /** Takes the rest of a file. Throws ServiceError for a token of no such file, and as ArrivingFile.take does. */
  async receiveRest(chunks: AsyncIterable<Uint8Array>, token: string): Promise<void> {
    const file = this.arriving.get(token);
    this.arriving.delete(token);
    if (file === undefined) {
      throw new ServiceError("notFound", "There is no file that waits for its rest by this name.");
    }
    await file.take(chunks, true);
  }

  /** A place to write to, from which the page fetches it. */
  target(suggestedName: string): { token: string; name: string } {
    const name = safeFileName(suggestedName);
    const path = this.newPath(name);
    const { token } = this.files.offer({ path, name, bytes: 0, use: "write" });
    this.written.set(token, { path, name });
    return { token, name };
  }

  /** What was written to a target, once; undefined when nothing was. */
  take(token: string): { bytes: Uint8Array; name: string } | undefined {
    const found = this.written.get(token);
    if (found === undefined) return undefined;
    this.written.delete(token);
    try {
      return { bytes: readFileSync(found.path), name: found.name };
    } catch {
      return undefined;
    } finally {
      rmSync(found.path, { force: true });
    }
  }

  clear(): void {
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
    this.folder = undefined;
  }

  private newPath(name: string): string {
    this.folder ??= this.makeFolder();
    return join(this.folder, `${randomBytes(8).toString("hex")}-${name}`);
  }

  private makeFolder(): string {
    try {
      mkdirSync(this.parent, { recursive: true, mode: 0o700 });
      for (const name of readdirSync(this.parent)) {
        const pid = Number(/^(\d+)-/.exec(name)?.[1] ?? process.pid);
        if (!isRunning(pid)) rmSync(join(this.parent, name), { recursive: true, force: true });
      }
      return mkdtempSync(join(this.parent, `${process.pid}-`));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ServiceError(
        "storage",
        `Files from the browser cannot be taken: ${this.parent} cannot be written (${why}).`,
        { hint: "Make room on the disk or allow writing to the folder, then try again." },
      );
    }
  }
}

/** A browser has its own way to choose files: the page's file input sends them; targets are fetched once they are written. */
export function browserPorts(transfers: Transfers): HostPorts {
  return {
    chooseFiles: async () => {
      throw new ServiceError(
        "badInput",
        "A browser chooses files with the page's own file input, which sends them here.",
      );
    },
    chooseTarget: async (_purpose, suggestedName) => transfers.target(suggestedName),
    chooseTargets: async (_purpose, names) => names.map((name) => transfers.target(name)),
  };
}
