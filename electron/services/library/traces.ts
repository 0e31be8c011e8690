/** Use cases around traces: a file is looked at, read once into columns, and found again by its bytes. */
import { ServiceError } from "../../../shared/contract/errors.ts";
import type { TraceRow } from "../../../shared/contract/libraryRows.ts";
import type {
  TraceEntry,
  TraceMapping,
  TracePreview,
  TraceSummary,
} from "../../../shared/contract/traceMethods.ts";
import type { ImportResult } from "../../../shared/importers/importResult.ts";
import { describeReject, type RejectedRow } from "../../../shared/importers/rejects.ts";
import { JobCancelled } from "../../../shared/planning/jobs/job.ts";
import type { TraceStatistics } from "../../../shared/planning/traceStatistics.ts";
import type { TraceColumns } from "../../../shared/schema/traceColumns.ts";
import type { FileTokens } from "../fileTokens.ts";
import type { JobHandle } from "../jobDesk.ts";
import { decodeColumns } from "./columnsFile.ts";
import type { LibraryPort, ServiceWorld } from "./libraryPort.ts";

/** How a file is read. */
export interface ReadOptions {
  readonly format: string;
  readonly mapping?: TraceMapping;
}

/** A file read whole. */
export interface ReadTraceFile {
  /** The columns as the library keeps them (columnsFile.ts). */
  readonly encoded: Uint8Array;
  readonly statistics: TraceStatistics;
  readonly result: ImportResult;
  readonly sha256: string;
  readonly bytes: number;
}

/** A file and what the person knows it by. */
export interface NamedFile {
  readonly path: string;
  readonly name: string;
}

/** Reads trace files off this thread; the host has the workers. */
export interface TraceReader {
  /** The whole file. Throws InputError, and JobCancelled when the handle says so. */
  read(file: NamedFile, options: ReadOptions, handle: JobHandle): Promise<ReadTraceFile>;
  /** What the first part of the file says. Throws nothing that a file can cause. */
  preview(file: NamedFile, options: ReadOptions): Promise<Omit<TracePreview, "fileName" | "bytes">>;
}

/** What a scenario's source says of its trace. */
export interface WantedTrace {
  readonly sha256?: string;
  readonly format: string;
  readonly mapping?: unknown;
}

/** The rows of a trace and the name of the file that holds them. */
export interface FoundTrace {
  readonly columns: TraceColumns;
  readonly columnsHash: string;
}

const shownRejects = 100;
const recentTraces = 2;
const arrivalPollMs = 100;

/** Whether a trace was read as a source wants it: what the source names is what was chosen or guessed at the import. */
function isReadAs(row: TraceRow, { format, mapping }: WantedTrace): boolean {
  const options = row.options as ReadOptions;
  const summary = row.summary as TraceSummary;
  if (format !== "auto" && format !== options.format && format !== summary.format) return false;
  if (mapping === undefined) return options.mapping === undefined;
  const read: Readonly<Record<string, unknown>> = {
    timeUnit: "auto",
    ...summary.columns,
    ...options.mapping,
  };
  return Object.entries(mapping as object).every(
    ([key, value]) => value === undefined || read[key] === value,
  );
}

function notFound(id: string): ServiceError {
  return new ServiceError("notFound", `There is no trace ${id} in the library (any more).`, {
    field: "id",
  });
}

function entryOf(row: TraceRow): TraceEntry {
  const { id, name, sha256, bytes, importedMs } = row;
  const { format, mapping } = row.options as ReadOptions;
  return {
    ...{ id, name, sha256, bytes, importedMs, summary: row.summary as TraceSummary },
    readAs: { format, ...(mapping !== undefined && { mapping }) },
  };
}

/** Rejected rows as pages show them. */
export function shownRejectsOf(rows: readonly RejectedRow[]) {
  return rows
    .slice(0, shownRejects)
    .map((row) => ({ line: row.line, reason: row.reason, text: describeReject(row) }));
}

function histogramOf({ edges, counts }: TraceStatistics["promptLengths"]) {
  return { edges: [...edges], counts: [...counts] };
}

