/** What crosses between core and the thread that runs a study or the claim ledger. */
import type { StudyTask } from "../services/studyKinds/studyTask.ts";
import type { CarriedError } from "../workers/messages.ts";

/** Cells of the flags that both sides see. */
export const studyFlags = {
  /** 1 asks the work to end. */
  cancel: 0,
  count: 1,
} as const;

/** The work. */
export type StudyWork =
  | { readonly kind: "study"; readonly task: StudyTask }
  | { readonly kind: "claims"; readonly only: readonly string[] | undefined };

/** What the thread is started with. */
export interface StudyThreadData {
  readonly work: StudyWork;
  readonly flags: SharedArrayBuffer;
  /** Threads for the runs; default one for each core. */
  readonly workers: number | undefined;
  /** Folder of earlier results. */
  readonly cache: string;
}

/** What it answers: progress, then one of the others. The result is JSON text, since pages and the library want it so. */
export type StudyMessage =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly json: string }
  | { readonly kind: "failed"; readonly error: CarriedError };
