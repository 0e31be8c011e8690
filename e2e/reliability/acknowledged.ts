/** What victims say, and the forms of the library that only they know. */
import { newestForm } from "../../electron/storage/migrate.ts";
import { migrations } from "../../electron/storage/migrations/list.ts";

/** What was acknowledged. */
export type Acknowledged =
  | { readonly kind: "open" }
  | {
      readonly kind: "version";
      readonly id: string;
      readonly version: number;
      readonly name: string;
    }
  | { readonly kind: "draft"; readonly id: string; readonly name: string }
  | { readonly kind: "trace"; readonly id: string; readonly rows: number }
  | { readonly kind: "export"; readonly name: string }
  | { readonly kind: "backup" };

/** Three steps after the program's own; each takes a while. */
export const victimMigrations = [10, 20, 30]
  .map((step) => newestForm(migrations) + step)
  .map((version) => ({
    version,
    sql: `CREATE TABLE victim${version} (a);
    INSERT INTO victim${version} WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      SELECT i FROM n;`,
  }));
