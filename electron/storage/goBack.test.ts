import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { atomicWriteFile } from "../files/atomicWrite.ts";
import { listBackups, makeBackup } from "./backups.ts";
import { openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations/list.ts";
import { libraryPaths } from "./openLibrary.ts";
import type { Storage } from "./storage.ts";
import {
  addScenario,
  dayMs,
  removeFolders,
  startMs,
  storageMaker,
  testFolder,
} from "./testFolder.ts";

const testStorage = storageMaker(atomicWriteFile);
afterEach(removeFolders);

const names = ({ tables }: Storage): string[] =>
  tables
    .listScenarios()
    .map(({ name }) => name)
    .sort();

/** A library with one scenario in its backup and two in itself; a clock that goes on by a day at each look. */
function library() {
  const folder = testFolder();
  let now = startMs;
  const clock = (): number => {
    now += dayMs;
    return now;
  };
  const storage = testStorage(folder, { now: clock });
  addScenario(storage, "first");
  storage.backUp();
  addScenario(storage, "second");
  return { folder, storage, paths: libraryPaths(folder), clock };
}

describe("going back to a backup", () => {
  it("shows what each backup holds", () => {
    const { storage } = library();
    storage.backUp();
    const found = storage.describeBackups();
    expect(found.map(({ contents }) => contents?.scenarios)).toEqual([2, 1]);
    expect(found[1]).toMatchObject({
      ...{ reason: "asked", problem: null },
      contents: { traces: 0, runs: 0, studies: 0, newest: ["first"], changedMs: startMs },
    });
    expect(found[1]!.bytes).toBeGreaterThan(1000);
    expect(found[1]!.id).toBe(`${found[1]!.madeMs}-asked`);
  });

  it("puts it in the library's place; what there was is a backup itself, to which one can go back again", () => {
    const { storage, paths } = library();
    const [backup] = storage.describeBackups();
    expect(storage.restoreBackup(backup!.id)).toBe(true);
    expect([storage.state().kind, names(storage)]).toEqual(["ready", ["first"]]);
    const [replaced, ...others] = storage.describeBackups();
    expect(replaced).toMatchObject({ reason: "replaced", contents: { scenarios: 2 } });
    expect(others.map(({ id }) => id)).toEqual([backup!.id]);
    expect(existsSync(paths.quarantine)).toBe(false);
    expect(existsSync(paths.replacement)).toBe(false);
    storage.restoreBackup(replaced!.id);
    expect(names(storage)).toEqual(["first", "second"]);
    addScenario(storage, "third");
    storage.reopen();
    expect(names(storage)).toEqual(["first", "second", "third"]);
  });

  it("can go back to the oldest of ten, though the one of now lets it go", () => {
    const { storage } = library();
    for (let i = 0; i < 9; i++) storage.maintain();
    const all = storage.describeBackups();
    expect(all).toHaveLength(10);
    expect(storage.restoreBackup(all[9]!.id)).toBe(true);
    expect(names(storage)).toEqual(["first"]);
  });

  it("says no to a backup that is not there, and changes nothing", () => {
    const { storage, paths } = library();
    expect(storage.restoreBackup("1-daily")).toBe(false);
    expect(names(storage)).toEqual(["first", "second"]);
    expect(listBackups(paths.backups)).toHaveLength(1);
  });

  it("refuses a damaged backup and one of a newer Crossover, says so beforehand, and changes nothing", () => {
    const { storage, paths } = library();
    storage.backUp();
    const [newer, damaged] = listBackups(paths.backups);
    const db = openDatabase(newer!.path);
    db.pragma("user_version = 9990");
    db.close();
    truncateSync(damaged!.path, 5000);
    const found = storage.describeBackups();
    expect(found.map(({ contents }) => contents)).toEqual([null, null]);
    expect(found[0]!.problem).toBe("it was made by a newer Crossover");
    expect(found[1]!.problem).toMatch(/malformed|corrupt|page/i);
    for (const { id } of found) expect(() => storage.restoreBackup(id)).toThrow();
    expect([storage.state().kind, names(storage)]).toEqual(["ready", ["first", "second"]]);
    expect(existsSync(paths.replacement)).toBe(false);
    expect(listBackups(paths.backups)).toHaveLength(2);
  });

  it("puts aside whole what cannot be opened", () => {
    const { folder, storage, paths, clock } = library();
    const [backup] = storage.describeBackups();
    storage.close();
    const other = openDatabase(join(folder, "other.sqlite"));
    other.pragma("application_id = 77");
    other.exec("CREATE TABLE a (b)");
    other.pragma("journal_mode = delete");
    other.close();
    writeFileSync(paths.database, readFileSync(join(folder, "other.sqlite")));
    const before = readFileSync(paths.database);
    const again = testStorage(folder, { now: clock });
    expect(again.state().kind).toBe("foreign");
    again.restoreBackup(backup!.id);
    expect([again.state().kind, names(again)]).toEqual(["ready", ["first"]]);
    const [aside] = readdirSync(paths.quarantine);
    const kept = join(paths.quarantine, aside!, "library.sqlite");
    expect(readFileSync(kept).equals(before)).toBe(true);
  });

  it("brings a backup of an older form to this version's, as it does the library itself", () => {
    const folder = testFolder();
    const { database, backups } = libraryPaths(folder);
    const db = openDatabase(database);
    migrate(db, migrations.slice(0, 1), () => undefined);
    db.prepare(
      `INSERT INTO scenario (id, name, tags, version, created_ms, updated_ms, summary)
       VALUES ('a', 'of an older form', '[]', 1, 1, 1, '{}')`,
    ).run();
    makeBackup(db, backups, "asked", startMs);
    db.close();
    const storage = testStorage(folder, { now: () => startMs + dayMs });
    expect([storage.state().kind, names(storage)]).toEqual(["ready", ["of an older form"]]);
    const found = storage.describeBackups();
    expect(found.map(({ reason }) => reason)).toEqual(["migration", "asked"]);
    addScenario(storage, "since");
    for (const { id, problem } of found) {
      expect(problem).toBeNull();
      storage.restoreBackup(id);
      expect([storage.state().kind, names(storage)]).toEqual(["ready", ["of an older form"]]);
    }
  });

  it("does nothing while another program has the library open", () => {
    const { folder, storage } = library();
    const [backup] = storage.describeBackups();
    const second = testStorage(folder);
    expect(second.state().kind).toBe("locked");
    expect(() => second.restoreBackup(backup!.id)).toThrow("another Crossover");
    expect(names(storage)).toEqual(["first", "second"]);
  });
});
