import { createHash } from "node:crypto";
import { openSync, readFileSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import {
  applicationId,
  checkWhole,
  closeDatabase,
  DatabaseFromFuture,
  DatabaseUnusable,
  openDatabase,
  openLock,
} from "./database.ts";
import { removeFolders, testFolder } from "./testFolder.ts";

afterEach(removeFolders);

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** A database of ours with enough rows for several pages; its log is written back. */
function makeDatabase(form = 10): string {
  const file = join(testFolder(), "a.sqlite");
  const db = openDatabase(file);
  db.exec("CREATE TABLE t (a TEXT)");
  const insert = db.prepare("INSERT INTO t VALUES (?)");
  for (let i = 0; i < 500; i++) insert.run(`${i} ${"x".repeat(200)}`);
  db.pragma(`application_id = ${applicationId}`);
  db.pragma(`user_version = ${form}`);
  closeDatabase(db);
  return file;
}

function kindOf(file: string): string {
  try {
    openDatabase(file).close();
    return "opened";
  } catch (error) {
    return error instanceof DatabaseUnusable ? error.damage.kind : String(error);
  }
}

describe("opening a database", () => {
  it("sets the pragmas that keep what was acknowledged, and they stay set after statements", () => {
    const db = openDatabase(join(testFolder(), "a.sqlite"));
    const read = () =>
      ["journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema"]
        .concat("cell_size_check", "mmap_size")
        .map((name) => db.pragma(name, { simple: true }));
    const wanted = ["wal", 2, 1, 5000, 0, 1, 0];
    expect(read()).toEqual(wanted);
    db.exec("CREATE TABLE t (a); INSERT INTO t VALUES (1); SELECT * FROM t");
    expect(read()).toEqual(wanted);
    db.close();
  });

  it("opens what is whole", () => {
    expect(kindOf(makeDatabase())).toBe("opened");
  });

  it("calls garbage, a cut file and a damaged page damage, and writes nothing to them", () => {
    const garbage = join(testFolder(), "garbage.sqlite");
    writeFileSync(garbage, "not a database, but long enough to look at ".repeat(50));
    const cut = makeDatabase();
    truncateSync(cut, 3 * 4096 + 100);
    const cutAtPage = makeDatabase();
    truncateSync(cutAtPage, 4096);
    const page = makeDatabase();
    writeSync(openSync(page, "r+"), Buffer.alloc(4096, 0xa5), 0, 4096, 5 * 4096);
    for (const file of [garbage, cut, cutAtPage, page]) {
      const before = hashOf(file);
      expect(kindOf(file)).toBe("damaged");
      expect(hashOf(file)).toBe(before);
    }
  });

  it("leaves another program's database and one without our mark as they are", () => {
    for (const id of [0, 0x47504b47]) {
      const file = join(testFolder(), "foreign.sqlite");
      const db = new Database(file);
      db.exec("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)");
      db.pragma(`application_id = ${id}`);
      db.close();
      const before = hashOf(file);
      expect(kindOf(file)).toBe("foreign");
      expect(hashOf(file)).toBe(before);
    }
  });

  it("leaves a newer form as it is, its journal mode included", () => {
    const file = makeDatabase(9000);
    const db = new Database(file);
    db.pragma("journal_mode = delete");
    db.close();
    const before = hashOf(file);
    expect(() => openDatabase(file, { knownForm: 10 })).toThrow(DatabaseFromFuture);
    expect(hashOf(file)).toBe(before);
  });

  it("takes an empty file for a new database to write, and for none to read", () => {
    const file = join(testFolder(), "empty.sqlite");
    writeFileSync(file, "");
    expect(() => openDatabase(file, { isReadOnly: true })).toThrow(DatabaseUnusable);
    expect(kindOf(file)).toBe("opened");
  });

  it("says in SQLite's words what is no damage, such as a folder that is not there", () => {
    expect(() => openDatabase(join(testFolder(), "no", "a.sqlite"))).toThrow(/directory/);
  });
});

describe("the full check", () => {
  it("finds an index that does not say what its table says, which the check at the start does not look for", () => {
    const file = makeDatabase();
    const writer = openDatabase(file);
    writer.exec("CREATE TABLE named (a TEXT); CREATE INDEX by_name ON named (a)");
    writer.exec("INSERT INTO named VALUES ('needle-in-table-and-index')");
    closeDatabase(writer);
    const bytes = readFileSync(file);
    const [first, second] = [bytes.indexOf("needle"), bytes.lastIndexOf("needle")];
    expect(second).toBeGreaterThan(first);
    bytes.write("noodle", second);
    writeFileSync(file, bytes);
    const db = openDatabase(file);
    expect(() => checkWhole(db)).toThrow(/did not pass its full check/);
    db.close();
    const sound = openDatabase(makeDatabase());
    expect(() => checkWhole(sound)).not.toThrow();
    sound.close();
  });
});

describe("closing a database", () => {
  it("writes the log back, so that the file alone is whole", () => {
    const file = makeDatabase();
    const copy = join(testFolder(), "copy.sqlite");
    writeFileSync(copy, readFileSync(file));
    const db = openDatabase(copy, { isReadOnly: true });
    expect(db.prepare("SELECT count(*) FROM t").pluck().get()).toBe(500);
    db.close();
  });
});

describe("the lock", () => {
  it("is one program's at a time, and free again when it is closed", () => {
    const file = join(testFolder(), "lock.sqlite");
    const first = openLock(file, {});
    expect(first).toBeDefined();
    expect(openLock(file, {})).toBeUndefined();
    first?.close();
    const second = openLock(file, {});
    expect(second).toBeDefined();
    second?.close();
  });

  it("calls a lock file with something else in it damaged", () => {
    const file = join(testFolder(), "lock.sqlite");
    writeFileSync(file, "something else".repeat(100));
    expect(() => openLock(file, {})).toThrow(DatabaseUnusable);
  });
});
