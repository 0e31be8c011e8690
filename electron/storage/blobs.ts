/** Files named by the SHA-256 of what they hold: documents, trace columns, results. Written whole, checked when read, shared by all that hold the same. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../shared/units/errors.ts";
import { crashPoint } from "./crashPoint.ts";

/** Writes a file whole or not at all; given by the host, since files are written in one place. */
export type WriteFile = (path: string, data: Uint8Array) => void;

/** A store of files in a folder of its own. */
export class BlobStore {
  private readonly folder: string;
  private readonly writeFile: WriteFile;

  constructor(folder: string, writeFile: WriteFile) {
    this.folder = folder;
    this.writeFile = writeFile;
    mkdirSync(folder, { recursive: true });
  }

  /** Keeps bytes; returns the 64 hex digits that name them. On the disk when it returns. */
  put(bytes: Uint8Array): string {
    const hash = createHash("sha256").update(bytes).digest("hex");
    const path = this.pathOf(hash);
    if (!existsSync(path) || statSync(path).size !== bytes.length) {
      mkdirSync(join(this.folder, hash.slice(0, 2)), { recursive: true });
      crashPoint("blob");
      this.writeFile(path, bytes);
    }
    return hash;
  }

  /** The bytes of a name. Throws InputError when the file is gone or does not hold what its name says. */
  get(hash: string): Buffer {
    const path = this.pathOf(hash);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch {
      throw new InputError(
        `A file of the library is missing: ${path}. Put it back from a backup of the folder, or import its source again.`,
        { field: "library" },
      );
    }
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found === hash) return bytes;
    throw new InputError(
      `A file of the library was damaged: ${path} has SHA-256 ${found}, wanted ${hash}. Put it back from a backup of the folder, or import its source again.`,
      { field: "library" },
    );
  }

  /** Removes files that nothing refers to and that are older than `ageMs`; returns how many. Young ones may belong to a save under way. */
  prune(isReferred: (hash: string) => boolean, nowMs: number, ageMs: number): number {
    let removed = 0;
    for (const part of readdirSync(this.folder)) {
      const folder = join(this.folder, part);
      if (!/^[0-9a-f]{2}$/.test(part)) continue;
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        const isOld = nowMs - statSync(path).mtimeMs > ageMs;
        if (!isOld || isReferred(name)) continue;
        rmSync(path, { force: true });
        removed++;
      }
    }
    return removed;
  }

  private pathOf(hash: string): string {
    return join(this.folder, hash.slice(0, 2), hash);
  }
}
