/** What crosses between core and the thread that reads a trace. */
import type { ImportResult } from "../../shared/importers/importResult.ts";
import type { TraceStatistics } from "../../shared/planning/traceStatistics.ts";
import type { ColumnMapping } from "../../shared/schema/traffic.ts";
import type { FilePreview } from "../files/previewTrace.ts";

/** What the thread is started with. */
export interface TraceTask {
  readonly kind: "read" | "preview";
  readonly path: string;
  /** What messages call it. */
  readonly fileName: string;
  readonly format: string;
  readonly mapping?: Partial<ColumnMapping>;
}

/** What it answers. */
export type TraceMessage =
  | { readonly kind: "progress"; readonly share: number; readonly rows: number }
  | {
      readonly kind: "read";
      /** Columns as the library keeps them. */
      readonly encoded: Uint8Array;
      readonly statistics: TraceStatistics;
      readonly result: ImportResult;
      readonly sha256: string;
      readonly bytes: number;
    }
  | { readonly kind: "preview"; readonly preview: FilePreview }
  | {
      readonly kind: "failed";
      readonly isInput: boolean;
      readonly message: string;
      readonly field?: string;
      readonly hint?: string;
    };
