/** The entry of the thread that reads one trace file and ends. */
import { parentPort, workerData } from "node:worker_threads";
import { measureTrace } from "../../shared/planning/traceStatistics.ts";
import { InputError } from "../../shared/units/errors.ts";
import { loadTrace } from "../files/loadTrace.ts";
import { previewTrace } from "../files/previewTrace.ts";
import { encodeColumns } from "../services/library/columnsFile.ts";
import type { TraceMessage, TraceTask } from "./traceMessages.ts";

const task = workerData as TraceTask;

function tell(message: TraceMessage): void {
  parentPort!.postMessage(message);
}

async function work(): Promise<void> {
  const { kind, path, fileName, format, mapping } = task;
  if (kind === "preview") {
    tell({ kind: "preview", preview: await previewTrace(path, fileName, format, mapping) });
    return;
  }
  const { columns, result, sha256, bytes } = await loadTrace(path, {
    ...{ format, fileName },
    ...(mapping !== undefined && { mapping }),
    onProgress: ({ bytesRead, totalBytes, rows }) =>
      tell({ kind: "progress", share: totalBytes > 0 ? bytesRead / totalBytes : 0, rows }),
  });
  const encoded = encodeColumns(columns);
  const message = { ...{ encoded, result, sha256, bytes }, statistics: measureTrace(columns) };
  parentPort!.postMessage({ kind: "read", ...message } satisfies TraceMessage, [
    encoded.buffer as ArrayBuffer,
  ]);
}

work().catch((error: unknown) => {
  const isInput = error instanceof InputError;
  const message = error instanceof Error ? error.message : String(error);
  const { field, hint } = isInput ? error : { field: undefined, hint: undefined };
  tell({
    ...{ kind: "failed", isInput, message },
    ...(field !== undefined && { field }),
    ...(hint !== undefined && { hint }),
  });
});
