/** Methods about files that the person chooses, and about the library's storage. */
import { z } from "../schema/zod.ts";
import { fileTokenParam, method, timeMs } from "./common.ts";

/** What a file is chosen for: decides filters and names in dialogs. */
const purpose = z.enum(["trace", "scenario", "report"]);

export const chosenFileSchema = z.strictObject({
  token: fileTokenParam,
  name: z.string(),
  bytes: z.number().int(),
});
export type ChosenFile = z.infer<typeof chosenFileSchema>;

export const storageStateSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready") }),
  z.strictObject({
    kind: z.literal("recovered"),
    detail: z.string(),
    keptIn: z.string().nullable(),
    restoredMs: timeMs.nullable(),
  }),
  z.strictObject({ kind: z.literal("newer"), found: z.number(), known: z.number() }),
  z.strictObject({ kind: z.literal("foreign"), detail: z.string() }),
  z.strictObject({ kind: z.literal("locked") }),
  z.strictObject({ kind: z.literal("unwritable"), detail: z.string() }),
]);
export type StorageState = z.infer<typeof storageStateSchema>;

export const storageStatusSchema = z.strictObject({
  state: storageStateSchema,
  folder: z.string(),
  backups: z.array(
    z.strictObject({ madeMs: timeMs, reason: z.enum(["daily", "migration", "asked"]) }),
  ),
});
export type StorageStatusReply = z.infer<typeof storageStatusSchema>;

export const hostMethods = {
  /** Asks the person for files to read; none when they cancel. In a browser the page's own file input does this (POST /files/...). */
  "files.choose": method(
    z.strictObject({ purpose, isMultiple: z.boolean().default(false) }),
    z.strictObject({ files: z.array(chosenFileSchema) }),
  ),
  /** Asks the person where to write; null when they cancel. In a browser the file is fetched from GET /files/TOKEN once it is written. */
  "files.chooseTarget": method(
    z.strictObject({ purpose, suggestedName: z.string().min(1).max(200) }),
    z.strictObject({
      target: z.strictObject({ token: fileTokenParam, name: z.string() }).nullable(),
    }),
  ),
  "storage.status": method(z.strictObject({}), storageStatusSchema),
  /** "retry" opens the library again; "startFresh" puts what is there aside, whole, and begins an empty one; "backUp" makes a backup now. */
  "storage.act": method(
    z.strictObject({ action: z.enum(["retry", "startFresh", "backUp"]) }),
    storageStatusSchema,
  ),
};
