/** Files named by the SHA-256 of what they hold: documents, trace columns, results. Written whole, checked when read, shared by all that hold the same. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { crashPoint } from "./crashPoint.ts";
import { syncFolder } from "./syncPath.ts";

/** Writes a file whole or not at all; given by the host, since files are written in one place. */
export type WriteFile = (path: string, data: Uint8Array) => void;

/** Thrown for a file of the library that is gone or does not hold what its name says; it is left as it is. */
export class BlobDamaged extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BlobDamaged";
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A store of files in a folder of its own. */
export class BlobStore {
  private readonly folder: string;
  private readonly writeFile: WriteFile;
  private readonly now: () => number;

  constructor(folder: string, writeFile: WriteFile, now: () => number) {
    this.folder = folder;
    this.writeFile = writeFile;
    this.now = now;
  }

  /** Keeps bytes; returns the 64 hex digits that name them. On the disk when it returns. */
  put(bytes: Uint8Array): string {
    const hash = hashOf(bytes);
    const path = this.pathOf(hash);
    if (!this.renew(path, bytes)) {
      this.makeFolder(hash.slice(0, 2));
      crashPoint("blob");
      this.writeFile(path, bytes);
    }
    crashPoint("save");
    return hash;
  }

  /** The bytes of a name. Throws BlobDamaged when the file is gone or does not hold what its name says. */
  get(hash: string): Buffer {
    const path = this.pathOf(hash);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      throw new BlobDamaged(
        `A file of the library cannot be read (${error instanceof Error ? error.message : error}). Put ${path} back from a copy of the folder, or import its source again.`,
      );
    }
    const found = hashOf(bytes);
    if (found === hash) return bytes;
    throw new BlobDamaged(
      `A file of the library was damaged: ${path} has SHA-256 ${found}, wanted ${hash}. It was left as it is. Put it back from a copy of the folder, or import its source again.`,
    );
  }

  /**
   * Removes files that nothing refers to and that were last handed in more than `ageMs` ago; returns how many. Young ones may
   * belong to a save under way: its document is kept first, then named.
   */
  prune(isReferred: (hash: string) => boolean, ageMs: number): number {
    let removed = 0;
    for (const part of this.parts()) {
      for (const name of readdirSync(join(this.folder, part))) {
        const path = join(this.folder, part, name);
        const isOld = this.now() - statSync(path).mtimeMs > ageMs;
        if (!isOld || isReferred(name)) continue;
        rmSync(path, { force: true });
        removed++;
      }
    }
    return removed;
  }

  private parts(): string[] {
    mkdirSync(this.folder, { recursive: true });
    return readdirSync(this.folder).filter((name) => /^[0-9a-f]{2}$/.test(name));
  }

  /** Whether these bytes lie there already, whole; they count as handed in now, so that no pruning takes them away. */
  private renew(path: string, bytes: Uint8Array): boolean {
    try {
      if (statSync(path).size !== bytes.length || !readFileSync(path).equals(bytes)) return false;
      const now = new Date(this.now());
      utimesSync(path, now, now);
      return true;
    } catch {
      return false;
    }
  }

  private makeFolder(part: string): void {
    const made = mkdirSync(join(this.folder, part), { recursive: true });
    if (made !== undefined) syncFolder(this.folder);
  }

  private pathOf(hash: string): string {
    return join(this.folder, hash.slice(0, 2), hash);
  }
}
