/** Bringing a database to this version's form, step by step, each step whole or not at all. */
import { applicationId, type Db } from "./database.ts";
import type { Migration } from "./migrations/migration.ts";

/** Thrown for a database of a newer Crossover; nothing was changed. */
export class DatabaseFromFuture extends Error {
  readonly found: number;
  readonly known: number;

  constructor(found: number, known: number) {
    super(`the library has form ${found}, this version of Crossover knows up to ${known}`);
    this.name = "DatabaseFromFuture";
    this.found = found;
    this.known = known;
  }
}

/** The form of an open database; 0 for an empty one. */
export function formOf(db: Db): number {
  return Number(db.pragma("user_version", { simple: true }));
}

const forbidden =
  /^\s*(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|ATTACH|DETACH|VACUUM)\b/im;

/** Throws for a list that is not in ascending steps of ten, or a step that reaches out of its transaction. */
export function checkMigrations(list: readonly Migration[]): void {
  let last = 0;
  for (const { version, sql } of list) {
    if (version !== last + 10) throw new Error(`migration ${version} follows ${last}`);
    const found = forbidden.exec(sql);
    if (found !== null) throw new Error(`migration ${version} says ${found[1]}`);
    last = version;
  }
}

/**
 * Runs the steps that are missing, each in one transaction with its user_version. `beforeFirst` is called once when an
 * existing database is about to change (a backup is made there). Throws DatabaseFromFuture for a newer form.
 */
export function migrate(db: Db, list: readonly Migration[], beforeFirst: () => void): void {
  checkMigrations(list);
  const found = formOf(db);
  const known = list[list.length - 1]!.version;
  if (found > known) throw new DatabaseFromFuture(found, known);
  const missing = list.filter(({ version }) => version > found);
  if (missing.length > 0 && found > 0) beforeFirst();
  for (const { version, sql } of missing) {
    const step = db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${version}`);
      db.pragma(`application_id = ${applicationId}`);
    });
    step.immediate();
  }
}
