/** Writing files whole or not at all. The only place that writes files. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { InputError } from "../../shared/units/errors.ts";

/** A file being written beside its final place; it appears there at commit and leaves nothing at abort. */
export interface AtomicWriter {
  write(data: string | Uint8Array): void;
  /** Puts the file in place, flushed to the disk unless its options say otherwise. */
  commit(): void;
  /** Drops what was written; harmless after commit. */
  abort(): void;
}

const bufferedCharacters = 1 << 18;
/** Node takes less than 2 GiB in one go. */
const mostAtOnce = 1 << 30;

/** Temporary files that are being written; a process that ends in the middle leaves none of them. */
const unfinished = new Set<string>();
process.on("exit", () => {
  for (const path of unfinished) rmSync(path, { force: true });
});

/** How a file is written. */
export interface WriteOptions {
  /** False for what can be made again and is checked when it is read: not flushed, so that a loss of power may leave it damaged. Default true. */
  readonly isFlushed?: boolean;
}

/** Begins to write `path`. Throws InputError when that place cannot be written or is a symbolic link. */
export function openAtomicWriter(path: string, options: WriteOptions = {}): AtomicWriter {
  refuseUnwritable(path);
  return new TemporaryFile(path, options.isFlushed ?? true);
}

/** Writes a whole file, or leaves the old one as it was. */
export function atomicWriteFile(
  path: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): void {
  const writer = openAtomicWriter(path, options);
  try {
    writer.write(data);
    writer.commit();
  } catch (error) {
    writer.abort();
    throw error;
  }
}

class TemporaryFile implements AtomicWriter {
  private readonly path: string;
  private readonly temporaryPath: string;
  private readonly descriptor: number;
  private readonly isFlushed: boolean;
  private pending: string[] = [];
  private pendingLength = 0;
  private isOpen = true;

  constructor(path: string, isFlushed: boolean) {
    this.path = path;
    this.isFlushed = isFlushed;
    const suffix = `${process.pid}.${randomBytes(6).toString("hex")}`;
    this.temporaryPath = join(dirname(path), `.${basename(path)}.${suffix}.tmp`);
    try {
      this.descriptor = openSync(this.temporaryPath, "wx", 0o600);
    } catch (error) {
      throw cannotWrite(path, error);
    }
    unfinished.add(this.temporaryPath);
  }

  write(data: string | Uint8Array): void {
    if (typeof data !== "string") {
      this.flush();
      this.writeAll(data);
      return;
    }
    this.pending.push(data);
    this.pendingLength += data.length;
    if (this.pendingLength >= bufferedCharacters) this.flush();
  }

  commit(): void {
    try {
      this.flush();
      if (this.isFlushed) fsyncSync(this.descriptor);
      this.close();
      renamePatiently(this.temporaryPath, this.path);
      unfinished.delete(this.temporaryPath);
    } catch (error) {
      this.abort();
      throw cannotWrite(this.path, error);
    }
    if (this.isFlushed) syncFolder(dirname(this.path));
  }

  abort(): void {
    this.close();
    rmSync(this.temporaryPath, { force: true });
    unfinished.delete(this.temporaryPath);
  }

  private flush(): void {
    if (this.pendingLength === 0) return;
    this.writeAll(Buffer.from(this.pending.join(""), "utf8"));
    this.pending = [];
    this.pendingLength = 0;
  }

  private writeAll(bytes: Uint8Array): void {
    let written = 0;
    try {
      while (written < bytes.length) {
        const length = Math.min(bytes.length - written, mostAtOnce);
        written += writeSync(this.descriptor, bytes, written, length);
      }
    } catch (error) {
      this.abort();
      throw cannotWrite(this.path, error);
    }
  }

  private close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    closeSync(this.descriptor);
  }
}

const slowReaderMs = 5;

/** Writes all bytes to an open descriptor, a pipe with a slow reader included; false where its reader has gone. Throws what else the system says. */
export function writeWhole(descriptor: number, bytes: Uint8Array): boolean {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if (codeOf(error) === "EPIPE") return false;
      if (codeOf(error) !== "EAGAIN") throw error;
      pause(slowReaderMs);
    }
  }
  return true;
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function refuseUnwritable(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.isFile()) return;
  const found = stat.isSymbolicLink() ? "a symbolic link" : "not a file";
  throw new InputError(
    `${path}: what is there is ${found}. Wanted a new file or one to replace; choose another path.`,
    { field: "file" },
  );
}

const maxRenames = 20;

/** Windows lets virus scanners hold a fresh file for a moment. */
function renamePatiently(from: string, to: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      if (attempt >= maxRenames || !/EPERM|EBUSY|EACCES/.test(codeOf(error))) throw error;
      if (process.platform !== "win32") throw error;
      pause(attempt * 10);
    }
  }
}

/** Makes the rename itself survive a loss of power; not every platform lets a folder be flushed. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

const writeProblems: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist. Wanted an existing folder; create it first",
  EACCES: "the folder may not be written to. Wanted write permission; choose another place",
  EPERM: "the folder may not be written to. Wanted write permission; choose another place",
  EROFS: "the disk is read-only. Wanted a writable place; choose another",
  ENOSPC: "the disk is full. Wanted room for the file; free some or choose another place",
  EDQUOT:
    "the space that you may use is used up. Wanted room for the file; free some or choose another place",
  EIO: "the disk reports an error. Wanted a sound disk; choose another place",
  ENOTDIR: "part of the path is not a folder. Wanted an existing folder; check the path",
};

function cannotWrite(path: string, error: unknown): unknown {
  const problem = writeProblems[codeOf(error)];
  if (problem === undefined) return error;
  return new InputError(`${path}: cannot be written, ${problem}.`, { field: "file" });
}
