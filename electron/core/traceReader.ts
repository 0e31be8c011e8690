/** Reads trace files on threads of their own. */
import { Worker } from "node:worker_threads";
import type { TracePreview } from "../../shared/contract/traceMethods.ts";
import { JobCancelled } from "../../shared/planning/jobs/job.ts";
import { InputError } from "../../shared/units/errors.ts";
import type { FilePreview } from "../files/previewTrace.ts";
import type { JobHandle } from "../services/jobDesk.ts";
import {
  type NamedFile,
  type ReadOptions,
  shownRejectsOf,
  type TraceReader,
} from "../services/library/traces.ts";
import { crashPoint } from "../storage/crashPoint.ts";
import { threadEntry } from "./threadEntry.ts";
import type { TraceMessage, TraceTask } from "./traceMessages.ts";

const pollMs = 100;

/** Runs one task to its last message; `onProgress` says how far it is. A cancelled one is stopped at once. */
function runTask(
  task: TraceTask,
  isCancelled: () => boolean,
  onProgress: (share: number, rows: number) => void,
): Promise<TraceMessage> {
  const worker = new Worker(threadEntry("traceWorker"), { workerData: task });
  return new Promise<TraceMessage>((resolve, reject) => {
    const poll = setInterval(() => {
      if (isCancelled()) reject(new JobCancelled());
    }, pollMs);
    const end = (): void => {
      clearInterval(poll);
      void worker.terminate();
    };
    worker.on("message", (message: TraceMessage) => {
      if (message.kind === "progress") onProgress(message.share, message.rows);
      else resolve(message);
    });
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the thread that reads a trace has ended")));
    resolve = ((inner) => (message: TraceMessage | PromiseLike<TraceMessage>) => {
      end();
      inner(message);
    })(resolve);
    reject = ((inner) => (error: unknown) => {
      end();
      inner(error);
    })(reject);
  });
}

function failureOf(message: Extract<TraceMessage, { kind: "failed" }>): Error {
  const { field, hint } = message;
  return message.isInput
    ? new InputError(message.message, { field, hint })
    : new Error(message.message);
}

function taskOf(
  kind: TraceTask["kind"],
  { path, name }: NamedFile,
  { format, mapping }: ReadOptions,
): TraceTask {
  return { kind, path, fileName: name, format, ...(mapping !== undefined && { mapping }) };
}

function shown(preview: FilePreview) {
  const { result, problem, rows, rejected, header, samples } = preview;
  const nameAt = (names: readonly string[] | undefined, index: number): string | null =>
    index >= 0 ? (names?.[index] ?? null) : null;
  return {
    format: result?.format ?? null,
    problem: problem ?? null,
    problemField: preview.problemField ?? null,
    columns: { ...preview.columns },
    guessed: { ...preview.guessed },
    header: [...header],
    samples: samples.map((each) => [...each]),
    isWhole: preview.isWhole,
    rowsRead: preview.rowsRead,
    rejectedCount: preview.rejectedCount,
    rejectedBy: { ...preview.rejectedBy },
    lacksZone: result?.clock.kind === "calendar" && result.clock.zone === "assumedUtc",
    rows: rows.map(({ modelIndex, tenantIndex, tagIndex, cachedTokens, ...row }) => ({
      ...row,
      cachedTokens: cachedTokens ?? null,
      model: nameAt(result?.models, modelIndex),
      tenant: nameAt(result?.tenants, tenantIndex),
      tag: nameAt(result?.tags, tagIndex),
    })),
    rejected: shownRejectsOf(rejected),
    notes: [...(result?.notes ?? [])],
    warnings: [...(result?.warnings ?? [])],
  };
}

/** The reader of the app. */
export const traceReader: TraceReader = {
  async read(file: NamedFile, options: ReadOptions, handle: JobHandle) {
    const message = await runTask(
      taskOf("read", file, options),
      () => handle.isCancelled(),
      (share, rows) => handle.progress(share * 0.95, `${rows} rows read`),
    );
    if (message.kind === "failed") throw failureOf(message);
    if (message.kind !== "read") throw new Error(`the thread answered ${message.kind}`);
    crashPoint("import");
    const { encoded, statistics, result, sha256, bytes } = message;
    return { encoded, statistics, result, sha256, bytes };
  },

  async preview(
    file: NamedFile,
    options: ReadOptions,
  ): Promise<Omit<TracePreview, "fileName" | "bytes">> {
    const message = await runTask(
      taskOf("preview", file, options),
      () => false,
      () => {},
    );
    if (message.kind === "failed") throw failureOf(message);
    if (message.kind !== "preview") throw new Error(`the thread answered ${message.kind}`);
    return shown(message.preview);
  },
};
