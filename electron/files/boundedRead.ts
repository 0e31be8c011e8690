/** Reading files in chunks, with limits on size, expansion and time that name themselves when they are passed. */
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { TextDecoder } from "node:util";
import { createGunzip } from "node:zlib";
import { InputError } from "../../shared/units/errors.ts";

/** The most bytes that a streamed file may have: 8 GB. */
export const maxStreamedBytes = 8e9;
/** The most text that a compressed file may expand to: 32 GB. */
export const maxExpandedBytes = 32e9;

/** How many times as large as its file the text of a compressed one may be, beyond so much text: traces stay far below, a file made to fill a disk does not. */
const maxExpansion = 500;
const usualFreeExpandedBytes = 256e6;

const chunkBytes = 1 << 20;

/** Limits and observers of a streamed read. */
export interface ReadLimits {
  /** Of the file as it lies on disk; default maxStreamedBytes. */
  readonly maxBytes?: number;
  /** Of the text inside a gzip file; default maxExpandedBytes. */
  readonly maxExpandedBytes?: number;
  /** So much text a gzip file may expand to, however small it is; default 256 MB. */
  readonly freeExpandedBytes?: number;
  /** Gets the file's size on disk once it is open; 0 for a pipe. */
  readonly onSize?: (bytes: number) => void;
  /** Stops the read when aborted. */
  readonly signal?: AbortSignal;
  /** What messages call the file; default its path. */
  readonly shownName?: string;
  /** Gets every chunk as it lies on disk, before it is expanded. */
  readonly onRaw?: (chunk: Uint8Array) => void;
}

/** Text in UTF-8; throws on bytes that are not. */
export function decodeStrictly(bytes: Uint8Array): string {
  return strictDecoder.decode(bytes);
}
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Opens a regular file for reading. Throws InputError when it is not there, not readable or not a file. */
async function openForReading(
  path: string,
  shownName = path,
): Promise<{ readonly file: FileHandle; readonly bytes: number }> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    throw cannotRead(shownName, error);
  }
  const stat = await file.stat();
  if (stat.isFile() || stat.isFIFO()) return { file, bytes: stat.size };
  await file.close();
  throw new InputError(`${shownName}: this is not a file. Wanted the path of a file.`, {
    field: "file",
  });
}

const readProblems: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file. Wanted a path to an existing file; check its spelling",
  EACCES: "the file may not be read. Wanted read permission; change it or copy the file",
  EPERM: "the file may not be read. Wanted read permission; change it or copy the file",
  EISDIR: "this is a folder. Wanted the path of a file",
  ENOTDIR:
    "part of its path is not a folder. Wanted a path to an existing file; check its spelling",
  ELOOP: "its links lead in a circle. Wanted a path to an existing file",
  ENAMETOOLONG: "its path is too long. Wanted a shorter one; move or rename the file",
  ENXIO: "this is not a file. Wanted the path of a file",
  EIO: "the disk reports an error while it is read. Wanted a file on a sound disk; copy it again",
  EMFILE: "too many files are open. Close other programs, then try again",
};

/** What the system says of a file, for the person. */
function cannotRead(name: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const problem = readProblems[code];
  return problem === undefined ? error : new InputError(`${name}: ${problem}.`, { field: "file" });
}

/**
 * The text bytes of a file in chunks; a gzip file (told by its first bytes) is expanded on the way. A chunk
 * is valid until the next one is asked for. Throws InputError at a limit or on damaged gzip data.
 */
export async function* readChunks(
  path: string,
  limits: ReadLimits = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const name = limits.shownName ?? path;
  const { file, bytes } = await openForReading(path, name);
  try {
    const maxBytes = limits.maxBytes ?? maxStreamedBytes;
    if (bytes > maxBytes) throw tooLarge(name, bytes, maxBytes);
    limits.onSize?.(bytes);
    yield* expandIfGzip(rawChunks(file, name, limits), name, limits);
  } finally {
    await file.close();
  }
}

