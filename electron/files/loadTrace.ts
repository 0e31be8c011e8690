import { TraceColumnsSink } from "../../shared/importers/traceColumnsSink.ts";
import type { TraceColumns } from "../../shared/schema/traceColumns.ts";
import { type ReadTraceOptions, readTrace, type TraceFile } from "./readTrace.ts";

/** A trace in memory, with the account of its import. */
export interface LoadedTrace extends TraceFile {
  readonly columns: TraceColumns;
}

/** Loads a trace file as columns; about 30 bytes a row. Throws InputError when nothing in it can be used. */
export async function loadTrace(
  path: string,
  options: Omit<ReadTraceOptions, "sink"> = {},
): Promise<LoadedTrace> {
  const sink = new TraceColumnsSink();
  const file = await readTrace(path, { ...options, sink });
  return { ...file, columns: sink.toColumns(file.result) };
}
