/** What crosses between the storage worker and core. */
import type { Storage, Tables } from "./storage.ts";

/** Functions of the storage besides those of its tables. */
export const ownFunctions = [
  "putBlob",
  "getBlob",
  "maintain",
  "backUp",
  "describeBackups",
  "restoreBackup",
  "startFresh",
  "reopen",
  "status",
] as const;
type Own = Pick<Storage, (typeof ownFunctions)[number]>;
/** Everything that can be asked of the storage. */
export type StorageFunctions = Tables & Own;
export type StorageFunction = keyof StorageFunctions;

/** One question. */
export interface StorageCall {
  readonly id: number;
  readonly name: StorageFunction | "close";
  readonly args: readonly unknown[];
}

/** Kinds of failures that core tells apart. */
export type StorageFailure = "closed" | "unwritable" | "damaged" | "input" | "internal";

/** One answer; hasNewState: the state of the library is another than before the question. */
export type StorageAnswer = { readonly id: number; readonly hasNewState: boolean } & (
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly failure: StorageFailure;
      readonly message: string;
      readonly field?: string;
    }
);

/** What the worker is started with. */
export interface StorageSetup {
  readonly folder: string;
  readonly nativeBinding?: string;
}
