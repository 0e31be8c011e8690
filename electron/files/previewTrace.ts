/** The first rows of a trace file as they would be read. */
import { createImporter } from "../../shared/importers/createImporter.ts";
import { splitFields } from "../../shared/importers/csvRecord.ts";
import { isTraceFormat } from "../../shared/importers/formats.ts";
import { guessSome } from "../../shared/importers/guessColumns.ts";
import type { ImportOptions, ImportResult } from "../../shared/importers/importResult.ts";
import { closedArray, firstObjects } from "../../shared/importers/jsonArray.ts";
import type { RejectedRow } from "../../shared/importers/rejects.ts";
import type { RowSink } from "../../shared/importers/rowSink.ts";
import type { ColumnMapping } from "../../shared/schema/traffic.ts";
import { InputError } from "../../shared/units/errors.ts";
import { decodeStrictly, readChunks } from "./boundedRead.ts";

/** One row of a preview; the model, the tenant and the tag as indices of the result's names, -1 for none. */
export interface PreviewRow {
  readonly arrivalS: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Undefined where the row does not say. */
  readonly cachedTokens: number | undefined;
  readonly modelIndex: number;
  readonly tenantIndex: number;
  readonly tagIndex: number;
}

/** What the first part of a file says. */
export interface FilePreview {
  /** Undefined where nothing could be read; `problem` says why. */
  readonly result: ImportResult | undefined;
  readonly problem: string | undefined;
  /** What the problem is about, as InputError names it: "file" for a file that no mapping makes a trace of. */
  readonly problemField: string | undefined;
  readonly rows: readonly PreviewRow[];
  readonly rejected: readonly RejectedRow[];
  /** Names of the columns, or keys of the first line. */
  readonly header: readonly string[];
  /** Column or key that each meaning is read from; where nothing could be read, as far as names tell. */
  readonly columns: Readonly<Record<string, string>>;
  /** Column or key that each meaning would be read from by the names alone, whatever the mapping says. */
  readonly guessed: Readonly<Record<string, string>>;
  /** The first values of each column of `header`, as they stand there. */
  readonly samples: readonly (readonly string[])[];
  /** Whether this is the whole file. */
  readonly isWhole: boolean;
  /** Rows of this part taken, and rejected, also by reason. */
  readonly rowsRead: number;
  readonly rejectedCount: number;
  readonly rejectedBy: Readonly<Record<string, number>>;
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
    cachedTokens: number,
    _failed: number,
    modelIndex: number,
    tenantIndex: number,
    tagIndex: number,
  ): void {
    if (this.rows.length >= previewRows) return;
    const atS = timeS + timeNs / 1e9;
    this.baseS ??= atS;
    const arrivalS = atS - this.baseS;
    this.rows.push({
      ...{ arrivalS, promptTokens, outputTokens, modelIndex, tenantIndex, tagIndex },
      cachedTokens: cachedTokens < 0 ? undefined : cachedTokens,
    });
  }

  addPrefix(): void {}

  notes(): string[] {
    return [];
  }
}

/** The first MiB of a file, cut after its last whole line where there is more. */
async function readHead(
  path: string,
  shownName: string,
): Promise<{ head: Uint8Array; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of readChunks(path, { shownName })) {
    chunks.push(chunk.slice());
    length += chunk.length;
    if (length >= previewBytes) break;
  }
  const head = Buffer.concat(chunks);
  if (length < previewBytes) return { head, isWhole: true };
  if (isJsonArray(head)) return { head: Buffer.from(closedArray(head)), isWhole: false };
  const end = head.lastIndexOf(0x0a);
  return { head: end < 0 ? head : head.subarray(0, end + 1), isWhole: false };
}

const sampleRows = 3;

/** Whether the file is one JSON array: its first byte with something on it opens one. */
function isJsonArray(head: Buffer): boolean {
  return /^\uFEFF?\s*\[/.test(head.subarray(0, 1024).toString("utf8"));
}

/** The first lines as text, decoded leniently: they are only looked at. */
function firstLines(head: Uint8Array): string[] {
  const text = Buffer.from(head.subarray(0, 65_536))
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, sampleRows + 1);
}

/** A leaf of a JSON object by its path with dots, as mappings name keys. */
function leavesOf(value: unknown, path = ""): [string, string][] {
  if (typeof value !== "object" || value === null) return [[path, String(value)]];
  if (Array.isArray(value)) return [[path, JSON.stringify(value).slice(0, 80)]];
  return Object.entries(value).flatMap(([key, each]) =>
    leavesOf(each, path === "" ? key : `${path}.${key}`),
  );
}

function parsedLines(lines: readonly string[]): unknown[] {
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
}

function jsonSamples(objects: readonly unknown[]): Pick<FilePreview, "header" | "samples"> {
  const records = objects.map((each) => new Map(leavesOf(each)));
  const header = [...new Set(records.flatMap((record) => [...record.keys()]))];
  return {
    header,
    samples: header.map((key) => records.map((record) => record.get(key) ?? "")),
  };
}

/** Names of columns or keys, with their first values. */
function samplesOf(head: Uint8Array): Pick<FilePreview, "header" | "samples"> {
  if (isJsonArray(Buffer.from(head))) {
    return jsonSamples(firstObjects(head, decodeStrictly, sampleRows + 1));
  }
  const [first = "", ...lines] = firstLines(head);
  if (first.startsWith("{")) return jsonSamples(parsedLines([first, ...lines]));
  const delimiter = [",", "\t", ";", "|"].find((each) => first.includes(each)) ?? ",";
  const header = splitFields(first, delimiter).map((name) => name.trim());
  const rows = lines.map((line) => splitFields(line, delimiter));
  return { header, samples: header.map((_, i) => rows.map((row) => (row[i] ?? "").slice(0, 80))) };
}

/** Reads the first part of a file. Throws only for a file that cannot be opened. */
export async function previewTrace(
  path: string,
  fileName: string,
  format: string,
  mapping: Partial<ColumnMapping> | undefined,
): Promise<FilePreview> {
  const { head, isWhole } = await readHead(path, fileName);
  const sink = new FirstRows();
  const rejected: RejectedRow[] = [];
  const rejectedBy: Record<string, number> = {};
  const onReject = (row: RejectedRow): void => {
    if (rejected.length < previewRows) rejected.push(row);
    rejectedBy[row.reason] = (rejectedBy[row.reason] ?? 0) + 1;
  };
  const options = { sink, fileName, mapping, onReject, decodeUtf8: decodeStrictly };
  const account = readPart(head, format, options);
  const rejectedCount = Object.values(rejectedBy).reduce((sum, count) => sum + count, 0);
  const samples = samplesOf(head);
  return {
    ...{ rows: sink.rows, rejected, rejectedCount, rejectedBy, isWhole },
    ...samples,
    ...account,
    columns: account.result?.columns ?? guessSome(samples.header, mapping),
    guessed: guessSome(samples.header, undefined),
    rowsRead: account.result?.rows ?? 0,
  };
}

function readPart(
  head: Uint8Array,
  format: string,
  options: ImportOptions,
): Pick<FilePreview, "result" | "problem" | "problemField"> {
  try {
    if (format !== "auto" && !isTraceFormat(format)) {
      throw new InputError(`There is no trace format "${format}".`, { field: "format" });
    }
    const importer = createImporter(format, options);
    importer.push(head);
    return { result: importer.finish(), problem: undefined, problemField: undefined };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { result: undefined, problem: error.message, problemField: error.field };
  }
}
