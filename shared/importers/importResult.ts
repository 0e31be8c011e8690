/** What importers take and give. */
import type { ColumnMapping } from "../schema/traffic.ts";
import type { TraceFormat } from "./formats.ts";
import type { RejectedRow, RejectSummary } from "./rejects.ts";
import type { RowSink } from "./rowSink.ts";
import type { DecodeUtf8 } from "./utf8.ts";

/** How a file is to be read. */
export interface ImportOptions {
  /** Takes the rows. */
  readonly sink: RowSink;
  /** For messages only. */
  readonly fileName?: string;
  /** Columns or keys by meaning, for unknown CSV and JSON lines; what it leaves out is guessed. */
  readonly mapping?: Partial<ColumnMapping>;
  /** "exclude" leaves out rows that the source marks as failed; default "include". */
  readonly failedRequests?: "include" | "exclude";
  /** Rejected rows kept in the result; default 1000. */
  readonly maxRejectedRows?: number;
  /** Gets every rejected row, also those that the result does not keep. */
  readonly onReject?: (row: RejectedRow) => void;
  /** The platform's UTF-8 decoder, which throws on invalid bytes; default is a plain one of our own. */
  readonly decodeUtf8?: DecodeUtf8;
}

/** What the times of a trace count from. */
export type TraceClock =
  | { readonly kind: "calendar"; readonly zone: "utc" | "assumedUtc" }
  | { readonly kind: "relative" };

/** The account of one import; the rows themselves are in the sink. */
export interface ImportResult {
  readonly format: TraceFormat;
  /** Rows handed to the sink. */
  readonly rows: number;
  readonly rejected: RejectSummary;
  /** Rows that the source marks as failed, kept or left out. */
  readonly failedRows: number;
  /** Failed rows left out on request. */
  readonly excludedFailed: number;
  /** Lines with nothing on them between rows. */
  readonly blankLines: number;
  /** Column or key that each meaning was read from. */
  readonly columns: Readonly<Record<string, string>>;
  readonly clock: TraceClock;
  /** Model names by modelIndex. */
  readonly models: readonly string[];
  /** Tenant names by tenantIndex. */
  readonly tenants: readonly string[];
  /** Tags, or lists of tags (schema/rowTags.ts), by tagIndex. */
  readonly tags: readonly string[];
  /** What was assumed, guessed or noticed, one sentence each. */
  readonly notes: readonly string[];
  /** What may make the figures wrong, one sentence each. */
  readonly warnings: readonly string[];
}

/** A push parser of one trace file. */
export interface Importer {
  /** Rows handed to the sink so far. */
  readonly rows: number;
  /** Rows rejected so far. */
  readonly rejectedRows: number;
  /** The next bytes; they may be cut anywhere. Throws InputError when the file cannot be read at all. */
  push(chunk: Uint8Array): void;
  /** Ends the file. Throws InputError when nothing in it could be used. */
  finish(): ImportResult;
}
