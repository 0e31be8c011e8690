/** Scenarios with their versions and unsaved work. */

import type {
  DraftOutcome,
  DraftRow,
  DraftWork,
  SavedVersion,
  SaveOutcome,
  ScenarioRow,
  VersionRow,
} from "../../../shared/contract/libraryRows.ts";
import type { Db } from "../database.ts";

const columns = `id, name, tags, version, created_ms AS createdMs, updated_ms AS updatedMs,
  deleted_ms AS deletedMs, summary,
  EXISTS (SELECT 1 FROM draft WHERE scenario_id = scenario.id) AS hasDraft`;

type Raw = Omit<ScenarioRow, "tags" | "summary" | "hasDraft"> & {
  tags: string;
  summary: string;
  hasDraft: number;
};

function rowOf(raw: Raw): ScenarioRow {
  return {
    ...raw,
    tags: JSON.parse(raw.tags) as string[],
    summary: JSON.parse(raw.summary) as unknown,
    hasDraft: raw.hasDraft === 1,
  };
}

/** Statements over unsaved work. */
function draftStatements(db: Db) {
  const get = db.prepare<[string], DraftRow>(
    `SELECT base_version AS baseVersion, document_hash AS documentHash, saved_ms AS savedMs
     FROM draft WHERE scenario_id = ?`,
  );
  const put = db.prepare(
    `INSERT INTO draft (scenario_id, base_version, document_hash, saved_ms)
     VALUES (@id, @baseVersion, @documentHash, @nowMs)
     ON CONFLICT (scenario_id) DO UPDATE SET base_version = excluded.base_version,
       document_hash = excluded.document_hash, saved_ms = excluded.saved_ms`,
  );
  const drop = db.prepare("DELETE FROM draft WHERE scenario_id = ?");
  /** Whether the unsaved work is what somebody thinks it is. */
  const isOver = (id: string, over: DraftWork["over"]): boolean =>
    over === undefined || (get.get(id)?.documentHash ?? null) === over;
  const version = db.prepare<[string], number>("SELECT version FROM scenario WHERE id = ?").pluck();
  const change = db.transaction((work: DraftWork): DraftOutcome => {
    const { id, documentHash, baseVersion, over } = work;
    const found = version.get(id);
    const isOnTop = documentHash === null || found === baseVersion;
    if (found === undefined || !isOnTop || !isOver(id, over)) {
      return { isKept: false, found: found ?? null };
    }
    if (documentHash === null) drop.run(id);
    else put.run({ ...work, over: undefined });
    return { isKept: true };
  });
  return { get, drop, isOver, change };
}

/** Statements over the scenario tables. */
export function createScenarioRepository(db: Db) {
  const list = db.prepare<[], Raw>(
    `SELECT ${columns} FROM scenario WHERE deleted_ms IS NULL ORDER BY updated_ms DESC, id`,
  );
  const binned = db.prepare<[], Raw>(
    `SELECT ${columns} FROM scenario WHERE deleted_ms IS NOT NULL ORDER BY deleted_ms DESC, id`,
  );
  const one = db.prepare<[string], Raw>(`SELECT ${columns} FROM scenario WHERE id = ?`);
  const insert = db.prepare(
    `INSERT INTO scenario (id, name, tags, version, created_ms, updated_ms, summary)
     VALUES (@id, @name, '[]', 1, @nowMs, @nowMs, @summary)`,
  );
  const update = db.prepare(
    `UPDATE scenario SET name = @name, version = @version, updated_ms = @nowMs, summary = @summary
     WHERE id = @id`,
  );
  const addVersion = db.prepare(
    `INSERT INTO scenario_version (scenario_id, version, document_hash, saved_ms, label)
     VALUES (@id, @version, @documentHash, @nowMs, @label)`,
  );
  const versionList = db.prepare<[string], VersionRow>(
    `SELECT version, document_hash AS documentHash, saved_ms AS savedMs, label
     FROM scenario_version WHERE scenario_id = ? ORDER BY version DESC`,
  );
  const setTags = db.prepare("UPDATE scenario SET tags = @tags WHERE id = @id");
  const setDeleted = db.prepare("UPDATE scenario SET deleted_ms = @deletedMs WHERE id = @id");
  const erase = db.prepare("DELETE FROM scenario WHERE id = ? AND deleted_ms IS NOT NULL");
  const drafts = draftStatements(db);

  const create = db.transaction((saved: SavedVersion): void => {
    insert.run({ ...saved, summary: JSON.stringify(saved.summary) });
    addVersion.run({ ...saved, version: 1 });
  });
  type Over = DraftWork["over"];
  const save = db.transaction(
    (saved: SavedVersion, baseVersion: number, over: Over): SaveOutcome => {
      const found = one.get(saved.id);
      if (found?.version !== baseVersion || !drafts.isOver(saved.id, over)) {
        return { isSaved: false, found: found?.version ?? null };
      }
      const version = baseVersion + 1;
      update.run({ ...saved, version, summary: JSON.stringify(saved.summary) });
      addVersion.run({ ...saved, version });
      drafts.drop.run(saved.id);
      return { isSaved: true, version };
    },
  );
  return {
    listScenarios: (): ScenarioRow[] => list.all().map(rowOf),
    listDeletedScenarios: (): ScenarioRow[] => binned.all().map(rowOf),
    getScenario(id: string): ScenarioRow | undefined {
      const raw = one.get(id);
      return raw && rowOf(raw);
    },
    createScenario: (saved: SavedVersion): void => create.immediate(saved),
    /** Saves on top of `baseVersion` and of the unsaved document `over`; anybody else's change in between is reported, not overwritten. */
    saveScenario: (saved: SavedVersion, baseVersion: number, over?: string | null): SaveOutcome =>
      save.immediate(saved, baseVersion, over),
    listVersions: (id: string): VersionRow[] => versionList.all(id),
    setScenarioTags: (id: string, tags: readonly string[]): boolean =>
      setTags.run({ id, tags: JSON.stringify(tags) }).changes > 0,
    /** Into the bin with a time, out of it with null. */
    setScenarioDeleted: (id: string, deletedMs: number | null): boolean =>
      setDeleted.run({ id, deletedMs }).changes > 0,
    /** For good, from the bin only. */
    eraseScenario: (id: string): boolean => erase.run(id).changes > 0,
    getDraft: (id: string): DraftRow | undefined => drafts.get.get(id),
    /** Keeps or drops unsaved work; anybody else's change in between is reported, not overwritten. */
    putDraft: (work: DraftWork): DraftOutcome => drafts.change.immediate(work),
  };
}
