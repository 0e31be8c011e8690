/** What a migration is. */

/** One step of the database's form. It runs inside a transaction that is not its own: no BEGIN, COMMIT or PRAGMA in `sql`. */
export interface Migration {
  /** user_version after it; steps of ten, ascending. */
  readonly version: number;
  readonly sql: string;
}
