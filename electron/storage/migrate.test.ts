import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { applicationId, DatabaseFromFuture, type Db, formOf, openDatabase } from "./database.ts";
import { checkMigrations, migrate } from "./migrate.ts";
import { migrations } from "./migrations/list.ts";
import { removeFolders, testFolder } from "./testFolder.ts";

afterEach(removeFolders);

const first = { version: 10, sql: "CREATE TABLE a (x TEXT); INSERT INTO a VALUES ('COMMIT; it')" };

function open(): Db {
  return openDatabase(join(testFolder(), "a.sqlite"));
}

function tables(db: Db): unknown[] {
  return db.prepare("SELECT name FROM sqlite_schema ORDER BY name").pluck().all();
}

function noBackup(): void {
  throw new Error("no backup is wanted");
}

describe("migrations", () => {
  it("of the program are in order and stay in their transactions", () => {
    expect(() => checkMigrations(migrations)).not.toThrow();
  });

  it("bring a new database to the newest form, without a backup of nothing", () => {
    const db = open();
    migrate(db, [first, { version: 20, sql: "CREATE TABLE b (y)" }], noBackup);
    expect(tables(db)).toEqual(["a", "b"]);
    expect(formOf(db)).toBe(20);
    expect(db.pragma("application_id", { simple: true })).toBe(applicationId);
    db.close();
  });

  it("run one backup before the first step on an existing database, and none when nothing is missing", () => {
    const db = open();
    migrate(db, [first], noBackup);
    migrate(db, [first], noBackup);
    const seen: unknown[][] = [];
    const steps = [
      first,
      { version: 20, sql: "CREATE TABLE b (y)" },
      { version: 30, sql: "CREATE TABLE c (z)" },
    ];
    migrate(db, steps, () => seen.push(tables(db)));
    expect(seen).toEqual([["a"]]);
    expect(formOf(db)).toBe(30);
    db.close();
  });

  it("do nothing when the backup before them cannot be made", () => {
    const db = open();
    migrate(db, [first], noBackup);
    const full = (): void => {
      throw new Error("the disk is full");
    };
    const steps = [first, { version: 20, sql: "CREATE TABLE b (y)" }];
    expect(() => migrate(db, steps, full)).toThrow("the disk is full");
    expect([tables(db), formOf(db)]).toEqual([["a"], 10]);
    db.close();
  });

  it("leave nothing of a step that fails, its version included, and keep the steps before it", () => {
    const db = open();
    const steps = [
      first,
      { version: 20, sql: "CREATE TABLE b (y)" },
      { version: 30, sql: "CREATE TABLE c (z); INSERT INTO nowhere VALUES (1)" },
    ];
    expect(() => migrate(db, steps, noBackup)).toThrow(/nowhere/);
    expect(tables(db)).toEqual(["a", "b"]);
    expect(formOf(db)).toBe(20);
    expect(db.inTransaction).toBe(false);
    db.close();
  });

  it("refuse a database of a newer form and change nothing", () => {
    const db = open();
    migrate(db, [first, { version: 20, sql: "CREATE TABLE b (y)" }], noBackup);
    expect(() => migrate(db, [first], noBackup)).toThrow(DatabaseFromFuture);
    expect(formOf(db)).toBe(20);
    db.close();
  });

  it.each([
    ["COMMIT", "CREATE TABLE c (z); COMMIT; CREATE TABLE d (z)"],
    ["commit", "CREATE TABLE c (z);commit"],
    ["COMMIT", "/* aside */ COMMIT"],
    ["COMMIT", "-- aside\nCOMMIT"],
    ["BEGIN", "BEGIN; CREATE TABLE c (z)"],
    ["PRAGMA", "CREATE TABLE c (z); PRAGMA foreign_keys = OFF"],
    ["ROLLBACK", "ROLLBACK"],
    ["SAVEPOINT", "SAVEPOINT a"],
    ["RELEASE", "RELEASE a"],
    ["ATTACH", "ATTACH 'x' AS y"],
    ["VACUUM", "VACUUM"],
    ["END", "END TRANSACTION"],
  ])("that say %s are refused before anything runs: %s", (word, sql) => {
    expect(() => checkMigrations([first, { version: 20, sql }])).toThrow(`20 says ${word}`);
  });

  it("may name such words in texts, comments and quoted names", () => {
    const sql = `-- COMMIT;
      CREATE TABLE "COMMIT; x" (a TEXT DEFAULT 'it''s; COMMIT; ', [END; y] TEXT); /* ; PRAGMA */`;
    expect(() => checkMigrations([{ version: 10, sql }])).not.toThrow();
  });

  it("out of order are refused", () => {
    expect(() => checkMigrations([{ ...first, version: 20 }])).toThrow("migration 20 follows 0");
    expect(() => checkMigrations([first, first])).toThrow("migration 10 follows 10");
  });
});
