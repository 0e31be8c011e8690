/** Methods about scenarios of the library: versions, unsaved work, files in and out. */
import type { JsonValue } from "../schema/jsonText.ts";
import { z } from "../schema/zod.ts";
import {
  documentSchema,
  fileTokenParam,
  findingSchema,
  idParam,
  method,
  mib,
  timeMs,
} from "./common.ts";
import { scenarioRefSchema } from "./scenarioRef.ts";

const maxDocumentBytes = 64 * mib;
const name = z.string().min(1).max(200);

/** What a list shows of a scenario's content. */
export const scenarioSummarySchema = z.strictObject({
  /** Physical GPUs over all pools and partitions. */
  gpus: z.number(),
  pools: z.number(),
  providers: z.array(z.string()),
  sources: z.array(z.string()),
});
export type ScenarioSummary = z.infer<typeof scenarioSummarySchema>;

/** The few figures of a run that lists show. */
export const runSummarySchema = z.strictObject({
  monthUsd: z.number(),
  usdPerMTok: z.number().nullable(),
  sloAttainment: z.number().nullable(),
  finished: z.number(),
  spilled: z.number(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** One line of the library. */
export const scenarioEntrySchema = z.strictObject({
  id: idParam,
  name: z.string(),
  tags: z.array(z.string()),
  version: z.number().int(),
  createdMs: timeMs,
  updatedMs: timeMs,
  deletedMs: timeMs.nullable(),
  hasDraft: z.boolean(),
  summary: scenarioSummarySchema,
  /** Of the newest run; null before the first. */
  lastRun: runSummarySchema.nullable(),
});
export type ScenarioEntry = z.infer<typeof scenarioEntrySchema>;

/** Names one state of a scenario's unsaved work. */
const revisionSchema = z.string().regex(/^[0-9a-f]{64}$/);
/**
 * The unsaved work that a change follows: its revision, null for none. Where there is another by now, the answer is "conflict" and
 * nothing is written. Absent: it follows whatever there is.
 */
const over = revisionSchema.nullable().optional();

/** A scenario as it is opened. */
export const openedScenarioSchema = z.strictObject({
  id: idParam,
  /** The version that `document` is, and on which a save builds. */
  version: z.number().int(),
  document: documentSchema,
  /** Unsaved work, newer than the version; null without any. */
  draft: z
    .strictObject({ document: documentSchema, savedMs: timeMs, revision: revisionSchema })
    .nullable(),
  tags: z.array(z.string()),
});
export type OpenedScenario = z.infer<typeof openedScenarioSchema>;

export const versionEntrySchema = z.strictObject({
  version: z.number().int(),
  savedMs: timeMs,
  label: z.string().nullable(),
});

/** What a scenario file holds, before anything enters the library. */
export const scenarioPreviewSchema = z.strictObject({
  fileName: z.string(),
  name: z.string(),
  summary: scenarioSummarySchema,
  problems: z.array(findingSchema),
  /** Whether it can be taken in: what only keeps it from being simulated can be mended in the library. */
  isReadable: z.boolean(),
  warnings: z.array(findingSchema),
  unknownFields: z.array(z.string()),
  /** SHA-256 of what it says: files of the same content have the same, however they are written. */
  contentHash: z.string(),
  /** Whether the library has a scenario, its newest version, that says exactly the same. */
  isInLibrary: z.boolean(),
  /** Trace files that the scenario names, and whether the library has them. */
  traces: z.array(
    z.strictObject({ source: z.string(), file: z.string(), isInLibrary: z.boolean() }),
  ),
});
export type ScenarioPreview = z.infer<typeof scenarioPreviewSchema>;

/** A scenario to start from. */
export const presetEntrySchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** A sentence or two: what it models, and what to look at. */
  about: z.string(),
});
export type PresetEntry = z.infer<typeof presetEntrySchema>;

/** The sentences of one part of a scenario; ids[i] is the source, class, pool ... that lines[i] speaks of. */
export const outlineSchema = z.strictObject({
  part: z.enum(["traffic", "targets", "fleet", "providers", "routing", "costs"]),
  lines: z.array(z.string()),
  ids: z.array(z.string()),
});
export type Outline = z.infer<typeof outlineSchema>;

const jsonValue: z.ZodType<JsonValue> = z.json();

/** What differs between a scenario and the baseline (planning/comparison/diffInputs.ts). */
export const scenarioDiffSchema = z.strictObject({
  name: z.string(),
  isBaseline: z.boolean(),
  differences: z.array(
    z.strictObject({
      /** Elements of lists by their ids: "pools.own.replicas". */
      path: z.string(),
      kind: z.enum(["changed", "added", "removed", "reordered"]),
      from: jsonValue,
      to: jsonValue,
      unit: z.string().nullable(),
      absolute: z.number().nullable(),
      relative: z.number().nullable(),
    }),
  ),
  /** The same as text, a line each. */
  lines: z.array(z.string()),
  /** Entries whose sources or dates differ, and none of their figures; they are not listed. */
  provenanceOnly: z.number().int(),
});
export type ScenarioDiff = z.infer<typeof scenarioDiffSchema>;

const created = z.strictObject({ id: idParam, version: z.number().int() });
const ofId = z.strictObject({ id: idParam });
const nothing = z.strictObject({});

export const scenarioMethods = {
  /** Newest first; those in the bin where asked for. */
  "scenario.list": method(
    z.strictObject({ isDeleted: z.boolean().default(false) }),
    z.strictObject({ scenarios: z.array(scenarioEntrySchema) }),
  ),
  /** A new scenario from a document that fits the schema; problems between its fields may remain. */
  "scenario.create": method(
    z.strictObject({ document: documentSchema, name: name.optional() }),
    created,
    maxDocumentBytes,
  ),
  /** The sample that ships with the program, with its trace. */
  "scenario.createSample": method(nothing, created),
  /** Scenarios to start from, in the order in which they are offered. */
  "scenario.presets": method(nothing, z.strictObject({ presets: z.array(presetEntrySchema) })),
  /** A new scenario from a preset: complete, sound, with the catalog entries that it names copied in. */
  "scenario.createPreset": method(
    z.strictObject({ preset: z.string(), name: name.optional() }),
    created,
  ),
  /** What the scenario is, part by part in sentences; badInput with every problem where its fields do not fit the schema. */
  "scenario.outline": method(
    z.strictObject({ document: documentSchema }),
    z.strictObject({ parts: z.array(outlineSchema) }),
    maxDocumentBytes,
  ),
  /** How two to eight scenarios differ in their inputs from one of them; one entry each, in their order, none of its own for the baseline. */
  "scenario.diff": method(
    z.strictObject({
      scenarios: z.array(scenarioRefSchema).min(2).max(8),
      /** Position of the baseline. */
      baseline: z.number().int().min(0).max(7).default(0),
    }),
    z.strictObject({ scenarios: z.array(scenarioDiffSchema) }),
    maxDocumentBytes,
  ),
  "scenario.open": method(
    z.strictObject({ id: idParam, version: z.number().int().min(1).optional() }),
    openedScenarioSchema,
  ),
  /** A new version on top of `baseVersion` and of the unsaved work `over`; answers "conflict" when somebody else changed either. Ends the unsaved work. */
  "scenario.save": method(
    z.strictObject({
      id: idParam,
      baseVersion: z.number().int().min(1),
      document: documentSchema,
      label: z.string().max(200).optional(),
      over,
    }),
    created,
    maxDocumentBytes,
  ),
  /** Keeps unsaved work so that no crash loses it; answers "conflict" when somebody else saved a version, or changed the unsaved work `over`. */
  "scenario.saveDraft": method(
    z.strictObject({
      id: idParam,
      baseVersion: z.number().int().min(1),
      document: documentSchema,
      over,
    }),
    z.strictObject({ savedMs: timeMs, revision: revisionSchema }),
    maxDocumentBytes,
  ),
  /** Lets unsaved work go; "conflict" as above. */
  "scenario.dropDraft": method(z.strictObject({ id: idParam, over }), nothing),
  "scenario.versions": method(ofId, z.strictObject({ versions: z.array(versionEntrySchema) })),
  "scenario.setTags": method(
    z.strictObject({ id: idParam, tags: z.array(z.string().min(1).max(60)).max(32) }),
    nothing,
  ),
  "scenario.duplicate": method(ofId, created),
  /** Into the bin, and out of it again. */
  "scenario.delete": method(ofId, nothing),
  "scenario.restore": method(ofId, nothing),
  /** For good; from the bin only. */
  "scenario.erase": method(ofId, nothing),
  /** Everything that is wrong with a document, and what to know about it. */
  "scenario.check": method(
    z.strictObject({ document: documentSchema }),
    z.strictObject({
      problems: z.array(findingSchema),
      warnings: z.array(findingSchema),
      unknownFields: z.array(z.string()),
    }),
    maxDocumentBytes,
  ),
  /** Reads a chosen file and says what it holds; the token stays good. */
  "scenario.preview": method(z.strictObject({ file: fileTokenParam }), scenarioPreviewSchema),
  /** Takes a chosen file into the library; its token is used up. */
  "scenario.import": method(z.strictObject({ file: fileTokenParam }), created),
  /** Writes the canonical file to a chosen place; its token is used up. */
  "scenario.export": method(
    z.strictObject({
      id: idParam,
      version: z.number().int().min(1).optional(),
      target: fileTokenParam,
    }),
    z.strictObject({ fileName: z.string(), bytes: z.number().int() }),
  ),
};
