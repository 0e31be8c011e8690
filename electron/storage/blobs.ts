/** Files named by the SHA-256 of what they hold: documents, trace columns, results. Written whole, checked when read, shared by all that hold the same. */
import { createHash } from "node:crypto";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
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

/** Node reads, writes and hashes less than 2 GiB in one go; columns of a large trace are more. */
const usualPieceBytes = 1 << 28;

function* piecesOf(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

function hashOf(bytes: Uint8Array, pieceBytes: number): string {
  const hash = createHash("sha256");
  for (const piece of piecesOf(bytes, pieceBytes)) hash.update(piece);
  return hash.digest("hex");
}

/** Fills memory from an open file; false where the file ends before. */
function fill(descriptor: number, into: Uint8Array): boolean {
  for (let at = 0; at < into.length; ) {
    const read = readSync(descriptor, into, at, into.length - at, null);
    if (read === 0) return false;
    at += read;
  }
  return true;
}

/** Does something with a file that is open to read, and its size. */
function withFile<Result>(path: string, work: (descriptor: number, size: number) => Result) {
  const descriptor = openSync(path, "r");
  try {
    return work(descriptor, fstatSync(descriptor).size);
  } finally {
    closeSync(descriptor);
  }
}

/** A whole file in memory of its own, which may be handed to another thread. Throws what the system says, and RangeError for more than memory holds. */
function readWhole(path: string, pieceBytes: number): Uint8Array<ArrayBuffer> {
  return withFile(path, (descriptor, size) => {
    const bytes = new Uint8Array(size);
    for (const piece of piecesOf(bytes, pieceBytes)) {
      if (!fill(descriptor, piece)) throw new Error("it ended while it was read");
    }
    return bytes;
  });
}

function holds(path: string, bytes: Uint8Array, pieceBytes: number): boolean {
  return withFile(path, (descriptor, size) => {
    if (size !== bytes.length) return false;
    for (const piece of piecesOf(bytes, pieceBytes)) {
      const found = new Uint8Array(piece.length);
      if (!fill(descriptor, found) || Buffer.compare(found, piece) !== 0) return false;
    }
    return true;
  });
}

/** A store of files in a folder of its own. */
export class BlobStore {
  private readonly folder: string;
  private readonly writeFile: WriteFile;
  private readonly now: () => number;
  private readonly pieceBytes: number;

  /** `pieceBytes`: how much is read and hashed in one go. */
  constructor(
    folder: string,
    writeFile: WriteFile,
    now: () => number,
    pieceBytes = usualPieceBytes,
  ) {
    this.folder = folder;
    this.writeFile = writeFile;
    this.now = now;
    this.pieceBytes = pieceBytes;
  }

  /** Keeps bytes; returns the 64 hex digits that name them. On the disk when it returns. */
  put(bytes: Uint8Array): string {
    const hash = hashOf(bytes, this.pieceBytes);
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
  get(hash: string): Uint8Array<ArrayBuffer> {
    const path = this.pathOf(hash);
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = readWhole(path, this.pieceBytes);
    } catch (error) {
      throw new BlobDamaged(
        `A file of the library cannot be read (${error instanceof Error ? error.message : error}). Put ${path} back from a copy of the folder, or import its source again.`,
      );
    }
    const found = hashOf(bytes, this.pieceBytes);
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
      if (!holds(path, bytes, this.pieceBytes)) return false;
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
