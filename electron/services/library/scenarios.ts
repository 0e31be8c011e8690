/** Use cases around the scenarios of the library. */
import type { ScenarioDocument } from "../../../shared/contract/common.ts";
import { ServiceError } from "../../../shared/contract/errors.ts";
import type { ScenarioRow } from "../../../shared/contract/libraryRows.ts";
import type {
  OpenedScenario,
  RunSummary,
  ScenarioEntry,
  ScenarioSummary,
} from "../../../shared/contract/scenarioMethods.ts";
import { checkScenario } from "../../../shared/planning/checkScenario.ts";
import { type Finding, ProblemsError } from "../../../shared/schema/findings.ts";
import { parseScenario } from "../../../shared/schema/scenarioFile.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { documentBytes, documentOf, nameOf, refuseOtherDocument, summarise } from "./documents.ts";
import type { LibraryPort, ServiceWorld } from "./libraryPort.ts";

/** What is wrong with a document, and what to know about it. */
export interface DocumentFindings {
  readonly problems: Finding[];
  readonly warnings: Finding[];
  readonly unknownFields: string[];
}

/** Everything that a check finds, problems of the fields included; throws nothing that a person's document can cause. */
export function checkDocument(document: ScenarioDocument): DocumentFindings {
  try {
    const parsed = parseScenario(JSON.stringify(document), nameOf(document));
    const findings = checkScenario(parsed.scenario);
    const warnings = [...parsed.warnings, ...findings.warnings];
    return { problems: findings.problems, warnings, unknownFields: [...parsed.unknownFields] };
  } catch (error) {
    if (error instanceof ProblemsError) {
      return { problems: [...error.problems], warnings: [], unknownFields: [] };
    }
    if (!(error instanceof InputError)) throw error;
    const { field = "", message } = error;
    return { problems: [{ field, message }], warnings: [], unknownFields: [] };
  }
}

function notFound(id: string): ServiceError {
  return new ServiceError("notFound", `There is no scenario ${id} in the library (any more).`, {
    field: "id",
  });
}

/** What work builds on: a version, and the unsaved work before it (null for none, undefined for whatever there is). */
export interface WorkBase {
  readonly baseVersion: number;
  readonly over: string | null | undefined;
}

function changedElsewhere(): ServiceError {
  return new ServiceError(
    "conflict",
    "Unsaved work on the scenario was changed in another window meanwhile. Nothing was written: take that over, keep this instead, or save this as a copy.",
    { field: "over" },
  );
}

/** Why nothing was written. `found`: the version that the scenario has, null for no scenario. */
function conflict(id: string, { baseVersion }: WorkBase, found: number | null): ServiceError {
  if (found === null) return notFound(id);
  if (found === baseVersion) return changedElsewhere();
  return new ServiceError(
    "conflict",
    `The scenario was saved by someone else meanwhile: it is at version ${found}, this work builds on ${baseVersion}. Save it as a copy, or open the newer version.`,
    { field: "baseVersion" },
  );
}

/** Scenarios by id. */
export class ScenarioService {
  private readonly library: LibraryPort;
  private readonly world: ServiceWorld;

  constructor(library: LibraryPort, world: ServiceWorld) {
    this.library = library;
    this.world = world;
  }

  async list(isDeleted: boolean): Promise<ScenarioEntry[]> {
    const [rows, runs] = await Promise.all([
      isDeleted ? this.library.listDeletedScenarios() : this.library.listScenarios(),
      this.library.listNewestRuns(),
    ]);
    const lastRuns = new Map(runs.map((run) => [run.scenarioId, run.figures as RunSummary]));
    return rows.map((row) => ({
      ...row,
      tags: [...row.tags],
      summary: row.summary as ScenarioSummary,
      lastRun: lastRuns.get(row.id) ?? null,
    }));
  }

  /** Keeps a document as a new scenario; its own name, unless another is given. */
  async create(given: ScenarioDocument, name?: string): Promise<{ id: string; version: number }> {
    refuseOtherDocument(given);
    const document = name === undefined ? given : { ...given, name };
    const id = this.world.newId();
    await this.library.createScenario(await this.saved(id, document, null));
    this.world.changed("scenarios", id);
    return { id, version: 1 };
  }

