/** Methods about files that the person chooses, and about the library's storage. */
import { z } from "../schema/zod.ts";
import { commandStateSchema } from "./commands.ts";
import { fileTokenParam, idParam, method, timeMs } from "./common.ts";
import type { BackupEntry } from "./libraryRows.ts";

/** What a file is chosen for: decides filters and names in dialogs. */
const purpose = z.enum(["trace", "scenario", "prices", "report"]);

/** Sheets that a report is printed on. */
export const paperSizes = ["A4", "Letter"] as const;
export type PaperSize = (typeof paperSizes)[number];

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
  z.strictObject({ kind: z.literal("failed"), detail: z.string() }),
]);
export type StorageState = z.infer<typeof storageStateSchema>;

/** Why a backup was made: "replaced" is the library that a chosen backup took the place of. */
const backupReason = z.enum(["daily", "migration", "asked", "replaced"]);

/** A backup with what it holds (libraryRows.ts). */
export const backupSchema = z.strictObject({
  id: idParam,
  madeMs: timeMs,
  reason: backupReason,
  bytes: z.number().int(),
  contents: z
    .strictObject({
      scenarios: z.number().int(),
      traces: z.number().int(),
      runs: z.number().int(),
      studies: z.number().int(),
      newest: z.array(z.string()),
      changedMs: timeMs.nullable(),
    })
    .nullable(),
  problem: z.string().nullable(),
}) satisfies z.ZodType<BackupEntry>;

export const storageStatusSchema = z.strictObject({
  state: storageStateSchema,
  folder: z.string(),
  backups: z.array(z.strictObject({ madeMs: timeMs, reason: backupReason })),
  /** Why the last automatic backup was not made, or what the full check beside it found; absent when all was well. */
  backupProblem: z.string().optional(),
});
export type StorageStatusReply = z.infer<typeof storageStatusSchema>;

/** A file that was opened before, most recent first. Pages see its name, never its path. */
export const recentFileSchema = z.strictObject({ id: idParam, name: z.string(), openedMs: timeMs });
export type RecentFile = z.infer<typeof recentFileSchema>;

const nothing = z.strictObject({});

export const hostMethods = {
  /**
   * The page is ready, and these are the commands that it has, as they stand now. The host's menu shows them; files that the
   * system handed over before are told from now on. hasMenu: whether this host has a menu.
   */
  "host.setCommands": method(
    z.strictObject({ commands: z.array(commandStateSchema).max(500) }),
    z.strictObject({ hasMenu: z.boolean() }),
  ),
  /** The answer to the event "flush": all unsaved work of this page is written. */
  "host.flushed": method(z.strictObject({ flush: z.number().int() }), nothing),
  /**
   * Opens a page of documentation or a source of the catalog in the person's browser: https, and hosts that the application itself
   * names. false for any other address, and in a browser: the page then shows the address as text to copy.
   */
  "host.openLink": method(
    z.strictObject({ url: z.string().max(2048) }),
    z.strictObject({ isOpened: z.boolean() }),
  ),
  /**
   * Writes the page that calls, as it prints, to a chosen place as PDF; the token is used up. Only where the host can print by
   * itself (Electron): elsewhere it answers badInput, and the page offers the browser's own print dialog.
   */
  "host.printPdf": method(
    z.strictObject({ target: fileTokenParam, paper: z.enum(paperSizes) }),
    z.strictObject({ fileName: z.string(), bytes: z.number().int(), pages: z.number().int() }),
  ),
  /**
   * Fills the screen with the window of the page that calls, or ends that. isDone: whether this host does it (a browser leaves it
   * to the page); wasFull: whether it was so before.
   */
  "host.setFullScreen": method(
    z.strictObject({ isFull: z.boolean() }),
    z.strictObject({ isDone: z.boolean(), wasFull: z.boolean() }),
  ),
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
  /**
   * Asks the person once where several files go: a folder, in which none that stands there is written over. null when they cancel.
   * In a browser each file is fetched by itself, as with files.chooseTarget.
   */
  "files.chooseTargets": method(
    z.strictObject({
      purpose,
      suggestedNames: z.array(z.string().min(1).max(200)).min(1).max(200),
    }),
    z.strictObject({
      targets: z.array(z.strictObject({ token: fileTokenParam, name: z.string() })).nullable(),
    }),
  ),
  /**
   * Files that the person dropped on the page or gave to its file input: with the call, the host itself finds out where they lie
   * (Electron's preload). In a browser the page sends them instead (POST /files/NAME), and this answers badInput.
   */
  "files.offer": method(nothing, z.strictObject({ files: z.array(chosenFileSchema) })),
  /** Files opened before; none in a browser, which does not say where files lie. */
  "files.recent": method(nothing, z.strictObject({ files: z.array(recentFileSchema) })),
  /** A token for a file opened before. Answers notFound where it is gone; it is then forgotten. */
  "files.openRecent": method(z.strictObject({ id: idParam }), chosenFileSchema),
  "files.clearRecent": method(nothing, nothing),
  /** Every backup, newest first, with what it holds or why it cannot be used; also while the library itself cannot be opened. */
  "storage.backups": method(nothing, z.strictObject({ backups: z.array(backupSchema) })),
  /**
   * Goes on with a backup. The library as it stood becomes a backup itself ("replaced"), or is put aside whole where it cannot be
   * read. Answers notFound for a backup that is not there, storage for one that is not sound: nothing is changed then.
   */
  "storage.restore": method(z.strictObject({ backup: idParam }), storageStatusSchema),
  "storage.status": method(z.strictObject({}), storageStatusSchema),
  /** "retry" opens the library again; "startFresh" puts what is there aside, whole, and begins an empty one; "backUp" makes a backup now. */
  "storage.act": method(
    z.strictObject({ action: z.enum(["retry", "startFresh", "backUp"]) }),
    storageStatusSchema,
  ),
};
