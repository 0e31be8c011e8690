/** What crosses between the storage worker and core. */
import type { Storage, StorageStatus, Tables } from "./storage.ts";

/** Functions of the storage besides those of its tables. */
type Own = Pick<
  Storage,
  "putBlob" | "getBlob" | "maintain" | "backUp" | "startFresh" | "reopen" | "status"
>;
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
export type StorageFailure = "closed" | "unwritable" | "input" | "internal";

/** One answer. */
export type StorageAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      readonly failure: StorageFailure;
      readonly message: string;
      readonly field?: string;
    };

/** What the worker is started with. */
export interface StorageSetup {
  readonly folder: string;
  readonly nativeBinding?: string;
}

export type { StorageStatus };