async function* rawChunks(
  file: FileHandle,
  path: string,
  limits: ReadLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  const maxBytes = limits.maxBytes ?? maxStreamedBytes;
  const buffer = new Uint8Array(chunkBytes);
  let total = 0;
  for (;;) {
    limits.signal?.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, chunkBytes).catch((error: unknown) => {
      throw cannotRead(path, error);
    });
    if (bytesRead === 0) return;
    total += bytesRead;
    // A file can grow while it is read, and a pipe has no size.
    if (total > maxBytes) throw tooLarge(path, total, maxBytes);
    const chunk = buffer.subarray(0, bytesRead);
    limits.onRaw?.(chunk);
    yield chunk;
  }
}

async function* expandIfGzip(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  path: string,
  limits: ReadLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  const first = await chunks.next();
  if (first.done === true) return;
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    yield first.value;
    yield* chunks;
    return;
  }
  yield* expand(first.value, chunks, path, limits);
}

async function* expand(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
  path: string,
  limits: ReadLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  const maxBytes = limits.maxExpandedBytes ?? maxExpandedBytes;
  const freeBytes = limits.freeExpandedBytes ?? usualFreeExpandedBytes;
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  const feeding = feed(gunzip, first, rest);
  let total = 0;
  try {
    for await (const chunk of gunzip) {
      total += chunk.length;
      if (total > maxBytes) throw tooExpanded(path, `${maxBytes} bytes`);
      if (total > freeBytes && total > maxExpansion * gunzip.bytesWritten) {
        throw tooExpanded(path, `${maxExpansion} times its size`);
      }
      yield chunk;
    }
    await feeding;
  } catch (error) {
    gunzip.destroy();
    await feeding.catch(() => undefined);
    throw isZlibError(error) ? damaged(path, error) : error;
  }
}

async function feed(
  gunzip: ReturnType<typeof createGunzip>,
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): Promise<void> {
  try {
    // The buffer behind a chunk is used again, and gunzip may hold it: give it a copy.
    await writeTo(gunzip, Uint8Array.from(first));
    for await (const chunk of rest) await writeTo(gunzip, Uint8Array.from(chunk));
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function writeTo(gunzip: ReturnType<typeof createGunzip>, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    gunzip.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && /^Z_|^ERR_/.test(String(error.code));
}

function damaged(path: string, error: Error): InputError {
  return new InputError(
    `${path}: the gzip data is damaged or cut off (${error.message}). Wanted a whole gzip file; copy or download it again.`,
    { field: "file" },
  );
}

function tooLarge(path: string, bytes: number, maxBytes: number): InputError {
  return new InputError(
    `${path}: the file has ${bytes} bytes. Wanted at most ${maxBytes}; cut it or summarise it first.`,
    { field: "file" },
  );
}

function tooExpanded(path: string, limit: string): InputError {
  return new InputError(
    `${path}: the gzip data expands to more than ${limit}. Wanted at most that; if the file is what it should be, expand and cut it first.`,
    { field: "file" },
  );
}

/** A whole text file in UTF-8 (gzip expanded) of at most `maxBytes`, without its byte order mark; messages call it `shownName`. Throws InputError. */
export async function readTextFile(
  path: string,
  maxBytes: number,
  shownName = path,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  const limits = { maxBytes, maxExpandedBytes: maxBytes, shownName };
  for await (const chunk of readChunks(path, limits)) {
    chunks.push(Uint8Array.from(chunk));
  }
  try {
    return decodeStrictly(Buffer.concat(chunks)).replace(/^\uFEFF/, "");
  } catch {
    throw new InputError(`${shownName}: the file is not UTF-8 text. Save it in that encoding.`, {
      field: "file",
    });
  }
}

/** The sha256 of a file's bytes as they lie on disk, 64 hex digits. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const { file } = await openForReading(path);
  const hash = createHash("sha256");
  try {
    for await (const chunk of rawChunks(file, path, { signal })) hash.update(chunk);
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}
