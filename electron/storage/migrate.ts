/** Bringing a database to this version's form, step by step, each step whole or not at all. */
import { crashPoint } from "./crashPoint.ts";
import { applicationId, DatabaseFromFuture, type Db, formOf } from "./database.ts";
import type { Migration } from "./migrations/migration.ts";

const forbidden =
  /^(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|ATTACH|DETACH|VACUUM|REINDEX|ANALYZE)$/i;
const commentsAndTexts =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\[[^\]]*\]|`[^`]*`/g;

/** The first word of every statement; what stands in comments, texts and quoted names is none. */
function firstWords(sql: string): string[] {
  const plain = sql.replace(commentsAndTexts, (part) => (/^(--|\/\*)/.test(part) ? " " : "x"));
  return plain.split(";").map((statement) => statement.trim().split(/[\s(]/)[0]!);
}

/** Throws for a list that is not in ascending steps of ten, or a step that reaches out of its transaction. */
export function checkMigrations(list: readonly Migration[]): void {
  let last = 0;
  for (const { version, sql } of list) {
    if (version !== last + 10) throw new Error(`migration ${version} follows ${last}`);
    const found = firstWords(sql).find((word) => forbidden.test(word));
    if (found !== undefined) throw new Error(`migration ${version} says ${found}`);
    last = version;
  }
}

/** The newest form of a list. */
export function newestForm(list: readonly Migration[]): number {
  return list[list.length - 1]!.version;
}

function runStep(db: Db, { version, sql }: Migration): void {
  db.exec(sql);
  crashPoint("migration");
  if (!db.inTransaction) throw new Error(`migration ${version} ended its transaction`);
  db.pragma(`user_version = ${version}`);
  db.pragma(`application_id = ${applicationId}`);
}

/**
 * Runs the steps that are missing, each in one transaction with its user_version. `beforeFirst` is called once when an
 * existing database is about to change (a backup is made there). Throws DatabaseFromFuture for a newer form.
 */
export function migrate(db: Db, list: readonly Migration[], beforeFirst: () => void): void {
  checkMigrations(list);
  const found = formOf(db);
  if (found > newestForm(list)) throw new DatabaseFromFuture(found, newestForm(list));
  const missing = list.filter(({ version }) => version > found);
  if (missing.length > 0 && found > 0) beforeFirst();
  for (const step of missing) db.transaction(() => runStep(db, step)).immediate();
}
