/** The first rows of a trace file as they would be read. */
import { basename } from "node:path";
import { createImporter } from "../../shared/importers/createImporter.ts";
import { isTraceFormat } from "../../shared/importers/formats.ts";
import type { ImportResult } from "../../shared/importers/importResult.ts";
import type { RejectedRow } from "../../shared/importers/rejects.ts";
import type { RowSink } from "../../shared/importers/rowSink.ts";
import type { ColumnMapping } from "../../shared/schema/traffic.ts";
import { InputError } from "../../shared/units/errors.ts";
import { decodeStrictly, readChunks } from "./boundedRead.ts";

/** One row of a preview; the model and the tenant as indices of the result's names, -1 for none. */
export interface PreviewRow {
  readonly arrivalS: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly modelIndex: number;
  readonly tenantIndex: number;
}

/** What the first part of a file says. */
export interface FilePreview {
  /** Undefined where nothing could be read; `problem` says why. */
  readonly result: ImportResult | undefined;
  readonly problem: string | undefined;
  readonly rows: readonly PreviewRow[];
  readonly rejected: readonly RejectedRow[];
  /** Names of the columns, or keys of the first line. */
  readonly header: readonly string[];
}

const previewBytes = 1 << 20;
const previewRows = 100;

/** Keeps the first rows. */
class FirstRows implements RowSink {
  readonly rows: PreviewRow[] = [];
  private baseS: number | undefined;

  addRow(
    timeS: number,
    timeNs: number,
    promptTokens: number,
    outputTokens: number,
    _cachedTokens: number,
    _failed: number,
    modelIndex: number,
    tenantIndex: number,
  ): void {
    if (this.rows.length >= previewRows) return;
    const atS = timeS + timeNs / 1e9;
    this.baseS ??= atS;
    const arrivalS = atS - this.baseS;
    this.rows.push({ arrivalS, promptTokens, outputTokens, modelIndex, tenantIndex });
  }

  addPrefix(): void {}

  notes(): string[] {
    return [];
  }
}

/** The first MiB of a file, cut after its last whole line where there is more. */
async function readHead(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of readChunks(path, {})) {
    chunks.push(chunk.slice());
    length += chunk.length;
    if (length >= previewBytes) break;
  }
  const head = Buffer.concat(chunks);
  if (length < previewBytes) return head;
  const end = head.lastIndexOf(0x0a);
  return end < 0 ? head : head.subarray(0, end + 1);
}

function headerOf(head: Uint8Array): string[] {
  const end = head.indexOf(0x0a);
  const line = Buffer.from(end < 0 ? head : head.subarray(0, end))
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trim();
  if (line.startsWith("{")) {
    try {
      return Object.keys(JSON.parse(line) as object);
    } catch {
      return [];
    }
  }
  const delimiter = [",", "\t", ";", "|"].find((each) => line.includes(each)) ?? ",";
  return line.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
}

/** Reads the first part of a file. Throws only for a file that cannot be opened. */
export async function previewTrace(
  path: string,
  format: string,
  mapping: Partial<ColumnMapping> | undefined,
): Promise<FilePreview> {
  const head = await readHead(path);
  const sink = new FirstRows();
  const rejected: RejectedRow[] = [];
  const onReject = (row: RejectedRow): void => {
    if (rejected.length < previewRows) rejected.push(row);
  };
  const base = { rows: sink.rows, rejected, header: headerOf(head) };
  try {
    if (format !== "auto" && !isTraceFormat(format)) {
      throw new InputError(`There is no trace format "${format}".`, { field: "format" });
    }
    const fileName = basename(path);
    const options = { sink, fileName, mapping, onReject, decodeUtf8: decodeStrictly };
    const importer = createImporter(format, options);
    importer.push(head);
    return { ...base, result: importer.finish(), problem: undefined };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ...base, result: undefined, problem: error.message };
  }
}