function summaryOf({ statistics, result }: ReadTraceFile): TraceSummary {
  const { models, tenants, tags, promptQuantiles, outputQuantiles, rate, ...figures } = statistics;
  return {
    format: result.format,
    columns: { ...result.columns },
    rejected: result.rejected.count,
    rejectedBy: { ...result.rejected.byReason },
    ...figures,
    promptQuantiles: [...promptQuantiles],
    outputQuantiles: [...outputQuantiles],
    rate: { windowS: rate.windowS, counts: [...rate.counts] },
    promptLengths: histogramOf(statistics.promptLengths),
    outputLengths: histogramOf(statistics.outputLengths),
    prefixReuse: [...statistics.prefixReuse],
    models: models.slice(0, 200),
    tenants: tenants.slice(0, 200),
    tags: tags.slice(0, 200),
    notes: [...result.notes],
    warnings: [...result.warnings],
  };
}

/** Traces of the library. */
export class TraceService {
  private readonly library: LibraryPort;
  private readonly world: ServiceWorld;
  private readonly files: FileTokens;
  private readonly reader: TraceReader;
  /** Rows of the last traces that were run: every edit runs over the same ones. */
  private readonly recent = new Map<string, TraceColumns>();

  constructor(library: LibraryPort, world: ServiceWorld, files: FileTokens, reader: TraceReader) {
    this.library = library;
    this.world = world;
    this.files = files;
    this.reader = reader;
  }

  async list(): Promise<TraceEntry[]> {
    return (await this.library.listTraces()).map(entryOf);
  }

  async get(id: string): Promise<TraceEntry> {
    const row = await this.library.getTrace(id);
    if (row === undefined) throw notFound(id);
    return entryOf(row);
  }

  async preview(token: string, options: ReadOptions): Promise<TracePreview> {
    const { path, name, bytes } = this.files.peek(token, "read");
    return { fileName: name, bytes, ...(await this.reader.preview({ path, name }, options)) };
  }

  /** Reads a chosen file; the same bytes read in the same way are one trace. */
  async import(token: string, options: ReadOptions, name: string | undefined, handle: JobHandle) {
    await this.arrival(token, handle);
    return this.files.use(token, "read", (file) =>
      this.importFile(file.path, name ?? file.name, options, handle),
    );
  }

  /** Waits for a file that a page still sends. Throws JobCancelled. */
  private async arrival(token: string, handle: JobHandle): Promise<void> {
    let isThere = false;
    const arrived = this.files.arrived(token).then(() => {
      isThere = true;
    });
    for (;;) {
      await Promise.race([arrived, new Promise((resolve) => setTimeout(resolve, arrivalPollMs))]);
      if (isThere) return;
      if (handle.isCancelled()) throw new JobCancelled();
      handle.progress(0, "receiving the file");
    }
  }

  /** Reads a file at a path that the program itself knows. */
  async importFile(path: string, name: string, options: ReadOptions, handle: JobHandle) {
    const read = await this.reader.read({ path, name }, options, handle);
    const columnsHash = await this.library.putBlob(read.encoded);
    const row: TraceRow = {
      id: this.world.newId(),
      ...{ name, sha256: read.sha256, options, columnsHash, bytes: read.bytes },
      rows: read.statistics.rows,
      rejected: read.result.rejected.count,
      importedMs: this.world.now(),
      summary: summaryOf(read),
    };
    const id = await this.library.putTrace(row);
    this.world.changed("traces", id);
    const trace = await this.get(id);
    return { trace, rejected: shownRejectsOf(read.result.rejected.rows) };
  }

  async rename(id: string, name: string): Promise<void> {
    if (!(await this.library.renameTrace(id, name))) throw notFound(id);
    this.world.changed("traces", id);
  }

  async delete(id: string): Promise<void> {
    if (!(await this.library.eraseTrace(id))) throw notFound(id);
    this.world.changed("traces", id);
  }

  /**
   * The rows that a source means: of the file with its hash, read as the source says where it was read in several ways, else
   * the newest import. Undefined when the library has none.
   */
  async columnsOf(source: WantedTrace): Promise<FoundTrace | undefined> {
    if (source.sha256 === undefined) return undefined;
    const rows = await this.library.findTraces(source.sha256);
    const row = rows.find((each) => isReadAs(each, source)) ?? rows[0];
    if (row === undefined) return undefined;
    const { columnsHash } = row;
    const known = this.recent.get(columnsHash);
    const columns = known ?? decodeColumns(await this.library.getBlob(columnsHash));
    this.recent.delete(columnsHash);
    this.recent.set(columnsHash, columns);
    for (const oldest of this.recent.keys()) {
      if (this.recent.size <= recentTraces) break;
      this.recent.delete(oldest);
    }
    return { columns, columnsHash };
  }
}