  async open(id: string, wanted?: number): Promise<OpenedScenario> {
    const row = await this.row(id);
    const version = wanted ?? row.version;
    const versions = await this.library.listVersions(id);
    const found = versions.find((each) => each.version === version);
    if (found === undefined) {
      throw new ServiceError("notFound", `Scenario ${id} has no version ${version}.`, {
        field: "version",
      });
    }
    const draft = await this.library.getDraft(id);
    return {
      id,
      version,
      document: documentOf(await this.library.getBlob(found.documentHash)),
      draft:
        draft === undefined
          ? null
          : {
              document: documentOf(await this.library.getBlob(draft.documentHash)),
              savedMs: draft.savedMs,
              revision: draft.documentHash,
            },
      tags: [...row.tags],
    };
  }

  /** A version on top of another, or "conflict". Nothing of the given document is lost then: it is still the caller's. */
  async save(
    id: string,
    base: WorkBase,
    document: ScenarioDocument,
    label: string | undefined,
  ): Promise<{ id: string; version: number }> {
    refuseOtherDocument(document);
    const saved = await this.saved(id, document, label ?? null);
    const outcome = await this.library.saveScenario(saved, base.baseVersion, base.over);
    if (outcome.isSaved) {
      this.world.changed("scenarios", id);
      return { id, version: outcome.version };
    }
    throw conflict(id, base, outcome.found);
  }

  /** Keeps unsaved work on top of a version and of the unsaved work before it, or "conflict". */
  async saveDraft(id: string, base: WorkBase, document: ScenarioDocument) {
    refuseOtherDocument(document);
    await this.row(id);
    const revision = await this.library.putBlob(documentBytes(document));
    const savedMs = this.world.now();
    const outcome = await this.library.putDraft({
      ...{ id, ...base, documentHash: revision, nowMs: savedMs },
    });
    if (!outcome.isKept) throw conflict(id, base, outcome.found);
    this.world.changed("drafts", id, revision);
    return { savedMs, revision };
  }

  async dropDraft(id: string, over?: string | null): Promise<void> {
    const base = { baseVersion: 0, over };
    const work = { id, ...base, documentHash: null, nowMs: this.world.now() };
    const outcome = await this.library.putDraft(work);
    if (outcome.isKept) this.world.changed("drafts", id, null);
    else if (outcome.found !== null) throw changedElsewhere();
  }

  async versions(id: string) {
    await this.row(id);
    const versions = await this.library.listVersions(id);
    return versions.map(({ version, savedMs, label }) => ({ version, savedMs, label }));
  }

  async setTags(id: string, tags: readonly string[]): Promise<void> {
    const distinct = [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ""))];
    if (!(await this.library.setScenarioTags(id, distinct))) throw notFound(id);
    this.world.changed("scenarios", id);
  }

  /** A copy of the newest version, named as such. */
  async duplicate(id: string): Promise<{ id: string; version: number }> {
    const { document, draft } = await this.open(id);
    const source = draft?.document ?? document;
    return this.create(source, `${nameOf(source)} (copy)`.slice(0, 200));
  }

  /** Into the bin. */
  async delete(id: string): Promise<void> {
    if (!(await this.library.setScenarioDeleted(id, this.world.now()))) throw notFound(id);
    this.world.changed("scenarios", id);
  }

  /** Out of the bin. */
  async restore(id: string): Promise<void> {
    if (!(await this.library.setScenarioDeleted(id, null))) throw notFound(id);
    this.world.changed("scenarios", id);
  }

  /** For good, from the bin only. */
  async erase(id: string): Promise<void> {
    const row = await this.row(id);
    if (row.deletedMs === null) {
      throw new ServiceError(
        "conflict",
        `Scenario ${id} is not in the bin. Delete it first, then erase it.`,
        { field: "id" },
      );
    }
    await this.library.eraseScenario(id);
    this.world.changed("scenarios", id);
  }

  private async row(id: string): Promise<ScenarioRow> {
    const row = await this.library.getScenario(id);
    if (row === undefined) throw notFound(id);
    return row;
  }

  private async saved(id: string, document: ScenarioDocument, label: string | null) {
    const documentHash = await this.library.putBlob(documentBytes(document));
    const summary = summarise(document);
    return { id, name: nameOf(document), documentHash, summary, label, nowMs: this.world.now() };
  }
}
