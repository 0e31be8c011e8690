/** Feeds a trace file to an importer, with its hash, its size and the progress of the reading. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { createImporter } from "../../shared/importers/createImporter.ts";
import { isTraceFormat, type TraceFormat, traceFormats } from "../../shared/importers/formats.ts";
import type { ImportOptions, ImportResult } from "../../shared/importers/importResult.ts";
import { InputError } from "../../shared/units/errors.ts";
import { decodeStrictly, readChunks } from "./boundedRead.ts";

/** How far a read has come. */
export interface ReadProgress {
  /** Of the file as it lies on disk. */
  readonly bytesRead: number;
  readonly totalBytes: number;
  readonly rows: number;
}

/** What is read of a file beside its rows. */
export interface TraceFile {
  readonly result: ImportResult;
  /** Of the bytes as they lie on disk, 64 hex digits. */
  readonly sha256: string;
  readonly bytes: number;
}

/** How a trace file is read; the rest goes to the importer. */
export interface ReadTraceOptions extends Omit<ImportOptions, "decodeUtf8"> {
  /** A format's name, or "auto" (the default). */
  readonly format?: string;
  /** Called after every chunk of 1 MiB. */
  readonly onProgress?: (progress: ReadProgress) => void;
  readonly signal?: AbortSignal;
  readonly maxBytes?: number;
}

/** Reads a trace file (gzip expanded) into the options' sink. Throws InputError when nothing in it can be used. */
export async function readTrace(path: string, options: ReadTraceOptions): Promise<TraceFile> {
  const format = traceFormatOf(options.format ?? "auto");
  const fileName = options.fileName ?? basename(path);
  const importer = createImporter(format, { ...options, fileName, decodeUtf8: decodeStrictly });
  const hash = createHash("sha256");
  let bytesRead = 0;
  let totalBytes = 0;
  const onRaw = (chunk: Uint8Array) => {
    hash.update(chunk);
    bytesRead += chunk.length;
  };
  const onSize = (bytes: number) => {
    totalBytes = bytes;
  };
  const { signal, maxBytes, onProgress } = options;
  const shownName = options.fileName ?? path;
  const limits = { signal, maxBytes, onRaw, onSize, shownName };
  for await (const chunk of readChunks(path, limits)) {
    importer.push(chunk);
    onProgress?.({ bytesRead, totalBytes, rows: importer.rows });
  }
  return { result: importer.finish(), sha256: hash.digest("hex"), bytes: bytesRead };
}

function traceFormatOf(name: string): TraceFormat | "auto" {
  if (name === "auto" || isTraceFormat(name)) return name;
  const names = traceFormats.map((format) => format.name).join(", ");
  throw new InputError(`There is no trace format "${name}". Wanted auto or one of ${names}.`, {
    field: "format",
  });
}
