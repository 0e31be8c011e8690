/** What core tells its hosts without being asked. Few, small, and never needed for correctness: a client that misses one asks again. */
import { z } from "../schema/zod.ts";

/** How far one run has come in its own time, with its first figures (planning/runReach.ts). */
const reachSchema = z.strictObject({
  simulatedS: z.number().min(0),
  horizonS: z.number().min(0).nullable(),
  arrived: z.number().int().min(0),
  requests: z.number().int().min(0),
  ttftMeanMs: z.number().min(0).nullable(),
  spilledShare: z.number().min(0).max(1).nullable(),
});

/** How far a long call is. */
export const progressEventSchema = z.strictObject({
  kind: z.literal("progress"),
  /** The id that the caller gave the work. */
  job: z.string(),
  /** 0..1. */
  share: z.number().min(0).max(1),
  /** What is being done, a few words. */
  text: z.string().optional(),
  /** Seconds until the end, estimated; absent while nothing can be said. */
  etaS: z.number().min(0).optional(),
  /** Where the work is a single run. */
  reach: reachSchema.optional(),
});

/** A long call has ended; its reply carries the result. */
export const doneEventSchema = z.strictObject({
  kind: z.literal("done"),
  job: z.string(),
  outcome: z.enum(["done", "failed", "cancelled"]),
});

/** Something in the library changed: lists that show it are read anew. */
export const libraryChangedEventSchema = z.strictObject({
  kind: z.literal("libraryChanged"),
  of: z.enum([
    "scenarios",
    "drafts",
    "traces",
    "runs",
    "settings",
    "calibrations",
    "studies",
    "recentFiles",
  ]),
  id: z.string().optional(),
  /** Of drafts: the revision that the scenario's unsaved work has now, null for none. */
  revision: z.string().nullable().optional(),
});

/** The state of the library's storage changed; storage.status says how. */
export const storageChangedEventSchema = z.strictObject({ kind: z.literal("storageChanged") });

/** A menu entry or a shortcut of the host's own was used: the page runs the command of that id. */
export const commandEventSchema = z.strictObject({
  kind: z.literal("command"),
  id: z.string(),
});

/** A file was handed over by the system (double click, second start, dropped on the icon). */
export const openFileEventSchema = z.strictObject({
  kind: z.literal("openFile"),
  /** One-use file token. */
  token: z.string(),
  name: z.string(),
});

/** The program is about to end: the page writes its unsaved work and calls host.flushed with this number. */
export const flushEventSchema = z.strictObject({
  kind: z.literal("flush"),
  flush: z.number().int(),
});

/** Something that the person should know and that no call asked for, e.g. that the page had to be started again. */
export const noticeEventSchema = z.strictObject({
  kind: z.literal("notice"),
  tone: z.enum(["info", "warn", "bad"]),
  text: z.string(),
});

export const eventSchema = z.discriminatedUnion("kind", [
  progressEventSchema,
  doneEventSchema,
  libraryChangedEventSchema,
  storageChangedEventSchema,
  commandEventSchema,
  openFileEventSchema,
  flushEventSchema,
  noticeEventSchema,
]);
export type CoreEvent = z.infer<typeof eventSchema>;
